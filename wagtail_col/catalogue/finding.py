"""Everything the Find screen shows of one search: the list, its filters, the map, the places.

Nothing is read before it is asked for, so that a page from the cache costs nothing; each part
takes the same number of queries however many listings there are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.called import Called, called
from wagtail_col.catalogue.drawing import Ground, Picture, padded, picture_of_search
from wagtail_col.catalogue.filtering import OPEN, Active, Filters, in_use
from wagtail_col.catalogue.holding import held
from wagtail_col.catalogue.map import box_of_points
from wagtail_col.catalogue.mistaken import Mistake, Way, nearly
from wagtail_col.catalogue.models import Territory
from wagtail_col.catalogue.presenting import KIND_COLOURS, Card, cards
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import Answer, Key, answer, published
from wagtail_col.catalogue.search.counts import Facets
from wagtail_col.catalogue.search.relaxing import Relaxation as Wider
from wagtail_col.catalogue.territories import (
    Place,
    below,
    beside,
    place_of,
    published_territory,
    trail,
)
from wagtail_col.conf import settings
from wagtail_col.geo import Box, around

#: Parameters that are set by the map, by links and by buttons, not in the form's own fields.
UNSEEN = ("at", "box", "sort")


@dataclass(frozen=True)
class Relaxation:
    """A wider search: the filter it leaves out, or how many kilometres it goes; what it finds."""

    label: str
    href: str
    count: int
    km: int = 0


class Pages:
    """A list cut into pages. A page after the last one is the last one."""

    def __init__(self, query: Query, count: int, size: int | None = None) -> None:
        self.query = query
        self.count = count
        self.size = size or settings.PAGE_SIZE
        self.last = max(1, math.ceil(count / self.size))
        self.number = min(query.page, self.last)

    @property
    def bounds(self) -> tuple[int, int]:
        """From which place in the list, and up to which, this page goes."""
        return (self.number - 1) * self.size, self.number * self.size

    def href(self, number: int) -> str:
        return self.query.but(page=number).href

    @property
    def previous(self) -> str:
        return self.href(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return self.href(self.number + 1) if self.number < self.last else ""

    @property
    def links(self) -> list[tuple[int, str]]:
        """Page numbers with their links; (0, "") for a gap, no link for the page one is on."""
        near = {1, self.last, self.number - 1, self.number, self.number + 1}
        shown = sorted(number for number in near if 1 <= number <= self.last)
        links: list[tuple[int, str]] = []
        before = 0
        for number in shown:
            if number - before == 2:
                links.append((number - 1, self.href(number - 1)))
            elif number - before > 2:
                links.append((0, ""))
            links.append((number, "" if number == self.number else self.href(number)))
            before = number
        return links


class Find:
    """The Find screen of a territory.

    ``revision``: the catalogue's, where it has just been asked for. What all searches here have in
    common is then worked out once for all of them. ``mistakes``: what of the address is left out;
    ``more``: which open list of filters is wanted as a whole.
    """

    def __init__(
        self,
        query: Query,
        revision: int | None = None,
        mistakes: Sequence[Mistake] = (),
        more: str = "",
    ) -> None:
        self.query = query
        self.territory: Territory = query.territory
        self.mistakes = mistakes
        self.more = more if more in OPEN else ""
        self._revision = revision

    def common(self, name: str, compute: Callable[[], Any]) -> Any:
        """What does not depend on the search, but on the territory alone."""
        if self._revision is None or self.territory is None:
            return compute()
        return remembered(name, (self.territory.key,), compute, revision=self._revision)

    @cached_property
    def place(self) -> Place:
        return place_of(self.territory)

    @cached_property
    def trail(self) -> list[Place]:
        return self.common("trail", lambda: trail(self.territory))

    @cached_property
    def below(self) -> list[Place]:
        return self.common("below", lambda: below(self.territory))

    @cached_property
    def _answer(self) -> Answer:
        return answer(self.query)

    @cached_property
    def _wherever(self) -> Answer:
        """The same search over the whole map."""
        return answer(self.query.without("box"))

    @cached_property
    def count(self) -> int:
        return self._answer.count

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.query, self.count)

    @cached_property
    def cards(self) -> list[Card]:
        start, _end = self.query.span()
        # An embedded search may be a provider's.
        known = [self.territory, *(one.territory for one in self.below)] if self.territory else []

        def made(wanted: list[Key]) -> list[Card | None]:
            there = published(wanted)
            new = cards(there.values(), since=start, territories=known)
            return [*map(dict(zip(there, new, strict=True)).get, wanted)]

        wanted = self._answer.keys(*self.pages.bounds)
        shown = held(f"card {start}", self._answer.stamp, wanted, made)
        return [card for card in shown if card]

    @cached_property
    def facets(self) -> Facets:
        return self._answer.facets([place.territory for place in self.below])

    @cached_property
    def district(self) -> Place | None:
        """The territory that the search is narrowed to."""
        if not self.query.district:
            return None
        key = UUID(hex=self.query.district_path.rstrip("/").split("/")[-1])
        for place in self.below:
            if place.territory.key == key:
                return place
        territory = published_territory(key)
        return place_of(territory) if territory else None

    @cached_property
    def filters(self) -> Filters:
        return Filters(self)

    @cached_property
    def active(self) -> list[Active]:
        """Each filter in use, with the search without it."""
        return in_use(self, self.filters)

    @cached_property
    def relaxations(self) -> list[Relaxation]:
        """Where nothing fits all filters: what there is without one of them, nearest first."""
        if self.count:
            return []
        return [self._said(one) for one in self._answer.relaxations() if one.field]

    @cached_property
    def called(self) -> list[Called]:
        """What is called like words that nothing has, or that were read as other ones."""
        return called(self.query) if self.query.q and (self.read_as or not self.count) else []

    def _said(self, wider: Wider) -> Relaxation:
        href, count = wider.query.href, wider.count
        if wider.field == "within":
            return Relaxation("", href, count, wider.query.within)
        fields = ("from_date", "to_date") if wider.field == "dates" else (wider.field,)
        labels = [
            one.label.strip("“”")
            for one in self.active
            if one.field in fields and wider.value in ("", one.value)
        ]
        return Relaxation(", ".join(labels), href, count)

    @cached_property
    def wrong(self) -> dict[str, Mistake]:
        """What was typed and makes no sense, by parameter."""
        return {one.parameter: one for one in self.mistakes}

    @cached_property
    def nearly(self) -> list[Way]:
        """The same words near places that are called almost like the one among them."""
        return nearly(self.query)

    @cached_property
    def read_as(self) -> str:
        """The words that were looked for in the place of those that nothing has."""
        return getattr(self._answer, "read_as", "")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form sends along without a field that one sees."""
        return [given for given in self.query.params(page=False) if given[0] in UNSEEN]

    @property
    def address(self) -> str:
        """The shortest address of this very screen."""
        more = [("more", self.more)] if self.more else []
        return f"?{urlencode([*self.query.params(), *more], safe=',')}"

    @property
    def is_open(self) -> bool:
        """Whether the filters are, because of something in them."""
        return bool(self.more) or any(
            one.has_field and one.parameter != "q" for one in self.mistakes
        )

    @property
    def clear(self) -> str:
        """The search without any filter."""
        return self.query.bare().href

    # Places and the map

    @property
    def _counts_below(self) -> dict[int, int]:
        """How much the search finds in each of the territories below, on the whole map."""
        if not self.query.box:
            return self.facets.territory
        return self._wherever.facets([place.territory for place in self.below]).territory

    @cached_property
    def places(self) -> list[tuple[Place, int, str]]:
        """The territories below: how much this search finds there, and the same search there. Of a
        search with filters those where it finds something."""
        onwards = self.query.without("district").without("box").string
        counts = self._counts_below
        return [
            (
                place,
                counts[place.territory.pk],
                f"{place.url}?{onwards}" if onwards else place.url,
            )
            for place in self.below
            if place.url and (counts[place.territory.pk] or not self.query.is_filtered)
        ]

    @cached_property
    def online(self) -> int:
        """How many can be reached from anywhere, whatever part of the map is shown."""
        if not self.query.box:
            return self.facets.online
        return answer(self.query.but(place="online", box=None)).count

    @property
    def online_href(self) -> str:
        return self.query.but(place="online", box=None).href

    @cached_property
    def unplaced(self) -> int:
        """How many are at a place that is not known to a point: in the list, not on the map."""
        return self._answer.unplaced

    @cached_property
    def attributions(self) -> list[str]:
        """Whom to thank for the data of this territory."""
        return self.common("sources", lambda: answer(self.query.bare()).attributions())

    @property
    def open_data(self) -> list[tuple[str, str]]:
        return open_data(self.query)

    @cached_property
    def ground(self) -> Ground:
        on = self.district.territory if self.district else None
        if self.below:
            return Ground([place.territory for place in self.below], self.territory, on)
        around = [place.territory for place in beside(self.territory)]
        if len(around) > 1:
            return Ground(around, None, self.territory)
        return Ground([], self.territory, None)

    @cached_property
    def box(self) -> Box | None:
        """The part of the map to begin with."""
        if self.query.box:
            return self.query.box
        if self.query.point:
            return around(self.query.point, self.query.within)
        shown = self.district.territory if self.district else self.territory
        return shown.box or self.territory.box or box_of_points(self._answer)

    @cached_property
    def picture(self) -> Picture | None:
        if not self.box:
            return None
        # Somebody's own part of the map is shown as it is.
        shown = self.box if self.query.box else padded(self.box)
        return picture_of_search(self._answer, self.query, self.ground, shown)

    @property
    def map_data(self) -> dict[str, str]:
        return map_data(self.query, self.picture.box)

    @property
    def renewed_at(self) -> str:
        """Where the page asks for the list and the counts of another part of the map."""
        # The script adds what is in the page's address: not what makes no sense there.
        left_out = [(name, "") for name in self.wrong]
        return f"{reverse('col_catalogue:found')}?{urlencode([*_scope(self.query), *left_out])}"


