"""From values to a tagged PDF (PDF/UA-1). Knows neither Django nor the database.

What people wrote reaches the page as data, as JSON, and never as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

_FOLDER = Path(__file__).parent / "page"
_PAGE = "main.typ"

#: Characters of a description.
MOST_LETTERS = 600


class NotPrintedError(Exception):
    """No record came out, for example for want of a font with somebody's letters."""


@dataclass(frozen=True)
class Entry:
    """A badge: its name, who gave it and when in one line, what it says, how it was shown."""

    name: str
    given: str
    description: str
    shown: tuple[str, ...]
    state: str = ""


@dataclass(frozen=True)
class Record:
    """All that is printed, in one language (``language``: BCP 47)."""

    language: str
    title: str
    who: str
    lead: str
    entries: tuple[Entry, ...]


def print_record(record: Record, at: datetime) -> bytes:
    """The PDF; ``at`` is when it was made. Raises ``NotPrintedError``."""
    # A library of 80 MB, for the two pages that need it.
    import typst

    made = at.astimezone(UTC).timetuple()[:6]
    values = json.dumps({**asdict(record), "made": made}, ensure_ascii=False)
    # The fonts that come along have the letters of Latin, Greek and Cyrillic; for others the
    # computer's own are looked through.
    for only_ours in (True, False):
        try:
            return typst.compile(
                {_PAGE: (_FOLDER / _PAGE).read_bytes(), "record.json": values.encode()},
                root=_FOLDER,
                pdf_standards=["ua-1"],
                ignore_system_fonts=only_ours,
            )
        except typst.TypstError as error:
            refusal = error
    raise NotPrintedError(refusal.message) from refusal
