"""Pictures of courses: fetched from the provider once, drawn again small, and served by this site.

A learner's browser never asks the provider for one. Whatever goes wrong with a picture, there is
none, and nothing else is lost.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from wagtail_col.fetching import FetchRefused, fetch

#: Pixels of what is kept.
SIZE = (480, 270)
#: Pixels of the largest picture that is unpacked.
MOST_PIXELS = 8_000_000
MOST_BYTES = 1_000_000
#: Seconds for all pictures of one answer: an editor is waiting.
SECONDS = 8.0
FOLDER = "wagtail_col/courses"

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_ACCEPT = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/*")
_AT_ONCE = 8


def keep_all(urls: Iterable[str]) -> dict[str, str]:
    """Names in the default storage by address; an address without a usable picture is not in it.

    Takes at most about ``SECONDS``, whatever the servers there do.
    """
    deadline = time.monotonic() + SECONDS
    wanted = list(dict.fromkeys(filter(None, urls)))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        bodies = pool.map(lambda url: _fetched(url, deadline), wanted)
        drawn = {
            url: redraw(body)
            for url, body in zip(wanted, bodies, strict=True)
            # Drawing takes time, too.
            if body and time.monotonic() < deadline
        }
    stored = {url: _store(*found) for url, found in drawn.items() if found}
    return {url: name for url, name in stored.items() if name}


def redraw(body: bytes) -> tuple[bytes, str] | None:
    """A picture drawn again within ``SIZE``, without anything else that was in the file.

    Returns the bytes and the ending of their name; None for what is no picture, or too large.
    """
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
            # Known from the file's head: nothing has been unpacked yet.
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (SIZE[0] * 2, SIZE[1] * 2))
            upright = ImageOps.exif_transpose(image)
            clear = upright.has_transparency_data
            small = upright.convert("RGBA" if clear else "RGB")
            small.thumbnail(SIZE)
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError):
        return None
    except (EOFError, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    file = io.BytesIO()
    if clear:
        small.save(file, "PNG", optimize=True)
    else:
        small.save(file, "JPEG", quality=85, optimize=True)
    return file.getvalue(), "png" if clear else "jpg"


def _fetched(url: str, deadline: float) -> bytes | None:
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    try:
        return fetch(url, accept=_ACCEPT, max_bytes=MOST_BYTES, seconds=min(5, left)).body
    except FetchRefused:
        return None


def _store(body: bytes, ending: str) -> str:
    """The same picture has the same name, so it is there once."""
    name = f"{FOLDER}/{hashlib.sha256(body).hexdigest()[:32]}.{ending}"
    try:
        if default_storage.exists(name):
            return name
        return default_storage.save(name, ContentFile(body))
    except OSError:
        return ""


def forget(name: str) -> None:
    """Take a stored picture out."""
    with suppress(OSError):
        default_storage.delete(name)
