"""What a learner is told of: each listing once, once a week at most, nothing that is withdrawn."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import making
from tests.factories import UserFactory
from wagtail_col.catalogue.alerts import saving, telling
from wagtail_col.catalogue.alerts.seen import packed, unpacked
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Alert
from wagtail_col.catalogue.publishing import (
    publish_listing,
    publish_listings,
    withdraw_listing,
    withdraw_territory,
)
from wagtail_col.catalogue.scoping import scoped_query

WEEK = timedelta(days=saving.DAYS)


@given(st.sets(st.integers(min_value=0, max_value=2**63 - 1), max_size=30))
def test_what_is_packed_comes_out_again(numbers):
    assert unpacked(packed(numbers)) == numbers


def test_thousands_take_a_few_kilobytes():
    assert len(packed(range(1_000_000, 1_005_000))) < 1000
    assert len(packed(range(1, 5_000_000, 997))) < 8000


@pytest.fixture
def learner(db):
    return UserFactory()


@pytest.fixture
def city(db):
    making.interest("music")
    return making.territory()


def search(city, string="interest=music"):
    return scoped_query(QueryDict(f"territory={city.key}&{string}"))


def save(learner, city, string="interest=music", language="en"):
    return saving.save(learner, search(city, string), language)


def music(title, city, **facts):
    return making.listing(title, interests=("music",), territory=city, **facts)


def later(weeks=1):
    return timezone.now() + weeks * WEEK + timedelta(hours=1)


class TestTelling:
    def test_what_is_new_is_told_once(self, learner, city):
        music("Old", city)
        save(learner, city)
        music("Guitar", city)
        making.listing("Painting", territory=city)
        assert telling.tell(learner.pk, later()) is True
        (message,) = mail.outbox
        assert message.to == [learner.email]
        assert message.subject == "1 new thing to learn"
        for body in (message.body, message.alternatives[0][0]):
            assert "City: Music" in body
            assert "Guitar" in body
            assert "Old" not in body
            assert "Painting" not in body
        assert telling.tell(learner.pk, later(2)) is False
        assert telling.tell(learner.pk, later(3)) is False
        assert len(mail.outbox) == 1

    def test_at_most_weekly(self, learner, city):
        save(learner, city)
        music("First", city)
        assert telling.due() == []
        assert telling.tell(learner.pk) is False, "a week has not passed since it was saved"
        assert telling.due(later()) == [learner.pk]
        assert telling.tell(learner.pk, later())
        music("Second", city)
        assert telling.tell(learner.pk, later() + timedelta(days=5)) is False
        assert telling.tell(learner.pk, later(2))
        assert ["First" in one.body for one in mail.outbox] == [True, False]
        assert "Second" in mail.outbox[1].body

    def test_a_quiet_week_is_no_e_mail_and_no_week_more(self, learner, city):
        save(learner, city)
        assert telling.tell(learner.pk, later()) is False
        music("Late", city)
        assert telling.tell(learner.pk, later() + timedelta(days=1)) is True

    def test_one_e_mail_for_all_searches_and_each_listing_in_one_of_them(self, learner, city):
        save(learner, city)
        save(learner, city, "free=1")
        music("Both", city, is_free=True)
        making.listing("Painting", territory=city, is_free=True)
        assert telling.tell(learner.pk, later())
        (message,) = mail.outbox
        assert message.subject == "2 new things to learn"
        assert message.body.count("Both") == message.body.count("Painting") == 1
        assert message.body.index("City: Music") < message.body.index("City: Free")
        assert telling.tell(learner.pk, later(2)) is False

    def test_searches_saved_later_wait_for_the_same_e_mail(self, learner, city):
        first = save(learner, city)
        due = timezone.now() + timedelta(days=2)
        Alert.objects.filter(pk=first.pk).update(due_at=due)
        assert save(learner, city, "free=1").due_at == due

    def test_stopping_and_saving_again_brings_no_e_mail_earlier(self, learner, city):
        save(learner, city)
        music("One", city)
        telling.tell(learner.pk, later())
        saving.stop_all(learner.pk)
        assert save(learner, city).due_at > timezone.now() + WEEK - timedelta(days=1)

    def test_nothing_withdrawn_is_told(self, learner, city):
        save(learner, city)
        gone = music("Gone", city)
        withdraw_listing(gone.key)
        assert telling.tell(learner.pk, later()) is False
        publish_listing(making.facts("Stays", key=gone.key, interests=("music",), territory=city))
        assert telling.tell(learner.pk, later()) is True

    def test_what_is_withdrawn_while_the_e_mail_is_written_is_not_in_it(
        self, learner, city, monkeypatch
    ):
        save(learner, city)
        gone = music("Gone", city)
        music("Stays", city)
        write = telling._message

        def withdrawn_meanwhile(*args):
            message = write(*args)
            withdraw_listing(gone.key)
            return message

        monkeypatch.setattr(telling, "_message", withdrawn_meanwhile)
        assert telling.tell(learner.pk, later()) is True
        (message,) = mail.outbox
        assert "Stays" in message.body
        assert "Gone" not in message.body

    def test_what_is_written_anew_is_not_new(self, learner, city):
        listing = music("Guitar", city)
        save(learner, city)
        publish_listing(
            making.facts("Guitars", key=listing.key, interests=("music",), territory=city)
        )
        assert telling.tell(learner.pk, later()) is False

    def test_what_comes_to_fit_is_new(self, learner, city):
        listing = making.listing("Guitar", territory=city)
        save(learner, city)
        publish_listing(
            making.facts("Guitar", key=listing.key, interests=("music",), territory=city)
        )
        assert telling.tell(learner.pk, later()) is True

    def test_many_are_named_in_part(self, learner, city):
        save(learner, city)
        publish_listings(
            [making.facts(f"R{n}", interests=("music",), territory=city) for n in range(25)]
        )
        assert telling.tell(learner.pk, later())
        (message,) = mail.outbox
        assert message.subject == "25 new things to learn"
        assert message.body.count("* R") == telling.MOST_TOLD
        assert "15 more: http://testserver/en/city/?interest=music" in message.body
        assert telling.tell(learner.pk, later(2)) is False, "what is not named counts as told"

    def test_in_the_learners_language(self, learner, city):
        save(learner, city, language="sl")
        music(
            "", city, texts=(Text(language="en", title="Bees"), Text(language="sl", title="Čebele"))
        )
        assert telling.tell(learner.pk, later())
        (message,) = mail.outbox
        assert "Čebele" in message.body
        assert 'lang="sl"' in message.alternatives[0][0]
        assert "new" not in message.subject
        assert "?lang=sl" in message.body

    def test_a_mail_program_can_stop_it(self, learner, city):
        save(learner, city)
        music("Guitar", city)
        telling.tell(learner.pk, later())
        headers = mail.outbox[0].message()
        link = headers["List-Unsubscribe"]
        assert link.startswith("<http://testserver/col/alerts/stop/")
        assert link.endswith("/>")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "\n" not in headers["List-Unsubscribe"]

    def test_hostile_titles_stay_titles(self, learner, city):
        save(learner, city)
        music(f"x\r\nBcc: eve@example.org {making.HOSTILE}", city)
        assert telling.tell(learner.pk, later())
        assert "<script>" not in mail.outbox[0].alternatives[0][0]
        assert "<img" not in mail.outbox[0].alternatives[0][0]
        assert mail.outbox[0].message()["Bcc"] is None

    def test_a_search_that_makes_no_sense_any_more_is_passed_over(self, learner, city):
        other = making.territory("Other", boundary=making.square(10, 50))
        save(learner, city)
        save(learner, other)
        withdraw_territory(city.key)
        making.listing(
            "Far", interests=("music",), territory=other, point=None, is_local=False, is_online=True
        )
        assert telling.tell(learner.pk, later()) is True
        assert "Far" in mail.outbox[0].body

    @pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
    def test_who_cannot_be_written_to_is_not(self, learner, city, change):
        save(learner, city)
        music("Guitar", city)
        type(learner).objects.filter(pk=learner.pk).update(**change)
        assert telling.tell(learner.pk, later()) is False
        assert mail.outbox == []


class TestTwoRuns:
    def test_what_one_has_taken_the_other_does_not_send(self, learner, city):
        save(learner, city)
        save(learner, city, "free=1")
        music("Guitar", city)
        both = [telling._news(list(Alert.objects.order_by("pk"))) for _ in range(2)]
        assert telling._take(both[0], later()) is True
        before = list(Alert.objects.order_by("pk").values())
        assert telling._take(both[1], later()) is False
        assert list(Alert.objects.order_by("pk").values()) == before

    def test_what_was_stopped_meanwhile_is_not_sent(self, learner, city):
        alert = save(learner, city)
        kept = save(learner, city, "free=1")
        music("Guitar", city)
        news = telling._news(list(Alert.objects.order_by("pk")))
        saving.stop(learner.pk, alert.key)
        assert telling._take(news, later()) is False
        kept.refresh_from_db()
        assert kept.told_at is None

    def test_when_mail_is_down_nothing_counts_as_told(self, learner, city, settings):
        save(learner, city)
        music("Guitar", city)
        before = Alert.objects.values().get()
        settings.EMAIL_BACKEND = "nowhere.at.all"
        with pytest.raises(ImportError):
            telling.tell(learner.pk, later())
        assert Alert.objects.values().get() == before
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert telling.tell(learner.pk, later()) is True


def test_the_queries_of_an_alert_do_not_grow_with_what_is_new(learner, city):
    save(learner, city)
    counts = []
    for many in (2, 9):
        publish_listings(
            [making.facts(f"{many} {n}", interests=("music",), territory=city) for n in range(many)]
        )
        with CaptureQueriesContext(connection) as queries:
            assert telling.tell(learner.pk, later(many))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 30


class TestSaving:
    def test_the_same_search_is_saved_once(self, learner, city):
        assert save(learner, city, "free=1&interest=music").pk == (
            save(learner, city, "interest=music&utm_source=x&free=1&page=3").pk
        )
        assert Alert.objects.count() == 1

    def test_not_more_than_some(self, learner, city, monkeypatch):
        monkeypatch.setattr(saving, "MOST_ALERTS", 2)
        save(learner, city)
        save(learner, city, "free=1")
        with pytest.raises(saving.CannotSave, match="You have saved 2 searches"):
            save(learner, city, "age=14")
        assert save(learner, city, "free=1"), "one that is there already"
        save(UserFactory(), city, "age=14")

    def test_nothing_too_broad(self, learner, city, monkeypatch):
        monkeypatch.setattr(saving, "MOST_FOUND", 2)
        publish_listings([making.facts(f"R{n}", territory=city) for n in range(3)])
        with pytest.raises(saving.CannotSave, match="more than 2 things"):
            save(learner, city, "place=local")
        save(learner, city)

    def test_nothing_without_an_address(self, city):
        with pytest.raises(saving.CannotSave, match="no confirmed e-mail address"):
            save(UserFactory(email=""), city)

    def test_it_goes_with_the_account(self, learner, city):
        save(learner, city)
        learner.delete()
        assert not Alert.objects.exists()


def test_the_command_writes_to_all_and_goes_on_after_a_failure(city, monkeypatch):
    ana, ben, eva = (UserFactory() for _ in range(3))
    for learner in (ana, ben, eva):
        save(learner, city)
    music("Guitar", city)
    Alert.objects.update(due_at=timezone.now())
    tell = telling.tell

    def refused_once(learner_id):
        if learner_id == ana.pk:
            raise OSError("refused")
        return tell(learner_id)

    monkeypatch.setattr(telling, "tell", refused_once)
    out, err = StringIO(), StringIO()
    call_command("send_alerts", stdout=out, stderr=err)
    assert out.getvalue().strip() == "2 sent, 1 failed."
    assert "refused" in err.getvalue()
    monkeypatch.undo()
    out = StringIO()
    call_command("send_alerts", stdout=out)
    assert out.getvalue().strip() == "1 sent, 0 failed."
    assert sorted(one.to[0] for one in mail.outbox) == sorted(u.email for u in (ana, ben, eva))
