"""Tables as CSV: streamed row by row, with nothing in them that a spreadsheet would execute."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

#: A spreadsheet would take a cell that begins so for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file for ``csv.writer`` that hands back what is written."""

    def write(self, value: str) -> str:
        return value


def streamed(name: str, rows: Iterable[Iterable[str]]) -> StreamingHttpResponse:
    """The rows as a file called ``name``, kept by no cache."""
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.csv"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def day(moment) -> str:
    """The local day of a moment, empty for none."""
    return timezone.localtime(moment).date().isoformat() if moment else ""


def _lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets read UTF-8 by this mark.
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([_harmless(str(cell)) for cell in row])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
