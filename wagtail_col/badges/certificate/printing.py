"""From values to a tagged PDF (PDF/UA-1, ISO 14289-1). Knows neither Django nor the database.

The page is set by Typst from ``page/main.typ``. What people wrote reaches it as data, as
JSON, and never as markup; the two pictures are handed over in memory. Files outside of the page's
own folder cannot be read, and nothing is loaded over the network.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "page"
_PAGE = "main.typ"

#: Characters of a text and lines of a list: more does not fit on paper, and costs time.
MOST_LETTERS = 1500
MOST_LINES = 14


class CannotPrintError(Exception):
    """No certificate came out. ``code`` is for programs.

    Codes: ``letters`` (no font here has a character of the name or a text), ``page`` (anything
    else).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Fact:
    """A line of the lower part: ``label`` as in "Given by"."""

    label: str
    value: str


@dataclass(frozen=True)
class Step:
    """A station of what was done: ``how`` it was shown, with the day."""

    title: str
    how: str


@dataclass(frozen=True)
class Words:
    """What stands on the page beside what the badge says, in its language."""

    title: str
    kind: str
    earned: str
    criteria: str
    shown: str
    verify: str
    scan: str
    picture: str
    code: str


@dataclass(frozen=True)
class Certificate:
    """All that is printed, in one language (``language``: BCP 47).

    ``line`` is a colour, ``#RRGGBB``. ``steps`` is a tuple of ``Step``, ``done`` a tuple of plain
    lines. ``address`` is printed below the code that leads there.
    """

    language: str
    line: str
    who: str
    name: str
    description: str
    criteria: str
    issuer: str
    done: tuple[str, ...]
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]
    address: str
    words: Words


def print_pdf(certificate: Certificate, picture: bytes, code: bytes, at: datetime) -> bytes:
    """The PDF. ``picture`` and ``code`` are SVG files; ``at`` is when it was made.

    Raises ``CannotPrintError``.
    """
    files = {"picture.svg": picture, "code.svg": code}
    values = asdict(_bounded(certificate))
    return typeset(_FOLDER, _PAGE, files, values, at)


def typeset(
    folder: Path, page: str, files: dict[str, bytes], values: dict[str, Any], at: datetime
) -> bytes:
    """The PDF of a page in ``folder``, which sees the other pages there, ``files`` by name, and as
    ``sys.inputs.values`` the JSON of ``values`` with ``made``: when it was made, in UTC.

    Raises ``CannotPrintError``.
    """
    # A library of 80 MB, for the few pages that need it.
    import typst

    made = at.astimezone(UTC).timetuple()[:6]
    said = json.dumps({**values, "made": made}, ensure_ascii=False)
    pages = {path.name: path.read_bytes() for path in folder.glob("*.typ") if path.name != page}
    whole = {"main.typ": (folder / page).read_bytes(), **pages, **files}
    # The fonts that come along have the letters of Latin, Greek and Cyrillic; for others the
    # computer's own are looked through.
    for only_ours in (True, False):
        try:
            return typst.compile(
                whole,
                root=folder,
                sys_inputs={"values": said},
                pdf_standards=["ua-1"],
                ignore_system_fonts=only_ours,
            )
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise CannotPrintError("page", error.message) from error
            refusal = error
    raise CannotPrintError("letters", refusal.message) from refusal


def _bounded(certificate: Certificate) -> Certificate:
    more = len(certificate.steps) - MOST_LINES
    steps = certificate.steps[:MOST_LINES]
    if more > 0:
        steps += (Step(f"… + {more}", ""),)
    return Certificate(
        **{
            **vars(certificate),
            "description": _cut(certificate.description),
            "criteria": _cut(certificate.criteria),
            "done": tuple(_cut(line) for line in certificate.done[:MOST_LINES]),
            "steps": steps,
        }
    )


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1].rstrip() + "…"
