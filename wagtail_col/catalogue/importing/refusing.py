"""Why a file as a whole is not imported, and what is wrong with single rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.fetching import says as fetching_says

#: Why a file is refused as a whole, in words for a person, by code.
REFUSALS = {
    "too-large": _("The file has 50 MB or more. Divide it into smaller ones."),
    "too-large-at-once": _("The calendar or web page has more than 10 MB."),
    "compressed": _(
        "The file is compressed (ZIP, Excel or the like) and is not unpacked here. Save it as CSV."
    ),
    "not-text": _("This is not a text file. Save the table as CSV first."),
    "letters": _("The letters of the file do not fit the encoding that was chosen."),
    "empty": _("There is no row in it."),
    "no-columns": _("The first line has to name the columns, each with another name."),
    "broken-table": _("The table cannot be read from row %(row)s on. Save it as CSV again."),
    "no-title": _("No column is the title. Say which one it is."),
    "not-calendar": _("The calendar cannot be read."),
    "not-linked": _("The page says nothing that is meant for programs about events or courses."),
    "too-many-items": _("There are more than %(most)s items in it."),
    "vanishing": _(
        "%(gone)s of %(known)s items are no longer in the source. Nothing was changed. If this is "
        "right, say that they shall go: in a command with --withdraw-many."
    ),
    "faults": _(
        "Some rows have faults or are there a second time. Nothing was changed. If this is right, "
        "say that they stay out: in a command with --good-rows."
    ),
}


class ImportRefused(Exception):
    """A file is not imported. ``code`` is a key of ``REFUSALS`` or of ``fetching.MESSAGES``;
    ``values`` fill the message."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return says(self.code, self.values)


def says(code: str, values: dict[str, Any]) -> str:
    """A refusal's code as a sentence for a person."""
    if code in REFUSALS:
        return str(REFUSALS[code]) % values
    return fetching_says(code, values.get("status"))


#: What is wrong with a row, by code. ``%(value)s`` is what the cell holds.
FAULTS = {
    "no-title": _("A title is needed."),
    "too-long": _("This has more letters than fit: %(most)s are the most."),
    "formula": _("“%(value)s” begins like a formula of a spreadsheet. Write it as text."),
    "date": _("“%(value)s” is no date, or none that we can read. Write it like 2026-10-31."),
    "time": _("“%(value)s” is not a time we can read. Write it like 18:30."),
    "ends-before-start": _("It ends before it starts."),
    "no-start": _("There is an end without a start."),
    "too-many-dates": _("This makes more than %(most)s dates."),
    "weekdays": _("“%(value)s” does not name days of the week."),
    "number": _("“%(value)s” is not a number."),
    "coordinates": _("“%(value)s” is not a place on the earth."),
    "half-a-point": _("A place needs both, latitude and longitude."),
    "price": _("“%(value)s” is not a price."),
    "age": _("“%(value)s” is not an age."),
    "ages": _("The highest age is below the lowest."),
    "kind": _("There is no kind “%(value)s”."),
    "language": _("“%(value)s” is not a language."),
    "access": _("“%(value)s” is not in the list of what helps to take part."),
    "yes-or-no": _("“%(value)s” is neither yes nor no."),
    "address": _("“%(value)s” is not a web address."),
    "twice": _("The same item is in an earlier row."),
    "taken": _("An item with this address is there already, from another source."),
    "cells": _("This row has more cells than there are columns."),
    "other": "%(value)s",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row. ``row`` counts from 1, the line of headings included, as
    spreadsheets do, or is the number of an item where there are no rows; ``column`` is its
    heading, empty where the row as a whole is meant."""

    row: int
    column: str
    code: str
    value: str = ""
    most: int = 0

    def __str__(self) -> str:
        return str(FAULTS[self.code]) % {"value": self.value, "most": self.most}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
