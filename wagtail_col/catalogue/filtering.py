"""The filters of the Find screen: what each offers, how much it leaves, which are in use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.models import Interest, Kind
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.terms import short
from wagtail_col.records import best_text

if TYPE_CHECKING:
    from wagtail_col.catalogue.finding import Find


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

    @property
    def href(self) -> str:
        return self.without.href


class Filters:
    """What the Find screen offers to choose from."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._query = find.query

    @cached_property
    def _interests(self) -> list[tuple[str, str, str]]:
        """Every interest: short name, name, and the name's language."""
        interests = []
        for interest in Interest.objects.prefetch_related("names"):
            text = best_text(interest.names.all())
            name, language = (text.name, text.language) if text else (interest.slug, "")
            interests.append((interest.slug, name, language))
        return interests

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

    @property
    def first_day(self) -> str:
        day = self._query.days()[0]
        return day.isoformat() if day else ""

    @property
    def last_day(self) -> str:
        day = self._query.days()[1]
        return day.isoformat() if day else ""

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters most people want, one tap each."""
        query = self._query
        week, online = query.when == "week", query.place == "online"
        return [
            Chip(
                _("This week"),
                query.but(when="" if week else "week", from_date=None, to_date=None).href,
                week,
            ),
            Chip(_("Free"), query.but(free=not query.free).href, query.free),
            Chip(_("Online"), query.but(place="" if online else "online").href, online),
        ]


def _offered(options: Iterable[Option]) -> list[Option]:
    return [option for option in options if option.count or option.chosen]


def in_use(find: Find) -> list[Active]:
    """The filters of a search, as one reads them from left to right."""
    query, names = find.query, find.filters.interest_names
    used = [
        *((names[slug], query.without("interest", slug)) for slug in query.interest),
        *((str(Kind(kind).label), query.without("kind", kind)) for kind in query.kind),
    ]
    if query.q:
        used.insert(0, (f"“{query.q}”", query.without("q")))
    if query.when:
        used.append((_("This week"), query.without("when")))
    if query.from_date:
        day = saying.full_day_in_words(query.from_date)
        used.append((_("From %s") % day, query.without("from_date")))
    if query.to_date:
        day = saying.full_day_in_words(query.to_date)
        used.append((_("Until %s") % day, query.without("to_date")))
    if query.place:
        label = _("Online") if query.place == "online" else _("At a place")
        used.append((label, query.without("place")))
    if query.free:
        used.append((_("Free"), query.without("free")))
    if query.age is not None:
        used.append((_("Age %s") % query.age, query.without("age")))
    if find.district:
        used.append((find.district.name, query.without("district")))
    if query.box:
        used.append((_("In this part of the map"), query.without("box")))
    return [Active(label, without) for label, without in used]
