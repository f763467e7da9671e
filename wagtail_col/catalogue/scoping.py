"""Searches whose scope is named in the address too: ``?territory=<key>&provider=<key>``."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.territories import published_provider, published_territory


def scoped_query(params: QueryDict) -> Query:
    """The search that JSON endpoints answer; without a scope it is about the whole site."""
    territory = provider = None
    if key := params.get("territory"):
        territory = published_territory(_key("territory", key))
        if territory is None:
            raise BadQuery("territory", _("There is no such territory here."))
    if key := params.get("provider"):
        provider = published_provider(_key("provider", key))
        if provider is None:
            raise BadQuery("provider", _("There is no such provider here."))
    return Query.from_params(params, territory=territory, provider=provider)


def _key(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise BadQuery(name, _("This is not a key.")) from None
