"""What one can do in place of an opportunity that is over: as good a thing, near it or online."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import cos, radians

from django.db.models import Count, Q
from django.utils import timezone

from wagtail_col.catalogue.models import Listing
from wagtail_col.geo import Point, distance_km

#: So many are offered.
MOST = 4
#: As far as this, as the crow flies, is near.
NEAR_KM = 15
#: One degree of latitude.
KM_A_DEGREE = 111.2
#: Looked at before the best ones are chosen.
MOST_LOOKED_AT = 60


def equal_to(listing: Listing, now: datetime | None = None) -> list[Listing]:
    """Published opportunities to come that share interests with this one, the best first.

    They are online, or near it (in its territory, where its place is not known). Those that share
    most come first, then those of its kind, then the nearest. Two queries, whatever there is.
    """
    interests = list(listing.interests.values_list("pk", flat=True))
    if not interests:
        return []
    now = now or timezone.now()
    found = (
        Listing.objects.published()
        .filter(Q(ends_at=None) | Q(ends_at__gte=now), interests__in=interests)
        .filter(Q(is_online=True) | _near(listing))
        .exclude(pk=listing.pk)
        .annotate(shared=Count("interests", distinct=True))
        .order_by("-shared", "starts_at", "pk")[:MOST_LOOKED_AT]
    )
    return _best(listing, found)[:MOST]


def _near(listing: Listing) -> Q:
    if listing.point is None:
        return Q(territory=listing.territory_id) if listing.territory_id else Q(pk=None)
    north = NEAR_KM / KM_A_DEGREE
    east = north / max(0.05, cos(radians(listing.lat)))
    return Q(
        lat__range=(listing.lat - north, listing.lat + north),
        lon__range=(listing.lon - east, listing.lon + east),
    )


def _best(listing: Listing, found: Iterable[Listing]) -> list[Listing]:
    def rank(other: Listing) -> tuple:
        return (-other.shared, other.kind != listing.kind, _distance(listing.point, other.point))

    return sorted(found, key=rank)


def _distance(one: Point | None, other: Point | None) -> float:
    """Kilometres; what is online only is as far as the edge of what is near."""
    return distance_km(one, other) if one and other else NEAR_KM
