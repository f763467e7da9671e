"""How many rows each value of a filter would leave."""

from __future__ import annotations

from collections import Counter

import numpy as np

from wagtail_col.catalogue.models import Interest, Territory
from wagtail_col.catalogue.search.counts import Facets, summed

from .matching import Matches
from .table import FREE, KINDS, LOCAL, NOBODY, ONLINE


def facets(matches: Matches, territories: list[Territory]) -> Facets:
    """See ``counts.Facets``. ``territories``: those to count for."""
    place, free = matches.without("place"), matches.without("free")
    return Facets(
        interest=_interests(matches),
        kind=_kinds(matches),
        online=int(np.count_nonzero(place & matches.flagged(ONLINE))),
        local=int(np.count_nonzero(place & matches.flagged(LOCAL))),
        free=int(np.count_nonzero(free & matches.flagged(FREE))),
        territory=_territories(matches, territories),
    )


def _interests(matches: Matches) -> dict[str, int]:
    table = matches.table
    counted = Counter(
        dict(_counts(table.tags.interest[matches.without("interest")[table.tag_row]]))
    )
    slugs = Interest.objects.values_list("pk", "slug")
    return {slug: counted[pk] for pk, slug in slugs if counted[pk]}


def _kinds(matches: Matches) -> dict[str, int]:
    kinds = matches.table.rows.kind[matches.without("kind")]
    return {KINDS[number]: count for number, count in _counts(kinds) if number < len(KINDS)}


def _territories(matches: Matches, territories: list[Territory]) -> dict[int, int]:
    here = _counts(matches.table.rows.territory[matches.without("district")])
    paths = dict(Territory.objects.values_list("pk", "path"))
    by_path = {paths.get(pk, ""): 0 for pk, _count in here}
    for pk, count in here:
        by_path[paths.get(pk, "") if pk != NOBODY else ""] += count
    return summed(by_path, territories)


def _counts(values: np.ndarray) -> list[tuple[int, int]]:
    """Each value and how often it is there. Values are small: primary keys of short lists."""
    if not len(values):
        return []
    counted = np.bincount(values)
    return [(int(value), int(counted[value])) for value in np.flatnonzero(counted)]
