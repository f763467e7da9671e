"""One's own dates: on a page, in a calendar program under a secret address, by e-mail before."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from tests.factories import UserFactory
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.catalogue.facts import Date
from wagtail_col.catalogue.models import Occurrence
from wagtail_col.learning import dates, journey, reminders
from wagtail_col.learning.models import CalendarFeed, Evidence, Reminders, SentReminder
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def titles(learner) -> list[str]:
    return [own.title for own in dates.own_dates(learner)]


def series(title, *days):
    start = timezone.now().replace(microsecond=0)
    made = [
        Date(starts_at=start + timedelta(days=d), ends_at=start + timedelta(days=d, hours=1))
        for d in days
    ]
    one = listing(title, None)
    Occurrence.objects.bulk_create(
        Occurrence(listing=one, starts_at=d.starts_at, ends_at=d.ends_at) for d in made
    )
    one.starts_at, one.ends_at = made[0].starts_at, made[-1].ends_at
    one.save()
    return one


# The page


def test_what_is_still_to_be_done_in_order(as_learner, learner):
    later, sooner, done = (listing(t, d) for t, d in (("Later", 9), ("Sooner", 2), ("Done", 1)))
    playlist = line(step(later), step(sooner), step(done), link(), step(listing("Over", -2)))
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[2], Evidence.ORGANISER)
    assert titles(learner) == ["Sooner", "Later"]
    said = words(as_learner.get("/col/dates/"))
    assert said.index("Sooner") < said.index("Later")
    assert "Over" not in said


def test_of_a_choice_that_was_made_the_others_are_none(learner):
    playlist = line(step(listing("A", 1), choice=1), step(listing("B", 2), choice=1))
    journey.join(learner, playlist)
    assert titles(learner) == ["A", "B"]
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    assert titles(learner) == []


def says(learner) -> dict[str, str]:
    return {own.title: own.says for own in dates.own_dates(learner)}


def test_of_some_of_these_each_says_so_and_none_is_left_when_enough_are_done(learner):
    playlist = line(*(step(listing(t, n + 1)) for n, t in enumerate("ABC")), needed=2)
    journey.join(learner, playlist)
    needs_two = "You still need 2 of 3: this is one of them"
    assert says(learner) == dict.fromkeys("ABC", needs_two)
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    needs_one = "You still need 1 of 2: this is one of them"
    assert says(learner) == dict.fromkeys("BC", needs_one)
    journey.complete(learner, steps_of(playlist)[2], Evidence.ORGANISER)
    assert says(learner) == {}


def test_enough_by_a_rule_that_asks_less_now_leaves_no_dates(learner):
    steps = [step(listing(t, n + 1)) for n, t in enumerate("ABC")]
    playlist = line(*steps)
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    line(*steps, key=playlist.key, needed=1)
    assert says(learner) == {}


def test_a_choice_and_what_is_optional_say_so(learner):
    playlist = line(
        step(listing("A", 1), choice=1),
        step(listing("B", 2), choice=1),
        step(listing("C", 3), is_required=False),
        step(listing("D", 4)),
    )
    journey.join(learner, playlist)
    choice = "One of a choice: any one is enough"
    optional = "Optional, if you like"
    assert says(learner) == {"A": choice, "B": choice, "C": optional, "D": ""}


def test_where_all_is_optional_one_is_enough(learner):
    playlist = line(*(step(listing(t, 2), is_required=False) for t in "AB"))
    journey.join(learner, playlist)
    assert set(says(learner).values()) == {"You still need 1 of 2: this is one of them"}
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    assert says(learner) == {}


def test_what_is_not_open_yet_says_what_comes_first(learner):
    first = line(link("Before"), title="First")
    later = line(step(listing("Later", 5)), title="Second", before=(first.key,))
    in_order = line(step(listing("One", 2)), step(listing("Two", 3)), in_order=True)
    for playlist in (later, in_order):
        journey.join(learner, playlist)
    assert says(learner) == {
        "One": "",
        "Two": "It opens when you have done the station before it.",
        "Later": "Another line comes first.",
    }


def test_needed_on_one_line_is_needed(learner):
    shared = listing("Shared", 2)
    journey.join(learner, line(step(shared, is_required=False), link(), title="Loose"))
    assert says(learner) == {"Shared": "Optional, if you like"}
    journey.join(learner, line(step(shared), title="Strict"))
    assert says(learner) == {"Shared": ""}


def test_nothing_of_lines_that_are_paused_left_withdrawn_or_anybody_elses(learner):
    lines = [line(step(listing(f"L{n}", 2)), link()) for n in range(4)]
    for playlist in lines[:3]:
        journey.join(learner, playlist)
    journey.join(UserFactory(), lines[3])
    journey.pause(learner, lines[0])
    journey.leave(learner, lines[1])
    withdraw_playlist(lines[2].key)
    assert titles(learner) == []


def test_one_opportunity_on_two_lines_is_there_once(learner):
    shared = listing("Shared", 2)
    for title in ("One", "Two"):
        journey.join(learner, line(step(shared), title=title))
    (own,) = dates.own_dates(learner)
    assert sorted(map(str, own.lines)) == ["One", "Two"]


def test_of_a_long_series_the_next_ones(learner):
    journey.join(learner, line(step(series("Weekly", *range(1, 40)))))
    assert titles(learner) == ["Weekly"] * dates.MOST_OF_EACH


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_is_constant(as_learner, learner, count):
    for n in range(count):
        journey.join(learner, line(step(listing(f"A{n}")), step(listing(f"B{n}")), title=f"L{n}"))
    with CaptureQueriesContext(connection) as caught:
        as_learner.get("/col/dates/")
    assert len(caught) == 17


def test_when_one_date_has_passed_the_next_one_is_offered(as_learner, learner):
    weekly = series("Weekly", -3, 4)
    playlist = line(step(weekly), link())
    journey.join(learner, playlist)
    (own,) = dates.own_dates(learner)
    assert own.date.starts_at > timezone.now()
    key = steps_of(playlist)[0].key
    page = words(as_learner.get(reverse("col_learning:instead", args=[key]) + "?lang=en"))
    assert "There is another date:" in page
    assert "Ask the organiser" not in page


# The calendar


def subscribe(client) -> str:
    client.post("/col/dates/subscription/")
    content = client.get("/col/dates/").content.decode()
    return re.search(r'value="http://testserver(/col/dates/[\w-]+\.ics)"', content)[1]


def test_a_calendar_program_reads_them_without_a_log_in(as_learner, learner):
    journey.join(learner, line(step(listing("Concert", 2))))
    address = subscribe(as_learner)
    response = Client().get(address)
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Concert"]
    assert learner.username not in response.content.decode()


def test_the_calendar_follows_the_rule_and_what_is_done(as_learner, learner):
    playlist = line(*(step(listing(t, n + 1)) for n, t in enumerate("ABC")), needed=2)
    journey.join(learner, playlist)
    address = subscribe(as_learner)

    def events():
        found = Calendar.from_ical(Client().get(address).content).walk("VEVENT")
        return {str(event["summary"]): str(event["description"]) for event in found}

    assert set(events()) == set("ABC")
    assert events()["A"].startswith("You still need 2 of 3: this is one of them.")
    journey.complete(learner, steps_of(playlist)[1], Evidence.ORGANISER)
    assert set(events()) == set("AC")
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    assert events() == {}


def test_a_new_address_ends_the_old_one_and_stopping_ends_it(as_learner):
    first = subscribe(as_learner)
    second = subscribe(as_learner)
    assert first != second
    assert Client().get(first, follow=True).status_code == 404
    assert Client().get(second).status_code == 200
    as_learner.post("/col/dates/subscription/", {"stop": "1"})
    assert Client().get(second, follow=True).status_code == 404


def test_the_database_holds_no_address(as_learner):
    token = subscribe(as_learner).split("/")[-1].removesuffix(".ics")
    assert len(token) == 22
    assert token not in str(CalendarFeed.objects.values())


def test_an_account_that_was_closed_shows_nothing(as_learner, learner):
    address = subscribe(as_learner)
    learner.is_active = False
    learner.save()
    assert Client().get(address, follow=True).status_code == 404


def test_a_new_secret_in_the_settings_keeps_the_address(as_learner, settings):
    address = subscribe(as_learner)
    config = settings.WAGTAIL_COL
    settings.WAGTAIL_COL = {**config, "KEYS": ["n" * 40, *config["KEYS"]]}
    assert Client().get(address).status_code == 200
    assert address in as_learner.get("/col/dates/").content.decode()


# Reminders


@pytest.fixture
def wanted(learner):
    return reminders.want(learner)


def test_an_e_mail_before_a_date_and_no_second_one(learner, wanted):
    journey.join(learner, line(step(listing("Concert", 1)), step(listing("Talk", 1)), link()))
    assert reminders.send_due() == (1, 0)
    (sent,) = mail.outbox
    assert sent.subject == "Soon: 2 dates"
    assert "Concert" in sent.body
    assert "Talk" in sent.body
    call_command("send_reminders")
    assert len(mail.outbox) == 1
    assert SentReminder.objects.count() == 2


def test_nobody_is_reminded_who_does_not_want_it(learner):
    journey.join(learner, line(step(listing("Concert", 1))))
    assert reminders.send_due() == (0, 0)


def test_not_of_what_is_far_off_done_or_paused(learner, wanted):
    near, far = listing("Near", 1), listing("Far", 5)
    playlist = line(step(near), step(far), link())
    journey.join(learner, playlist)
    paused = line(step(listing("Paused", 1)))
    journey.join(learner, paused)
    journey.pause(learner, paused)
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    assert reminders.send_due() == (0, 0)


def test_of_a_series_the_next_one_and_the_last_one(learner, wanted):
    journey.join(learner, line(step(series("Weekly", 1, 8, 15))))
    now = timezone.now()
    told = [reminders.send_due(now + timedelta(days=day))[0] for day in range(16)]
    assert sum(told) == 2
    assert told[0] == 1
    assert 1 in told[12:]


def test_when_mail_is_down_it_is_sent_later(learner, wanted, monkeypatch):
    journey.join(learner, line(step(listing("Concert", 1))))

    def down(*args, **kwargs):
        raise OSError("mail is down")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        assert reminders.send_due() == (0, 1)
    assert not SentReminder.objects.exists()
    assert reminders.send_due() == (1, 0)


def test_one_click_stops_them_without_a_log_in(learner, wanted):
    journey.join(learner, line(step(listing("Concert", 1))))
    reminders.send_due()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert address in mail.outbox[0].body
    client = Client(enforce_csrf_checks=True)
    assert "Stop reminders" in words(client.get(address))
    assert Reminders.objects.exists(), "a program that only looks stops nothing"
    for _again in range(2):
        response = client.post(address, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    assert not Reminders.objects.exists()
    assert "You get no reminders" in words(client.get(address))


def test_a_link_nobody_signed_stops_nothing(client, wanted):
    for token in (wanted.key.hex, f"{wanted.key.hex}:x", "x"):
        address = reverse("col_learning:stop_reminders", args=[token])
        assert client.post(address, follow=True).status_code == 404
    assert Reminders.objects.exists()


def test_switching_them_on_and_off(as_learner):
    as_learner.post("/col/dates/reminders/")
    as_learner.post("/col/dates/reminders/")
    assert Reminders.objects.count() == 1
    assert "Stop reminders" in words(as_learner.get("/col/dates/"))
    as_learner.post("/col/dates/reminders/", {"stop": "1"})
    assert not Reminders.objects.exists()


def test_what_was_sent_is_forgotten_a_month_after_the_date(learner):
    one = listing()
    for days in (-40, -3):
        SentReminder.objects.create(
            learner=learner, listing=one, starts_at=timezone.now() + timedelta(days=days)
        )
    assert reminders.clean() == 1


def test_queries_do_not_grow_with_those_who_have_no_date(learner, wanted):
    journey.join(learner, line(step(listing("Far", 9))))

    def count():
        with CaptureQueriesContext(connection) as caught:
            reminders.send_due()
        return len(caught)

    before = count()
    far = line(step(listing("Far too", 9)))
    for _n in range(6):
        other = UserFactory()
        reminders.want(other)
        journey.join(other, far)
    assert count() == before
