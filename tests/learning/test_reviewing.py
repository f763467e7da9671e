"""Who looks at what was sent in, what they may do, and what the learner is told."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import UserFactory
from tests.learning.evidence import badge, holder_of, organiser_of, photo, sent
from tests.pages.editing import superuser
from wagtail_col.badges.awarding import award, revoke, suspend
from wagtail_col.badges.models import Award
from wagtail_col.learning import reviewing, submissions, tasks, telling
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import EvidenceFile, Submission

pytestmark = pytest.mark.django_db


def refused(submission, reviewer, **values) -> str:
    before = Submission.objects.get(pk=submission.pk).state, Award.objects.count()
    with pytest.raises(Refused) as caught:
        reviewing.decide(submission, reviewer, **({"accepts": True} | values))
    assert (Submission.objects.get(pk=submission.pk).state, Award.objects.count()) == before
    assert caught.value.message
    return caught.value.code


def test_an_organiser_accepts_and_the_badge_is_given():
    achievement = badge()
    reviewer = organiser_of(achievement)
    submission = sent(achievement)
    done = reviewing.decide(submission, reviewer, accepts=True, reason=" Very clear photos. ")
    given = Award.objects.get()
    assert (given.learner, given.because["by"]) == (submission.learner, "evidence")
    assert given.because["assessed"] == "organiser"
    assert given.narrative == "Very clear photos."
    assert given.awarded_by == reviewer
    assert (done.state, done.reviewed_as, done.reviewed_by) == ("accepted", "organiser", reviewer)


def test_a_peer_accepts_and_their_words_are_not_part_of_the_badge():
    achievement = badge("peer")
    submission = sent(achievement)
    done = reviewing.decide(submission, holder_of(achievement), accepts=True, reason="Nice!")
    given = Award.objects.get(learner=submission.learner)
    assert given.because["assessed"] == "peer"
    assert (given.narrative, given.awarded_by) == ("", None)
    assert (done.reviewed_as, done.reason) == ("peer", "Nice!")
    assert "Nice!" not in given.credential


def test_an_organiser_may_decide_about_what_peers_look_at():
    achievement = badge("peer")
    done = reviewing.decide(sent(achievement), organiser_of(achievement), accepts=True)
    assert done.reviewed_as == "organiser"


def test_the_badge_is_in_the_learner_s_language():
    achievement = badge()
    submission = sent(achievement)
    Submission.objects.update(language="es")
    reviewing.decide(submission, organiser_of(achievement), accepts=True)
    assert Award.objects.get().language == "es"


def test_sent_back_with_a_reason():
    achievement = badge()
    reviewer = organiser_of(achievement)
    submission = sent(achievement)
    assert refused(submission, reviewer, accepts=False) == "no-reason"
    assert refused(submission, reviewer, accepts=False, reason=" \n") == "no-reason"
    done = reviewing.decide(submission, reviewer, accepts=False, reason="Show the wheel.")
    assert (done.state, done.reason) == ("refused", "Show the wheel.")
    assert not Award.objects.exists()


@pytest.mark.parametrize("reason", ["bell \x07", "x" * 2001], ids=["control", "long"])
def test_words_that_cannot_be_signed(reason):
    achievement = badge()
    assert refused(sent(achievement), organiser_of(achievement), reason=reason) == "bad-reason"


@pytest.mark.parametrize("assessment", ["organiser", "peer"])
def test_nobody_decides_about_their_own(assessment):
    achievement = badge(assessment)
    reviewer = organiser_of(achievement)
    submission = sent(achievement, reviewer)
    assert refused(submission, reviewer) == "own"
    assert not reviewing.for_organiser(reviewer).exists()
    boss = superuser()
    assert refused(sent(badge(), boss), boss) == "own"


def test_what_was_decided_is_decided():
    achievement = badge("peer")
    first, second = holder_of(achievement), holder_of(achievement)
    submission = sent(achievement)
    reviewing.decide(submission, first, accepts=False, reason="Too short.")
    assert refused(submission, second) == "decided"
    assert refused(submission, organiser_of(achievement)) == "decided"


def test_who_may_not_decide():
    achievement, other = badge("peer"), badge("peer")
    submission = sent(achievement)
    for stranger in (UserFactory(), holder_of(other), organiser_of(other)):
        assert refused(submission, stranger) == "not-yours"
    given = Award.objects.get(learner=holder_of(achievement), achievement=achievement)
    suspend(given, "For now.")
    assert refused(submission, given.learner) == "not-yours"
    given = Award.objects.get(learner=holder_of(achievement), achievement=achievement)
    revoke(given, "A mistake.")
    assert refused(submission, given.learner) == "not-yours"
    past = Award.objects.get(learner=holder_of(achievement), achievement=achievement)
    Award.objects.filter(pk=past.pk).update(valid_until=timezone.now())
    assert refused(submission, past.learner) == "not-yours"


def test_peers_do_not_decide_about_what_is_for_the_organiser():
    achievement = badge("organiser")
    submission = sent(achievement, files=[photo()])
    peer = holder_of(achievement)
    assert refused(submission, peer) == "not-yours"
    # Nor when the badge is changed later: it was not sent in for other learners to see.
    achievement.assessment = "peer"
    achievement.save()
    assert refused(submission, peer) == "not-yours"
    assert not reviewing.for_peer(peer).exists()
    assert reviewing.find_file(submission.files.get().key, peer) is None


def test_a_badge_that_cannot_be_given_changes_nothing():
    achievement = badge()
    reviewer = organiser_of(achievement)
    submission = sent(achievement)
    achievement.live = False
    achievement.save()
    assert refused(submission, reviewer) == "not-awardable"


def test_a_badge_that_was_taken_back_is_not_given_again():
    achievement = badge()
    submission = sent(achievement)
    given, _new = award(achievement, submission.learner, because={"by": "hand"}, language="en")
    revoke(given, "A mistake.")
    assert refused(submission, organiser_of(achievement)) == "taken-back"


def test_accepting_what_somebody_has_by_now_is_no_error():
    achievement = badge()
    submission = sent(achievement)
    award(achievement, submission.learner, because={"by": "hand"}, language="en")
    reviewing.decide(submission, organiser_of(achievement), accepts=True)
    assert Award.objects.get().because["by"] == "hand"


# Queues


def test_the_oldest_comes_first_and_only_one_s_own_badges():
    achievement = badge()
    reviewer = organiser_of(achievement)
    first, second = sent(achievement), sent(achievement)
    sent(badge())
    Submission.objects.filter(pk=second.pk).update(sent_at=first.sent_at.replace(year=2020))
    assert [one.pk for one in reviewing.for_organiser(reviewer)] == [second.pk, first.pk]
    reviewing.decide(first, reviewer, accepts=True)
    assert [one.pk for one in reviewing.for_organiser(reviewer)] == [second.pk]
    assert reviewing.for_organiser(superuser()).count() == 2
    assert not reviewing.for_organiser(UserFactory()).exists()


def test_a_peer_s_queue():
    achievement = badge("peer")
    peer = holder_of(achievement)
    submission = sent(achievement)
    sent(badge("peer"))
    assert [one.pk for one in reviewing.for_peer(peer)] == [submission.pk]
    assert reviewing.is_peer(peer)
    assert not reviewing.is_peer(submission.learner)
    assert not reviewing.for_peer(submission.learner).exists()


@pytest.mark.parametrize("queue", [reviewing.for_organiser, reviewing.for_peer])
def test_queries_do_not_grow(queue):
    achievement = badge("peer")
    reviewer = organiser_of(achievement)
    award(achievement, reviewer, because={"by": "hand"}, language="en")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for one in queue(reviewer):
                assert str(one.achievement)
                assert str(one.learner) if queue is reviewing.for_organiser else True
                assert [file.name for file in one.files.all()]
        assert '"content"' not in str([query["sql"] for query in captured])
        return len(captured)

    sent(achievement, files=[photo()])
    queries()  # What somebody may do is read once.
    few = queries()
    for _n in range(4):
        sent(achievement, files=[photo(), photo()])
    assert queries() == few


# Files


def test_who_sees_a_file_and_under_which_name():
    achievement = badge("peer")
    peer, reviewer = holder_of(achievement), organiser_of(achievement)
    submission = sent(achievement, files=[photo("ana-kovac.jpg")])
    file = submission.files.get()
    assert reviewing.find_file(file.key, submission.learner)[1] == "ana-kovac.jpg"
    assert reviewing.find_file(file.key, reviewer)[1] == "ana-kovac.jpg"
    assert reviewing.find_file(file.key, peer)[1] == "file.jpg"
    for stranger in (UserFactory(), holder_of(badge("peer")), organiser_of(badge())):
        assert reviewing.find_file(file.key, stranger) is None
    assert reviewing.find_file(submission.key, reviewer) is None
    # Once it is decided, peers see it no more.
    reviewing.decide(submission, peer, accepts=True)
    assert reviewing.find_file(file.key, peer) is None
    assert reviewing.find_file(file.key, reviewer)
    assert EvidenceFile.objects.count() == 1


# Telling the learner


def test_the_learner_is_told_that_something_is_missing(django_capture_on_commit_callbacks):
    achievement = badge()
    achievement.texts.update(name="Wheel\nmaker")
    submission = sent(achievement)
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.decide(
            submission, organiser_of(achievement), accepts=False, reason="See https://evil.example"
        )
    (message,) = mail.outbox
    assert message.to == [submission.learner.email]
    assert message.subject == "Something is missing for the badge “Wheel maker”"
    assert "http://testserver/col/evidence/?lang=en" in message.body
    page = message.alternatives[0][0]
    assert "http://testserver/col/evidence/?lang=en" in page
    # What a reviewer wrote is not mailed: nobody sends links to learners through this site.
    assert "evil.example" not in message.body + page
    assert not telling.tell(submission.pk)
    assert len(mail.outbox) == 1


def test_mail_that_is_down_is_tried_again(django_capture_on_commit_callbacks, monkeypatch, capsys):
    achievement = badge()
    submission = sent(achievement)

    def down(*args):
        raise OSError("down")

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(telling, "_message", down)
        reviewing.decide(submission, organiser_of(achievement), accepts=False, reason="No.")
    submission.refresh_from_db()
    assert (submission.state, submission.emailed_at) == ("refused", None)
    assert telling.waiting() == [submission.pk]
    with monkeypatch.context() as patch:
        patch.setattr(telling, "_message", down)
        call_command("clean_evidence")
    assert "1 failed" in capsys.readouterr().out
    call_command("clean_evidence")
    assert "1 e-mails sent" in capsys.readouterr().out
    assert len(mail.outbox) == 1
    assert telling.waiting() == []


def test_who_has_no_address_or_has_sent_it_in_again_is_told_nothing():
    achievement = badge()
    quiet = sent(achievement, UserFactory(email=""))
    again = sent(achievement)
    for submission in (quiet, again):
        reviewing.decide(submission, organiser_of(achievement), accepts=False, reason="No.")
    submissions.send_in(again.learner, achievement, text="Better.")
    assert not telling.tell(again.pk)
    assert not telling.tell(quiet.pk)
    assert not tasks.tell_sent_back.call(0)
    assert mail.outbox == []
