"""Online courses finish steps: what a course provider reports counts on the learner's lines.

Connected to the floor of online courses when the site has it (``apps``). Everything here runs in
the transaction that keeps the score: both are there afterwards, or neither.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from wagtail_col.badges.awarding import NotAwardable
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.catalogue.models import CatalogueRevision, Listing
from wagtail_col.learning import coursework, journey, opportunity_badges
from wagtail_col.learning.journey import Outcome, Refused
from wagtail_col.learning.models import Enrolment, Evidence, Playlist, Step
from wagtail_col.learning.scoring import Reported, completes
from wagtail_col.learning.steps import course_of
from wagtail_col.lookups import LookUp

logger = logging.getLogger(__name__)

# What a score led to: the answers to ``lti.signals.score_received``.
#: It finished a step, on one line or more, or gave the badge of an opportunity.
COMPLETED = "completed"
#: It is not enough yet.
PROGRESS = "progress"
#: Enough, but whatever it finishes was done before.
DONE_BEFORE = "done-before"
#: The course is a step of lines the learner is not on.
NOT_JOINED = "not-joined"
#: It was a step of the learner's lines, and an editor has taken it or the line out.
WITHDRAWN = "withdrawn"
#: The course is no step of any line.
NO_STEP = "no-step"

#: The steps with a course, their own or that of their opportunity.
_STEPS = LookUp(
    lambda course: Step.objects.filter(Q(course=course) | Q(listing__course=course)).order_by("pk"),
    "playlist",
)
_LINES = LookUp(
    lambda learner: Enrolment.objects.filter(learner=learner).values_list("playlist_id")
)

#: What lines show of a provider.
SHOWN = frozenset({"name", "state", "opens_in"})


def score_received(sender, *, score, result, resource_link, user, **kwargs) -> str:
    """Answers ``lti.signals.score_received``: finishes every step the result is enough for.

    The step may be the course itself or an opportunity that has it, on any line the learner has
    joined, wherever they opened the course.
    """
    if resource_link is None:
        return NO_STEP
    course, reported = resource_link.course.key, reported_by(result)
    meaning = _count(user, course, reported)
    if meaning == NOT_JOINED:
        # Somebody may be joining at this very moment, who cannot see this result yet.
        transaction.on_commit(lambda: _count(user, course, reported), robust=True)
    return COMPLETED if _earn(user, course, reported) else meaning


def reported_by(result) -> Reported:
    """A result (``lti.Result``, or an own result) as the rules read it."""
    return Reported(
        activity_progress=result.activity_progress,
        grading_progress=result.grading_progress,
        score_given=result.score_given,
        score_maximum=result.score_maximum,
    )


def catch_up(learner: AbstractBaseUser, playlist: Playlist) -> list[tuple[Step, Outcome]]:
    """The steps of a line one has just joined whose courses one had finished before.

    The provider has reported that already and will not do it again.
    """
    steps = [
        step
        for step in playlist.steps.published().select_related("listing")
        if course_of(step) is not None
    ]
    found = coursework.results_anywhere(learner, {course_of(step) for step in steps})
    due = [
        step
        for step in steps
        if any(
            completes(reported_by(result), step.pass_percent)
            for result in found.get(course_of(step), ())
        )
    ]
    return _finish(learner, due) if due else []


def left(sender, *, instance: Enrolment, **kwargs) -> None:
    """After an enrolment was deleted: the learner is no member of the line's courses any more."""
    from wagtail_col.lti import members

    members.leave(instance.playlist.key, instance.learner)


def shown_otherwise(sender, *, update_fields: Collection[str] | None = None, **kwargs) -> None:
    """After a course or its provider was written: pages that are kept say something old.

    A provider's keys are none of it. Whoever changes rows without ``save`` counts on by themselves.
    """
    if update_fields is None or not SHOWN.isdisjoint(update_fields):
        CatalogueRevision.next()


def _earn(learner: AbstractBaseUser, course: UUID, reported: Reported) -> bool:
    """Give the badges of opportunities that have the course, also to who is on no line; whether
    the learner got one."""
    if not completes(reported, None):
        return False
    due = list(Listing.objects.published().filter(course=course, opportunity_badge__isnull=False))
    if not due:
        return False
    languages = Enrolment.objects.filter(learner=learner).exclude(language="")
    language = languages.order_by("-pk").values_list("language", flat=True).first()
    given = []
    with translation.override(language or settings.LANGUAGE_CODE):
        for listing in due:
            try:
                given.append(opportunity_badges.give(learner, listing, Evidence.SCORE))
            except (NotAwardable, SigningKeyUnreadable) as error:
                # What was reported must not be lost because the site cannot sign at this moment.
                logger.error("The badge of opportunity %s: %s", listing.key, error)
    return any(given)


def _count(learner: AbstractBaseUser, course: UUID, reported: Reported) -> str:
    steps = _STEPS.all(course=course)
    lines = {playlist for (playlist,) in _LINES.all(learner=learner.pk)} if steps else set()
    joined = lines.intersection(step.playlist_id for step in steps)
    offered = [step for step in steps if step.is_published and step.playlist.is_published]
    if not joined:
        return NOT_JOINED if offered else NO_STEP
    mine = [step for step in offered if step.playlist_id in joined]
    if not mine:
        return WITHDRAWN
    due = [step for step in mine if completes(reported, step.pass_percent)]
    if not due:
        return PROGRESS
    outcomes = [outcome for _step, outcome in _finish(learner, due)]
    if any(outcome.is_new for outcome in outcomes):
        return COMPLETED
    return DONE_BEFORE if outcomes else WITHDRAWN


def _finish(learner: AbstractBaseUser, steps: Iterable[Step]) -> list[tuple[Step, Outcome]]:
    """Finish steps of lines the learner is on. Those that cannot be finished are left out."""
    done = []
    with transaction.atomic():
        # In one order, as a code does it: two writers that want the same lines do not wait for
        # each other.
        languages = dict(
            Enrolment.objects.select_for_update()
            .filter(learner=learner, playlist__in={step.playlist_id for step in steps})
            .order_by("pk")
            .values_list("playlist_id", "language")
        )
        for step in steps:
            # It is the provider's server that speaks here: its language is not the learner's.
            language = languages.get(step.playlist_id) or settings.LANGUAGE_CODE
            try:
                with translation.override(language):
                    outcome = journey.finish_step(learner, step, Evidence.SCORE)
            except Refused:
                continue
            done.append((step, outcome))
    return done
