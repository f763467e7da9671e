"""Who looks at what learners send in, and what they say to it.

Organisers look at what was sent in for the badges they may give; other learners who have the badge
at what is for peers, without learning whose it is. Nobody decides about their own, and of two who
decide at the same moment one does.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges.models import Assessment, Award
from wagtail_col.badges.permissions import awardable_by, may_award
from wagtail_col.badges.texts import check_signable
from wagtail_col.learning import submissions, tasks
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import EvidenceFile, Reviewer, ReviewState, Submission

#: Letters of what a reviewer says.
MOST_LETTERS = 2000


def for_organiser(user: AbstractBaseUser) -> QuerySet[Submission]:
    """What waits for this organiser, the oldest first. Not their own."""
    return _waiting(user).filter(achievement__in=awardable_by(user)).select_related("learner")


def for_peer(user: AbstractBaseUser) -> QuerySet[Submission]:
    """What waits for this learner, who has the badges, the oldest first. Not their own."""
    return _waiting(user).filter(
        for_peers=True,
        achievement__assessment=Assessment.PEER,
        achievement__live=True,
        achievement__in=_held(user).values("achievement"),
    )


def is_peer(user: AbstractBaseUser) -> bool:
    """Whether the learner has a badge for which others send in what learners look at."""
    return _held(user).filter(achievement__assessment=Assessment.PEER).exists()


def role_for(user: AbstractBaseUser, submission: Submission) -> str:
    """As what somebody looks at this: one of ``Reviewer``, or "" who may not look at it.

    Peers may while it waits. Organisers may see afterwards what was sent in.
    """
    if submission.learner_id == user.pk:
        return ""
    if may_award(user, submission.achievement):
        return Reviewer.ORGANISER
    is_waiting = submission.state == ReviewState.WAITING
    if is_waiting and for_peer(user).filter(pk=submission.pk).exists():
        return Reviewer.PEER
    return ""


def decide(
    submission: Submission, reviewer: AbstractBaseUser, *, accepts: bool, reason: str = ""
) -> Submission:
    """Accept what was sent in, which gives the badge, or send it back with a reason.

    What an organiser writes when accepting becomes part of the badge. What another learner writes
    is for the learner alone: the issuer signs the badge and does not know those words. Refused,
    with nothing changed: own, not-yours, no-reason, bad-reason, decided, taken-back,
    not-awardable.
    """
    if submission.learner_id == reviewer.pk:
        raise Refused("own", _("Somebody else has to look at what you sent in."))
    role = role_for(reviewer, submission)
    if not role:
        raise _decided() if _is_decided(submission) else _not_yours()
    reason = reason.strip()
    if not (accepts or reason):
        raise Refused("no-reason", _("Say why you send it back, and what is missing."))
    _check_words(reason)
    with transaction.atomic():
        changed = Submission.objects.filter(pk=submission.pk, state=ReviewState.WAITING).update(
            state=ReviewState.ACCEPTED if accepts else ReviewState.REFUSED,
            reviewed_at=timezone.now(),
            reviewed_as=role,
            reviewed_by=reviewer,
            reason=reason,
        )
        if not changed:
            raise _decided()
        submission = Submission.objects.select_related("achievement", "learner").get(
            pk=submission.pk
        )
        if accepts:
            submissions.reward(submission, reason if role == Reviewer.ORGANISER else "")
        else:
            _tell_after_commit(submission)
    return submission


def find_file(key: UUID, user: AbstractBaseUser) -> tuple[EvidenceFile, str] | None:
    """A file, and its name for this reader, if they may see it: whose it is and who looks at it.

    Other learners do not get the name the file had: it may be that of a person.
    """
    found = (
        EvidenceFile.objects.select_related("submission__achievement")
        .filter(key=key)
        .defer("content", "submission__text")
        .first()
    )
    if found is None:
        return None
    if found.submission.learner_id == user.pk:
        return found, found.name
    role = role_for(user, found.submission)
    if role == Reviewer.PEER:
        return found, "file." + found.name.rpartition(".")[2]
    return (found, found.name) if role else None


def _waiting(user: AbstractBaseUser) -> QuerySet[Submission]:
    files = EvidenceFile.objects.defer("content").order_by("pk")
    return (
        Submission.objects.filter(state=ReviewState.WAITING)
        .exclude(learner=user)
        .select_related("achievement", "follows")
        .prefetch_related("achievement__texts", Prefetch("files", files))
        .order_by("sent_at", "pk")
    )


def _held(user: AbstractBaseUser) -> QuerySet[Award]:
    """Badges that the learner has and that hold: neither taken back, suspended nor run out."""
    now = timezone.now()
    holding = Award.objects.filter(learner=user, revoked_at=None, suspended_at=None)
    return holding.exclude(valid_until__lt=now)


def _check_words(reason: str) -> None:
    if len(reason) > MOST_LETTERS:
        raise Refused(
            "bad-reason",
            _("This text is too long: %(most)s letters are the most.") % {"most": MOST_LETTERS},
        )
    try:
        check_signable(reason)
    except ValidationError as error:
        raise Refused("bad-reason", " ".join(error.messages)) from error


def _is_decided(submission: Submission) -> bool:
    return not Submission.objects.filter(pk=submission.pk, state=ReviewState.WAITING).exists()


def _decided() -> Refused:
    return Refused("decided", _("Somebody else has looked at this already. Nothing was changed."))


def _not_yours() -> Refused:
    return Refused("not-yours", _("You do not look at what is sent in for this badge."))


def _tell_after_commit(submission: Submission) -> None:
    def tell() -> None:
        tasks.tell_sent_back.enqueue(submission.pk)

    # Robust: a queue that is down must not undo the answer.
    transaction.on_commit(tell, robust=True)
