"""Credentials inside PNG images: one uncompressed iTXt chunk named ``openbadgecredential``.

Sources: Open Badges 3.0, section 5.3.1; Open Badges Baking Specification 2.0, "PNGs"; PNG
specification (third edition), sections 5 and 11.3.3.4.
Pixels are never decoded, so an image costs no more than its bytes.
"""

import struct
import zlib
from collections.abc import Iterator

from .errors import BakingError, Reason

KEYWORD = b"openbadgecredential"
#: Open Badges 2.0. A picture can carry both.
OLDER_KEYWORD = b"openbadges"
MAX_IMAGE_BYTES = 8 * 1024 * 1024
MAX_CREDENTIAL_BYTES = 256 * 1024
MAX_PIXELS = 40_000_000
_MAX_CHUNKS = 20_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")


def bake_png(png: bytes, credential: bytes | str, *, older: bool = False) -> bytes:
    """The image with the credential inside, in place of any of the same standard.

    ``credential`` is JSON or a compact JWS; ``older`` bakes it as Open Badges 2.0 does. Bytes
    after the end of the image are left out. Raises ``BakingError``.
    """
    keyword = OLDER_KEYWORD if older else KEYWORD
    if isinstance(credential, str):
        credential = credential.encode()
    if len(credential) > MAX_CREDENTIAL_BYTES:
        raise _credential_too_large()
    if b"\0" in credential:
        raise BakingError("The credential is not a text.", Reason.NOT_TEXT)
    parts = [_SIGNATURE]
    for kind, data in _chunks(png):
        if _keyword(kind, data) == keyword:
            continue
        parts.append(_chunk(kind, data))
        if kind == b"IHDR":
            # Keyword, not compressed, no language tag, no translated keyword.
            parts.append(_chunk(b"iTXt", keyword + b"\0\0\0\0\0" + credential))
    return b"".join(parts)


def unbake_png(png: bytes) -> str:
    """The text of the credential in the image, of Open Badges 3.0 or else of 2.0.

    Raises ``BakingError`` when there is not one.
    """
    found: dict[bytes | None, list[tuple[bytes, bytes]]] = {KEYWORD: [], OLDER_KEYWORD: []}
    for kind, data in _chunks(png):
        keyword = _keyword(kind, data)
        if keyword in found:
            found[keyword].append((kind, data[len(keyword) + 1 :]))
    texts = found[KEYWORD] or found[OLDER_KEYWORD]
    if not texts:
        raise BakingError("This image has no badge inside.", Reason.NO_CREDENTIAL)
    if len(texts) > 1:
        raise BakingError("This image has more than one badge inside.", Reason.SEVERAL_CREDENTIALS)
    kind, rest = texts[0]
    if kind != b"iTXt":
        raise BakingError(
            "The badge is not stored in the image as the standard says.", Reason.BROKEN_PNG
        )
    try:
        return _international_text(rest).decode()
    except UnicodeDecodeError as error:
        raise BakingError("The badge in this image is not a text.", Reason.NOT_TEXT) from error


def _international_text(rest: bytes) -> bytes:
    """What follows the keyword of an iTXt chunk: flag, method, two short texts, the text."""
    pieces = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(pieces) != 3:
        raise _broken()
    text = pieces[2]
    if rest[0] == 1 and rest[1] == 0:
        return _unpack(text)
    if rest[0] != 0:
        raise _broken()
    if len(text) > MAX_CREDENTIAL_BYTES:
        raise _credential_too_large()
    return text


def _unpack(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, MAX_CREDENTIAL_BYTES + 1)
    except zlib.error as error:
        raise _broken() from error
    if len(text) > MAX_CREDENTIAL_BYTES:
        raise _credential_too_large()
    if not unpacker.eof:
        raise _broken()
    return text


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk's type and data, from IHDR to IEND, with checksums verified."""
    if not png.startswith(_SIGNATURE):
        raise BakingError("This is not a PNG image.", Reason.NOT_PNG)
    if len(png) > MAX_IMAGE_BYTES:
        raise BakingError(
            f"The image is larger than {MAX_IMAGE_BYTES} bytes.",
            Reason.TOO_LARGE,
            limit=MAX_IMAGE_BYTES,
        )
    position = len(_SIGNATURE)
    has_pixels = False
    for number in range(_MAX_CHUNKS):
        if position + 12 > len(png):
            raise _broken()
        length, kind = struct.unpack_from(">I4s", png, position)
        end = position + 12 + length
        if end > len(png):
            raise _broken()
        data = png[position + 8 : end - 4]
        if zlib.crc32(data, zlib.crc32(kind)) != struct.unpack_from(">I", png, end - 4)[0]:
            raise _broken()
        if number == 0:
            _check_header(kind, data)
        elif kind == b"IHDR":
            raise _broken()
        has_pixels = has_pixels or kind == b"IDAT"
        if kind == b"IEND" and (data or not has_pixels):
            raise _broken()
        yield kind, data
        if kind == b"IEND":
            return
        position = end
    raise _broken()


def _check_header(kind: bytes, data: bytes) -> None:
    if kind != b"IHDR" or len(data) != 13:
        raise _broken()
    width, height = struct.unpack_from(">II", data)
    if not width or not height:
        raise _broken()
    if width * height > MAX_PIXELS:
        raise BakingError(
            f"The image has more than {MAX_PIXELS} pixels.", Reason.TOO_LARGE, limit=MAX_PIXELS
        )


def _keyword(kind: bytes, data: bytes) -> bytes | None:
    return data.partition(b"\0")[0] if kind in _TEXT_CHUNKS else None


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _broken() -> BakingError:
    return BakingError("This PNG image is damaged.", Reason.BROKEN_PNG)


def _credential_too_large() -> BakingError:
    return BakingError(
        f"The badge in the image is larger than {MAX_CREDENTIAL_BYTES} bytes.",
        Reason.TOO_LARGE,
        limit=MAX_CREDENTIAL_BYTES,
    )
