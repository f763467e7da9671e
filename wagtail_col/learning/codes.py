"""Claim codes as people read, type and scan them.

80 random-looking bits as 16 characters of Crockford's base 32 in four groups:
``7K3M-Q9XT-4B2H-WZ0R``. The alphabet has no I, L, O and U; who types one of the first three
means a digit.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
#: So many letters at the beginning say which code somebody meant; the other 60 bits stay secret.
OPENING = 4

_MEANT = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015\u2212\u00ad]+")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def encode(value: bytes) -> str:
    """The first 80 bits of ``value`` as a code without dashes."""
    number = int.from_bytes(value[: LENGTH * 5 // 8])
    return "".join(ALPHABET[number >> shift & 31] for shift in range(LENGTH * 5 - 5, -1, -5))


def grouped(code: str) -> str:
    """A code in four groups."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read(typed: str) -> str:
    """What somebody typed, as a code without dashes; it need not be one (see ``is_code``)."""
    plain = unicodedata.normalize("NFKC", typed[: LENGTH * 10])
    return _BETWEEN.sub("", plain).upper().translate(_MEANT)


def is_code(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def digest(code: str) -> str:
    """What the database holds of a code. With 80 bits a plain hash cannot be turned back."""
    return sha256(code.encode()).hexdigest()
