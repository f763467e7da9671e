"""Who of a group was there: one step, a list to tick, one button. Made for a phone in one hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from wagtail_col.badges.permissions import awardable_by
from wagtail_col.learning import groups
from wagtail_col.learning.group_rows import called
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import OpportunityBadge, Playlist, Step
from wagtail_col.learning.overview import Overview
from wagtail_col.pages.admin.groups import GroupView, url
from wagtail_col.pages.admin.waivers import editable
from wagtail_col.people.naming import names_of


def confirmable(user, playlist: Playlist, steps: list[Step]) -> list[Step]:
    """The steps of which somebody may say who was there.

    Those who may edit the page of the step's opportunity may, and those of the playlist; but
    where the opportunity has a badge of its own, these only if they may give that badge.
    """
    listings = {step.listing_id: step.listing.key for step in steps if step.listing}
    may = editable(user, {playlist.key, *listings.values()})
    found = [step for step in steps if listings.get(step.listing_id) in may]
    if playlist.key in may:
        badges = OpportunityBadge.objects.filter(listing__in=listings)
        others = badges.exclude(achievement__in=awardable_by(user))
        closed = set(others.values_list("listing_id", flat=True))
        found = [step for step in steps if step in found or step.listing_id not in closed]
    return found


class AttendanceView(GroupView):
    """``step`` of the address names the step; without it, it is asked for."""

    template_name = "wagtail_col/pages/group_attendance.html"

    def get_page_title(self) -> str:
        return _("Who was there?")

    def trail(self) -> list[dict]:
        return [*super().trail(), {"url": url("group", self.group.key), "label": self.group.name}]

    @cached_property
    def overview(self) -> Overview:
        return Overview(self.group.playlist)

    @cached_property
    def steps(self) -> list[Step]:
        return confirmable(self.request.user, self.group.playlist, self.overview.steps)

    @cached_property
    def step(self) -> Step | None:
        said = self.request.POST.get("step") or self.request.GET.get("step", "")
        return next((step for step in self.steps if str(step.key) == said), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.step is None:
            messages.error(request, _("Nothing was saved: choose a step that you may confirm."))
            return redirect(url("attendance", self.group.key))
        try:
            done = groups.confirm(self.group, self.step, _keys(request.POST.getlist("who")))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return self.show()
        count = done.new + done.cards
        messages.success(
            request,
            ngettext("Saved: %(count)s person.", "Saved: %(count)s people.", count)
            % {"count": count},
        )
        return redirect(f"{url('attendance', self.group.key)}?step={self.step.key}")

    def show(self) -> HttpResponse:
        rows, context = [], {}
        if self.step is not None:
            done = groups.done_steps(self.group, self.step)
            members = list(self.group.members.select_related("learner"))
            names = names_of(member.learner for member in members if member.learner)
            rows = sorted(
                ((called(member, names), member, member.pk in done) for member in members),
                key=lambda row: (row[0].casefold(), row[1].pk),
            )
            context = {"title": self.overview.titles[self.step.pk]}
        return self.render_to_response(
            self.get_context_data(
                group=self.group,
                steps=[(step, self.overview.titles[step.pk]) for step in self.steps],
                step=self.step,
                rows=rows,
                open_count=sum(not is_done for _called, _member, is_done in rows),
                ticks_all=self.request.GET.get("all") == "1",
                **context,
            )
        )


def _keys(texts: list[str]) -> set[UUID]:
    """Those of them that are keys."""
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
