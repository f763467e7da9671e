"""What a course provider's catalogue sends back: an ``LtiDeepLinkingResponse``.

Sources: Deep Linking 2.0, section 4.5; Security Framework 1.0, section 5.2 (tool-originating
messages). The signature has been verified before.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.content import (
    LONGEST_TEXT,
    TYPES,
    ContentItem,
    identity,
    plain_text,
    read_item,
)
from wagtail_col.lti.platform.requirements import Refused, requirement

__all__ = ["TYPES", "ContentItem", "Response", "identity", "read_response"]

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"

MOST_ITEMS = 100
#: Bytes of all items together.
LARGEST = 256 * 1024
#: Seconds that a tool's clock may be wrong.
LEEWAY = 60
#: Seconds after which a message is too old, whatever it says of itself.
OLDEST = 3600
LONGEST_NONCE = 500
#: NUL in JSON, but not a backslash followed by "u0000".
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

_SECTION = "Deep Linking 2.0, 4.5"
_SECURITY = "Security Framework 1.0, 5.2"
_SUPPORT = _("Tell the course provider’s support; the launch log has the details.")

JWT = requirement(
    "picked-jwt",
    _SECTION,
    "JWT",
    _("The answer holds no message."),
    _SUPPORT,
)
CLIENT = requirement(
    "picked-client",
    _SECURITY,
    "iss",
    _("The answer comes from a course provider that is not connected to this site."),
    _("The course provider has to use the client ID it got from this site. Compare the two."),
)
IN_USE = requirement(
    "picked-not-in-use",
    _SECURITY,
    "iss",
    _("The course provider is not in use on this site."),
    _("Approve the course provider, or take it into use again, then pick once more."),
)
ONCE = requirement(
    "picked-once",
    _SECURITY,
    "nonce",
    _("The same answer came a second time. The first one counts."),
    _("Go back to the page and look there for what you picked, or pick again."),
)
ISSUER = requirement(
    "picked-iss",
    _SECURITY,
    "iss",
    _("The answer names another client than this course provider’s."),
    _("The course provider has to use the client ID it got from this site. Compare the two."),
)
AUDIENCE = requirement(
    "picked-aud",
    _SECURITY,
    "aud",
    _("The answer is meant for another site."),
    _("The issuer in the course provider’s settings has to be exactly this site’s. Compare them."),
)
PARTY = requirement(
    "picked-azp",
    _SECURITY,
    "azp",
    _("The answer names somebody else as the one who may use it."),
    _SUPPORT,
)
EXPIRES = requirement(
    "picked-exp",
    _SECURITY,
    "exp",
    _("The answer has expired, or does not say when it does."),
    _("Pick again. If it happens again, the clock of one of the two servers is wrong."),
)
ISSUED = requirement(
    "picked-iat",
    _SECURITY,
    "iat",
    _("The answer comes from the future, is too old, or does not say when it was made."),
    _("Pick again. If it happens again, the clock of one of the two servers is wrong."),
)
NONCE = requirement(
    "picked-nonce",
    _SECURITY,
    "nonce",
    _("The answer has no number that makes it unique."),
    _SUPPORT,
)
DEPLOYMENT = requirement(
    "picked-deployment",
    _SECTION,
    "deployment_id",
    _("The answer belongs to another deployment."),
    _("The deployment ID in the course provider’s settings has to be this site’s. Compare them."),
)
MESSAGE_TYPE = requirement(
    "picked-message-type",
    _SECTION,
    "message_type",
    _("The message is not an answer to picking courses."),
    _SUPPORT,
)
VERSION = requirement(
    "picked-version",
    _SECTION,
    "version",
    _("The message is not one of LTI 1.3."),
    _("The course provider has to speak LTI 1.3. Look for an update of it."),
)
DATA = requirement(
    "picked-data",
    _SECTION,
    "data",
    _("The answer does not belong to somebody who is picking courses here."),
    _("Begin again with “Add online course”. Each time, the catalogue can answer once, for a day."),
)
ITEMS = requirement(
    "picked-items",
    _SECTION,
    "content_items",
    _("The list of what was picked cannot be read."),
    _SUPPORT,
)
TOO_MANY = requirement(
    "picked-too-many",
    _SECTION,
    "content_items",
    _("Too much was picked at once."),
    _("Pick at most 100 courses at a time."),
)


@dataclass(frozen=True)
class Response:
    """What was picked, and what the tool says to the editor (plain text).

    ``raw``: the items as they came, in the same order. ``nonce`` and ``expires_at`` (seconds since
    1970): to see to it that the message counts once. ``data``: what we sent, as it came back.
    """

    items: tuple[ContentItem, ...]
    raw: tuple[dict[str, Any], ...]
    message: str
    error_message: str
    nonce: str
    expires_at: int
    data: str


def read_response(
    claims: dict[str, Any],
    *,
    issuer: str,
    client_id: str,
    deployment_id: str,
    launch_url: str,
    now: float,
    http_hosts: Collection[str] = (),
) -> Response:
    """The answer in ``claims``. Raises ``Refused`` for the first thing that is not right.

    ``issuer`` is ours; ``now`` in seconds since 1970; ``launch_url`` and ``http_hosts`` as
    ``content.read_item`` wants them. Whose ``data`` it is, the caller has to find out.
    """
    if claims.get("iss") != client_id:
        raise Refused(ISSUER, str(claims.get("iss"))[:100])
    _check_audience(claims, issuer, client_id)
    expires_at = _check_times(claims, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not 0 < len(nonce) <= LONGEST_NONCE:
        raise Refused(NONCE)
    for check, name, expected in (
        (MESSAGE_TYPE, "message_type", "LtiDeepLinkingResponse"),
        (VERSION, "version", "1.3.0"),
        (DEPLOYMENT, "deployment_id", deployment_id),
    ):
        if claims.get(LTI + name) != expected:
            raise Refused(check, str(claims.get(LTI + name))[:100])
    data = claims.get(DL + "data")
    if not isinstance(data, str):
        raise Refused(DATA, "none" if data is None else "not a text")
    raw = _raw_items(claims)
    return Response(
        items=tuple(_numbered(raw, launch_url, http_hosts)),
        raw=tuple(raw),
        message=_message(claims, "msg"),
        error_message=_message(claims, "errormsg"),
        nonce=nonce,
        expires_at=expires_at,
        data=data,
    )


def _check_audience(claims: dict[str, Any], issuer: str, client_id: str) -> None:
    said = claims.get("aud")
    audience = [said] if isinstance(said, str) else said
    if not isinstance(audience, list) or not all(isinstance(one, str) for one in audience):
        raise Refused(AUDIENCE, "none")
    if issuer not in audience:
        raise Refused(AUDIENCE, ", ".join(audience)[:200])
    party = claims.get("azp")
    if party is None and len(set(audience)) > 1:
        raise Refused(PARTY, "none, with several in aud")
    # Who wrote it in the examples of Deep Linking; who it is for in those of OpenID Connect.
    if party is not None and party not in (client_id, issuer):
        raise Refused(PARTY, str(party)[:100])


def _check_times(claims: dict[str, Any], now: float) -> int:
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if expires is None or expires <= now - LEEWAY:
        raise Refused(EXPIRES, "none" if expires is None else f"{now - expires:.0f} seconds ago")
    if issued is None:
        raise Refused(ISSUED, "none")
    if issued > now + LEEWAY:
        raise Refused(ISSUED, f"{issued - now:.0f} seconds ahead")
    if issued < now - OLDEST - LEEWAY:
        raise Refused(ISSUED, f"{now - issued:.0f} seconds ago")
    # Past this it is refused for its age, so nobody has to remember it longer.
    return math.ceil(min(expires, issued + OLDEST) + LEEWAY)


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _raw_items(claims: dict[str, Any]) -> list[dict[str, Any]]:
    """Nothing picked is an empty list, or none at all."""
    items = claims.get(DL + "content_items")
    if items is None:
        return []
    if not isinstance(items, list):
        raise Refused(ITEMS, "not a list")
    if len(items) > MOST_ITEMS:
        raise Refused(TOO_MANY, f"{len(items)} items")
    try:
        text = json.dumps(items, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (ValueError, RecursionError) as error:
        raise Refused(ITEMS, "halves of characters, no number, or nested too deep") from error
    if _NUL.search(text):
        # PostgreSQL keeps none.
        raise Refused(ITEMS, "a NUL character")
    if size > LARGEST:
        raise Refused(TOO_MANY, f"{size} bytes")
    return items


def _numbered(raw: list, launch_url: str, http_hosts: Collection[str]):
    """The items; a refusal says which one it was."""
    for number, value in enumerate(raw, 1):
        try:
            yield read_item(value, launch_url=launch_url, http_hosts=http_hosts)
        except Refused as refused:
            raise Refused(refused.requirement, f"item {number}: {refused.detail}") from refused


def _message(claims: dict[str, Any], name: str) -> str:
    """Plain text for the editor; anything else is left out."""
    said = claims.get(DL + name)
    if not isinstance(said, str):
        return ""
    return plain_text(said)[:LONGEST_TEXT]
