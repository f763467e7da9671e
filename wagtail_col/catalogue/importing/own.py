"""Items that come from this very site: its calendars, tables and pages, brought back by others.

Such an item says so by itself, whatever else has become of it: by the number that our calendars
give an event, by its identity, or by the address of its page here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from urllib.parse import urlsplit
from uuid import UUID

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.models import Listing, ListingText
from wagtail_col.conf import base_url

_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def own(items: Collection[ListingFacts]) -> set[UUID]:
    """The keys of those that are listings of this site, published or withdrawn, under another
    key. At most two queries, and none where no item looks like one."""
    host = urlsplit(base_url()).netloc.lower()
    by_key: dict[UUID, list[UUID]] = defaultdict(list)
    by_path: dict[str, list[UUID]] = defaultdict(list)
    for one in items:
        if found := _KEY.match(one.source_id):
            by_key[UUID(found[0])].append(one.key)
        for address in {one.canonical_uri, one.source_url} - {""}:
            if address[:9].lower() == "urn:uuid:" and (found := _KEY.match(address[9:])):
                by_key[UUID(found[0])].append(one.key)
            elif host and (path := _path_at(host, address)):
                if found := _KEY.search(path):
                    by_key[UUID(found[0])].append(one.key)
                else:
                    by_path[path].append(one.key)
    return _there(by_key, "key", Listing) | _there(by_path, "url", ListingText)


def _path_at(host: str, address: str) -> str:
    """The path of an address on this site; empty elsewhere."""
    # Most are elsewhere, which is told at a glance.
    if host not in address.lower():
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path if parts.netloc.lower() == host else ""


def _there(wanted: dict, field: str, model: type[Listing] | type[ListingText]) -> set[UUID]:
    if not wanted:
        return set()
    name = "key" if model is Listing else "listing__key"
    rows = model.objects.filter(**{f"{field}__in": list(wanted)}).values_list(field, name)
    return {key for value, listing in rows for key in wanted[value] if key != listing}