def _elsewhere(query: Query) -> str:
    """The search as the parameters of an address that is not the page's own.

    That one says the territory or the provider, and the language, by itself.
    """
    return urlencode([*query.params(page=False), *_scope(query)])


def _scope(query: Query) -> list[tuple[str, str]]:
    scope = [("territory", str(query.territory.key))] if query.territory else []
    scope += [("provider", str(query.provider.key))] if query.provider else []
    return [*scope, ("lang", translation.get_language())]


def open_data(query: Query) -> list[tuple[str, str]]:
    """The forms in which everything a search finds can be taken away: name and address."""
    return [
        (form, f"{reverse(f'col_catalogue:{name}')}?{_elsewhere(query)}")
        for form, name in (
            ("CSV", "opportunities_csv"),
            ("JSON", "opportunities"),
            ("GeoJSON", "opportunities_geojson"),
            (_("Calendar"), "opportunities_icalendar"),
        )
    ]


def map_data(query: Query, box: Box) -> dict[str, str]:
    """What the moving map needs to know: the part to show, and where to ask for the rest."""
    scope = [("territory", str(query.territory.key))] if query.territory else []
    district = [("district", query.district)] if query.district else []
    everything = _elsewhere(query)
    nobody = UUID(int=0)
    return {
        "box": ",".join(f"{side:.5f}" for side in box),
        "clusters": f"{reverse('col_catalogue:map')}?{everything}",
        "card": f"{reverse('col_catalogue:card', args=[nobody])}?{everything}",
        "boundaries": f"{reverse('col_catalogue:boundaries')}?{urlencode(scope + district)}",
        "colours": json.dumps(KIND_COLOURS),
        "tiles": json.dumps(settings.MAP_TILES) if settings.MAP_TILES else "",
    }
