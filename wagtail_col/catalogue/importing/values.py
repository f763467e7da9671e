"""What people write into cells, as values: dates, times, prices, yes and no. Nothing is guessed
that could be two things; what cannot be read is a ValueError."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache

from wagtail_col.catalogue.words import fold

_YES = frozenset(
    ("1", "yes", "y", "true", "si", "s", "da", "ja", "oui", "vrai", "sim", "verdadero", "wahr", "x")
)
_NO = frozenset(
    ("0", "no", "n", "false", "ne", "nein", "non", "faux", "nao", "falso", "falsch", "-")
)
_ISO = re.compile(
    r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ]+(.+))?$",
)
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})(?:,?\s+(.+))?$")
_TIME = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:[.,]\d+)?)?\s*(h|hs|uhr|am|pm|a\.m\.|p\.m\.)?"
    r"(Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(free|gratis|gratuit\w*|libre|brezplacn\w*|kostenlos|kostenfrei|prost vstop|"
    r"eintritt frei)\b"
)
_AMOUNT = re.compile(
    r"(?:(€|eur|euros?|£|gbp|\$|usd)\s?)?(\d{1,6}(?:[.,]\d{1,2})?)"
    r"(?:\s?(€|eur\b|euros?\b|evrov\b|evra\b|£|gbp\b|\$|usd\b|chf\b|-))?",
)
_NUMBER_ALONE = re.compile(r"-?\d+(?:[.,]\d+)?$")
_RANGE = re.compile(r"(?:de |from |od )?(\d+(?:[.,]\d+)?)\s?(?:-|–|a|to|bis|do)\s?\d")
_CURRENCIES = {"€": "EUR", "£": "GBP", "$": "USD"}
_AGES = re.compile(r"(\d{1,2})\s*(?:-|–|a|to|bis|do|y|and|et)\s*(\d{1,3})\b")
_FROM_AGE = re.compile(
    r"(?:from|desde|a partir de|mayores de|over|od|ab|older than)\s+(\d{1,2})\b|\b(\d{1,2})\s*\+"
)
_TO_AGE = re.compile(r"(?:to|up to|until|hasta|menores de|under|do|bis)\s+(\d{1,2})\b")
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "l lu lun lunes mo mon monday montag pon ponedeljek lundi lunedi segunda",
            "m ma mar martes tu tue tuesday di dienstag tor torek mardi martedi terca",
            "x mi mie miercoles we wed wednesday mittwoch sre sreda mercredi mercoledi quarta",
            "j ju jue jueves th thu thursday do donnerstag cet cetrtek jeudi giovedi quinta",
            "v vi vie viernes fr fri friday freitag pet petek vendredi venerdi sexta",
            "s sa sab sabado sat saturday samstag sob sobota samedi sabato",
            "d dom domingo su sun sunday so sonntag ned nedelja dimanche domenica",
        )
    )
    for name in names.split()
}


def yes_or_no(text: str) -> bool | None:
    """True or False; None for an empty text."""
    said = fold(text)
    if not said:
        return None
    if said in _YES or _FREE.search(said):
        return True
    if said in _NO:
        return False
    raise ValueError(text)


# The same days come again and again.
@lru_cache(maxsize=20_000)
def moment(text: str) -> tuple[date, time | None, str]:
    """Day, time (None where only the day is said), and the offset from UTC as it is written.

    ISO 8601 and what is near it; with the day first only where it is written like 31.10.2026.
    """
    said = text.strip()
    if found := _ISO.match(said):
        year, month, day, rest = found.groups()
    elif found := _DAY_FIRST.match(said):
        day, month, year, rest = found.groups()
    else:
        raise ValueError(text)
    on = date(int(year), int(month), int(day))
    if not 1900 <= on.year <= 2200:
        raise ValueError(text)
    if not rest:
        return on, None, ""
    at, offset = clock(rest)
    return on, at, offset


@lru_cache(maxsize=2_000)
def clock(text: str) -> tuple[time, str]:
    """A time of the day and its offset from UTC as it is written: 18:30, 18.30, 18h30, 6:30 pm."""
    found = _TIME.match(text.strip())
    if not found:
        raise ValueError(text)
    hours, minutes, seconds, half, offset = found.groups()
    half = (half or "").replace(".", "").lower()
    if minutes is None and not half:
        raise ValueError(text)
    hour = int(hours)
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and not int(minutes or 0):
        return time(23, 59, 59), offset or ""
    return time(hour, int(minutes or 0), int(seconds or 0)), offset or ""


def at(on: date, clock_time: time, offset: str, zone: tzinfo) -> datetime:
    """A moment with its zone: the offset that is written, or the site's own zone."""
    if not offset:
        return datetime.combine(on, clock_time, zone)
    return datetime.fromisoformat(
        f"{on.isoformat()}T{clock_time.isoformat()}{offset.replace('Z', '+00:00')}"
    )


