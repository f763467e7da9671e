"""A table of texts, read row by row: what every kind of file becomes first."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from wagtail_col.catalogue.importing import sniffing
from wagtail_col.catalogue.importing.refusing import ImportRefused

#: The most letters of one cell: a quote that is never closed swallows the rest of the file.
MOST_LETTERS = 200_000
MOST_COLUMNS = 300

#: A row's number and its cells: in a file of a table the line of headings is 1, elsewhere there is
#: none and the first item is.
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """``rows()`` gives all rows from the first one on, each time it is called."""

    format: str
    columns: list[str]
    rows: Callable[[], Iterator[Row]]
    encoding: str = "utf-8"
    divider: str = ""


def csv_table(file: BinaryIO, encoding: str) -> Table:
    """A CSV file whose first row names the columns. Raises ImportRefused, also while it is read."""
    file.seek(0)
    # Bytes that the end of this piece takes apart are left out.
    head = file.read(sniffing.HEAD).decode(encoding, "ignore")
    divider = sniffing.divider_of(head)
    skipped = int(head.lstrip("\ufeff")[:4].lower() == "sep=")
    with _reading(file, encoding, divider) as rows:
        for _number in range(skipped):
            next(rows, None)
        columns = _columns(next(rows, []))

    def read() -> Iterator[Row]:
        with _reading(file, encoding, divider) as rows:
            number = 1
            try:
                for number, cells in enumerate(rows, 1 - skipped):
                    if number > 1 and any(cells):
                        yield number, cells
            except csv.Error as error:
                raise ImportRefused("broken-table", row=number + 1) from error

    return Table("table", columns, read, encoding, divider)


@contextmanager
def _reading(file: BinaryIO, encoding: str, divider: str) -> Iterator[Iterator[list[str]]]:
    file.seek(0)
    before = csv.field_size_limit(MOST_LETTERS)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield csv.reader(text, delimiter=divider)
    finally:
        csv.field_size_limit(before)
        # The file stays open: it is read again.
        text.detach()


def _columns(names: list[str]) -> list[str]:
    columns = [" ".join(name.replace("\ufeff", "").split()) for name in names]
    while columns and not columns[-1]:
        columns.pop()
    named = [name for name in columns if name]
    if not named or len(columns) > MOST_COLUMNS or len(set(named)) < len(named):
        raise ImportRefused("no-columns")
    return columns
