"""A tool's public keys as it publishes them: a JSON Web Key Set (RFC 7517, section 5)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.requirements import Refused, requirement

#: Keys kept of one tool. Real ones have two or three.
MOST_KEYS = 50
LONGEST_KID = 255

NO_KEYS = requirement(
    "keys-missing",
    "Security Framework 1.0, 6.3",
    "jwks_uri",
    _("The course provider has given no keys."),
    _("Enter its key set URL, or paste its public keys."),
    error="invalid_client",
    status=401,
)
KEYS_FETCHED = requirement(
    "keys-fetched",
    "Security Framework 1.0, 6.3",
    "jwks_uri",
    _("The course provider’s keys cannot be fetched."),
    _(
        "Open the key set URL of this course provider in your browser. It has to answer over https"
        " with a short JSON document, from a server on the public internet."
    ),
    error="invalid_client",
    status=401,
)
KEY_SET_FORM = requirement(
    "key-set-form",
    "RFC 7517, 5",
    "keys",
    _("What the course provider shows as its keys is no key set that can be used."),
    _(
        "It has to be a JSON document with “keys”, of which one at least is an RSA key with 2048"
        " bits or more, a name (“kid”) and the use RS256. Ask the course provider which URL it is."
    ),
    error="invalid_client",
    status=401,
)


def read_text(text: str | bytes) -> dict[str, Any]:
    """The key set in a JSON text. Raises ``Refused``."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(KEY_SET_FORM, "not JSON") from error
    return read(value)


def read(value: Any) -> dict[str, Any]:
    """``{"keys": [...]}`` with the public members of the keys that can verify RS256, and no more.

    Keys for other uses are left out (RFC 7517, section 5). Raises ``Refused`` when none is left.
    """
    keys = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(keys, list):
        raise Refused(KEY_SET_FORM, "no keys")
    usable = [public for jwk in keys[:MOST_KEYS] if (public := _public(jwk))]
    if not usable:
        raise Refused(KEY_SET_FORM, f"{len(keys)} keys, none for RS256")
    return {"keys": usable}


def _public(jwk: Any) -> dict[str, str] | None:
    if not isinstance(jwk, dict):
        return None
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        return None
    if jwt.public_key(jwk) is None:
        return None
    return {
        "kty": "RSA",
        "n": jwk["n"],
        "e": jwk["e"],
        "kid": kid,
        "alg": jwt.ALGORITHM,
        "use": "sig",
    }
