"""What learners send in to show that they earned a badge: sending, taking back, cleaning up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges.awarding import NotAwardable, award, lock_learners
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Achievement, Assessment, Award
from wagtail_col.conf import settings
from wagtail_col.learning.evidence_files import MOST_BYTES_TOGETHER, MOST_FILES, CleanFile
from wagtail_col.learning.journey import Refused, active_language, cannot_be_given
from wagtail_col.learning.models import EvidenceFile, Reviewer, ReviewState, Submission

#: Of one learner within a day, for all badges: enough to try again, too few to fill the disk.
MOST_A_DAY = 10
MOST_LETTERS = 10_000
DAY = timedelta(days=1)


def newest(learner: AbstractBaseUser, achievement: Achievement) -> Submission | None:
    """What the learner sent in last for this badge."""
    return Submission.objects.filter(learner=learner, achievement=achievement).first()


def check_open(learner: AbstractBaseUser, achievement: Achievement) -> Submission | None:
    """Refused unless the learner may send something in for this badge now; gives what was sent
    back to them before, if anything was.

    The refusal's ``code``: badge-withdrawn, takes-no-evidence, taken-back, has-badge, waiting,
    too-many.
    """
    if not achievement.live:
        raise Refused("badge-withdrawn", _("This badge is not given at present."))
    if achievement.assessment == Assessment.NONE:
        raise Refused("takes-no-evidence", _("This badge is earned in another way."))
    own = Award.objects.filter(achievement=achievement, learner=learner).first()
    if own is not None and own.is_revoked:
        raise Refused("taken-back", _("This badge was taken back from you. Ask who gives it."))
    if own is not None and own.valid_until is None:
        raise Refused("has-badge", _("You have this badge already."))
    last = newest(learner, achievement)
    if last is not None and last.state == ReviewState.WAITING:
        raise Refused("waiting", _("You have sent something in. Somebody is going to look at it."))
    recent = Submission.objects.filter(learner=learner, sent_at__gt=timezone.now() - DAY)
    if recent.count() >= MOST_A_DAY:
        raise Refused("too-many", _("You have sent in a lot today. Try again tomorrow."))
    return last if last is not None and last.state == ReviewState.REFUSED else None


def send_in(
    learner: AbstractBaseUser,
    achievement: Achievement,
    *,
    text: str = "",
    link: str = "",
    files: Sequence[CleanFile] = (),
    confirms: bool = False,
) -> Submission:
    """Keep what the learner did, for whoever looks at it; one waits at a time.

    Where learners assess themselves, the badge is given at once to who ``confirms`` that they
    fulfil what it asks for, with words. Refused as ``check_open`` says, and besides: nothing,
    too-long, too-many-files, not-confirmed, no-words, not-awardable.
    """
    _check_parts(text, link, files)
    with transaction.atomic():
        # Two tabs, two phones: whoever comes second finds what the first sent in.
        lock_learners([learner.pk])
        current = Achievement.objects.get(pk=achievement.pk)
        follows = check_open(learner, current)
        is_self = current.assessment == Assessment.SELF
        if is_self:
            _check_own_words(text, confirms)
        submission = Submission.objects.create(
            learner=learner,
            achievement=current,
            follows=follows,
            text=text.strip(),
            link=link,
            for_peers=current.assessment == Assessment.PEER,
            language=active_language(),
            **(_assessed_by_oneself(learner) if is_self else {}),
        )
        EvidenceFile.objects.bulk_create(
            EvidenceFile(
                submission=submission,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                content=file.content,
            )
            for file in files
        )
        if is_self:
            reward(submission)
    return submission


def reward(submission: Submission, narrative: str = "") -> Award:
    """Give the badge for what was accepted. Refused: taken-back, not-awardable."""
    try:
        given, _is_new = award(
            submission.achievement,
            submission.learner,
            because={"by": "evidence", "assessed": submission.reviewed_as},
            language=submission.language,
            narrative=narrative,
            by=submission.reviewed_by if submission.reviewed_as == Reviewer.ORGANISER else None,
            renew=True,
        )
    except (NotAwardable, SigningKeyUnreadable) as error:
        raise cannot_be_given(submission.achievement, error) from error
    if given.is_revoked:
        raise Refused("taken-back", _("This badge was taken back from this learner."))
    return given


def take_back(submission: Submission, learner: AbstractBaseUser) -> None:
    """Delete what waits, with its files. Refused (decided) once somebody has decided."""
    with transaction.atomic():
        # Deleting reads first and deletes then: nobody decides in between.
        waiting = Submission.objects.select_for_update().filter(
            pk=submission.pk, learner=learner, state=ReviewState.WAITING
        )
        if not waiting:
            raise Refused("decided", _("Somebody has looked at this already. It stays as it is."))
        waiting[0].delete()


def remove_old_files() -> int:
    """Delete the files whose submission was decided EVIDENCE_DAYS ago; how many these were.

    What was written, and the answer, stay with the learner's account.
    """
    if settings.EVIDENCE_DAYS is None:
        return 0
    before = timezone.now() - timedelta(days=settings.EVIDENCE_DAYS)
    old = EvidenceFile.objects.filter(submission__reviewed_at__lte=before)
    return old.exclude(submission__state=ReviewState.WAITING).delete()[0]


def _check_parts(text: str, link: str, files: Sequence[CleanFile]) -> None:
    if not (text.strip() or link or files):
        raise Refused("nothing", _("Write what you did, take a photo, or choose a file."))
    if len(text) > MOST_LETTERS:
        raise Refused(
            "too-long",
            _("This text is too long: %(most)s letters are the most.") % {"most": MOST_LETTERS},
        )
    too_much = sum(len(file.content) for file in files) > MOST_BYTES_TOGETHER
    if too_much or len(files) > MOST_FILES:
        raise Refused(
            "too-many-files",
            _("Send %(most)s files at most, or smaller ones.") % {"most": MOST_FILES},
        )


def _check_own_words(text: str, confirms: bool) -> None:
    if not confirms:
        raise Refused(
            "not-confirmed", _("Tick the box if you have done everything this badge asks for.")
        )
    if not text.strip():
        raise Refused("no-words", _("Write in your own words how you did it."))


def _assessed_by_oneself(learner: AbstractBaseUser) -> dict:
    return {
        "state": ReviewState.ACCEPTED,
        "reviewed_at": timezone.now(),
        "reviewed_as": Reviewer.SELF,
        "reviewed_by": learner,
    }
