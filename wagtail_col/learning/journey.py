"""A learner's way along a line: getting on, finishing steps, earning the badge at its end.

Every write locks the learner's enrolment first. So two last steps that are finished at the same
moment come one after the other, and the second sees what the first did: whichever is last gives
the badge, and only that one.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Min
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges.awarding import NotAwardable, award
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.conf import base_url
from wagtail_col.learning import coursework, opportunity_badges, rules
from wagtail_col.learning.models import (
    ClaimCode,
    Completion,
    Enrolment,
    Evidence,
    Playlist,
    Step,
    StepKind,
)
from wagtail_col.learning.prerequisites import before_of, titled
from wagtail_col.learning.reading import in_one_line
from wagtail_col.learning.standing import progress_by, standings
from wagtail_col.learning.steps import is_offered, may_say_so, title_of
from wagtail_col.learning.stops import lines_of
from wagtail_col.learning.versions import rule_of

logger = logging.getLogger(__name__)


class Refused(Exception):
    """It cannot be done; ``code`` is for programs, the message for the learner. Nothing changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Outcome(NamedTuple):
    """What finishing a step led to. ``award`` is the line's badge if this very step earned it,
    ``also`` the badge of the step's opportunity."""

    progress: rules.Progress
    is_new: bool
    award: Award | None
    also: Award | None = None


def join(learner: AbstractBaseUser, playlist: Playlist) -> Enrolment:
    """Get on the line; who is on it stays on it, and who had paused goes on.

    Who comes back after leaving has what they had done, by the rules since they first did
    something. Refused when the line is withdrawn.
    """
    with transaction.atomic():
        # Asked anew: the caller's copy may be older than its withdrawal.
        offered = Playlist.objects.published().filter(pk=playlist.pk).first()
        if offered is None:
            raise line_withdrawn()
        if offered.archived_at and not _was_here(learner, offered):
            raise Refused("archived", _("Nobody new can join this line any more."))
        enrolment, created = Enrolment.objects.get_or_create(
            learner=learner,
            playlist=offered,
            defaults={"language": active_language(), "version": _version_for(learner, offered)},
        )
        if created:
            _settle(enrolment, playlist, progress_of(learner, playlist))
        elif enrolment.paused_at:
            enrolment.paused_at = None
            enrolment.save(update_fields=["paused_at"])
    return enrolment


def pause(learner: AbstractBaseUser, playlist: Playlist) -> None:
    """Put the line aside until ``join``; steps can still be done. Refused (not-joined) when the
    learner is not on it."""
    with transaction.atomic():
        enrolment = _locked(learner, playlist)
        if enrolment is None:
            raise not_joined()
        if enrolment.paused_at is None:
            enrolment.paused_at = timezone.now()
            enrolment.save(update_fields=["paused_at"])


def leave(learner: AbstractBaseUser, playlist: Playlist) -> None:
    """Get off the line. What was done stays done, and a badge stays earned; leaving twice, or a
    line one is not on, changes nothing."""
    with transaction.atomic():
        enrolment = _locked(learner, playlist)
        if enrolment is not None:
            enrolment.delete()


def show_name(learner: AbstractBaseUser, playlist: Playlist, *, shows: bool) -> None:
    """Whether who runs the line sees the learner's name. Refused (not-joined)."""
    own = Enrolment.objects.filter(learner=learner, playlist=playlist)
    if not own.update(hides_name=not shows):
        raise not_joined()


def complete(
    learner: AbstractBaseUser, step: Step, how: str, claim_code: ClaimCode | None = None
) -> rules.Progress:
    """Record that the learner did the step, give the badge when that was the last one.

    ``how`` is one of ``Evidence``; CODE needs the claim code that showed it, SCORE is for who has
    asked ``scoring`` whether it is enough. One completion a learner and step: what showed it first
    stands. Raises Refused, with nothing changed, when the step, its line or its opportunity is
    withdrawn, when the learner is not on the line, when this kind of step cannot be shown that
    way, or when they say so of a step that is not open to them yet.
    """
    return finish_step(learner, step, how, claim_code).progress


