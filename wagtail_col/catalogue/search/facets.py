"""How many things each filter would leave, so that nobody clicks into an empty list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q

from wagtail_col.catalogue.models import Listing, Territory

from .query import Query


@dataclass(frozen=True)
class Facets:
    """Counts by value. Each filter is counted as if it alone were not set."""

    interest: dict[str, int]
    kind: dict[str, int]
    online: int
    local: int
    free: int
    #: By the primary key of a territory; each with everything below it.
    territory: dict[int, int]


def facets(query: Query, territories: list[Territory]) -> Facets:
    """Count in five queries. ``territories``: those to count for."""
    through = Listing.interests.through
    interest = (
        through.objects.filter(listing__in=query.without("interest").listings())
        .values_list("interest__slug")
        .annotate(count=Count("pk"))
    )
    kind = query.without("kind").listings().values_list("kind").annotate(count=Count("pk"))
    place = (
        query.without("place")
        .listings()
        .aggregate(
            online=Count("pk", filter=Q(is_online=True)), local=Count("pk", filter=Q(is_local=True))
        )
    )
    found = (
        query.without("district")
        .listings()
        .values_list("territory__path")
        .annotate(count=Count("pk"))
    )
    return Facets(
        interest=dict(interest),
        kind=dict(kind),
        online=place["online"],
        local=place["local"],
        free=query.without("free").listings().filter(is_free=True).count(),
        territory=_summed(dict(found), territories),
    )


def _summed(by_path: dict[str | None, int], territories: list[Territory]) -> dict[int, int]:
    """Counts of territories with what lies below each of them."""
    by_key: Counter[str] = Counter()
    for path, count in by_path.items():
        for part in (path or "").split("/"):
            by_key[part] += count
    return {territory.pk: by_key[territory.key.hex] for territory in territories}
