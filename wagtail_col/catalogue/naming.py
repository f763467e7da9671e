"""Searches in words, and where they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.scoping import scoped_query
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.conf import base_url
from wagtail_col.records import best_text


@dataclass(frozen=True)
class Named:
    """A search as a reader knows it: ``title`` in the active language, ``url`` complete or ""."""

    title: str
    url: str


def read(search: str) -> Query | None:
    """A search that was kept as a string; None when it makes no sense any more: a territory is
    gone."""
    try:
        return scoped_query(QueryDict(search))
    except BadQuery:
        return None


def named(query: Query) -> Named:
    """``Madrid: Music, Free``, and the page that shows the search."""
    record = query.territory or query.provider
    text = best_text(record.texts.all()) if record else None
    filters = ", ".join(chip.label for chip in Find(query).active)
    name = text.name if text else ""
    title = ": ".join(filter(None, [name, filters]))
    string = query.but().string
    url = f"{base_url()}{text.url}" if text and text.url else ""
    return Named(title, f"{url}?{string}" if url and string else url)
