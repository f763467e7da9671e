"""How many rows each value of a filter would leave."""

from __future__ import annotations

from collections import Counter

import numpy as np

from wagtail_col.catalogue.models import Access, Interest, Part, Skill, Territory
from wagtail_col.catalogue.search.counts import (
    DISTANCES,
    PRICES,
    WHENS,
    Facets,
    by_language,
    summed,
)

from .matching import Matches
from .table import FREE, KINDS, LOCAL, NOBODY, ONLINE, Tags


def facets(matches: Matches, territories: list[Territory]) -> Facets:
    """See ``counts.Facets``. ``territories``: those to count for."""
    table, place = matches.table, matches.without("place")
    return Facets(
        interest=_tagged(matches, "interest", table.tags, table.tag_row, Interest),
        kind=_kinds(matches),
        skill=_tagged(matches, "skill", table.skills, table.skill_row, Skill),
        when=_whens(matches),
        time=_times(matches),
        online=_number(place & matches.flagged(ONLINE)),
        local=_number(place & matches.flagged(LOCAL)),
        free=_number(matches.without("free") & matches.flagged(FREE)),
        max_price=_prices(matches),
        language=_languages(matches),
        access=_access(matches),
        territory=_territories(matches, territories),
        provider={
            key: count
            for key, count in _counts(table.rows.provider[matches.without("providers")])
            if key != NOBODY
        },
        within=_distances(matches),
    )


def _number(mask: np.ndarray) -> int:
    return int(np.count_nonzero(mask))


def _tagged(
    matches: Matches, name: str, tags: Tags, rows: np.ndarray, model: type[Interest | Skill]
) -> dict[str, int]:
    counted = dict(_counts(tags.tag[matches.without(name)[rows]]))
    if not counted:
        return {}
    slugs = model.objects.filter(pk__in=counted).values_list("pk", "slug").order_by()
    return {slug: counted[pk] for pk, slug in slugs}


def _kinds(matches: Matches) -> dict[str, int]:
    kinds = matches.table.rows.kind[matches.without("kind")]
    return {KINDS[number]: count for number, count in _counts(kinds) if number < len(KINDS)}


def _whens(matches: Matches) -> dict[str, int]:
    rest, parts = matches.without("dates"), matches.query.parts
    spans = {
        name: matches.query.but(when=name, from_date=None, to_date=None).span() for name in WHENS
    }
    return {
        name: _number(rest & matches.on(matches.dates_in(span, parts)))
        for name, span in spans.items()
    }


def _times(matches: Matches) -> dict[str, int]:
    rest = matches.without("dates")
    dates = matches.dates_in(matches.query.span(), 0)
    chosen, rows = matches.table.dates.parts[dates], matches.table.date_row[dates]
    found = {}
    for part in Part:
        there = np.zeros(len(rest), bool)
        there[rows[(chosen & part) != 0]] = True
        found[part.name.lower()] = _number(rest & there)
    return found


def _prices(matches: Matches) -> dict[int, int]:
    rest = matches.without("max_price")
    return {price: _number(rest & matches.costing(price)) for price in PRICES}


def _languages(matches: Matches) -> dict[str, int]:
    counted = _counts(matches.table.rows.said[matches.without("language")])
    return by_language((matches.table.said[number][0], count) for number, count in counted)


def _access(matches: Matches) -> dict[str, int]:
    found = dict.fromkeys(Access.values, 0)
    for number, count in _counts(matches.table.rows.said[matches.mask]):
        for code in matches.table.said[number][1].split():
            found[code] += count
    return found


def _distances(matches: Matches) -> dict[int, int]:
    if matches.distances is None:
        return {}
    rest = matches.without("within")
    return {km: _number(rest[matches.distances.within(km)]) for km in DISTANCES}


def _territories(matches: Matches, territories: list[Territory]) -> dict[int, int]:
    here = _counts(matches.table.rows.territory[matches.without("district")])
    paths = dict(Territory.objects.values_list("pk", "path"))
    by_path: Counter[str] = Counter()
    for pk, count in here:
        by_path[paths.get(pk, "") if pk != NOBODY else ""] += count
    return summed(by_path, territories)


def _counts(values: np.ndarray) -> list[tuple[int, int]]:
    """Each value and how often it is there. Values are small: primary keys of short lists."""
    if not len(values):
        return []
    counted = np.bincount(values)
    return [(int(value), int(counted[value])) for value in np.flatnonzero(counted)]
