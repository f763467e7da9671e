"""Course providers in the editors' menu. Only for sites that have ``wagtail_col.lti``."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.lti.models import Tool
from wagtail_col.pages.admin import (
    tools_adding,
    tools_changing,
    tools_index,
    tools_log,
    tools_page,
)
from wagtail_col.pages.admin.tools_views import ICON, NAME, may_look


class CoordinatorsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_look(request.user)


class CourseProvidersViewSet(ViewSet):
    """Connect a course provider, say what it may do, look at what happens."""

    name = NAME
    url_prefix = "learning/course-providers"
    icon = ICON
    menu_label = _("Course providers")
    menu_item_class = CoordinatorsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", tools_index.IndexView.as_view(), name="index"),
            path("add/", tools_adding.AddView.as_view(), name="add"),
            path("add/<uuid:key>/", tools_adding.WaitView.as_view(), name="wait"),
            path("add/<uuid:key>/arrived/", tools_adding.arrived, name="arrived"),
            path("log/", tools_log.LogView.as_view(), name="log"),
            path("log/results/", tools_log.LogView.as_view(results_only=True), name="log_results"),
            path("<uuid:key>/", tools_page.ToolPage.as_view(), name="tool"),
            path("<uuid:key>/test/", tools_page.TestView.as_view(), name="test"),
            path("<uuid:key>/addresses/", tools_changing.AddressesView.as_view(), name="addresses"),
            path("<uuid:key>/refuse/", tools_changing.RefuseView.as_view(), name="refuse"),
            path("<uuid:key>/suspend/", tools_changing.SuspendView.as_view(), name="suspend"),
            path("<uuid:key>/resume/", tools_changing.ResumeView.as_view(), name="resume"),
            path("<uuid:key>/delete/", tools_changing.DeleteView.as_view(), name="delete"),
        ]

    def on_register(self) -> None:
        super().on_register()
        hooks.register("register_permissions", permissions)
        hooks.register("register_log_actions", name_actions)


def permissions() -> QuerySet[Permission]:
    """What a group of editors can be given."""
    return Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(Tool),
        codename__in=["add_tool", "change_tool", "delete_tool", "view_tool"],
    )


def name_actions(actions) -> None:
    """What Wagtail's history of the site calls them."""
    for name, label, message in (
        ("approve", _("Approve"), _("Course provider approved")),
        ("refuse", _("Refuse"), _("Course provider refused")),
        ("suspend", _("Suspend"), _("Course provider suspended")),
        ("resume", _("Resume"), _("Course provider in use again")),
    ):
        actions.register_action(f"col.{name}", label, message)
