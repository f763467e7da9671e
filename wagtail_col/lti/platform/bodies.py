"""Reads the JSON that tools send to our services: bounded, and with one possible meaning.

Two readers must never see two documents in the same bytes, so members that are there twice, ``NaN``
and numbers that other languages round are refused (RFC 8259, sections 4 and 6; I-JSON, RFC 7493).
So is what a database cannot keep: U+0000 and halves of a surrogate pair.
"""

from __future__ import annotations

import json
import math
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.requirements import Refused, requirement

#: A score or a line item is a few hundred bytes.
MOST_BYTES = 64 * 1024
MOST_LEVELS = 16
#: Integers beyond this are rounded by JavaScript readers (RFC 7493, section 2.2).
GREATEST_INTEGER = 2**53 - 1

BODY_SIZE = requirement(
    "body-size",
    "RFC 9110, 15.5.14",
    "body",
    _("The message is too long."),
    _("A score or a line item has at most 64 KB. Ask the course provider to send less text."),
    error="too_large",
    status=413,
)
BODY_JSON = requirement(
    "body-json",
    "Assignment and Grade Services 2.0, 3.2.1",
    "body",
    _("The message is not a JSON object that can be read."),
    _("The course provider sent something broken. Tell its support what the log says."),
)
BODY_TYPE = requirement(
    "body-type",
    "Assignment and Grade Services 2.0, 3.2.1",
    "Content-Type",
    _("The message says that it is something other than JSON."),
    _("The course provider sends it with the wrong media type. Tell its support."),
    error="unsupported_media_type",
    status=415,
)


def check_type(content_type: str) -> None:
    """A media type of JSON, whichever: tools send all of them. None at all is JSON too."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and media_type != "application/json" and not media_type.endswith("+json"):
        raise Refused(BODY_TYPE, media_type[:80])


def read_object(source: bytes) -> dict[str, Any]:
    """The JSON object in ``source`` (UTF-8). Raises ``Refused``."""
    if len(source) > MOST_BYTES:
        raise Refused(BODY_SIZE, f"more than {MOST_BYTES} bytes")
    if not source.strip():
        raise Refused(BODY_JSON, "empty")
    try:
        value = json.loads(
            source.decode(),
            object_pairs_hook=_members_once,
            parse_constant=_no_number,
            parse_int=_integer,
            parse_float=_finite,
        )
    except UnicodeError as error:
        raise Refused(BODY_JSON, "not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise Refused(BODY_JSON, "not JSON") from error
    if not isinstance(value, dict):
        raise Refused(BODY_JSON, "not an object")
    _check(value)
    return value


def _check(value: Any) -> None:
    """Depth, and texts that can be kept: without calling itself, whatever the depth is."""
    waiting = [(value, 1)]
    while waiting:
        found, level = waiting.pop()
        if isinstance(found, str):
            _check_text(found)
        elif isinstance(found, dict | list):
            if level > MOST_LEVELS:
                raise Refused(BODY_JSON, f"more than {MOST_LEVELS} levels")
            inside = [*found, *found.values()] if isinstance(found, dict) else found
            waiting.extend((one, level + 1) for one in inside)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Refused(BODY_JSON, "U+0000")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused(BODY_JSON, "half of a surrogate pair")


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused(BODY_JSON, "a member is there twice")
    return members


def _no_number(text: str) -> Any:
    raise Refused(BODY_JSON, f"{text} is not a number")


def _integer(text: str) -> int:
    # The length first: converting a million digits is slow.
    if len(text) > 17 or abs(int(text)) > GREATEST_INTEGER:
        raise Refused(BODY_JSON, "a number that is too large")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Refused(BODY_JSON, "a number that is too large")
    return number
