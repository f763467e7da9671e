"""QR codes of addresses, drawn by us: no other site gets to know what is shared."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(address: str) -> SafeString:
    """An SVG to stand in a page; its parent says how large it is and what it is."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None
    )
    # The drawing holds squares alone, nothing of the address.
    return mark_safe(drawn)  # noqa: S308
