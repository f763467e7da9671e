"""A step that cannot be done any more: the learner asks for it to be let go, the organiser decides.

Who may decide is for the caller to know (``pages.admin.waivers``): this floor knows no pages.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.catalogue.models import Listing
from wagtail_col.learning import journey, tasks
from wagtail_col.learning.journey import Refused, active_language
from wagtail_col.learning.models import Completion, Enrolment, Evidence, Step, Waiver, WaiverState
from wagtail_col.learning.standing import progress_by, standings
from wagtail_col.learning.stops import lines_of

#: Letters of what a learner or an organiser writes.
MOST_LETTERS = 2000


def check_open(learner: AbstractBaseUser, step: Step) -> None:
    """Refused unless the learner may ask for this step to be let go: its ``code`` is
    line-withdrawn, step-withdrawn, not-joined, done, not-stuck or waiting."""
    if not step.playlist.is_published:
        raise journey.line_withdrawn()
    if not step.is_published:
        raise Refused("step-withdrawn", _("This step is no longer part of the line."))
    if not Enrolment.objects.filter(learner=learner, playlist=step.playlist_id).exists():
        raise journey.not_joined()
    if Completion.objects.filter(learner=learner, step=step).exists():
        raise Refused("done", _("You have done this step."))
    if not is_stuck(learner, step):
        raise Refused("not-stuck", _("This step can still be done. Go on with it."))
    if Waiver.objects.filter(learner=learner, step=step, state=WaiverState.WAITING).exists():
        raise _waiting()


def is_stuck(learner: AbstractBaseUser, step: Step) -> bool:
    """Whether the learner has no way to do the step, nor another one of its choice, by the rule
    that holds for them."""
    playlist = step.playlist
    line = lines_of([playlist])[playlist.pk]
    standing = standings(learner, [playlist])[playlist.pk]
    progress = progress_by(line.rule, standing, closed=line.closed)
    station = next(station for station in progress.stations if step.pk in station.keys)
    return all(key in progress.closed for key in station.keys)


def ask(
    learner: AbstractBaseUser, step: Step, words: str, instead: Listing | None = None
) -> Waiver:
    """Ask for a step to be let go. One waits at a time. Refused as ``check_open`` says, and
    besides: no-words, too-long."""
    words = words.strip()
    if not words:
        raise Refused("no-words", _("Say in a sentence why you ask."))
    _check_length(words)
    check_open(learner, step)
    try:
        with transaction.atomic():
            return Waiver.objects.create(
                learner=learner,
                step=step,
                instead=instead,
                words=words,
                language=active_language(),
            )
    except IntegrityError as error:
        # Two taps at once: the database let one of them through.
        raise _waiting() from error


def waiting() -> QuerySet[Waiver]:
    """What waits for an answer, the oldest first."""
    return (
        Waiver.objects.filter(state=WaiverState.WAITING)
        .select_related("learner", "step__playlist", "step__listing", "instead")
        .prefetch_related(
            "step__texts", "step__playlist__texts", "step__listing__texts", "instead__texts"
        )
        .order_by("asked_at", "pk")
    )


def decide(waiver: Waiver, by: AbstractBaseUser, *, grants: bool, reason: str) -> None:
    """Let the step go, which does it, or not; with a reason, which the learner reads.

    Refused, with nothing changed: own, no-reason, too-long, decided.
    """
    if waiver.learner_id == by.pk:
        raise Refused("own", _("Somebody else has to decide about what you ask for."))
    reason = reason.strip()
    if not reason:
        raise Refused("no-reason", _("Say why. The learner reads it."))
    _check_length(reason)
    with transaction.atomic():
        changed = Waiver.objects.filter(pk=waiver.pk, state=WaiverState.WAITING).update(
            state=WaiverState.GRANTED if grants else WaiverState.REFUSED,
            decided_at=timezone.now(),
            decided_by=by,
            reason=reason,
        )
        if not changed:
            raise Refused(
                "decided", _("Somebody else has looked at this already. Nothing was changed.")
            )
        if grants:
            _let_go(waiver)
        # Robust: a queue that is down must not undo the answer.
        transaction.on_commit(lambda: tasks.tell_waiver.enqueue(waiver.pk), robust=True)


def take_back(learner: AbstractBaseUser, waiver: Waiver) -> bool:
    """Delete what nobody has decided yet; whether it was there."""
    own = Waiver.objects.filter(pk=waiver.pk, learner=learner, state=WaiverState.WAITING)
    return bool(own.delete()[0])


def _let_go(waiver: Waiver) -> None:
    """Finish the step. Who has left the line in the meantime has it when they join again."""
    with translation.override(waiver.language):
        try:
            journey.finish_step(waiver.learner, waiver.step, Evidence.WAIVED)
        except Refused:
            return


def _check_length(words: str) -> None:
    if len(words) > MOST_LETTERS:
        raise Refused(
            "too-long",
            _("This text is too long: %(most)s letters are the most.") % {"most": MOST_LETTERS},
        )


def _waiting() -> Refused:
    return Refused("waiting", _("You have asked already. The organiser is going to answer."))
