"""Where the pages about groups are, and who has them in the menu."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.pages.admin import group_attendance, group_paper, groups
from wagtail_col.pages.admin.waivers import may_edit_any


class GroupsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_edit_any(request.user)


class GroupsViewSet(ViewSet):
    """Classes and youth groups along a playlist."""

    name = groups.NAME
    url_prefix = "learning/groups"
    icon = "group"
    menu_label = gettext_lazy("Groups")
    menu_item_class = GroupsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", groups.IndexView.as_view(), name="index"),
            path("<uuid:key>/", groups.GroupView.as_view(), name="group"),
            path("<uuid:key>/invite/", groups.InviteView.as_view(), name="invite"),
            path("<uuid:key>/link/", groups.LinkView.as_view(), name="link"),
            path("<uuid:key>/end/", groups.EndView.as_view(), name="end"),
            path("<uuid:key>/remove/<uuid:member>/", groups.RemoveView.as_view(), name="remove"),
            path("<uuid:key>/again/<uuid:member>/", groups.AgainView.as_view(), name="again"),
            path("<uuid:key>/show/", group_paper.ShowLinkView.as_view(), name="show"),
            path("<uuid:key>/cards/", group_paper.CardsView.as_view(), name="cards"),
            path(
                "<uuid:key>/attendance/",
                group_attendance.AttendanceView.as_view(),
                name="attendance",
            ),
        ]
