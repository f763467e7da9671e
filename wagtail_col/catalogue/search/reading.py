"""The parameters of a search, each read and refused for itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col.catalogue.models import Interest, Kind, Territory
from wagtail_col.catalogue.words import words
from wagtail_col.geo import Box

from .terms import BadQuery, short

LONGEST_WORDS = 100
OLDEST = 120
#: Dates further away are somebody's slip of the key.
FIRST_YEAR, LAST_YEAR = 2000, 2100
LAST_PAGE = 100_000

_SLUG = re.compile(r"^[-\w]{1,80}$", re.ASCII)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
_NUMBER = re.compile(r"^\d{1,6}$", re.ASCII)


def read(params: QueryDict, territory: Territory | None) -> dict[str, Any]:
    """Fields of a Query from the parameters of an address, or BadQuery."""
    found = {
        "q": _words(params),
        "interest": _interests(params),
        "kind": _kinds(params),
        "when": _one_of(params, "when", ("week",)),
        "from_date": _day(params, "from"),
        "to_date": _day(params, "to"),
        "place": _one_of(params, "place", ("online", "local")),
        "free": _one_of(params, "free", ("1",)) == "1",
        "age": _age(params),
        "box": _box(params),
        "page": _page(params),
    }
    if found["from_date"] and found["to_date"] and found["to_date"] < found["from_date"]:
        raise BadQuery("to", _("The last day is before the first day."))
    if found["when"] and (found["from_date"] or found["to_date"]):
        raise BadQuery("when", _("Choose either “this week” or your own days, not both."))
    district = _district(params, territory)
    if district:
        found |= {"district": short(district), "district_path": district.path}
    return found


def _values(params: QueryDict, name: str) -> list[str]:
    """The values that say something, each once, in a fixed order."""
    return sorted({value.strip() for value in params.getlist(name)} - {""})


def _value(params: QueryDict, name: str) -> str:
    values = _values(params, name)
    if len(values) > 1:
        raise BadQuery(name, _("There are two different values; there can be one."))
    return values[0] if values else ""


def _quoted(value: str) -> str:
    """A refused value as a message repeats it: shortened, control characters left out."""
    readable = "".join(c for c in value if c.isprintable())
    return readable if len(readable) <= 40 else f"{readable[:40]}…"


def _words(params: QueryDict) -> str:
    value = " ".join(_value(params, "q").split())
    if len(value) > LONGEST_WORDS:
        raise BadQuery(
            "q", _("That is too long. Use at most %(most)s characters.") % {"most": LONGEST_WORDS}
        )
    return value if words(value) else ""


def _one_of(params: QueryDict, name: str, allowed: tuple[str, ...]) -> str:
    value = _value(params, name)
    if value and value not in allowed:
        raise BadQuery(
            name,
            _("It can be %(allowed)s, not “%(value)s”.")
            % {"allowed": ", ".join(allowed), "value": _quoted(value)},
        )
    return value


def _interests(params: QueryDict) -> tuple[str, ...]:
    values = _values(params, "interest")
    if not values:
        return ()
    known = set(
        Interest.objects.filter(
            slug__in=[value for value in values if _SLUG.match(value)]
        ).values_list("slug", flat=True)
    )
    for value in values:
        if value not in known:
            raise BadQuery("interest", _("There is no interest “%s” here.") % _quoted(value))
    return tuple(values)


def _kinds(params: QueryDict) -> tuple[str, ...]:
    values = _values(params, "kind")
    for value in values:
        if value not in Kind.values:
            raise BadQuery("kind", _("There is no kind “%s” here.") % _quoted(value))
    return tuple(values)


def _day(params: QueryDict, name: str) -> date | None:
    value = _value(params, name)
    if not value:
        return None
    try:
        if not _DAY.match(value):
            raise ValueError(value)
        day = date.fromisoformat(value)
    except ValueError:
        raise BadQuery(
            name,
            _("“%s” is no date. Write year, month and day, as in 2030-10-03.") % _quoted(value),
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadQuery(
            name,
            _("The year has to be between %(first)s and %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    return day


def _age(params: QueryDict) -> int | None:
    value = _value(params, "age")
    if not value:
        return None
    if not _NUMBER.match(value) or int(value) > OLDEST:
        raise BadQuery(
            "age",
            _("An age is a number from 0 to %(oldest)s, not “%(value)s”.")
            % {"oldest": OLDEST, "value": _quoted(value)},
        )
    return int(value)


def _page(params: QueryDict) -> int:
    value = _value(params, "page")
    if not value:
        return 1
    if not _NUMBER.match(value) or not 1 <= int(value) <= LAST_PAGE:
        raise BadQuery("page", _("There is no page “%s”.") % _quoted(value))
    return int(value)


def _box(params: QueryDict) -> Box | None:
    value = _value(params, "box")
    if not value:
        return None
    try:
        box = Box(*(round(float(part), 5) for part in value.split(",", 4)))
    except (TypeError, ValueError):
        raise BadQuery("box", _("The box is four numbers: west,south,east,north.")) from None
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        raise BadQuery("box", _("The box has to lie on the earth, its west before its east."))
    return box


def _district(params: QueryDict, territory: Territory | None) -> Territory | None:
    value = _value(params, "district")
    if not value:
        return None
    below = Territory.objects.published().defer("boundary")
    if territory:
        below = below.within(territory).exclude(key=territory.key)
    for district in below:
        if short(district) == value:
            return district
    raise BadQuery("district", _("There is no district “%s” here.") % _quoted(value))
