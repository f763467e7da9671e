"""A file as a table, whatever it is; from a disk, from memory, or from an address."""

from __future__ import annotations

import io
from typing import BinaryIO, NamedTuple

from wagtail_col.catalogue.importing import sniffing
from wagtail_col.catalogue.importing.calendars import calendar_table
from wagtail_col.catalogue.importing.linked import linked_table
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.importing.tables import Table, csv_table
from wagtail_col.fetching import FetchRefused, fetch

#: Seconds for all of a file at an address.
SECONDS = 30
#: Bytes of what is read as a whole: calendars and web pages.
MOST_AT_ONCE = 10_000_000


class Fetched(NamedTuple):
    """What an address gave, and what it says that is: a media type, or the end of the address."""

    file: BinaryIO
    hint: str


def open_table(
    file: BinaryIO,
    *,
    hint: str = "",
    encoding: str = "",
    most_bytes: int | None = sniffing.TOO_MANY_BYTES,
) -> Table:
    """What a file holds. ``file`` can be sought in and stays open while the table is used.

    ``hint``: its name or media type; ``encoding``: overrides what is told by its bytes.
    ``most_bytes``: one of this size is refused; None: any size. Raises ImportRefused.
    """
    size = file.seek(0, io.SEEK_END)
    if most_bytes is not None and size >= most_bytes:
        raise ImportRefused("too-large")
    if not size:
        raise ImportRefused("empty")
    encoding = sniffing.encoding_of(file, encoding)
    file.seek(0)
    format_ = sniffing.format_of(file.read(sniffing.HEAD).decode(encoding, "ignore"), hint)
    if format_ == "table":
        return csv_table(file, encoding)
    # These are read as a whole, so they have to be smaller.
    if size > MOST_AT_ONCE:
        raise ImportRefused("too-large-at-once")
    file.seek(0)
    text = file.read().decode(encoding)
    return calendar_table(text) if format_ == "calendar" else linked_table(text)


def fetch_file(url: str) -> Fetched:
    """What is at an address outside. Raises ImportRefused with the fetcher's own code."""
    try:
        found = fetch(url, accept=("*/*",), max_bytes=sniffing.TOO_MANY_BYTES, seconds=SECONDS)
    except FetchRefused as error:
        raise ImportRefused(error.code, status=error.status) from error
    hint = found.media_type
    if hint in ("", "application/octet-stream", "text/plain"):
        hint = url.partition("?")[0]
    return Fetched(io.BytesIO(found.body), hint)
