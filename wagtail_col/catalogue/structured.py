"""An opportunity in the words of schema.org, for search engines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from wagtail_col.catalogue.models import Access, Kind, Listing, ListingText, Occurrence, Skill
from wagtail_col.catalogue.presenting import url_of
from wagtail_col.conf import base_url, settings

#: As in Django's json_script, and the two line ends that JSON allows and scripts may not.
_ESCAPES = {ord(c): f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"}

_TYPES = {Kind.COURSE: "Course", Kind.DIGITAL: "LearningResource"}

#: Values of https://www.w3.org/community/reports/a11y-discov-vocab/.
_FEATURES = {
    Access.SIGN_LANGUAGE: "signLanguage",
    Access.CAPTIONS: "captions",
}


def structured(
    listing: Listing,
    text: ListingText,
    first: Occurrence | None,
    where: str,
    provider: str,
    skills: Iterable[Skill] = (),
) -> str:
    """JSON-LD with nothing in it that could end a script element.

    ``first``: the next date; without one there is no Event, only a Course or LearningResource,
    and a Service for what is neither.
    """
    kind = "EducationEvent" if first else _TYPES.get(listing.kind, "Service")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": listing.canonical_uri,
        "name": text.title,
        "url": f"{base_url()}{url_of(listing, text)}",
        "inLanguage": listing.delivery_languages.split() or text.language,
    }
    if text.summary:
        data["description"] = text.summary
    if provider:
        role = "organizer" if first else "provider"
        data[role] = {"@type": "Organization", "name": provider}
    if first:
        data |= _event(listing, first, where)
    if listing.price is not None or listing.is_free:
        data["offers"] = {
            "@type": "Offer",
            "price": str(listing.price or 0),
            "priceCurrency": listing.currency,
        }
    if skills := [{"@type": "DefinedTerm", "name": str(one), "url": one.uri} for one in skills]:
        data["teaches"] = skills
    there = listing.accessibility.split()
    features = [_FEATURES[code] for code in there if code in _FEATURES]
    if features and not first:
        # Of works only: an event's place says what it has.
        data["accessibilityFeature"] = features
    if listing.is_free is not None:
        data["isAccessibleForFree"] = listing.is_free
    if kind == "Service":
        # Schema.org knows these of works and events only.
        for name in ("inLanguage", "teaches", "accessibilityFeature", "isAccessibleForFree"):
            data.pop(name, None)
        data["serviceType"] = str(Kind(listing.kind).label)
    if named := rights([listing.attribution]):
        data["subjectOf"] = {"@type": "WebPage", "url": data["url"], **named}
    return written(data)


def written(data: Any) -> str:
    """As JSON with nothing in it that could end a script element."""
    return json.dumps(data, ensure_ascii=False).translate(_ESCAPES)


def rights(attributions: Iterable[str]) -> dict[str, str]:
    """The licence of the site's data, and whom to name."""
    named = {"license": settings.DATA_LICENCE["url"]} if settings.DATA_LICENCE else {}
    if credit := " · ".join(filter(None, attributions)):
        named["creditText"] = credit
    return named


def _event(listing: Listing, first: Occurrence, where: str) -> dict[str, Any]:
    start, end = timezone.localtime(first.starts_at), timezone.localtime(first.ends_at)
    places: list[dict[str, Any]] = []
    if listing.is_local:
        place: dict[str, Any] = {"@type": "Place", "name": listing.venue or where}
        if listing.address:
            place["address"] = listing.address
        if listing.point:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": listing.lat,
                "longitude": listing.lon,
            }
        if there := listing.accessibility.split():
            place["amenityFeature"] = [
                {"@type": "LocationFeatureSpecification", "name": code, "value": True}
                for code in there
            ]
        places.append(place)
    if listing.is_online:
        places.append({"@type": "VirtualLocation", "url": listing.source_url or base_url()})
    mode = {(True, False): "Offline", (False, True): "Online"}.get(
        (listing.is_local, listing.is_online), "Mixed"
    )
    return {
        "startDate": start.date().isoformat() if first.all_day else start.isoformat(),
        "endDate": end.date().isoformat() if first.all_day else end.isoformat(),
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": places[0] if len(places) == 1 else places,
    }