def weekdays(text: str) -> frozenset[int]:
    """Days of the week, Monday is 0: "L,M,X", "Mon and Wed"."""
    found = set()
    for word in re.findall(r"[^\W\d_]+", fold(text)):
        if word in _WEEKDAYS:
            found.add(_WEEKDAYS[word])
        elif word not in ("y", "and", "in", "und", "et", "e"):
            raise ValueError(text)
    if not found:
        raise ValueError(text)
    return frozenset(found)


def days(text: str) -> list[date]:
    """Days with ";", "," or spaces between them. Single digits among them are slips of the pen."""
    parts = re.split(r"[;,\s]+", text)
    return [moment(part)[0] for part in parts if part and not re.fullmatch(r"\d{1,2}", part)]


def number(text: str) -> float:
    """A number, with a point or a comma."""
    if not _NUMBER_ALONE.match(text):
        raise ValueError(text)
    return float(text.replace(",", "."))


class Price:
    """What a text says about the price: an amount, free, or that one has to ask (all None)."""

    __slots__ = ("amount", "currency", "is_free")

    def __init__(self, amount: Decimal | None, currency: str, is_free: bool | None) -> None:
        self.amount, self.currency, self.is_free = amount, currency, is_free


@lru_cache(maxsize=5_000)
def price(text: str) -> Price:
    """The first amount that is said; of a longer text without any, nothing is known."""
    said = fold(text)
    if _NUMBER_ALONE.match(said):
        return _amount(said, "")
    first = next(
        (found for found in _AMOUNT.finditer(said) if found[1] or found[3] not in (None, "-")), None
    )
    free = _FREE.search(said)
    if free and (first is None or free.start() < first.start()):
        return Price(None, "", True)
    if first is not None:
        between = _RANGE.search(said)
        lowest = between[1] if between and between.start() < first.end() else first[2]
        return _amount(lowest, first[1] or first[3])
    if free:
        return Price(None, "", True)
    if len(said.split()) >= 3:
        return Price(None, "", None)
    raise ValueError(text)


def _amount(number_text: str, sign: str) -> Price:
    amount = Decimal(number_text.replace(",", "."))
    if not 0 <= amount < 1_000_000:
        raise ValueError(number_text)
    sign = sign.upper()
    currency = _CURRENCIES.get(
        sign, sign if sign in ("GBP", "USD", "CHF") else "EUR" if sign else ""
    )
    return Price(amount if amount else None, currency, not amount)


@lru_cache(maxsize=2_000)
def ages(text: str) -> tuple[int | None, int | None]:
    """The ages a text names: "6-12", "from 16", "18+"; none where it names no age."""
    said = fold(text)
    if found := _AGES.search(said):
        return int(found[1]), int(found[2])
    lowest, highest = _FROM_AGE.search(said), _TO_AGE.search(said)
    return (
        int(lowest[1] or lowest[2]) if lowest else None,
        int(highest[1]) if highest else None,
    )


#: "=…" always; the other signs only before what calls something: "-3.7" and "- a list" are texts.
_FORMULA = re.compile(r"\s*(?:=|[+@-](?:[A-Z][A-Z0-9.]*\(|[A-Za-z]+\d+[+*/:(]|.*\|.*!))")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute this cell when it is opened there again."""
    return bool(_FORMULA.match(text))
