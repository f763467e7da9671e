"""One listing as an iCalendar file."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.catalogue import making
from wagtail_col.catalogue.facts import Date, Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listing, withdraw_listing
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db


def fetched(client, listing, **params) -> Calendar:
    response = client.get(f"/col/opportunities/{listing.key}/calendar.ics", params)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    return Calendar.from_ical(response.content)


def test_each_date_is_an_event(client):
    dates = (making.on(3), making.on(10, 1.5))
    listing = making.listing(
        "Radio, for all",
        dates=dates,
        venue="Casa del Reloj",
        address="Paseo de la Chopera 6",
        point=Point(-3.69819, 40.39216),
        texts=(Text(language="en", title="Radio, for all", summary="Line one\nline; two"),),
    )
    events = fetched(client, listing).walk("VEVENT")
    assert [event.start for event in events] == [date.starts_at for date in dates]
    assert [event.end for event in events] == [date.ends_at for date in dates]
    event = events[0]
    assert event["SUMMARY"] == "Radio, for all"
    assert event["DESCRIPTION"] == "Line one\nline; two"
    assert event["LOCATION"] == "Casa del Reloj, Paseo de la Chopera 6"
    assert event["URL"] == f"http://testserver/col/opportunities/{listing.key}/"
    assert event["GEO"].to_ical() == "40.39216;-3.69819"
    assert len({event["UID"] for event in events}) == 2


def test_all_day_ends_on_the_day_after(client):
    first = (timezone.localtime() + timedelta(days=5)).replace(hour=9)
    last = first + timedelta(days=2)
    listing = making.listing(dates=(Date(starts_at=first, ends_at=last, all_day=True),))
    event = fetched(client, listing).walk("VEVENT")[0]
    assert event.start == first.date()
    assert event.end == last.date() + timedelta(days=1)
    assert type(event.start) is type(event.end) is date


def test_a_date_without_an_end_has_none(client):
    listing = making.listing(dates=(making.on(3, 0),))
    assert "DTEND" not in fetched(client, listing).walk("VEVENT")[0]


def test_uids_stay_when_the_listing_changes_and_its_number_grows(client):
    facts = making.facts("Before", dates=(making.on(3), making.on(5)))
    before = fetched(client, publish_listing(facts)).walk("VEVENT")
    changed = making.facts("After", key=facts.key, dates=facts.dates)
    after = fetched(client, publish_listing(changed)).walk("VEVENT")
    assert [event["UID"] for event in before] == [event["UID"] for event in after]
    assert after[0]["SEQUENCE"] > before[0]["SEQUENCE"]
    assert after[0]["SUMMARY"] == "After"


def test_summer_and_winter_time(client):
    # The clocks of Madrid change between the two.
    year = timezone.localdate().year + 1
    dates = tuple(
        Date(starts_at=start, ends_at=start + timedelta(hours=1))
        for start in (
            timezone.make_aware(datetime(year, month, 20, 10))  # noqa: DTZ001
            for month in (3, 4)
        )
    )
    events = fetched(client, making.listing(dates=dates)).walk("VEVENT")
    assert [event.start.hour for event in events] == [9, 8]
    assert [timezone.localtime(event.start).hour for event in events] == [10, 10]


def test_hostile_words_are_text_and_add_no_lines(client):
    hostile = f"{making.HOSTILE}\r\nEND:VEVENT\r\nATTACH:https://spy.example/"
    listing = making.listing(
        venue=hostile, texts=(Text(language="en", title=hostile[:200], summary=hostile),)
    )
    calendar = fetched(client, listing)
    assert len(calendar.walk("VEVENT")) == 1
    event = calendar.walk("VEVENT")[0]
    assert "ATTACH" not in event
    assert making.HOSTILE.split("\u2028")[0] in event["SUMMARY"]
    assert "\n" not in event["SUMMARY"]


def test_past_dates_are_left_out(client):
    listing = making.listing(dates=(making.on(-5), making.on(5)))
    assert len(fetched(client, listing).walk("VEVENT")) == 1


def test_the_chosen_language_is_spoken(client):
    texts = (Text(language="en", title="Bees"), Text(language="sl", title="Čebele"))
    listing = making.listing(texts=texts)
    assert fetched(client, listing, lang="sl").walk("VEVENT")[0]["SUMMARY"] == "Čebele"
    assert fetched(client, listing, lang="en").walk("VEVENT")[0]["SUMMARY"] == "Bees"


def test_withdrawn_is_gone_and_unknown_is_not_found(client):
    listing = making.listing("Secret plan", price=Decimal(1))
    withdraw_listing(listing.key)
    response = client.get(f"/col/opportunities/{listing.key}/calendar.ics")
    assert response.status_code == 410
    assert b"Secret plan" not in response.content
    unknown = f"/col/opportunities/{making.key('unknown')}/calendar.ics"
    assert client.get(unknown, follow=True).status_code == 404
    assert Listing.objects.count() == 1
