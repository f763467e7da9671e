"""Searches whose scope is named in the address too: ``?territory=<key>&provider=<key>``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.territories import published_provider, published_territory

#: Digits of a key in full.
WHOLE = 32


def scoped_query(params: QueryDict, revision: int | None = None) -> Query:
    """The search that JSON endpoints answer; without a scope it is about the whole site.

    ``revision``: the catalogue's, where the caller has just asked for it: what is known of the
    scope at that revision is not read again.
    """
    territory = provider = None
    if given := params.get("territory"):
        key = _key("territory", given)
        territory = _known("territory", key, published_territory, revision)
        if territory is None:
            raise BadQuery("territory", _("There is no such territory here."))
    named = params.getlist("provider")
    # A whole key is the scope; short ones are a filter within it.
    if len(named) == 1 and len(named[0]) >= WHOLE:
        key = _key("provider", named[0])
        provider = _known("provider", key, published_provider, revision)
        if provider is None:
            raise BadQuery("provider", _("There is no such provider here."))
    return Query.from_params(params, territory=territory, provider=provider)


def _known(name: str, key: UUID, read: Callable[[UUID], Any], revision: int | None) -> Any:
    if revision is None:
        return read(key)
    return remembered(name, (key,), lambda: read(key), revision=revision)


def written(query: Query) -> str:
    """The search with its scope as the query string that ``scoped_query`` reads; no page, and the
    same string for the same search."""
    scope = [("territory", str(query.territory.key))] if query.territory else []
    scope += [("provider", str(query.provider.key))] if query.provider else []
    filters = [(name, value) for name, value in query.params(page=False) if name != "sort"]
    return urlencode([*scope, *filters])


def _key(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise BadQuery(name, _("This is not a key.")) from None
