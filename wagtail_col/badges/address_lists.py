"""Reading the addresses that somebody pasted or uploaded: who shall get a badge, and what for.

Either addresses alone, divided by lines, commas or semicolons (``Ana <ana@example.org>`` as mail
programs write them is fine), or a table (CSV) whose first line names the columns ``email`` and
``narrative``.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from wagtail_col.badges.mailable import check_mailable
from wagtail_col.badges.texts import signable

MOST_LINES = 5_000
MOST_BYTES = 2 * 1024 * 1024
MOST_LETTERS = 2_000

#: How the first line of a table may name its columns.
EMAIL_COLUMNS = ("email", "e-mail", "mail", "email address", "e-mail address")
NARRATIVE_COLUMNS = ("narrative", "text", "comment")

_QUOTED_NAME = re.compile(r'"[^"\n]*"\s*(?=<)')
_DIVIDERS = re.compile(r"[\n,;\t]+")
_IN_BRACKETS = re.compile(r"<\s*([^<>\s]+)\s*>")
_COLUMN_DIVIDERS = ",;\t"


class Unreadable(Exception):
    """There is nothing to read; ``code`` is for programs, the message for the organiser.

    Codes: ``too-large``, ``too-many``, ``empty``, ``not-text``, ``no-email-column``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Line:
    """One address; ``problem`` says why it cannot be used, and is empty when it can."""

    email: str
    narrative: str = ""
    problem: str = ""


@dataclass
class Addresses:
    """The lines, each address once. ``merged`` is how many were there again, ``note`` something
    the organiser should look at."""

    lines: list[Line] = field(default_factory=list)
    merged: int = 0
    note: str = ""


def read_file(data: bytes) -> Addresses:
    """What an uploaded file holds. Raises ``Unreadable``."""
    if len(data) > MOST_BYTES:
        raise _too_large()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, note = _decoded(data, "utf-16"), ""
    else:
        try:
            text, note = data.decode("utf-8-sig"), ""
        except UnicodeDecodeError:
            # Every byte is a character there, so this reads anything that is text at all.
            text = data.decode("latin-1")
            note = _(
                "The file was not saved as UTF-8. It was read as Western European: look whether "
                "letters with accents are right."
            )
    if "\x00" in text:
        raise Unreadable("not-text", _("This is not a text file. Save the table as CSV first."))
    addresses = read_text(text)
    addresses.note = note
    return addresses


def read_text(text: str) -> Addresses:
    """What was pasted. Raises ``Unreadable``."""
    if len(text) > MOST_BYTES:
        raise _too_large()
    # Excel writes this into CSV files to say which divider follows.
    text = re.sub(r"\A\ufeff?\s*(?:sep=[,;\t]\s*)?", "", text.replace("\r\n", "\n"))
    text = text.replace("\r", "\n")
    divider = _table_divider(text)
    pairs = _from_table(text, divider) if divider else [(one, "") for one in _parts(text)]
    if not pairs:
        raise Unreadable("empty", _("There is no address in it."))
    if len(pairs) > MOST_LINES:
        raise Unreadable(
            "too-many",
            _("There are %(count)s lines in it, and %(most)s are the most. Make several lists.")
            % {"count": len(pairs), "most": MOST_LINES},
        )
    return _merged(pairs)


def _table_divider(text: str) -> str:
    """What divides the columns when the first line names them; empty for addresses alone."""
    # A line that is longer names no columns, and is more than the reader takes.
    first = text.split("\n", 1)[0][:10_000]
    for divider in sorted(_COLUMN_DIVIDERS, key=first.count, reverse=True):
        if _column(next(csv.reader([first], delimiter=divider), []), EMAIL_COLUMNS) is not None:
            return divider
    if _looks_like_a_table(first):
        raise Unreadable(
            "no-email-column",
            _("The first line has to name the columns: “email”, and “narrative” if you like."),
        )
    return ""


def _looks_like_a_table(first: str) -> bool:
    return "@" not in first and any(
        _column(first.split(divider), NARRATIVE_COLUMNS) is not None for divider in _COLUMN_DIVIDERS
    )


def _from_table(text: str, divider: str) -> list[tuple[str, str]]:
    rows = csv.reader(io.StringIO(text), delimiter=divider)
    pairs = []
    try:
        header = next(rows)
        email, narrative = _column(header, EMAIL_COLUMNS), _column(header, NARRATIVE_COLUMNS)
        for row in rows:
            if any(cell.strip() for cell in row):
                said = row[narrative] if narrative is not None and narrative < len(row) else ""
                pairs.append((row[email] if email < len(row) else "", said))
    except csv.Error as error:
        raise Unreadable("not-text", _("This table cannot be read. Save it as CSV.")) from error
    return pairs


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    said = [cell.strip().casefold() for cell in header]
    return next((said.index(name) for name in names if name in said), None)


def _parts(text: str) -> list[str]:
    parts = []
    # Names as mail programs write them may have commas: "Novak, Ana" <ana@example.org>.
    for part in _DIVIDERS.split(_QUOTED_NAME.sub("", text)):
        words = part.split()
        # Several addresses with only spaces between them.
        several = len(words) > 1 and all("@" in word for word in words)
        parts += words if several else [" ".join(words)] if words else []
    return parts


def _merged(pairs: list[tuple[str, str]]) -> Addresses:
    found: dict[str, Line] = {}
    merged = 0
    for written, narrative in pairs:
        line = _line(written, narrative)
        before = found.get(line.email)
        if before is None:
            found[line.email] = line
            continue
        merged += 1
        if not before.narrative and line.narrative and not line.problem:
            found[line.email] = line
    return Addresses(list(found.values()), merged)


def _line(written: str, narrative: str) -> Line:
    bracketed = _IN_BRACKETS.search(written)
    email = (bracketed[1] if bracketed else written).strip().strip("\"'").removeprefix("mailto:")
    email = " ".join(signable(email).split()).lower()
    narrative = signable(narrative)
    if not email:
        return Line("", narrative, _("There is no address in this line."))
    try:
        validate_email(email)
    except ValidationError:
        return Line(email[:254], narrative, _("This is not an e-mail address."))
    if len(email) > 254:
        return Line(email[:254], narrative, _("This address is too long."))
    try:
        # It goes into an e-mail, perhaps to somebody who knows nothing of this site.
        check_mailable(narrative)
    except ValidationError as error:
        return Line(email, narrative, " ".join(error.messages))
    if len(narrative) > MOST_LETTERS:
        return Line(
            email,
            narrative,
            _("The text has %(count)s letters, and %(most)s are the most.")
            % {"count": len(narrative), "most": MOST_LETTERS},
        )
    return Line(email, narrative)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "not-text", _("This is not a text file. Save the table as CSV first.")
        ) from error


def _too_large() -> Unreadable:
    return Unreadable("too-large", _("This is more than 2 MB. Make several lists."))
