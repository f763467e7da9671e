"""How many rows each value of a filter would leave."""

from __future__ import annotations

from collections import Counter

import numpy as np
from django.db import connection

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
        interest=_tagged(matches.without("interest"), matches.on_tags, table.tags, Interest),
        kind=_kinds(matches),
        skill=_tagged(matches.without("skill"), matches.on_skills, table.skills, Skill),
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
            for key, count in counts(matches.column("provider")[matches.without("providers")])
            if key != NOBODY
        },
        within=_distances(matches),
    )


def attributions(matches: Matches) -> list[str]:
    """Whom to name for what fits, in the order of the alphabet."""
    numbers = counts(matches.column("credit")[matches.mask])
    return sorted({matches.table.words.credits[number] for number, _count in numbers} - {""})


def counts(values: np.ndarray) -> list[tuple[int, int]]:
    """Each value and how often it is there. Values are small: primary keys of short lists."""
    if not len(values):
        return []
    counted = np.bincount(values)
    there = np.flatnonzero(counted)
    return list(zip(there.tolist(), counted[there].tolist(), strict=True))


def _number(mask: np.ndarray) -> int:
    return int(np.count_nonzero(mask))


def _tagged(
    rest: np.ndarray,
    hung: tuple[np.ndarray, np.ndarray | slice],
    tags: Tags,
    model: type[Interest | Skill],
) -> dict[str, int]:
    owners, there = hung
    counted = dict(counts(tags.tag[there][rest[owners]]))
    if not counted:
        return {}
    # Asked for with each page: Django takes longer to put this together than the database needs.
    keys = ", ".join(map(str, counted))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, slug FROM {table} WHERE id IN ({keys})")  # noqa: S608
        return {slug: counted[pk] for pk, slug in cursor.fetchall()}


def _kinds(matches: Matches) -> dict[str, int]:
    kinds = matches.column("kind")[matches.without("kind")]
    return {KINDS[number]: count for number, count in counts(kinds) if number < len(KINDS)}


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
    rest, owners = matches.without("dates"), matches.on_dates[0]
    dates = matches.dates_in(matches.query.span(), 0)
    chosen, owners = matches.date_parts[dates], owners[dates]
    # By candidate, every time of day that one of its dates is at.
    parts = np.zeros(len(matches), np.uint8)
    np.bitwise_or.at(parts, owners, chosen)
    parts = parts[rest]
    return {part.name.lower(): _number(parts & part) for part in Part}


def _prices(matches: Matches) -> dict[int, int]:
    rest = matches.without("max_price")
    return {price: _number(rest & matches.costing(price)) for price in PRICES}


def _languages(matches: Matches) -> dict[str, int]:
    said = matches.table.words.said
    counted = counts(matches.column("said")[matches.without("language")])
    return by_language((said[number][0], count) for number, count in counted)


def _access(matches: Matches) -> dict[str, int]:
    found = dict.fromkeys(Access.values, 0)
    for number, count in counts(matches.column("said")[matches.mask]):
        for code in matches.table.words.said[number][1].split():
            found[code] += count
    return found


def _distances(matches: Matches) -> dict[int, int]:
    if not matches.query.point:
        return {}
    far = matches.metres[matches.without("within")]
    return {km: _number(far <= 1000 * km) for km in DISTANCES}


def _territories(matches: Matches, territories: list[Territory]) -> dict[int, int]:
    if not territories:
        return {}
    paths = matches.table.paths
    by_path: Counter[str] = Counter()
    for pk, count in counts(matches.column("territory")[matches.without("district")]):
        by_path[paths.get(pk, "") if pk != NOBODY else ""] += count
    return summed(by_path, territories)
