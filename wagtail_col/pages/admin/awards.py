"""Giving badges by list and by hand, and who has them: the menu and its addresses."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.badges.models import Award, Invitation
from wagtail_col.badges.permissions import awardable_by
from wagtail_col.pages.admin import awards_changing, awards_giving, awards_list, awards_who
from wagtail_col.pages.admin.awarders import AwardersMenuItem, AwarderView
from wagtail_col.pages.admin.awards_pages import NAME

#: Badges on one page.
PAGE = 50


class IndexView(AwarderView):
    """The badges that somebody may give, with how many have each."""

    template_name = "wagtail_col/pages/awards_index.html"
    page_title = _("Give badges")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        badges = (
            awardable_by(self.request.user)
            .select_related("issuer")
            .prefetch_related("texts")
            .annotate(
                holders=_counted(Award.objects.filter(revoked_at=None)),
                waiting=_counted(Invitation.objects.filter(claimed_at=None, withdrawn_at=None)),
            )
            .order_by("-live", "-pk")
        )
        page = Paginator(badges, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(badges=page, **kwargs)


def _counted(rows) -> Coalesce:
    """How many of ``rows`` each badge has: counted for the badges shown alone."""
    counted = rows.filter(achievement=OuterRef("pk")).order_by().values("achievement")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)


class AwardsViewSet(ViewSet):
    """Give badges, see who has them, take them back."""

    name = NAME
    url_prefix = "learning/awards"
    icon = "col-badge"
    menu_label = _("Give badges")
    menu_item_class = AwardersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        changing = awards_changing
        return [
            path("", IndexView.as_view(), name="index"),
            path("<uuid:badge>/", awards_who.WhoView.as_view(), name="who"),
            path("<uuid:badge>/export/", awards_who.ExportView.as_view(), name="export"),
            path("<uuid:badge>/invited/", awards_who.InvitedView.as_view(), name="invited"),
            path(
                "<uuid:badge>/invited/<uuid:key>/withdraw/",
                awards_who.WithdrawInvitationView.as_view(),
                name="withdraw_invitation",
            ),
            path(
                "<uuid:badge>/invited/<uuid:key>/again/",
                awards_who.InviteAgainView.as_view(),
                name="invite_again",
            ),
            path("<uuid:badge>/give/", awards_giving.GiveListView.as_view(), name="give"),
            path("<uuid:badge>/give/one/", awards_giving.GiveOneView.as_view(), name="give_one"),
            path("<uuid:badge>/lists/<uuid:key>/", awards_list.ListView.as_view(), name="list"),
            path(
                "<uuid:badge>/lists/<uuid:key>/start/",
                awards_list.StartView.as_view(),
                name="start_list",
            ),
            path(
                "<uuid:badge>/lists/<uuid:key>/go-on/",
                awards_list.GoOnView.as_view(),
                name="go_on",
            ),
            path(
                "<uuid:badge>/lists/<uuid:key>/again/",
                awards_list.TryAgainView.as_view(),
                name="try_again",
            ),
            path(
                "<uuid:badge>/lists/<uuid:key>/delete/",
                awards_list.DeleteView.as_view(),
                name="delete_list",
            ),
            path("<uuid:badge>/<uuid:key>/", changing.AwardView.as_view(), name="award"),
            path("<uuid:badge>/<uuid:key>/revoke/", changing.RevokeView.as_view(), name="revoke"),
            path(
                "<uuid:badge>/<uuid:key>/suspend/", changing.SuspendView.as_view(), name="suspend"
            ),
            path("<uuid:badge>/<uuid:key>/resume/", changing.ResumeView.as_view(), name="resume"),
            path("<uuid:badge>/<uuid:key>/renew/", changing.RenewView.as_view(), name="renew"),
        ]