def finish_step(
    learner: AbstractBaseUser, step: Step, how: str, claim_code: ClaimCode | None = None
) -> Outcome:
    """``complete``, telling besides the progress what was new."""
    with transaction.atomic():
        step = Step.objects.select_related("listing", "playlist__achievement").get(pk=step.pk)
        check(step, how, claim_code)
        enrolment = _locked(learner, step.playlist)
        if enrolment is None:
            raise not_joined()
        if how == Evidence.SELF:
            _check_it_is_open(learner, step)
        _completion, is_new = Completion.objects.get_or_create(
            learner=learner, step=step, defaults={"how": how, "claim_code": claim_code}
        )
        also = _opportunity_badge(learner, step, how) if is_new else None
        progress = progress_of(learner, step.playlist)
        earned = _settle(enrolment, step.playlist, progress)
    return Outcome(progress, is_new, earned, also)


def settle(learner: AbstractBaseUser, playlist: Playlist) -> Award | None:
    """Give the badge to who has done everything but was not given it.

    That happens when an editor takes out the last step somebody was missing, or adds the badge
    or publishes it later. None when there is nothing to give.
    """
    with transaction.atomic():
        playlist = Playlist.objects.select_related("achievement").get(pk=playlist.pk)
        if not playlist.is_published:
            raise line_withdrawn()
        enrolment = _locked(learner, playlist)
        if enrolment is None:
            raise not_joined()
        return _settle(enrolment, playlist, progress_of(learner, playlist), again=True)


def progress_of(learner: AbstractBaseUser, playlist: Playlist) -> rules.Progress:
    """How far the learner is; the keys in it are the primary keys of steps.

    A constant number of queries.
    """
    before = before_of([playlist.pk])[playlist.pk]
    rule = rule_of(playlist, playlist.steps.published(), before)
    return progress_by(rule, standings(learner, [playlist])[playlist.pk])


def active_language() -> str:
    """The language in which a badge is written that is earned now."""
    return translation.get_language() or settings.LANGUAGE_CODE


def cannot_be_given(badge: Achievement, error: Exception) -> Refused:
    """What a learner is told when the site cannot give a badge; why goes into the log."""
    logger.error("Badge %s could not be given: %s", badge.key, error)
    return Refused(
        "not-awardable",
        _("This badge cannot be given at present. What you did is kept: try again later."),
    )


def line_withdrawn() -> Refused:
    return Refused("line-withdrawn", _("This line is no longer offered. What you did is kept."))


def not_joined() -> Refused:
    return Refused("not-joined", _("Join this line first."))


def check(step: Step, how: str, claim_code: ClaimCode | None = None) -> None:
    """Refuse a step that is withdrawn, or that cannot be shown this way."""
    if not step.playlist.is_published:
        raise line_withdrawn()
    if not step.is_published:
        raise Refused("step-withdrawn", _("This step is no longer part of the line."))
    if how in (Evidence.ORGANISER, Evidence.RECOGNISED, Evidence.WAIVED):
        return
    if step.kind == StepKind.COURSE:
        # What the course provider reported counts, even if the course is not open any more.
        if how != Evidence.SCORE:
            raise Refused(
                "needs-score", _("This step is done when the online course reports that it is.")
            )
        return
    if not is_offered(step):
        raise Refused("listing-withdrawn", _("What this step was about is no longer offered."))
    if how == Evidence.SELF and not may_say_so(step):
        raise Refused(
            "needs-code", _("This step is done on the spot: enter the code the organiser shows.")
        )
    if how == Evidence.CODE and (claim_code is None or claim_code.listing_id != step.listing_id):
        raise Refused("wrong-code", _("This code belongs to something else."))


def _version_for(learner: AbstractBaseUser, playlist: Playlist) -> int:
    """The version of the rule with which they join: for who comes back the one that held when they
    did something first, so that leaving takes nothing away."""
    done = Completion.objects.filter(learner=learner, step__playlist=playlist)
    first = done.aggregate(first=Min("completed_at"))["first"]
    if first is None:
        return playlist.version
    held = playlist.versions.filter(published_at__lte=first).order_by("-number").first()
    return held.number if held else 1


