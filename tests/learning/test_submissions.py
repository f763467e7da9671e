"""Sending in what one did: every refusal, sending again, taking back, cleaning up."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone, translation

from tests.factories import UserFactory
from tests.learning.evidence import badge, holder_of, organiser_of, photo, sent
from wagtail_col.badges.awarding import award, revoke
from wagtail_col.badges.models import Award, PastEdition
from wagtail_col.learning import evidence_files, reviewing, submissions
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import EvidenceFile, ReviewState, Submission

pytestmark = pytest.mark.django_db
KEY = "only-for-the-tests-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


def refused(learner, achievement, **values) -> str:
    before = Submission.objects.count(), Award.objects.count(), EvidenceFile.objects.count()
    with pytest.raises(Refused) as caught:
        submissions.send_in(learner, achievement, **({"text": "I did it."} | values))
    after = Submission.objects.count(), Award.objects.count(), EvidenceFile.objects.count()
    assert after == before
    assert caught.value.message
    return caught.value.code


def send_back(submission):
    reviewer = organiser_of(submission.achievement)
    reviewing.decide(submission, reviewer, accepts=False, reason="A photo is missing.")


@pytest.mark.parametrize("assessment", ["organiser", "peer"])
def test_it_waits_for_somebody_to_look(learner, assessment):
    with translation.override("sl"):
        submission = sent(
            badge(assessment), learner, link="https://example.org/x", files=[photo(), photo()]
        )
    assert submission.state == ReviewState.WAITING
    assert submission.for_peers is (assessment == "peer")
    assert submission.language == "sl"
    assert submission.files.count() == 2
    assert not Award.objects.exists()


def test_nothing_is_refused(learner):
    assert refused(learner, badge(), text="  \n ") == "nothing"


def test_a_photo_alone_is_enough(learner):
    assert sent(badge(), learner, text="", files=[photo()]).files.count() == 1


def test_what_is_too_much(learner):
    achievement = badge()
    assert refused(learner, achievement, text="x" * 10_001) == "too-long"
    many = [photo() for _n in range(evidence_files.MOST_FILES + 1)]
    assert refused(learner, achievement, files=many) == "too-many-files"
    large = evidence_files.CleanFile("a.pdf", evidence_files.PDF, b" " * 9_000_000)
    assert refused(learner, achievement, files=[large] * 3) == "too-many-files"


def test_a_badge_that_takes_no_evidence(learner):
    assert refused(learner, badge("")) == "takes-no-evidence"


def test_a_badge_that_is_not_published(learner):
    assert refused(learner, badge(live=False)) == "badge-withdrawn"


def test_who_has_the_badge(learner):
    achievement = badge()
    given, _new = award(achievement, learner, because={"by": "hand"}, language="en")
    assert refused(learner, achievement) == "has-badge"
    revoke(given, "A mistake.")
    assert refused(learner, achievement) == "taken-back"


def test_one_waits_at_a_time(learner):
    achievement = badge()
    sent(achievement, learner)
    assert refused(learner, achievement) == "waiting"
    sent(badge(), learner)
    sent(achievement)


def test_the_database_has_the_last_word_about_that(learner):
    from django.db import IntegrityError

    first = sent(badge(), learner)
    with pytest.raises(IntegrityError):
        Submission.objects.create(learner=learner, achievement=first.achievement, language="en")


def test_sent_back_it_is_sent_in_again_and_follows_the_old_one(learner):
    achievement = badge()
    first = sent(achievement, learner)
    send_back(first)
    assert submissions.check_open(learner, achievement).pk == first.pk
    second = sent(achievement, learner, text="Now with a photo.", files=[photo()])
    assert second.follows == first
    assert first.followed_by == second
    first.refresh_from_db()
    assert (first.state, first.reason) == ("refused", "A photo is missing.")


def test_not_without_end(learner):
    for _n in range(submissions.MOST_A_DAY):
        sent(badge(), learner)
    assert refused(learner, badge()) == "too-many"
    Submission.objects.update(sent_at=timezone.now() - timedelta(days=2))
    assert sent(badge(), learner)


def test_a_badge_that_ends_may_be_earned_again(learner):
    achievement = badge(lasts_months=12)
    first = sent(achievement, learner)
    reviewing.decide(first, organiser_of(achievement), accepts=True)
    Award.objects.update(valid_until=timezone.now() + timedelta(days=3))
    second = sent(achievement, learner)
    assert second.follows is None
    reviewing.decide(second, organiser_of(achievement), accepts=True)
    given = Award.objects.get(learner=learner)
    assert given.valid_until > timezone.now() + timedelta(days=300)
    assert PastEdition.objects.count() == 1


# Learners who assess themselves


def test_who_assesses_themselves_gets_the_badge_at_once_and_it_says_so(learner):
    submission = sent(badge("self"), learner, text="I read all of it.", confirms=True)
    assert (submission.state, submission.reviewed_as) == ("accepted", "self")
    given = Award.objects.get()
    assert (given.because["by"], given.because["assessed"]) == ("evidence", "self")
    assert given.narrative == ""
    assert given.awarded_by is None


def test_not_without_a_tick_or_words(learner):
    achievement = badge("self")
    assert refused(learner, achievement) == "not-confirmed"
    assert refused(learner, achievement, text="", files=[photo()], confirms=True) == "no-words"


def test_a_badge_that_cannot_be_given_keeps_nothing(learner):
    achievement = badge("self")
    achievement.texts.update(criteria="")
    assert refused(learner, achievement, confirms=True) == "not-awardable"


# Taking back


def test_what_waits_can_be_taken_back_with_its_files(learner):
    submission = sent(badge(), learner, files=[photo()])
    with pytest.raises(Refused, match="looked at this already"):
        submissions.take_back(submission, UserFactory())
    submissions.take_back(submission, learner)
    assert not Submission.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_what_was_decided_stays(learner):
    submission = sent(badge(), learner)
    send_back(submission)
    with pytest.raises(Refused) as caught:
        submissions.take_back(submission, learner)
    assert caught.value.code == "decided"


def test_it_goes_with_the_account(learner):
    sent(badge(), learner, files=[photo()])
    learner.delete()
    assert not EvidenceFile.objects.exists()


def test_it_stays_when_the_reviewer_goes(learner):
    submission = sent(badge(), learner)
    send_back(submission)
    Submission.objects.get().reviewed_by.delete()
    assert Submission.objects.get().reason == "A photo is missing."


# Cleaning up


def decided(days, achievement=None):
    submission = sent(achievement or badge(), files=[photo()])
    send_back(submission)
    Submission.objects.filter(pk=submission.pk).update(
        reviewed_at=timezone.now() - timedelta(days=days)
    )
    return submission


def test_files_are_deleted_some_time_after_the_decision(capsys):
    old, new = decided(91), decided(89)
    waiting = sent(badge(), files=[photo()])
    Submission.objects.filter(pk=waiting.pk).update(sent_at=timezone.now() - timedelta(days=900))
    call_command("clean_evidence")
    assert "1 files deleted" in capsys.readouterr().out
    assert not old.files.exists()
    assert new.files.exists()
    assert waiting.files.exists()
    old.refresh_from_db()
    assert old.text == "I did it."


@pytest.mark.parametrize(("days", "left"), [(7, 0), (None, 1)])
def test_how_long_files_are_kept_is_the_site_s(days, left):
    decided(30)
    with override_settings(WAGTAIL_COL={"KEYS": [KEY], "EVIDENCE_DAYS": days}):
        submissions.remove_old_files()
    assert EvidenceFile.objects.count() == left


def test_the_badge_stays_when_the_files_go():
    achievement = badge("peer")
    submission = sent(achievement, files=[photo()])
    reviewing.decide(submission, holder_of(achievement), accepts=True)
    Submission.objects.update(reviewed_at=timezone.now() - timedelta(days=100))
    assert submissions.remove_old_files() == 1
    assert Award.objects.filter(learner=submission.learner).exists()
