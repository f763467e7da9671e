"""From which age somebody agrees for themselves. (GDPR, Art. 8)

``data/consent-ages.csv`` has the ages that countries set, each with its source and the day it was
looked up; ``hand`` is ``first`` where the law itself was read, ``second`` where what others say of
it was. Laws change: who runs a site confirms its own, and can set any number from 13 to 18.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from wagtail_col.conf import settings

_FILE = Path(__file__).parent / "data" / "consent-ages.csv"

#: The regulation's own: where a country has set none.
DEFAULT = 16
#: Art. 8(1) lets countries go down to this.
LOWEST = 13


@dataclass(frozen=True)
class ConsentAge:
    """``country``: ISO 3166-1 alpha-2. ``checked``: when the source was looked up, ``read_at``:
    where; ``is_first_hand``: it was the law itself. ``note``: what to look out for."""

    country: str
    age: int
    source: str
    checked: date
    read_at: str
    is_first_hand: bool
    note: str


@cache
def shipped() -> dict[str, ConsentAge]:
    """By country, as shipped."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["country"]: ConsentAge(
            country=row["country"],
            age=int(row["age"]),
            source=row["source"],
            checked=date.fromisoformat(row["checked"]),
            read_at=row["read_at"],
            is_first_hand={"first": True, "second": False}[row["hand"]],
            note=row["note"],
        )
        for row in rows
    }


def consent_age() -> int | None:
    """The site's, by ``WAGTAIL_COL["CONSENT_AGE"]``; None: it asks nobody for their age.

    ValueError for an age outside of 13 to 18 or something that is no country's code.
    """
    given = settings.CONSENT_AGE
    if given is None:
        return None
    if isinstance(given, str):
        if len(given) != 2 or not given.isalpha():
            raise ValueError(f"{given!r} is no country's code of two letters.")
        known = shipped().get(given.upper())
        return known.age if known else DEFAULT
    if isinstance(given, bool) or not isinstance(given, int) or not LOWEST <= given <= 18:
        raise ValueError(f"{given!r} is no age from {LOWEST} to 18.")
    return given
