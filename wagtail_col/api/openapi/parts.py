"""Pieces of which the descriptions of single addresses are made."""

from __future__ import annotations

from typing import Any

from wagtail_col.api.openapi.schemas import MOMENT, UUID, ref
from wagtail_col.api.paging import LARGEST

JSON = "application/json"
JSON_LD = "application/ld+json"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"

#: The one that a learner's wallet has, and the one of a provider's system.
LEARNER, SYSTEM = "OAuth2ACG", "OAuth2CCG"

_SAID = {
    200: "Done.",
    201: "It is new.",
    302: "Back to the client, with a code or an error.",
    400: "What was sent makes no sense.",
    401: "There is no access token that works.",
    403: "Not allowed with this token.",
    404: "There is no such thing.",
    405: "There is no such method here.",
    409: "It cannot be done now.",
    410: "It was there, and is no more.",
    413: "Too large.",
    415: "Another media type is needed.",
    422: "This Idempotency-Key came with another request.",
    429: "Too many requests: wait as long as Retry-After says.",
}

PAGE = [
    {
        "name": "limit",
        "in": "query",
        "description": "The most on one page; 100 when it is more than that.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST},
    },
    {
        "name": "offset",
        "in": "query",
        "description": "Where the page begins, from 0.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST},
    },
]
SINCE = {
    "name": "since",
    "in": "query",
    "description": "Only what came after this moment.",
    "schema": MOMENT,
}
KEY = {"name": "key", "in": "path", "required": True, "schema": UUID}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Another text for each thing to do: the same request sent again is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_PAGE_HEADERS = {
    "X-Total-Count": {"description": "How many there are.", "schema": {"type": "integer"}},
    "Link": {
        "description": "first and last, next and prev where there are such (RFC 8288).",
        "schema": {"type": "string"},
    },
}


def answers(
    good: dict[int, str | dict[str, Any]],
    bad: tuple[int, ...],
    error: str,
    media_type: str = JSON,
    error_type: str = JSON,
    *,
    paged: bool = False,
) -> dict[str, Any]:
    """``responses``. ``good``: by status the schema's name (of ``media_type``) or whole content."""
    responses = {
        str(status): {"description": _SAID[status], "content": _content(schema, media_type)}
        for status, schema in good.items()
    }
    if paged:
        responses["200"]["headers"] = _PAGE_HEADERS
    for status in bad:
        responses[str(status)] = {
            "description": _SAID[status],
            "content": {error_type: {"schema": ref(error)}},
        }
    return responses


def sends(schema: str, *media_types: str) -> dict[str, Any]:
    """``requestBody``."""
    content = {media_type: {"schema": ref(schema)} for media_type in media_types or (JSON,)}
    return {"required": True, "content": content}


def needs(scheme: str, scope: str) -> list[dict[str, list[str]]]:
    """``security``: a token of this kind with this scope."""
    return [{scheme: [scope]}]


def _content(schema: str | dict[str, Any], media_type: str) -> dict[str, Any]:
    return schema if isinstance(schema, dict) else {media_type: {"schema": ref(schema)}}
