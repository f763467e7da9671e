"""Photos and documents that learners send in: what is kept of them can do nothing.

What a file is, is read from its bytes; its name and what the browser says of it do not count.
Photos are decoded and encoded again, so that only pixels remain: where and with what they were
taken, texts, profiles and anything behind the picture are gone. Documents stay as they are and
are only ever handed out as downloads (``views.evidence``).

Sources: ISO/IEC 10918-1, B.2 (JPEG); PNG specification (third edition), 5.3; RFC 9649 (WebP);
ISO 32000-1, 7.5.2 (PDF); ISO/IEC 29500-2, 10.2.3 and ISO/IEC 26300-3, 3.3 (packages).
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: Of one file, and of all files of a submission together.
MOST_BYTES = 10 * 1024 * 1024
MOST_BYTES_TOGETHER = 24 * 1024 * 1024
MOST_FILES = 5

#: Width and height of a kept photo, pixels.
SIDE = 1600
#: Of a photo as it comes in; a baseline JPEG is decoded at a fraction of its size.
MOST_PIXELS = {
    "JPEG": 64_000_000,
    "progressive JPEG": 12_000_000,
    "PNG": 9_000_000,
    "WEBP": 5_000_000,
}
#: Of what is decoded: at four bytes a pixel, and some copies of the smaller picture.
MOST_DECODED = 12_000_000

PHOTO = "image/jpeg"
TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ENDINGS = {PHOTO: ".jpg", TEXT: ".txt", PDF: ".pdf", DOCX: ".docx", ODT: ".odt"}

_PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_APPLE_PHOTO = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_NOT_IN_A_NAME = re.compile(r"[^\w .()-]+")
_MOST_MEMBERS = 2000
_LONGEST_NAME = 80


class NotAcceptable(Exception):
    """This file is not kept. ``code`` is for programs, the message for the learner.

    Codes: ``empty``, ``too-large`` (bytes), ``too-many-pixels``, ``apple-photo``,
    ``unknown-type``, ``damaged``, ``has-macros``, ``says-who`` (a document can hold its author's
    name, and this is for other learners).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class CleanFile:
    """A file as it is kept. ``name`` has the ending of its ``media_type`` (one of ``ENDINGS``)."""

    name: str
    media_type: str
    content: bytes

    @property
    def is_photo(self) -> bool:
        return self.media_type == PHOTO


def clean(name: str, data: bytes, *, for_peers: bool = False) -> CleanFile:
    """A photo (JPEG, PNG, WebP), a PDF, a text, or an ODT or DOCX document, made harmless.

    ``for_peers``: other learners see it, so photos and texts only. Raises ``NotAcceptable``.
    """
    if not data:
        raise NotAcceptable("empty", _("This file is empty. Choose another one."))
    if len(data) > MOST_BYTES:
        raise too_large()
    form = _picture_form(data)
    if form is not None:
        return CleanFile(_named(name, PHOTO), PHOTO, _photo(data, form))
    media_type = _document_type(name, data)
    if for_peers and media_type != TEXT:
        raise NotAcceptable(
            "says-who",
            _(
                "A document can hold your name, and other learners look at this. "
                "Send photos, or write it into the box."
            ),
        )
    return CleanFile(_named(name, media_type), media_type, data)


def too_large() -> NotAcceptable:
    return NotAcceptable(
        "too-large",
        _("A file has at most %(most)s MB, and all files together %(together)s MB.")
        % {
            "most": MOST_BYTES // 1024 // 1024,
            "together": MOST_BYTES_TOGETHER // 1024 // 1024,
        },
    )


def _picture_form(data: bytes) -> str | None:
    for begins, form in _PICTURES.items():
        if data.startswith(begins):
            return form
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if _APPLE_PHOTO.match(data[:16]):
        raise NotAcceptable(
            "apple-photo",
            _(
                "This kind of photo (HEIC) cannot be read here. Take the photo with the button "
                "on this page, or save it as JPEG."
            ),
        )
    return None


def _photo(data: bytes, form: str) -> bytes:
    """The picture as a new JPEG, at most ``SIDE`` pixels wide and high, upright."""
    try:
        with Image.open(io.BytesIO(data), formats=(form,)) as opened:
            kind = f"progressive {form}" if opened.info.get("progressive") else form
            _check_pixels(opened.size, MOST_PIXELS[kind])
            # Lets a JPEG be decoded at a half, a quarter or an eighth; does nothing to others, nor
            # to a picture that is long and thin.
            opened.draft("RGB", (SIDE * 3 // 4, SIDE * 3 // 4))
            _check_pixels(opened.size, MOST_DECODED)
            opened.thumbnail((SIDE, SIDE), reducing_gap=2)
            picture = _opaque(ImageOps.exif_transpose(opened))
    except NotAcceptable:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    # Pillow raises whatever its decoders come across in a broken file.
    except Exception as error:
        raise _damaged() from error
    written = io.BytesIO()
    # Without what Pillow carries over from the file that was read.
    picture.info.clear()
    picture.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    """In colour, on white where it can be seen through."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen)
    return ground


def _check_pixels(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise _too_many_pixels()


def _too_many_pixels() -> NotAcceptable:
    return NotAcceptable(
        "too-many-pixels", _("This picture has too many pixels. Save it smaller, and send that.")
    )


def _document_type(name: str, data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise _damaged()
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _package_type(data)
    if name.lower().endswith(".txt") and _is_text(data):
        return TEXT
    raise NotAcceptable(
        "unknown-type",
        _("This kind of file cannot be taken. Send a photo (JPEG or PNG), PDF, ODT, DOCX or TXT."),
    )


def _package_type(data: bytes) -> str:
    """What kind of document a ZIP package is; nothing is unpacked but 100 bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            # What stands before the first member would belong to another file.
            begins = min((member.header_offset for member in members), default=-1)
            kind = b""
            if "mimetype" in names:
                with package.open("mimetype") as said:
                    kind = said.read(100)
    # zipfile raises whatever it comes across in a broken file.
    except Exception as error:
        raise _damaged() from error
    if begins != 0 or len(members) > _MOST_MEMBERS:
        raise _damaged()
    if any("vbaproject" in each.lower() or each.startswith("Basic/") for each in names):
        raise NotAcceptable(
            "has-macros", _("This document holds a program (macros). Save it as PDF.")
        )
    if kind == ODT.encode() and "content.xml" in names:
        return ODT
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return DOCX
    raise NotAcceptable(
        "unknown-type", _("This is not an ODT or DOCX document. Save it as PDF, and send that.")
    )


def _is_text(data: bytes) -> bool:
    """Whether it is words: UTF-8 without control characters, and no web page or drawing."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not text.lstrip().startswith("<")


def _named(name: str, media_type: str) -> str:
    """A name that means nothing to any system, with the ending of what the file is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    plain = " ".join(_NOT_IN_A_NAME.sub(" ", stem.replace(".", " ")).split())
    return (plain[:_LONGEST_NAME].strip() or _("File")) + ENDINGS[media_type]


def _damaged() -> NotAcceptable:
    return NotAcceptable(
        "damaged", _("This file is damaged. Open it, save it again, and send that.")
    )
