"""What people write into cells, read: what is clear, and what is refused because it is not."""

from contextlib import suppress
from datetime import UTC, date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.catalogue.importing import values


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("2026-10-31", date(2026, 10, 31), None),
        ("31/10/2026", date(2026, 10, 31), None),
        ("31. 10. 2026", date(2026, 10, 31), None),
        ("20261031", date(2026, 10, 31), None),
        ("2025-10-25 00:00:00.0", date(2025, 10, 25), time(0)),
        ("2026-10-31T18:30", date(2026, 10, 31), time(18, 30)),
        ("31.10.2026 18.30", date(2026, 10, 31), time(18, 30)),
    ],
)
def test_days_and_moments(text, on, at):
    assert values.moment(text)[:2] == (on, at)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "30/02/2026", "10/31/2026", "31/10/26"])
def test_what_is_no_date_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError):
        values.moment(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("18h30", time(18, 30)),
        ("6:30 pm", time(18, 30)),
        ("12 am", time(0)),
        ("18 h", time(18)),
        ("24:00", time(23, 59, 59)),
    ],
)
def test_times(text, at):
    assert values.clock(text)[0] == at


@pytest.mark.parametrize("text", ["18", "25:00", "13 pm", "noon", "18:61"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        values.clock(text)


def test_an_offset_that_is_written_is_kept():
    on, at, offset = values.moment("2026-07-01T10:00:00Z")
    moment = values.at(on, at, offset, ZoneInfo("Europe/Madrid"))
    assert moment.astimezone(UTC).hour == 10
    assert values.at(on, at, "", ZoneInfo("Europe/Madrid")).astimezone(UTC).hour == 8


@pytest.mark.parametrize(
    ("text", "amount", "is_free"),
    [
        ("5", Decimal(5), False),
        ("3,50", Decimal("3.50"), False),
        ("16 euros", Decimal(16), False),
        ("€ 12.00", Decimal("12.00"), False),
        ("6 a 22 euros", Decimal(6), False),
        ("Desde 18 euros", Decimal(18), False),
        ("Entrada: 5  euros Descuentos disponibles", Decimal(5), False),
        ("0", None, True),
        ("gratis", None, True),
        ("Entrada libre hasta completar aforo", None, True),
        ("Gratuito previa reserva desde el 20 de octubre de 2025", None, True),
        ("brezplačno", None, True),
        ("Más información en breve.", None, None),
    ],
)
def test_prices(text, amount, is_free):
    read = values.price(text)
    assert (read.amount, read.is_free) == (amount, is_free)


@pytest.mark.parametrize("text", ["-5", "abc", "a lot"])
def test_what_is_no_price_is_refused(text):
    with pytest.raises(ValueError):
        values.price(text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=HYPERLINK(A1)", "+SUM(A1:A9)", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", " =A1", "+A1*2"],
)
def test_formulas(text):
    assert values.is_formula(text)


@pytest.mark.parametrize(
    "text",
    ["-3.74", "+34 91 123 45 67", "- a list (of two)", "@library", "-Taller (gratis)", "a=b", ""],
)
def test_what_only_begins_like_a_formula(text):
    assert not values.is_formula(text)


def test_days_of_the_week_in_several_languages():
    assert values.weekdays("L,M,X,J,V,S,D") == frozenset(range(7))
    assert values.weekdays("Mon and Thu") == {0, 3}
    assert values.weekdays("ponedeljek, četrtek") == {0, 3}
    with pytest.raises(ValueError):
        values.weekdays("always")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    for read in (values.moment, values.clock, values.price, values.number, values.yes_or_no,
                 values.weekdays, values.days):  # fmt: skip
        with suppress(ValueError):
            read(text)
    values.ages(text)
    values.is_formula(text)