def _was_here(learner: AbstractBaseUser, playlist: Playlist) -> bool:
    """Whether the learner is on the line, or was before: who comes back is nobody new."""
    done = Completion.objects.filter(learner=learner, step__playlist=playlist)
    return playlist.enrolments.filter(learner=learner).exists() or done.exists()


def _check_it_is_open(learner: AbstractBaseUser, step: Step) -> None:
    """Nobody says of themselves that they did what comes later; who was there has shown it."""
    line = lines_of([step.playlist])[step.playlist_id]
    standing = standings(learner, [step.playlist])[step.playlist_id]
    block = progress_by(line.rule, standing, closed=line.closed).blocks.get(step.pk)
    if block and block.why is rules.Why.PLAYLIST:
        raise Refused("not-yet", _("Another line comes first. Finish that one, then come back."))
    if block and block.why is rules.Why.EARLIER:
        raise Refused("not-yet", _("The stations come one after another. An earlier one is next."))


def _locked(learner: AbstractBaseUser, playlist: Playlist) -> Enrolment | None:
    """The enrolment, locked until the transaction ends.

    SQLite has no row locks and needs none: its transactions take the write lock as they begin.
    """
    return Enrolment.objects.select_for_update().filter(learner=learner, playlist=playlist).first()


def _settle(
    enrolment: Enrolment, playlist: Playlist, progress: rules.Progress, again: bool = False
) -> Award | None:
    """Write down that the line is complete and give its badge. The enrolment is locked."""
    if not progress.is_complete or (enrolment.completed_at and not again):
        return None
    if enrolment.completed_at is None:
        enrolment.completed_at = timezone.now()
        enrolment.save(update_fields=["completed_at"])
        _settle_what_waited(enrolment.learner, playlist)
    achievement = playlist.achievement
    if achievement is None or not achievement.live:
        return None
    try:
        given, created = award(
            achievement,
            enrolment.learner,
            because=_because(enrolment, playlist, progress),
            language=active_language(),
        )
    except (NotAwardable, SigningKeyUnreadable) as error:
        # What the learner did must not be lost because the site cannot sign at this moment.
        refusal = cannot_be_given(achievement, error)
        if again:
            raise refusal from error
        return None
    return given if created else None


def _settle_what_waited(learner: AbstractBaseUser, finished: Playlist) -> None:
    """Give the badges of lines on which everything was done but that this one comes before.

    After the transaction: it has the locks of other lines, which somebody may hold who waits for
    this one. What fails here is given when the learner asks for it on the line's page.
    """
    waiting = list(
        Playlist.objects.published().filter(
            before=finished, enrolments__learner=learner, enrolments__completed_at=None
        )
    )
    language = active_language()

    def give() -> None:
        with translation.override(language):
            for playlist in waiting:
                settle(learner, playlist)

    if waiting:
        transaction.on_commit(give, robust=True)


def _opportunity_badge(learner: AbstractBaseUser, step: Step, how: str) -> Award | None:
    """The badge of the step's opportunity, if it has one and this is enough to get it."""
    if step.listing is None:
        return None
    try:
        return opportunity_badges.give(learner, step.listing, how)
    except (NotAwardable, SigningKeyUnreadable) as error:
        logger.error("The badge of opportunity %s could not be given: %s", step.listing.key, error)
        return None


def _because(enrolment: Enrolment, playlist: Playlist, progress: rules.Progress) -> dict:
    """Why the badge is given, and by which rule, as it is today: plain words, no names."""
    text = playlist.text
    done = (
        Completion.objects.filter(learner=enrolment.learner, step__in=progress.done)
        .select_related("step__listing")
        .prefetch_related("step__texts", "step__listing__texts")
        .order_by("step__position", "step_id")
    )
    courses = coursework.courses_of(completion.step.course for completion in done)
    before = {pk: other.title for pk, other in titled(set(progress.rule.before)).items()}
    return {
        "by": "playlist",
        "playlist": str(playlist.key),
        "title": text.title if text else "",
        "url": f"{base_url()}{text.url}" if text and text.url else base_url(),
        "rule": in_one_line(progress.rule, before),
        "version": progress.rule.version,
        "steps": [
            {
                "title": title_of(completion.step, courses),
                "how": completion.how,
                "at": completion.completed_at.isoformat(),
            }
            for completion in done
        ],
    }
