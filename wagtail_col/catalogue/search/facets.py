"""The database's answer to how many things each filter would leave."""

from __future__ import annotations

from django.db.models import Count, Q

from wagtail_col.catalogue.models import Listing, Territory

from .counts import Facets, summed
from .query import Query


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
        territory=summed(dict(found), territories),
    )
