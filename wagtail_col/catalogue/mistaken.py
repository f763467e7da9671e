"""What of an address makes no sense, what somebody may have meant, and what is left of it.

Programs are told and have to mend it. A person goes on with everything else they had typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.models import Territory
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.search.places import before_place, places_like, unknown_place

#: What is typed, so that what was typed can stand there again. Other fields are chosen from a list.
_TYPED = ("q", "from", "to", "near", "age")


@dataclass(frozen=True)
class Way:
    """A search that may have been meant: what it is called, and where it is."""

    label: str
    href: str


@dataclass(frozen=True)
class Mistake:
    """A parameter that makes no sense: its value, what is wrong with it, what may be meant."""

    parameter: str
    typed: str
    message: str
    ways: tuple[Way, ...] = ()

    @property
    def has_field(self) -> bool:
        return self.parameter in _TYPED


def read_on(params: QueryDict, territory: Territory) -> tuple[Query, list[Mistake]]:
    """The search without what makes no sense in it, and what that is."""
    left, refusals = params.copy(), []
    while True:
        try:
            query = Query.from_params(left, territory=territory)
            break
        except BadQuery as refusal:
            # Each time there is one parameter less.
            del left[refusal.parameter]
            refusals.append(refusal)
    mistakes = []
    for refusal in refusals:
        name = refusal.parameter
        ways = _WAYS.get(name, _no_way)(params, left, territory)
        mistakes.append(Mistake(name, params[name], refusal.message, tuple(ways)))
    return query, mistakes


def _no_way(params: QueryDict, left: QueryDict, territory: Territory) -> list[Way]:
    return []


def _places(params: QueryDict, left: QueryDict, territory: Territory) -> list[Way]:
    """The same near places with names like the one that was typed."""
    return [
        Way(name, _with(left, territory, near=name))
        for name in places_like(params["near"], territory)
    ]


def _days(params: QueryDict, left: QueryDict, territory: Territory) -> list[Way]:
    """The days the other way round, where the last one is before the first one."""
    try:
        first, last = (date.fromisoformat(params.get(name, "")) for name in ("to", "from"))
    except ValueError:
        return []
    if first >= last:
        return []
    label = _("%(first)s to %(last)s") % {
        "first": saying.full_day_in_words(first),
        "last": saying.full_day_in_words(last),
    }
    swapped = {"from": first.isoformat(), "to": last.isoformat()}
    return [Way(label, href)] if (href := _with(left, territory, **swapped)) else []


_WAYS = {"near": _places, "to": _days}


def _with(left: QueryDict, territory: Territory, **changes: str) -> str:
    """A link to what is left of a search with some more of it; "" where that makes no sense."""
    params = left.copy()
    for name, value in changes.items():
        params[name] = value
    try:
        return Query.from_params(params, territory=territory).href
    except BadQuery:
        return ""


def nearly(query: Query) -> list[Way]:
    """What may be meant by words that name a place nobody knows: ``guitar near Valecas``."""
    named = unknown_place(query.q)
    if named is None:
        return []
    said, name = named
    rest = query.but(q=before_place(said), at=None, point=None)
    return [
        Way(f"{said} {place}", rest.but(near=place).href)
        for place in places_like(name, query.territory)
    ]
