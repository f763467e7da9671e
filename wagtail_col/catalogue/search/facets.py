"""The database's answer to how many things each filter would leave."""

from __future__ import annotations

from django.db.models import Count, Model, Q

from wagtail_col.catalogue.models import Access, Listing, Part, Territory

from .counts import DISTANCES, PRICES, WHENS, Facets, by_language, summed
from .query import Query


def facets(query: Query, territories: list[Territory]) -> Facets:
    """Count with one query or a few for each filter. ``territories``: those to count for."""
    place = (
        query.without("place")
        .listings()
        .aggregate(
            online=Count("pk", filter=Q(is_online=True)), local=Count("pk", filter=Q(is_local=True))
        )
    )
    return Facets(
        interest=_linked(query, "interest", Listing.interests.through, "interest__slug"),
        kind=_grouped(query, "kind", "kind"),
        skill=_linked(query, "skill", Listing.skills.through, "skill__slug"),
        when={name: _count(query.but(when=name, from_date=None, to_date=None)) for name in WHENS},
        time={name: _count(query.but(time=(name,))) for name in map(str.lower, Part.names)},
        online=place["online"],
        local=place["local"],
        free=_count(query.but(free=True)),
        max_price={price: _count(query.but(max_price=price)) for price in PRICES},
        language=by_language(_grouped(query, "language", "delivery_languages").items()),
        access={code: _count(query.but(access=(*query.access, code))) for code in Access.values},
        territory=summed(_grouped(query, "district", "territory__path"), territories),
        provider={
            key: count for key, count in _grouped(query, "providers", "provider").items() if key
        },
        within={km: _count(query.but(within=km)) for km in DISTANCES} if query.point else {},
    )


def _count(query: Query) -> int:
    return query.listings().count()


def _grouped(query: Query, name: str, field: str) -> dict:
    """Counts by a listing's own field, without the filter of this name."""
    found = query.without(name).listings().values_list(field)
    return dict(found.annotate(count=Count("pk")).order_by())


def _linked(query: Query, name: str, through: type[Model], field: str) -> dict[str, int]:
    """Counts by what listings are linked with, without the filter of this name."""
    found = through.objects.filter(listing__in=query.without(name).listings())
    return dict(found.values_list(field).annotate(count=Count("pk")).order_by())
