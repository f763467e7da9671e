"""The filters of the Find screen: what each offers, how much it leaves, which are in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.mistaken import Mistake
from wagtail_col.catalogue.models import Access, Interest, Kind, Part, Provider, Skill
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.counts import DISTANCES, Facets
from wagtail_col.catalogue.search.terms import short, with_shorts
from wagtail_col.catalogue.territories import Place
from wagtail_col.catalogue.words import fold
from wagtail_col.records import best_text

#: Of an open list, as many are offered; and as many where somebody wants to see more of it.
MOST_OPTIONS = 12
MOST_SEEN = 300
#: The open lists, as ``more`` in the address calls them.
OPEN = ("skill", "provider")


@dataclass(frozen=True)
class Option:
    """One value of a filter: how many it leaves, and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool
    language: str = ""


@dataclass(frozen=True)
class Chip:
    """A filter one taps; ``href`` is the search after the tap."""

    label: str
    href: str
    on: bool = False


@dataclass(frozen=True)
class Active:
    """A filter in use: what it is called, and the search without it."""

    label: str
    without: Query
    field: str
    value: str = ""

    @property
    def href(self) -> str:
        return self.without.href


class Found(Protocol):
    """What the filters have to know of a search; ``below``: the places inside of its own."""

    query: Query
    count: int
    facets: Facets
    below: list[Place]
    district: Place | None
    wrong: dict[str, Mistake]
    #: Which of the open lists is wanted as a whole, or "".
    more: str

    def common(self, name: str, compute: Callable[[], Any]) -> Any: ...


class Filters:
    """What the Find screen offers to choose from."""

    def __init__(self, find: Found) -> None:
        self._find = find
        self._query = find.query

    @cached_property
    def _interests(self) -> list[tuple[str, str, str]]:
        return self._find.common("interests", _interests)

    @cached_property
    def interest_names(self) -> dict[str, str]:
        return {slug: name for slug, name, _language in self._interests}

    @cached_property
    def interests(self) -> list[Option]:
        counts, chosen = self._find.facets.interest, self._query.interest
        return _offered(
            Option(slug, name, counts.get(slug, 0), slug in chosen, language)
            for slug, name, language in self._interests
        )

    @cached_property
    def kinds(self) -> list[Option]:
        counts, chosen = self._find.facets.kind, self._query.kind
        return _offered(
            Option(value, str(label), counts.get(value, 0), value in chosen)
            for value, label in Kind.choices
        )

    @cached_property
    def districts(self) -> list[Option]:
        find, chosen = self._find, self._query.district
        counts = find.facets.territory
        options = [
            Option(value, one.name, counts[one.territory.pk], value == chosen, one.language)
            for one in find.below
            for value in [short(one.territory)]
        ]
        if find.district and not any(option.chosen for option in options):
            options.append(Option(chosen, find.district.name, find.count, True))
        return _offered(options)

    @cached_property
    def times(self) -> list[Option]:
        counts, chosen = self._find.facets.time, self._query.time
        return _offered(
            Option(value, label, counts.get(value, 0), value in chosen)
            for value, label in _times().items()
        )

    @cached_property
    def access(self) -> list[Option]:
        counts, chosen = self._find.facets.access, self._query.access
        return _offered(
            Option(value, str(label), counts.get(value, 0), value in chosen)
            for value, label in Access.choices
        )

    @cached_property
    def languages(self) -> list[Option]:
        counts, chosen = self._find.facets.language, self._query.language
        return _first(
            Option(code, saying.languages_in_words(code), counts.get(code, 0), code in chosen)
            for code in {*counts, *chosen}
        )

    @cached_property
    def skills(self) -> list[Option]:
        counts, chosen = self._find.facets.skill, self._query.skill
        most = self._most("skill")
        wanted = {*sorted(counts, key=lambda slug: -counts[slug])[:most], *chosen}
        if not wanted:
            return []
        skills = Skill.objects.filter(slug__in=wanted).prefetch_related("names")
        options = (_named(one, one.slug, counts.get(one.slug, 0), chosen) for one in skills)
        return _first(options, most)

    @cached_property
    def providers(self) -> list[Option]:
        counts, chosen = self._find.facets.provider, self._query.providers
        most = self._most("provider")
        wanted = sorted(counts, key=lambda pk: -counts[pk])[:most]
        if not wanted and not chosen:
            return []
        providers = Provider.objects.published().filter(Q(pk__in=wanted) | with_shorts(chosen))
        options = (
            _named(one, short(one), counts.get(one.pk, 0), chosen)
            for one in providers.prefetch_related("texts")
        )
        return _first(options, most)

    def _most(self, name: str) -> int:
        return MOST_SEEN if self._find.more == name else MOST_OPTIONS

    @property
    def more_skills(self) -> bool:
        """Whether there are more than are offered."""
        return len(self._find.facets.skill) > self._most("skill") == MOST_OPTIONS

    @property
    def more_providers(self) -> bool:
        return len(self._find.facets.provider) > self._most("provider") == MOST_OPTIONS

    @cached_property
    def prices(self) -> list[Option]:
        """The most one wants to pay, in steps; another number from an address is kept."""
        counts, chosen = self._find.facets.max_price, self._query.max_price
        steps = sorted({*counts, *([] if chosen is None else [chosen])})
        return [
            Option(str(step), _("Up to %s") % step, counts.get(step, 0), step == chosen)
            for step in steps
        ]

    @cached_property
    def distances(self) -> list[Option]:
        counts, chosen = self._find.facets.within, self._query.within
        return [
            Option(str(km), _("%s km") % km, counts.get(km, 0), km == chosen)
            for km in sorted({*DISTANCES, chosen})
        ]

    @cached_property
    def whens(self) -> list[Option]:
        """Days that have a name. All of them: what is not on today may be tomorrow."""
        counts, chosen = self._find.facets.when, self._query.when
        return [
            Option(value, label, counts.get(value, 0), value == chosen)
            for value, label in _whens().items()
        ]

    @property
    def first_day(self) -> str:
        """A day of one's own. “This weekend” stays that, or it would soon be over for good."""
        return self._day("from", self._query.from_date)

    @property
    def last_day(self) -> str:
        return self._day("to", self._query.to_date)

    def _day(self, name: str, day: date | None) -> str:
        if name in self._find.wrong:
            return self._find.wrong[name].typed
        return day.isoformat() if day else ""

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters most people want, one tap each."""
        query, online = self._query, self._query.place == "online"
        whens = [
            Chip(
                label,
                query.but(
                    when="" if query.when == when else when, from_date=None, to_date=None
                ).href,
                query.when == when,
            )
            for when, label in _whens().items()
        ]
        return [
            *whens,
            Chip(_("Free"), query.but(free=not query.free).href, query.free),
            Chip(_("Online"), query.but(place="" if online else "online").href, online),
        ]

    @cached_property
    def orders(self) -> list[Chip]:
        """In which order the list can be, where there is a choice."""
        query = self._query
        orders = [("date", _("Soonest first"))]
        if query.q:
            orders.insert(0, ("relevance", _("Best match first")))
        if query.point:
            orders.append(("distance", _("Nearest first")))
        usual = "relevance" if query.q else "date"
        return [
            Chip(label, query.but(sort="" if order == usual else order).href, order == query.order)
            for order, label in orders
        ]


def _interests() -> list[tuple[str, str, str]]:
    """Every interest: short name, name, and the name's language."""
    interests = []
    for interest in Interest.objects.prefetch_related("names"):
        text = best_text(interest.names.all())
        name, language = (text.name, text.language) if text else (interest.slug, "")
        interests.append((interest.slug, name, language))
    return interests


