"""The parameters of a search, each read and refused for itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col.catalogue.models import Access, Interest, Kind, Part, Provider, Skill, Territory
from wagtail_col.catalogue.words import words

from . import places
from .counts import WHENS
from .places import NEARBY
from .terms import DIGITS, BadQuery, short, with_shorts
from .values import quoted as _quoted
from .values import value_of as _value
from .values import values_of as _values

__all__ = ["NEARBY", "read"]

LONGEST_WORDS = 100
OLDEST = 120
#: Dates further away are somebody's slip of the key.
FIRST_YEAR, LAST_YEAR = 2000, 2100
LAST_PAGE = 100_000

_SLUG = re.compile(r"^[-\w]{1,80}$", re.ASCII)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
TIMES = [part.name.lower() for part in Part]

_SHORT = re.compile(r"^[0-9a-f]{10}$")
_KEY = re.compile(r"^[0-9a-f]{32}$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")
_NUMBER = re.compile(r"^\d{1,6}$", re.ASCII)


def read(
    params: QueryDict, territory: Territory | None, provider: Provider | None = None
) -> dict[str, Any]:
    """Fields of a Query from the parameters of an address, or BadQuery."""
    found = {
        "q": _words(params),
        "interest": _interests(params),
        "kind": _some_of(params, "kind", sorted(Kind.values), _("There is no kind “%s” here.")),
        "skill": _skills(params),
        **_days(params),
        "time": _some_of(params, "time", TIMES, _("There is no time of day “%s” here.")),
        "place": _one_of(params, "place", ("online", "local")),
        "free": _one_of(params, "free", ("1",)) == "1",
        "max_price": _max_price(params),
        "age": _age(params),
        "language": _languages(params),
        "access": _some_of(
            params, "access", Access.values, _("There is no “%s” in the list of what helps.")
        ),
        "providers": _providers(params, provider),
        "sort": _one_of(params, "sort", ("relevance", "date", "distance")),
        "page": _page(params),
        **places.read_place(params, territory),
    }
    if found["free"]:
        found["max_price"] = None
    if found["q"]:
        # What was typed just now: it comes before a place that a form still has from last time.
        found |= places.words_and_place(found["q"], territory)
    # What goes without saying; a form says it all the same.
    usual = "relevance" if found["q"] else "date"
    if found["sort"] == usual or (found["sort"] == "relevance" and not found["q"]):
        found["sort"] = ""
    if found["sort"] == "distance" and not found["point"]:
        found["sort"] = ""
    district = _district(params, territory)
    if district:
        found |= {"district": short(district), "district_path": district.path}
    return found


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


def _some_of(params: QueryDict, name: str, allowed: Iterable[str], refusal: str) -> tuple[str, ...]:
    """Some of a fixed list, in the list's order."""
    values = _values(params, name)
    for value in values:
        if value not in allowed:
            raise BadQuery(name, refusal % _quoted(value))
    return tuple(value for value in allowed if value in values)


def _skills(params: QueryDict) -> tuple[str, ...]:
    values = _values(params, "skill")
    if not values:
        return ()
    short = [value for value in values if _SHORT.match(value)]
    known = set(Skill.objects.filter(slug__in=short).values_list("slug", flat=True))
    for value in values:
        if value not in known:
            raise BadQuery("skill", _("There is no skill “%s” here.") % _quoted(value))
    return tuple(values)


def _languages(params: QueryDict) -> tuple[str, ...]:
    values = sorted({value.lower() for value in _values(params, "language")})
    for value in values:
        if not _LANGUAGE.match(value):
            raise BadQuery(
                "language",
                _("“%s” is no language. Write its short name, for example “es”.") % _quoted(value),
            )
    return tuple(values)


def _providers(params: QueryDict, scope: Provider | None) -> tuple[str, ...]:
    """Short names of providers; whole keys are understood, and the scope's own needs no saying."""
    values = {value.replace("-", "")[:33] for value in _values(params, "provider")}
    asked = sorted({value[:DIGITS] for value in values if _SHORT.match(value) or _KEY.match(value)})
    known = set()
    if asked:
        found = Provider.objects.published().filter(with_shorts(asked))
        known = {key.hex[:DIGITS] for key in found.values_list("key", flat=True)}
    for value in sorted(values):
        if value[:DIGITS] not in known:
            raise BadQuery("provider", _("There is no such provider here."))
    return tuple(one for one in asked if not scope or one != short(scope))


def _days(params: QueryDict) -> dict[str, Any]:
    """The fields ``when``, ``from_date`` and ``to_date``.

    A form cannot take one of its fields back when another one changes, so it says in ``was`` which
    ``when`` it began with. Where there was one it had no days, so days in it are typed by hand and
    hold; where there was none, it is ``when`` that is new.
    """
    when = _one_of(params, "when", WHENS)
    first, last = _day(params, "from"), _day(params, "to")
    if when and (first or last) and "was" in params:
        if _value(params, "was"):
            when = ""
        else:
            first = last = None
    if first and last and last < first:
        raise BadQuery("to", _("The last day is before the first day."))
    if when and (first or last):
        raise BadQuery("when", _("Choose either “this week” or your own days, not both."))
    return {"when": when, "from_date": first, "to_date": last}


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


def _max_price(params: QueryDict) -> int | None:
    value = _value(params, "max_price")
    if not value:
        return None
    if not _NUMBER.match(value):
        raise BadQuery(
            "max_price", _("The highest price is a whole number, not “%s”.") % _quoted(value)
        )
    return int(value)


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
