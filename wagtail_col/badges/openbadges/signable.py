"""What a signature protects: rules on the JSON before it is turned into statements.

``eddsa-rdfc-2022`` signs the statements (RDF) that a document means, not its text. JSON that says
nothing in RDF could be added to a signed document unnoticed, and JSON that says the same in an
unusual way would be read differently by the checks that follow the signature. Both are refused,
here and in ``jsonld`` (VC Data Integrity 1.0, 2.4.1 and 4.6).

What remains free, because it means the same: the order of members, the order and the brackets of
an array (``["x"]`` and ``"x"``), and the two names that the standard gives one type
(``OpenBadgeCredential``, ``AchievementCredential``).
"""

import json
import math
import re

from .errors import Reason, UnsignableError
from .strictjson import MAX_DEPTH, MAX_INTEGER

MAX_VALUES = 3000
MAX_ARRAY = 300
MAX_TYPES = 8

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
# Canonicalisers disagree on how these are escaped: such a signature holds in one language only.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def check_signable(document: dict) -> None:
    """Raises ``UnsignableError`` when a signature would not cover all of ``document``.

    ``document`` is a JSON object as Python values, with its ``@context`` at the top.
    """
    _Walk().check(document)


class _Walk:
    def __init__(self):
        self.values = 0
        # Identifier → what the first object with it says.
        self.described: dict[str, str] = {}

    def check(self, document: dict) -> None:
        self._object({k: v for k, v in document.items() if k != "@context"}, 1)

    def _value(self, value, name: str, depth: int) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            raise _too_complex(MAX_VALUES)
        if depth > MAX_DEPTH:
            raise _too_complex(MAX_DEPTH)
        if isinstance(value, dict):
            self._object(value, depth, name)
        elif isinstance(value, list):
            self._array(value, name, depth)
        elif isinstance(value, str):
            check_text(value, name)
        elif value is None:
            raise _unsigned(name, "is null")
        elif not isinstance(value, bool):
            _check_number(value, name)

    def _object(self, members: dict, depth: int, name: str = "") -> None:
        if not members:
            raise _unsigned(name, "is empty")
        for key, value in members.items():
            if not isinstance(key, str) or not _NAME.fullmatch(key):
                raise _unusual(str(key))
            if key == "type":
                _check_types(value)
            self._value(value, key, depth + 1)
        self._check_described_once(members)

    def _array(self, items: list, name: str, depth: int) -> None:
        if not items:
            raise _unsigned(name, "is empty")
        if len(items) > MAX_ARRAY:
            raise _too_complex(MAX_ARRAY)
        seen = set()
        for item in items:
            if isinstance(item, list):
                raise _unusual(name)
            self._value(item, name, depth + 1)
            # Objects without an identifier count one by one even when they are equal.
            if not isinstance(item, dict) or "id" in item:
                text = json.dumps(item, sort_keys=True)
                if text in seen:
                    raise _unsigned(name, "holds the same value twice")
                seen.add(text)

    def _check_described_once(self, members: dict) -> None:
        """Statements could wander between two objects that describe one thing."""
        identifier = members.get("id")
        if not isinstance(identifier, str) or len(members) == 1:
            return
        text = json.dumps(members, sort_keys=True)
        if self.described.setdefault(identifier, text) != text:
            raise UnsignableError(
                f"Two parts of this describe “{identifier[:200]}” differently.",
                Reason.DESCRIBED_TWICE,
                id=identifier[:200],
            )


def check_text(text: str, name: str) -> None:
    """Raises ``UnsignableError`` for characters that a signature cannot carry everywhere.

    Tabs and line ends are fine; other control characters and U+007F are not.
    """
    if _CONTROL.search(text):
        raise UnsignableError(
            f"“{name}” contains a control character.", Reason.CONTROL_CHARACTER, member=name
        )
    if _SURROGATE.search(text):
        raise UnsignableError(
            f"“{name}” contains half of a character.", Reason.BROKEN_CHARACTER, member=name
        )


def _check_types(value) -> None:
    types = value if isinstance(value, list) else [value]
    if len(types) > MAX_TYPES:
        raise _too_complex(MAX_TYPES)
    for name in types:
        if not isinstance(name, str) or not _TYPE.fullmatch(name):
            raise _unusual("type")


def _check_number(value, name: str) -> None:
    """Numbers that every canonicaliser writes alike: integers, or up to four decimals."""
    if isinstance(value, int):
        good = abs(value) <= MAX_INTEGER
    elif isinstance(value, float):
        good = (
            math.isfinite(value)
            and abs(value) < 1e9
            and round(value, 4) == value
            and value != int(value)
        )
    else:
        good = False
    if not good:
        raise UnsignableError(
            f"“{name}” holds a number or value that cannot be signed.",
            Reason.BAD_NUMBER,
            member=name,
        )


def _unsigned(name: str, what: str) -> UnsignableError:
    return UnsignableError(
        f"“{name}” {what}: a signature does not cover that.",
        Reason.UNSIGNED_VALUE,
        member=name,
    )


def _unusual(name: str) -> UnsignableError:
    return UnsignableError(
        f"“{name[:80]}” is not written as the standard writes it.",
        Reason.UNUSUAL_SPELLING,
        member=name[:80],
    )


def _too_complex(limit: int) -> UnsignableError:
    return UnsignableError(
        f"This document is more complex than a badge needs (limit {limit}).",
        Reason.TOO_COMPLEX,
        limit=limit,
    )
