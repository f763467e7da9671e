"""A badge for a list of people: looked at, given in steps, taken up again."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import default_task_backend

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import award_lists, bulk_awarding
from wagtail_col.badges.address_lists import read_text
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Award, AwardList, Invitation, ListedLearner, Outcome

from .build import badge

pytestmark = pytest.mark.django_db


def listed(text, achievement=None, **values):
    return award_lists.make(
        achievement or AchievementFactory(),
        read_text(text),
        **{"event": "Camp", "language": "en", "by": None, **values},
    )


def given(text, achievement=None, **values):
    """A list that was started and worked off."""
    made = listed(text, achievement, **values)
    award_lists.start(made)
    award_lists.give_all(made.pk)
    made.refresh_from_db()
    return made


def outcomes(made):
    return dict(made.rows.values_list("email", "outcome"))


class TestForecast:
    def test_says_of_each_what_will_happen(self):
        achievement = AchievementFactory()
        UserFactory(email="Ana@x.org")
        badge(UserFactory(email="has@x.org"), achievement)
        UserFactory(email="two@x.org"), UserFactory(email="TWO@x.org")
        UserFactory(email="off@x.org", is_active=False)
        given("open@x.org", achievement)
        made = listed(
            "ana@x.org\nhas@x.org\ntwo@x.org\noff@x.org\nnew@x.org\nopen@x.org\nnobody", achievement
        )
        said = {one.row.email: one.code for one in award_lists.forecast(made, made.rows.all())}
        assert said == {
            "ana@x.org": "account",
            "has@x.org": "already",
            "two@x.org": "invited",
            "off@x.org": "invited",
            "new@x.org": "invited",
            "open@x.org": "already",
            "nobody": "unreadable",
        }
        assert award_lists.forecast_numbers(made)["invited"] == 3
        assert not Award.objects.exclude(learner__email="has@x.org").exists()
        assert Invitation.objects.count() == 1

    def test_is_what_happens_then(self):
        achievement = AchievementFactory()
        UserFactory(email="ana@x.org")
        badge(UserFactory(email="has@x.org"), achievement)
        made = given("ana@x.org\nhas@x.org\nnew@x.org\nnobody", achievement)
        assert outcomes(made) == {
            "ana@x.org": Outcome.GIVEN,
            "has@x.org": Outcome.ALREADY,
            "new@x.org": Outcome.INVITED,
            "nobody": Outcome.FAILED,
        }
        now = award_lists.progress(made)
        assert (now.total, now.done, now.given, now.invited, now.already, now.failed) == (
            4,
            4,
            1,
            1,
            1,
            1,
        )
        assert now.is_done and now.percent == 100 and made.finished_at

    def test_queries_do_not_grow_with_the_lines(self):
        asked = []
        for count in (3, 60):
            made = listed("\n".join(f"u{n}@x{count}.org" for n in range(count)))
            with CaptureQueriesContext(connection) as queries:
                award_lists.forecast_numbers(made)
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestGiving:
    def test_nothing_before_it_is_started(self):
        UserFactory(email="ana@x.org")
        made = listed("ana@x.org")
        assert award_lists.give_all(made.pk) == 0
        assert not Award.objects.exists()

    def test_why_and_by_whom_is_kept(self):
        organiser, ana = UserFactory(), UserFactory(email="ana@x.org")
        given("email,narrative\nana@x.org,Led the group", by=organiser, event="Camp 2026")
        award = Award.objects.get()
        assert award.learner == ana and award.awarded_by == organiser
        assert award.narrative == "Led the group"
        assert (award.because["by"], award.because["title"]) == ("list", "Camp 2026")
        assert award.because["assessed"] == "organiser"

    def test_in_steps(self, monkeypatch):
        made = listed("\n".join(f"u{n}@x.org" for n in range(7)))
        award_lists.start(made)
        assert [award_lists.give_some(made.pk, 3) for _ in range(4)] == [3, 3, 1, 0]

    def test_queries_of_a_step_do_not_grow_with_its_lines(self):
        asked = []
        achievement = AchievementFactory()
        badge(achievement=achievement)
        for count in (2, 40):
            for number in range(count):
                UserFactory(email=f"has{number}@x{count}.org")
            made = listed(
                "\n".join(f"has{n}@x{count}.org new{n}@x{count}.org" for n in range(count)),
                achievement,
            )
            award_lists.start(made)
            with CaptureQueriesContext(connection) as queries:
                award_lists.give_some(made.pk)
            assert award_lists.progress(made).given == count
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_a_second_list_gives_nothing_twice(self):
        achievement = AchievementFactory()
        UserFactory(email="ana@x.org")
        text = "ana@x.org\nnew@x.org"
        given(text, achievement)
        again = given(text, achievement)
        assert set(outcomes(again).values()) == {Outcome.ALREADY}
        assert Award.objects.count() == Invitation.objects.count() == 1

    def test_a_badge_taken_offline_meanwhile_gives_nothing_and_says_so(self):
        UserFactory(email="ana@x.org")
        achievement = AchievementFactory()
        made = listed("ana@x.org\nnew@x.org\nnobody", achievement)
        type(achievement).objects.filter(pk=achievement.pk).update(live=False)
        award_lists.start(made)
        award_lists.give_all(made.pk)
        assert set(outcomes(made).values()) == {Outcome.FAILED}
        assert "not published" in made.rows.first().message
        assert not Award.objects.exists() and not Invitation.objects.exists()

        type(achievement).objects.filter(pk=achievement.pk).update(live=True)
        assert award_lists.try_again(made) == 2
        award_lists.give_all(made.pk)
        assert outcomes(made)["ana@x.org"] == Outcome.GIVEN
        assert outcomes(made)["nobody"] == Outcome.FAILED
        assert award_lists.try_again(made) == 0

    def test_a_site_that_cannot_sign_says_so(self, monkeypatch):
        UserFactory(email="ana@x.org")

        def unreadable(*args):
            raise SigningKeyUnreadable("secret gone")

        monkeypatch.setattr(bulk_awarding.keys, "private_half", unreadable)
        made = given("ana@x.org")
        assert outcomes(made) == {"ana@x.org": Outcome.FAILED}
        assert "secret" not in made.rows.get().message

    def test_everybody_is_written_to_after_it_is_certain(self, django_capture_on_commit_callbacks):
        UserFactory(email="ana@x.org")
        made = listed("ana@x.org\nnew@x.org")
        award_lists.start(made)
        with django_capture_on_commit_callbacks(execute=True):
            award_lists.give_all(made.pk)
            assert not mail.outbox
        assert {message.to[0] for message in mail.outbox} == {"ana@x.org", "new@x.org"}

    def test_a_worker_is_asked_when_there_is_a_queue(
        self, settings, django_capture_on_commit_callbacks
    ):
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        default_task_backend.clear()
        made = listed("new@x.org")
        with django_capture_on_commit_callbacks(execute=True):
            award_lists.start(made)
        [asked] = [
            one
            for one in default_task_backend.results
            if one.task.name == award_lists.give_list.name
        ]
        assert asked.args == [made.pk]
        # The page goes on all the same, when the worker is not there.
        assert award_lists.give_for(made.pk, 0) == 1


class TestForgetting:
    def test_old_lists_go_with_their_addresses(self):
        old, new, unused, waiting = (listed(f"a{n}@x.org") for n in range(4))
        now = timezone.now()
        AwardList.objects.filter(pk=old.pk).update(
            started_at=now, finished_at=now - timedelta(days=91)
        )
        AwardList.objects.filter(pk=new.pk).update(started_at=now, finished_at=now)
        AwardList.objects.filter(pk=unused.pk).update(made_at=now - timedelta(days=8))
        assert award_lists.forget() == 2
        assert set(AwardList.objects.all()) == {new, waiting}
        assert ListedLearner.objects.count() == 2

    def test_a_deleted_account_is_in_no_list_any_more(self):
        achievement = AchievementFactory()
        ana = UserFactory(email="Ana@x.org")
        made = given("ana@x.org\nbor@x.org", achievement)
        UserFactory(email="ana@x.org")
        given("ana@x.org", AchievementFactory())
        ana.delete()
        assert list(made.rows.values_list("email", flat=True)) == ["bor@x.org"]
        assert list(Invitation.objects.values_list("email", flat=True)) == ["bor@x.org"]


@pytest.mark.django_db(transaction=True)
def test_goes_on_where_a_killed_process_stopped(awarders, capsys):
    for number in range(20):
        UserFactory(email=f"has{number}@x.org")
    made = listed("\n".join(f"has{n}@x.org new{n}@x.org" for n in range(20)))
    award_lists.start(made)
    assert awarders.at_once([("killed", made.pk)]) == [""]
    before = award_lists.progress(made)
    assert (before.done, before.total) == (20, 40)
    assert Award.objects.count() == before.given == 10
    assert Invitation.objects.count() == before.invited == 10

    call_command("give_badge_lists")
    after = award_lists.progress(made)
    assert after.is_done and (after.given, after.invited) == (20, 20)
    assert Award.objects.count() == 20 and Invitation.objects.count() == 20
    assert "20 lines given" in capsys.readouterr().out
    assert get_user_model().objects.count() == 20
    assert all(json.loads(one.credential) for one in Award.objects.all())
