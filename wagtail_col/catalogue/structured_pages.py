"""The site, and pages of territories and providers, in the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail_col.catalogue.finding import open_data
from wagtail_col.catalogue.models import Provider, ProviderText, Territory, TerritoryText
from wagtail_col.catalogue.presenting import Card, own_image
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.structured import rights, written
from wagtail_col.conf import base_url

_MEDIA_TYPES = ("text/csv", "application/json", "application/geo+json", "text/calendar")


def territory_page(
    territory: Territory, text: TerritoryText, cards: Iterable[Card], attributions: Iterable[str]
) -> str:
    """What the page lists, and all of the territory's opportunities as a data set with its forms,
    its licence and whom to name. Safe inside a script element."""
    area: dict[str, Any] = {"@type": "AdministrativeArea", "name": text.name}
    if box := territory.box:
        # South, west, north, east: https://schema.org/box
        sides = f"{box.south} {box.west} {box.north} {box.east}"
        area["geo"] = {"@type": "GeoShape", "box": sides}
    forms = zip(open_data(Query(territory=territory)), _MEDIA_TYPES, strict=True)
    dataset = {
        "@type": "Dataset",
        "@id": f"{base_url()}{text.url}#data",
        "name": text.name,
        "description": text.introduction or text.name,
        "url": f"{base_url()}{text.url}",
        "inLanguage": text.language,
        "spatialCoverage": area,
        "isAccessibleForFree": True,
        **rights(attributions),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": media_type,
                "contentUrl": f"{base_url()}{address}",
            }
            for (name, address), media_type in forms
        ],
    }
    return _graph(_list(cards), dataset)


def provider_page(provider: Provider, text: ProviderText, cards: Iterable[Card]) -> str:
    """Who the provider is, and what its page lists."""
    about: dict[str, Any] = {
        "@type": "Organization",
        "@id": f"{base_url()}{text.url}#provider",
        "name": text.name,
        "url": f"{base_url()}{text.url}",
    }
    if provider.website:
        about["sameAs"] = provider.website
    if provider.email:
        about["email"] = provider.email
    if logo := own_image(provider.logo):
        about["logo"] = _complete(logo)
    return _graph(_list(cards), about)


def website(name: str, url: str, search: str, language: str) -> str:
    """The site, and how to look for something on it. ``url``, ``search``: the front page and the
    page that finds; both may be paths."""
    return written(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "@id": f"{_complete(url)}#website",
            "name": name,
            "url": _complete(url),
            "inLanguage": language,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{_complete(search)}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )


def _list(cards: Iterable[Card]) -> dict[str, Any]:
    return {
        "@type": "ItemList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": card.title,
                "url": _complete(card.url),
            }
            for position, card in enumerate(cards, start=1)
        ],
    }


def _graph(*nodes: dict[str, Any]) -> str:
    return written({"@context": "https://schema.org", "@graph": list(nodes)})


def _complete(url: str) -> str:
    return f"{base_url()}{url}" if url.startswith("/") else url
