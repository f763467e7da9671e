"""Which source a file or an address is of, where nobody says which; and sources nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet

from wagtail_col.catalogue.models import ImportRun, ImportSource

#: Letters of a name, and of an address.
MOST_OF_NAME, MOST_OF_ADDRESS = (
    ImportSource._meta.get_field(name).max_length for name in ("name", "url")
)


def of_address(url: str, language: str) -> ImportSource:
    """The source with that very address; else a new one, not stored, named after the host."""
    known = ImportSource.objects.filter(url=url).order_by("pk").first()
    if known:
        return known
    try:
        parts = urlsplit(url)
        host, path = parts.hostname or url, parts.path.strip("/")
    except ValueError:
        # No address: whoever fetches it says so.
        host, path = url, ""
    return ImportSource(name=free_name(host, path), url=url, language=language)


def of_file(stem: str, language: str) -> ImportSource:
    """The source of files of that name; else a new one, not stored.

    What stands at an address is another source, also when it has that name.
    """
    known = ImportSource.objects.filter(name=stem[:MOST_OF_NAME], url="").order_by("pk").first()
    return known or ImportSource(name=free_name(stem), language=language)


def free_name(name: str, more: str = "") -> str:
    """A name that no source has: ``name`` alone, with ``more``, or with a number."""
    for one in _names(name, more):
        if not ImportSource.objects.filter(name=one).exists():
            return one
    raise AssertionError("numbers do not end")


def _names(name: str, more: str) -> Iterator[str]:
    yield name[:MOST_OF_NAME]
    full = f"{name}/{more}" if more else name
    ends = chain([""], (f" {number}" for number in count(2)))
    yield from (f"{full[: MOST_OF_NAME - len(end)]}{end}" for end in ends)


def begun(sources: QuerySet[ImportSource]) -> QuerySet[ImportSource]:
    """Those of which an import was started, or shall be each day. Others were only looked at."""
    started = ImportRun.objects.filter(source=OuterRef("pk"), started_at__isnull=False)
    return sources.filter(Q(is_daily=True) | Exists(started))


def forget_unused(sources: QuerySet[ImportSource]) -> None:
    """Delete those that were only looked at, and of which no look is left."""
    unused = sources.filter(runs=None).exclude(pk__in=begun(sources).values("pk"))
    unused.delete()
