"""Photos and drawings made of pixels: looked at before they are decoded, then encoded again.

Sources: PNG specification (third edition), sections 5.3 to 5.6 and 11.2; ISO/IEC 10918-1, B.2.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .refusing import NotAPicture

#: Width and height of what comes out, pixels.
SIDE = 512
#: Of what comes in: 10 megapixels take 40 MB while they are decoded.
MOST_PIXELS = 10_000_000
_MOST_CHUNKS = 20_000

#: The picture itself. All else (texts, profiles, animations) is left behind unread.
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def from_png(data: bytes) -> bytes:
    """A PNG of ``SIDE`` by ``SIDE`` pixels. Raises ``NotAPicture``."""
    kept = [data[:8], *(data[start:end] for start, end in _chunks(data))]
    return _encoded(b"".join(kept), "PNG")


def from_jpeg(data: bytes) -> bytes:
    """The same from a JPEG."""
    return _encoded(data, "JPEG")


def _chunks(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the chunks that make the picture begin and end; nothing is unpacked."""
    position = 8
    for number in range(_MOST_CHUNKS):
        if position + 12 > len(data):
            break
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data) or (number == 0) != (kind == b"IHDR"):
            break
        if kind == b"IHDR":
            if length != 13:
                break
            _check_size(*struct.unpack_from(">II", data, position + 8))
        if kind in _KEPT:
            yield position, end
        if kind == b"IEND":
            return
        position = end
    raise _damaged()


def _encoded(data: bytes, form: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=(form,)) as opened:
            _check_size(*opened.size)
            # Lets a JPEG be decoded at a fraction of its size; does nothing to others.
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            opened.thumbnail((SIDE, SIDE), reducing_gap=3)
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except NotAPicture:
        raise
    # Pillow raises whatever its many decoders come across in a broken file.
    except Exception as error:
        raise _damaged() from error
    picture = ImageOps.contain(picture, (SIDE, SIDE))
    square = Image.new("RGBA", (SIDE, SIDE))
    square.paste(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    written = io.BytesIO()
    square.save(written, "PNG", optimize=True)
    return written.getvalue()


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise _damaged()
    if width * height > MOST_PIXELS:
        raise NotAPicture(
            "too-many-pixels",
            _(
                "This picture has %(width)s by %(height)s pixels, which is too large. "
                "%(side)s by %(side)s pixels are enough."
            )
            % {"width": width, "height": height, "side": SIDE},
        )


def _damaged() -> NotAPicture:
    return NotAPicture(
        "damaged", _("This picture is damaged. Open it in a drawing program and save it again.")
    )
