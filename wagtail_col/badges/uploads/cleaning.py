"""From a file that somebody sent to a picture in which nothing is left but the picture."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from . import raster, vector
from .refusing import NotAPicture

#: Of a file, whatever it is.
MOST_BYTES = 5 * 1024 * 1024

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


class Cleaned(NamedTuple):
    """``media_type`` is "image/svg+xml" or "image/png"; width and height in pixels, both equal."""

    media_type: str
    content: bytes
    width: int
    height: int


def clean(data: bytes) -> Cleaned:
    """The picture in a PNG, JPEG or SVG file, made anew and square. The file's name and type do
    not count, only what is in it.

    A photo is decoded and encoded again, so that only pixels remain. Of an SVG only what is known
    to be harmless is written anew. Raises ``NotAPicture``.
    """
    if len(data) > MOST_BYTES:
        raise NotAPicture(
            "too-large",
            _("This file is larger than %(megabytes)s MB. Save the picture smaller.")
            % {"megabytes": MOST_BYTES // 1024 // 1024},
        )
    if data.startswith(_PNG):
        return Cleaned("image/png", raster.from_png(data), raster.SIDE, raster.SIDE)
    if data.startswith(_JPEG):
        return Cleaned("image/png", raster.from_jpeg(data), raster.SIDE, raster.SIDE)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return Cleaned("image/svg+xml", vector.clean(data), vector.SIDE, vector.SIDE)
    raise NotAPicture(
        "unknown-type", _("This is not a PNG, JPEG or SVG picture. Save it as one of these.")
    )
