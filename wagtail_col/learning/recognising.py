"""What was done before joining a line counts on it.

Somebody may have done the very same opportunity, lesson or course on another line, or with a code
and no line at all. They are not asked to do it twice.
"""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from wagtail_col.badges.models import Award
from wagtail_col.learning import courses, journey
from wagtail_col.learning.journey import Outcome
from wagtail_col.learning.models import (
    CodeUse,
    Completion,
    Enrolment,
    Evidence,
    OpportunityBadge,
    Playlist,
    Step,
    WaiverState,
)


class Joined(NamedTuple):
    """The learner is on the line; ``done_before`` are steps that count at once."""

    enrolment: Enrolment
    done_before: list[tuple[Step, Outcome]]


def get_on(learner: AbstractBaseUser, playlist: Playlist) -> Joined:
    """``journey.join``, then everything of the line that was done before. All of it or nothing."""
    with transaction.atomic():
        enrolment = journey.join(learner, playlist)
        counted = count_before(learner, playlist)
    return Joined(enrolment, counted)


def count_before(learner: AbstractBaseUser, playlist: Playlist) -> list[tuple[Step, Outcome]]:
    """Finish the steps of a line one is on that one has done elsewhere; those that are new."""
    with transaction.atomic():
        counted = [
            (step, journey.finish_step(learner, step, Evidence.RECOGNISED))
            for step in done_before(learner, playlist)
        ]
        counted += courses.catch_up(learner, playlist)
        # An organiser let it go while the learner was not on the line.
        let_go = playlist.steps.published().filter(
            waivers__learner=learner, waivers__state=WaiverState.GRANTED
        )
        counted += [
            (step, journey.finish_step(learner, step, Evidence.WAIVED))
            for step in let_go.distinct()
        ]
    return [(step, outcome) for step, outcome in counted if outcome.is_new]


def done_before(learner: AbstractBaseUser, playlist: Playlist) -> list[Step]:
    """The steps of the line, not done on it, that the learner has done elsewhere.

    The same opportunity counts when it was done on another line, with its code, or for its badge;
    the same web address when it was done on another line. A constant number of queries.
    """
    steps = [
        step
        for step in playlist.steps.published()
        .select_related("listing", "playlist")
        .prefetch_related("texts", "listing__texts")
        if step.listing_id or step.link
    ]
    if not steps:
        return []
    # What an organiser let go on one line is a matter of that line.
    shown = Completion.objects.filter(learner=learner).exclude(how=Evidence.WAIVED)
    own = set(
        Completion.objects.filter(learner=learner, step__playlist=playlist).values_list(
            "step_id", flat=True
        )
    )
    listings = _listings(learner, shown, [step.listing_id for step in steps if step.listing_id])
    links = set(
        shown.filter(step__link__in=[step.link for step in steps if step.link]).values_list(
            "step__link", flat=True
        )
    )
    return [
        step
        for step in steps
        if step.pk not in own
        and (step.listing_id in listings or (step.link and step.link in links))
    ]


def _listings(learner: AbstractBaseUser, shown, listings: list[int]) -> set[int]:
    if not listings:
        return set()
    held = Award.objects.filter(learner=learner, revoked_at=None).values("achievement")
    found = (
        shown.filter(step__listing__in=listings).values_list("step__listing", flat=True),
        CodeUse.objects.filter(learner=learner, code__listing__in=listings).values_list(
            "code__listing", flat=True
        ),
        OpportunityBadge.objects.filter(
            listing__in=listings, achievement__in=held, listing__state="published"
        ).values_list("listing", flat=True),
    )
    return {listing for each in found for listing in each}
