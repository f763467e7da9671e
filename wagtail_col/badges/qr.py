"""QR codes of addresses: drawn by us, so that no other site gets to know what is shared, and read
out of a photo or a screenshot that somebody gives us."""

from __future__ import annotations

import io

import segno
import zxingcpp
from django.utils.safestring import SafeString, mark_safe
from PIL import Image

from wagtail_col.badges.openbadges.reading import PNG_SIGNATURE

#: Width and height at which a photo is looked at, pixels. A code with an address that takes a tenth
#: of the photo's width has more than three pixels for each of its squares then.
SIDE = 2000
#: Of a photo as it comes in; a JPEG that is not progressive is decoded at a fraction of its size.
MOST_PIXELS = {
    "JPEG": 64_000_000,
    "progressive JPEG": 12_000_000,
    "PNG": 10_000_000,
    "WEBP": 10_000_000,
}


def qr_svg(address: str) -> SafeString:
    """An SVG to stand in a page; its parent says how large it is and what it is."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None
    )
    # The drawing holds squares alone, nothing of the address.
    return mark_safe(drawn)  # noqa: S308


def photo_form(data: bytes) -> str | None:
    """``JPEG``, ``PNG`` or ``WEBP``; None for everything that is no photo."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(PNG_SIGNATURE):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def qr_inside(data: bytes) -> str | None:
    """The text of the QR code in a photo; None when there is none, or more than one.

    Nothing is read of a photo with too many pixels, or of one that is damaged.
    """
    picture = _decoded(data)
    if picture is None:
        return None
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    texts = {code.text for code in found if code.valid}
    return texts.pop() if len(texts) == 1 else None


def _decoded(data: bytes) -> Image.Image | None:
    form = photo_form(data)
    if form is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=(form,)) as opened:
            kind = f"progressive {form}" if opened.info.get("progressive") else form
            if opened.width * opened.height > MOST_PIXELS[kind]:
                return None
            # Lets a JPEG be decoded at a half or a quarter; does nothing to others.
            opened.draft("L", (SIDE, SIDE))
            if opened.width * opened.height > MOST_PIXELS["progressive JPEG"]:
                return None
            opened.thumbnail((SIDE, SIDE), reducing_gap=2)
            return opened.convert("L")
    # Pillow raises whatever its many decoders come across in a broken file.
    except Exception:
        return None