def _times() -> dict[str, str]:
    return {part.name.lower(): str(part.label) for part in Part}


def _whens() -> dict[str, str]:
    return {"today": _("Today"), "weekend": _("This weekend"), "week": _("This week")}


def _named(record: Any, value: str, count: int, chosen: tuple[str, ...]) -> Option:
    text = record.text
    name, language = (text.name, text.language) if text else (str(record), "")
    return Option(value, name, count, value in chosen, language)


def _first(options: Iterable[Option], most: int = MOST_OPTIONS) -> list[Option]:
    """Of an open list what is chosen and what leaves most, by name where that is the same; a long
    one by name alone, so that one finds what one knows."""
    ordered = sorted(options, key=lambda one: (not one.chosen, -one.count, one.label))
    shown = ordered[: max(most, sum(one.chosen for one in ordered))]
    if most == MOST_OPTIONS:
        return shown
    return sorted(shown, key=lambda one: (not one.chosen, fold(one.label)))


def _offered(options: Iterable[Option]) -> list[Option]:
    return [option for option in options if option.count or option.chosen]


def in_use(find: Found, filters: Filters) -> list[Active]:
    """The filters of a search, as one reads them from left to right."""
    return [
        Active(label, query_without, field, value)
        for field, value, label in _used(find, filters)
        for query_without in [find.query.without(field, value)]
    ]


def _used(find: Found, filters: Filters) -> Iterator[tuple[str, str, str]]:
    """Field of the query, value of several, and what it is called."""
    query = find.query
    if query.q:
        yield "q", "", f"“{query.q}”"
    named = {
        "interest": filters.interest_names,
        "kind": {value: str(label) for value, label in Kind.choices},
        "skill": _labels(filters.skills) if query.skill else {},
        "time": _times(),
        "language": _labels(filters.languages) if query.language else {},
        "access": {value: str(label) for value, label in Access.choices},
        "providers": _labels(filters.providers) if query.providers else {},
    }
    for field, names in named.items():
        for value in getattr(query, field):
            yield field, value, names.get(value, value)
    if query.when:
        yield "when", "", _whens()[query.when]
    if query.from_date:
        yield "from_date", "", _("From %s") % saying.full_day_in_words(query.from_date)
    if query.to_date:
        yield "to_date", "", _("Until %s") % saying.full_day_in_words(query.to_date)
    if query.place:
        yield "place", "", _("Online") if query.place == "online" else _("At a place")
    if query.free:
        yield "free", "", _("Free")
    if query.max_price is not None:
        yield "max_price", "", _("Up to %s") % query.max_price
    if query.age is not None:
        yield "age", "", _("Age %s") % query.age
    if find.district:
        yield "district", "", find.district.name
    if query.near:
        yield "near", "", _("Near %(place)s, %(km)s km") % {"place": query.near, "km": query.within}
    if query.at:
        yield "at", "", _("Within %s km of where you are") % query.within
    if query.box:
        yield "box", "", _("In this part of the map")


def _labels(options: list[Option]) -> dict[str, str]:
    return {option.value: option.label for option in options}
