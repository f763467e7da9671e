"""Reads JSON from strangers: bounded in size and depth, and with one possible meaning.

Two readers must never see two documents in the same bytes, so repeated member names, ``NaN`` and
numbers that other languages round are refused (RFC 8259 sections 4 and 6; I-JSON, RFC 7493).
"""

import json
import math
import re

from .errors import Reason, UnreadableError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
# Integers beyond this are rounded by JavaScript readers (RFC 7493 section 2.2).
MAX_INTEGER = 2**53 - 1

# A string (closed or running to the end) or a bracket; possessive, so that the scan stays linear.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)


def read_object(source: bytes | str, *, max_bytes: int = MAX_BYTES) -> dict:
    """The JSON object in ``source`` (UTF-8 when bytes). Raises ``UnreadableError``."""
    text = _text(source, max_bytes)
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members_once,
            parse_constant=_refuse_number,
            parse_int=_integer,
            parse_float=_finite,
        )
    except UnreadableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableError("This is not valid JSON.", Reason.NOT_JSON) from error
    if not isinstance(value, dict):
        raise UnreadableError("This JSON is not an object.", Reason.NOT_AN_OBJECT)
    return value


def _text(source: bytes | str, max_bytes: int) -> str:
    too_large = UnreadableError(
        f"This is larger than {max_bytes} bytes.", Reason.TOO_LARGE, limit=max_bytes
    )
    if len(source) > max_bytes:
        raise too_large
    try:
        if isinstance(source, str):
            if len(source.encode()) > max_bytes:
                raise too_large
            return source
        return bytes(source).decode()
    except UnicodeError as error:
        raise UnreadableError("This is not UTF-8 text.", Reason.NOT_TEXT) from error


def _check_depth(text: str) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        found = match.group()
        if found in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableError(
                    f"This is nested more than {MAX_DEPTH} levels deep.",
                    Reason.TOO_DEEP,
                    limit=MAX_DEPTH,
                )
        elif found in "]}":
            depth -= 1


def _members_once(pairs: list[tuple[str, object]]) -> dict:
    members = {}
    for name, value in pairs:
        if name in members:
            raise UnreadableError(
                f"The member “{name[:80]}” is there twice.",
                Reason.DUPLICATE_MEMBER,
                member=name[:80],
            )
        members[name] = value
    return members


def _refuse_number(text: str):
    raise UnreadableError(
        f"“{text[:40]}” is not a number that can be used.", Reason.BAD_NUMBER, number=text[:40]
    )


def _integer(text: str) -> int:
    # The length first: converting a million digits is slow.
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        _refuse_number(text)
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if len(text) > 40 or not math.isfinite(number):
        _refuse_number(text)
    return number
