"""Our buttons on pages in the explorer and in the editor."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from wagtail_col.badges.models import Achievement
from wagtail_col.badges.permissions import may_award
from wagtail_col.pages.admin.courses import WITH_COURSES
from wagtail_col.pages.admin.teams import may_manage_teams
from wagtail_col.pages.course_fields import are_there
from wagtail_col.pages.sources import ListingMixin
from wagtail_col.pages.types.playlist import PlaylistPageMixin
from wagtail_col.pages.types.provider import ProviderPageMixin


def buttons_for(page, user) -> Iterator[Button]:
    """Courses and learners of a playlist, codes of an opportunity, the team of a provider: for
    whoever may."""
    model = page.specific_class
    ours = (ListingMixin, PlaylistPageMixin, ProviderPageMixin, *WITH_COURSES)
    if model is None or not issubclass(model, ours):
        return
    if page.alias_of_id or not page.permissions_for_user(user).can_edit():
        return
    if issubclass(model, WITH_COURSES) and are_there():
        yield Button(
            _("Add online course"),
            reverse("col_admin_courses", args=[page.pk]),
            icon_name="desktop",
            priority=11,
        )
    if issubclass(model, ListingMixin):
        yield Button(
            _("Attendance codes"),
            reverse("col_admin_codes", args=[page.pk]),
            icon_name="col-code",
            priority=12,
        )
    elif issubclass(model, PlaylistPageMixin):
        yield Button(
            _("Learners"),
            reverse("col_admin_learners", args=[page.pk]),
            icon_name="group",
            priority=12,
        )
    elif issubclass(model, ProviderPageMixin) and may_manage_teams(user):
        yield Button(
            _("Team"), reverse("col_admin_team", args=[page.pk]), icon_name="group", priority=12
        )


def buttons_for_badge(snippet, user) -> Iterator[Button]:
    """Giving a badge and seeing who has it, beside it in the list: for whoever may."""
    if isinstance(snippet, Achievement) and may_award(user, snippet):
        yield Button(
            _("Give, and who has it"),
            reverse("col_awards:who", args=[snippet.key]),
            icon_name="col-badge",
            priority=15,
        )
        yield Button(
            _("Endorsements"),
            reverse("col_admin_badge_endorsements", args=[snippet.key]),
            icon_name="success",
            priority=16,
        )
