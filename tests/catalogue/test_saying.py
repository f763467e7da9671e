"""Dates, prices, ages and durations in words."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from wagtail_col.catalogue import saying

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 10, 1, 12, tzinfo=MADRID)


def at(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("starts", "ends", "all_day", "short", "in_full"),
    [
        (at(10, 3, 10), at(10, 3, 12), False, "Sat 3 Oct, 10:00", "Sat 3 Oct, 10:00 to 12:00"),
        (at(10, 1, 18), at(10, 1, 18), False, "Today, 18:00", "Thu 1 Oct, 18:00"),
        (at(10, 2, 9), at(10, 2, 10), False, "Tomorrow, 09:00", "Fri 2 Oct, 09:00 to 10:00"),
        (at(10, 3, 22), at(10, 4, 2), False, "Sat 3 Oct, 22:00", "Sat 3 Oct, 22:00 to 02:00"),
        (at(10, 3), at(10, 3, 23, 59), True, "Sat 3 Oct", "Sat 3 Oct"),
        (at(10, 1), at(10, 1, 23, 59), True, "Today", "Thu 1 Oct"),
        (at(9, 1), at(11, 5), True, "until Thu 5 Nov", "Tue 1 Sep to Thu 5 Nov"),
        (at(10, 3), at(11, 5), True, "Sat 3 Oct to Thu 5 Nov", "Sat 3 Oct to Thu 5 Nov"),
        (at(10, 3, 9), at(10, 5, 17), False, "Sat 3 Oct to Mon 5 Oct", "Sat 3 Oct to Mon 5 Oct"),
        (
            at(1, 2, 9, year=2027),
            at(1, 2, 10, year=2027),
            False,
            "Sat 2 Jan 2027, 09:00",
            "Sat 2 Jan 2027, 09:00 to 10:00",
        ),
    ],
)
def test_a_date(starts, ends, all_day, short, in_full):
    with translation.override("en"):
        assert saying.date_in_words(starts, ends, all_day=all_day, now=NOW) == short
        assert saying.date_in_words(starts, ends, all_day=all_day, now=NOW, in_full=True) == in_full


def test_times_are_those_of_the_site():
    utc = datetime(2026, 10, 3, 22, 30, tzinfo=ZoneInfo("UTC"))
    with translation.override("en"):
        said = saying.date_in_words(utc, utc + timedelta(hours=1), now=NOW)
    assert said == "Sun 4 Oct, 00:30"


def test_days_have_the_readers_names():
    with translation.override("es"):
        said = saying.date_in_words(at(10, 3, 10), at(10, 3, 12), now=NOW)
    assert said.lower().startswith("sáb")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, ""),
        (0, ""),
        (1, "1 minute"),
        (40, "40 minutes"),
        (60, "1 hour"),
        (90, "1 h 30 min"),
        (720, "12 hours"),
        (1000, "17 hours"),
    ],
)
def test_minutes(minutes, said):
    with translation.override("en"):
        assert saying.minutes_in_words(minutes) == said
        assert saying.any_time_in_words(minutes) == (f"Any time, {said}" if said else "Any time")


@pytest.mark.parametrize(
    ("is_free", "price", "currency", "said"),
    [
        (True, None, "EUR", "Free"),
        (None, Decimal(0), "EUR", "Free"),
        (False, Decimal(12), "EUR", "€ 12"),
        (False, Decimal("7.50"), "EUR", "€ 7.50"),
        (False, Decimal("1234.5"), "SEK", "SEK 1,234.50"),
        (False, None, "EUR", "Not free"),
        (None, None, "EUR", ""),
    ],
)
def test_price(is_free, price, currency, said):
    with translation.override("en"):
        assert saying.price_in_words(is_free, price, currency) == said


def test_a_price_has_the_readers_comma():
    with translation.override("es"):
        assert "7,50" in saying.price_in_words(False, Decimal("7.50"))


@pytest.mark.parametrize(
    ("lowest", "highest", "said"),
    [
        (None, None, ""),
        (0, None, ""),
        (65, None, "from 65"),
        (None, 12, "up to 12"),
        (0, 12, "up to 12"),
        (14, 30, "14 to 30"),
        (14, 14, "14"),
    ],
)
def test_age(lowest, highest, said):
    with translation.override("en"):
        assert saying.age_in_words(lowest, highest) == said


def test_languages_and_more_dates():
    with translation.override("en"):
        assert saying.languages_in_words("es en") == "Spanish, English"
        assert saying.languages_in_words("xx") == "xx"
        assert saying.languages_in_words("") == ""
        assert saying.more_dates_in_words(0) == saying.more_dates_in_words(-1) == ""
        assert saying.more_dates_in_words(1) == "and 1 more date"
        assert saying.more_dates_in_words(4) == "and 4 more dates"
