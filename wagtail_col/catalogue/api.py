"""The answer to any search as JSON, for other programs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from wagtail_col.catalogue.finding import Pages
from wagtail_col.catalogue.models import Listing, Occurrence, Skill
from wagtail_col.catalogue.presenting import own_image, url_of, with_related
from wagtail_col.catalogue.scoping import scoped_query
from wagtail_col.catalogue.search import BadQuery
from wagtail_col.catalogue.search.answers import answer
from wagtail_col.conf import base_url, settings
from wagtail_col.records import best_text

#: Dates of one listing in an answer at most.
MOST_DATES = 50


class ListingsView(APIView):
    """``col/opportunities.json?territory=<key>&provider=<key>``, with the Find page's filters."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    # The answers are rendered as JSON, whatever ``?format=`` says.
    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> Response:
        try:
            query = scoped_query(request.GET, request.catalogue_revision)
        except BadQuery as refusal:
            said = {"parameter": refusal.parameter, "detail": refusal.message}
            return Response(said, status=400, headers=open_headers())
        found = answer(query)
        pages = Pages(query, found.count)
        listings = found.page(*pages.bounds)
        return Response(
            {
                "count": pages.count,
                "page": pages.number,
                "pages": pages.last,
                "next": _page_url(request, pages.number + 1) if pages.next else None,
                "previous": _page_url(request, pages.number - 1) if pages.previous else None,
                "licence": settings.DATA_LICENCE or None,
                "opportunities": as_data(listings),
            },
            headers=open_headers(),
        )


def open_headers() -> dict[str, str]:
    """Headers of open data: every website's scripts may read it, and its licence (RFC 8288)."""
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    if licence := settings.DATA_LICENCE:
        headers["Link"] = f'<{iri_to_uri(licence["url"])}>; rel="license"'
    return headers


def _page_url(request: HttpRequest, number: int) -> str:
    params = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name != "page" and value
    ]
    query = urlencode([*params, ("page", number)])
    return f"{base_url()}{reverse('col_catalogue:opportunities')}?{query}"


def as_data(listings: list[Listing]) -> list[dict[str, Any]]:
    """Listings as plain values; eight queries however many there are.

    Times are ISO 8601 in the site's time zone. ``attribution`` says whom to name when this is
    used elsewhere.
    """
    with_related(listings)
    ahead = Occurrence.objects.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")
    prefetch_related_objects(
        listings,
        "interests",
        "skills__names",
        Prefetch("occurrences", ahead[:MOST_DATES], to_attr="ahead"),
    )
    return [_data(listing) for listing in listings]


def _data(listing: Listing) -> dict[str, Any]:
    text = best_text(listing.texts.all())
    return {
        "key": str(listing.key),
        "uri": listing.canonical_uri,
        "url": f"{base_url()}{url_of(listing, text)}",
        "source_url": listing.source_url or None,
        "attribution": listing.attribution or None,
        "modified": listing.modified_at.isoformat(),
        "kind": listing.kind,
        "language": text.language if text else None,
        "title": text.title if text else None,
        "summary": text.summary if text else None,
        "interests": [interest.slug for interest in listing.interests.all()],
        "skills": [_skill(skill) for skill in listing.skills.all()],
        "dates": [
            {
                "starts_at": timezone.localtime(date.starts_at).isoformat(),
                "ends_at": timezone.localtime(date.ends_at).isoformat(),
                "all_day": date.all_day,
            }
            for date in listing.ahead
        ],
        "is_online": listing.is_online,
        "is_local": listing.is_local,
        "place": _place(listing) if listing.is_local else None,
        "territory": _named(listing.territory),
        "provider": _named(listing.provider),
        "is_free": listing.is_free,
        "price": None if listing.price is None else str(listing.price),
        "currency": listing.currency,
        "age_min": listing.age_min,
        "age_max": listing.age_max,
        "delivery_languages": listing.delivery_languages.split(),
        "accessibility": listing.accessibility.split(),
        "minutes": listing.minutes,
        "image": _absolute(own_image(listing.image)) or None,
    }


def _skill(skill: Skill) -> dict[str, str]:
    name = skill.text
    return {"uri": skill.uri, "name": name.name if name else ""}


def _absolute(url: str) -> str:
    return f"{base_url()}{url}" if url.startswith("/") else url


def _place(listing: Listing) -> dict[str, Any]:
    return {
        "venue": listing.venue or None,
        "address": listing.address or None,
        "lon": listing.lon,
        "lat": listing.lat,
    }


def _named(record) -> dict[str, str] | None:
    if record is None or not record.is_published:
        return None
    text = best_text(record.texts.all())
    return {"key": str(record.key), "name": text.name if text else ""}
