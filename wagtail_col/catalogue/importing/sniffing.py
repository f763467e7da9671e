"""What a file is, told by its own bytes: names and content types are only hints."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from typing import BinaryIO

from wagtail_col.catalogue.importing import letters
from wagtail_col.catalogue.importing.refusing import ImportRefused

#: A file of this many bytes is refused. Operators may lift it for files of their own.
TOO_MANY_BYTES = 50_000_000
PIECE = 1 << 20
#: How much tells what a file is.
HEAD = 1 << 16

#: Beginnings of files that hold other files.
_COMPRESSED = (
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c",
    b"\x28\xb5\x2f\xfd", b"Rar!", b"\xd0\xcf\x11\xe0", b"\x04\x22\x4d\x18", b"LZIP", b"\x1f\x9d",
)  # fmt: skip
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_DIVIDERS = ";,\t|"
#: Bytes that text has none of, whatever its encoding.
_NOT_TEXT = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})


def encoding_of(file: BinaryIO, wanted: str = "") -> str:
    """The encoding of a file: its mark's, else ``wanted``, else UTF-8 if it is that, else what its
    letters say. Raises ImportRefused for what is compressed or no text. Reads all of it."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(_COMPRESSED):
        raise ImportRefused("compressed")
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if not marked and head.translate(None, _NOT_TEXT) != head:
        raise ImportRefused("not-text")
    if marked or wanted:
        _check(file, marked or wanted)
        return marked or wanted
    try:
        _check(file, "utf-8")
    except ImportRefused:
        return _of_a_byte(file)
    return "utf-8"


def _check(file: BinaryIO, encoding: str) -> None:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if "\x00" in decoder.decode(piece):
                raise ImportRefused("not-text")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise ImportRefused("letters") from error


def _of_a_byte(file: BinaryIO) -> str:
    """Latin-1 has control characters where Windows has dashes and quotes."""
    file.seek(0)
    first_line = file.readline(HEAD)
    file.seek(0)
    counts = letters.counted(iter(lambda: file.read(PIECE), b""))
    if counts[0]:
        raise ImportRefused("not-text")
    encoding = letters.reading(counts, first_line)
    if encoding == "cp1252" and not counts[0x80:0xA0].any():
        return "latin-1"
    try:
        _check(file, encoding)
    except ImportRefused:
        return "latin-1"
    return encoding


def format_of(text: str, hint: str = "") -> str:
    """``calendar``, ``linked`` (JSON-LD, alone or in a page) or ``table``, by how it begins.

    ``hint``: a media type or a file's name.
    """
    start = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    hint = hint.lower()
    if start.startswith("begin:vcalendar") or "text/calendar" in hint or hint.endswith(".ics"):
        return "calendar"
    if start.startswith(("<!doctype html", "<html", "<script", "<head", "<body")):
        return "linked"
    if start.startswith(("{", "[")) or "html" in hint or "json" in hint:
        return "linked"
    return "table"


def divider_of(head: str) -> str:
    """What divides the columns: with it most lines of the beginning have most columns."""
    first = head.split("\n", 1)[0].strip()
    if first[:4].lower() == "sep=" and len(first) == 5:
        # Excel writes this line to say it.
        return first[4]
    return max(_DIVIDERS, key=lambda divider: _fits(head, divider))


def _fits(head: str, divider: str) -> tuple[int, int]:
    try:
        lengths = [len(row) for row in csv.reader(head.splitlines(True), delimiter=divider) if row]
    except csv.Error:
        return 0, 0
    # The last one may be cut off.
    lengths = lengths[:-1] or lengths
    if not lengths or lengths[0] < 2:
        return 0, 0
    alike = Counter(lengths)[lengths[0]] / len(lengths)
    return int(alike * 10), lengths[0]
