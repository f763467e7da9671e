"""Bitstring Status Lists: one bit for each credential, published as a signed credential.

Source: Bitstring Status List 1.0 (bit 0 is the most significant bit of the first byte).
"""

import base64
import binascii
import gzip
import re
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime

from .dates import write_moment
from .errors import Reason, StatusError
from .jsonld import CREDENTIALS

# The smallest list the standard allows: an entry hides among this many.
MINIMUM_SIZE = 131_072
# 8,388,608 entries; what a stranger's list may unfold to.
MAXIMUM_BYTES = 1024 * 1024

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def random_index(size: int = MINIMUM_SIZE) -> int:
    """An index from 0 to ``size`` - 1 that tells nothing about when or to whom it was given.

    The caller draws again when the index is taken.
    """
    return secrets.randbelow(size)


def encode(set_indexes: Iterable[int], size: int = MINIMUM_SIZE) -> str:
    """``u…``: gzip and base64url of a list of ``size`` bits. Raises ``StatusError``."""
    if size < MINIMUM_SIZE or size % 8 or size > MAXIMUM_BYTES * 8:
        raise StatusError(
            f"A status list has between {MINIMUM_SIZE} and {MAXIMUM_BYTES * 8} entries.",
            Reason.STATUS_LIST_WRONG,
        )
    bits = bytearray(size // 8)
    for index in set_indexes:
        if not 0 <= index < size:
            raise _outside(index)
        bits[index // 8] |= 0x80 >> index % 8
    # A fixed time makes equal lists equal text.
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(encoded: str, *, maximum_bytes: int = MAXIMUM_BYTES) -> bytes:
    """The bits behind ``u…``. Stops unfolding at ``maximum_bytes``. Raises ``StatusError``."""
    if (
        not isinstance(encoded, str)
        or not encoded.startswith("u")
        or len(encoded) > 2 * maximum_bytes
        or not _BASE64URL.fullmatch(encoded[1:])
    ):
        raise _wrong("The status list is not written as the standard says.")
    text = encoded[1:]
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, maximum_bytes + 1)
    except (binascii.Error, zlib.error) as error:
        raise _wrong("The status list cannot be unpacked.") from error
    if len(bits) > maximum_bytes:
        raise _wrong("The status list is too large.")
    if not unpacker.eof or unpacker.unused_data:
        raise _wrong("The status list cannot be unpacked.")
    if len(bits) * 8 < MINIMUM_SIZE:
        raise _wrong("The status list is shorter than the standard allows.")
    return bits


def bit(bits: bytes, index: int) -> bool:
    """Whether the bit is set. Raises ``StatusError`` for an index outside the list."""
    if not 0 <= index < len(bits) * 8:
        raise _outside(index)
    return bool(bits[index // 8] & (0x80 >> index % 8))


def entry(list_url: str, index: int, purpose: str = "revocation") -> dict:
    """The ``credentialStatus`` of a credential that has ``index`` in the list at ``list_url``."""
    if index < 0:
        raise _outside(index)
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def status_list_credential(
    issuer_did: str,
    list_url: str,
    indexes: Iterable[int],
    *,
    valid_from: datetime,
    valid_until: datetime | None = None,
    size: int = MINIMUM_SIZE,
    purpose: str = "revocation",
) -> dict:
    """The unsigned credential that ``list_url`` serves, for ``proof.sign``.

    ``indexes`` are the entries that are set (revoked); dates are aware. Raises ``StatusError``.
    """
    document = {
        "@context": [CREDENTIALS],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_did,
        "validFrom": write_moment(valid_from),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(indexes, size),
        },
    }
    if valid_until is not None:
        document["validUntil"] = write_moment(valid_until)
    return document


def is_set(list_credential: dict, index: int, purpose: str = "revocation") -> bool:
    """Whether ``index`` is set in a status list credential. Checks its form, not its proof.

    Raises ``StatusError`` when this is no list for ``purpose`` or the index is outside it.
    """
    types = list_credential.get("type")
    subject = list_credential.get("credentialSubject")
    if (
        not isinstance(types, list)
        or "BitstringStatusListCredential" not in types
        or not isinstance(subject, dict)
        or subject.get("type") not in ("BitstringStatusList", ["BitstringStatusList"])
    ):
        raise _wrong("This is not a status list.")
    purposes = subject.get("statusPurpose")
    if purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise _wrong("This status list was made for another purpose.")
    return bit(decode(subject.get("encodedList")), index)


def _wrong(message: str) -> StatusError:
    return StatusError(message, Reason.STATUS_LIST_WRONG)


def _outside(index: int) -> StatusError:
    return StatusError("The entry is outside the status list.", Reason.INDEX_OUTSIDE, index=index)
