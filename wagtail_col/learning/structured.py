"""A playlist's page in the words of schema.org, for search engines: what is the same for everybody.

Made of the record and its line alone: who reads the page, and who is on the line, is not known
here.
"""

from __future__ import annotations

from typing import Any

from wagtail_col.catalogue.structured import written
from wagtail_col.conf import base_url
from wagtail_col.learning.models import PlaylistText
from wagtail_col.learning.stops import Line


def playlist_page(text: PlaylistText, line: Line, badge: str = "", territory: str = "") -> str:
    """The way as a course, and its stops in their order. Safe inside a script element.

    ``badge``: the name of the one at the end; ``territory``: where the way is.
    """
    url = f"{base_url()}{text.url}"
    course: dict[str, Any] = {
        "@type": "Course",
        "@id": f"{url}#course",
        "name": text.title,
        "url": url,
        "inLanguage": text.language,
    }
    if text.summary:
        course["description"] = text.summary
    if badge:
        course["educationalCredentialAwarded"] = {
            "@type": "EducationalOccupationalCredential",
            "name": badge,
            "credentialCategory": "badge",
        }
    if territory:
        course["spatialCoverage"] = {"@type": "AdministrativeArea", "name": territory}
    # What is no longer offered has neither a name nor an address.
    stops = [stop for stop in line.stops if stop.has_title and stop.url]
    steps = {
        "@type": "ItemList",
        "@id": f"{url}#steps",
        "name": text.title,
        "itemListOrder": "https://schema.org/ItemListOrderAscending",
        "numberOfItems": len(stops),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": stop.title,
                "url": f"{base_url()}{stop.url}" if stop.url.startswith("/") else stop.url,
            }
            for position, stop in enumerate(stops, start=1)
        ],
    }
    return written({"@context": "https://schema.org", "@graph": [course, steps]})
