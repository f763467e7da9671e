"""The contexts of the catalogue's page templates: light to make, everything else read late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import SimpleLazyObject

from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.detail import Detail, published_listing
from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.mistaken import Mistake, read_on
from wagtail_col.catalogue.models import CatalogueRevision
from wagtail_col.catalogue.offering import Offer
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.territories import published_provider, published_territory
from wagtail_col.records import Record

Context = dict[str, Any]


def territory_context(key: UUID, params: QueryDict, **more: Any) -> Context | None:
    """Record, text and the Find screen of a territory; None when there is no published one.

    ``more``: further variables for the part that is the same for everyone, best lazy ones.
    Parameters that make no sense are left out of the search, and ``mistakes`` says which.
    """
    revision = CatalogueRevision.current()
    territory = remembered("territory", (key,), lambda: published_territory(key), revision=revision)
    if territory is None:
        return None
    mistakes: list[Mistake] = []
    try:
        query = Query.from_params(params, territory=territory)
    except BadQuery:
        query, mistakes = read_on(params, territory)
    find = Find(query, revision, mistakes, params.get("more", ""))
    wrong = ((one.parameter, one.typed) for one in mistakes)
    key = ("find", find.more, *query.key, *wrong)
    context = _context(territory, query, "find", find, key, revision, more)
    return {**context, "mistakes": mistakes}


def provider_context(key: UUID, params: QueryDict, **more: Any) -> Context | None:
    """The same for a provider. Raises BadQuery when the parameters make no sense."""
    revision = CatalogueRevision.current()
    provider = remembered("provider", (key,), lambda: published_provider(key), revision=revision)
    if provider is None:
        return None
    query = Query.from_params(params, provider=provider)
    offer = SimpleLazyObject(lambda: Offer(query))
    return _context(provider, query, "offer", offer, ("offer", *query.key), revision, more)


def opportunity_context(key: UUID, **more: Any) -> Context | None:
    """The same for an opportunity."""
    revision = CatalogueRevision.current()
    listing = remembered("listing", (key,), lambda: published_listing(key), revision=revision)
    if listing is None:
        return None
    detail = SimpleLazyObject(lambda: Detail(listing))
    return _context(listing, None, "detail", detail, ("detail", key.hex), revision, more)


def _context(
    record: Record,
    query: Query | None,
    name: str,
    screen: Any,
    key: tuple,
    revision: int,
    more: Context,
) -> Context:
    text = record.text
    shared = {"record": record, "text": text, name: screen, **more}
    return {
        "record": record,
        "text": text,
        "query": query,
        name: screen,
        "shared": {"key": key, "revision": revision, **shared},
    }
