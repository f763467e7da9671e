"""JSON Web Tokens as LTI uses them: RS256 and nothing else, by a key that has a name.

Sources: Security Framework 1.0, section 5.1 and 6; RFC 7515; RFC 7519.
"""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from django.utils.translation import gettext_lazy as _
from jwt import PyJWK, PyJWS
from jwt.exceptions import PyJWTError

from wagtail_col.lti.platform import library
from wagtail_col.lti.platform.requirements import Refused, requirement

ALGORITHM = "RS256"
#: Characters of the longest token that is read.
LONGEST = 256 * 1024
#: RSA keys below this are not believed (RFC 7518, section 3.3).
FEWEST_BITS = 2048
#: Keys of one name that are tried.
MOST_KEYS = 4

TOKEN_SIZE = requirement(
    "token-size",
    "RFC 7519, 3",
    "JWT",
    _("The token is too long."),
    _("The course provider sent a token of more than 256 KB. Ask it to send fewer items at once."),
)
TOKEN_FORM = requirement(
    "token-form",
    "RFC 7519, 7.2",
    "JWT",
    _("The token cannot be read."),
    _("The course provider sent something that is not a signed token. Tell its support."),
)
TOKEN_ALGORITHM = requirement(
    "token-algorithm",
    "Security Framework 1.0, 5.1.1",
    "alg",
    _("The token is not signed with RS256."),
    _("Ask the course provider to sign with RS256, as LTI 1.3 wants it."),
)
TOKEN_KID = requirement(
    "token-kid",
    "Security Framework 1.0, 6.3",
    "kid",
    _("The token does not say which key signed it."),
    _("Ask the course provider to send the name of its key (“kid”) with every token."),
)
UNKNOWN_KID = requirement(
    "unknown-kid",
    "Security Framework 1.0, 6.3",
    "kid",
    _("The key that signed the token is not among the course provider’s keys."),
    _(
        "Check the key set URL of this course provider. If it has new keys, they are fetched again"
        " within a few minutes."
    ),
)
TOKEN_KEY = requirement(
    "token-key",
    "RFC 7517, 4",
    "keys",
    _("The course provider’s key cannot be used."),
    _("Its key has to be an RSA key of at least 2048 bits, meant for signing with RS256."),
)
TOKEN_SIGNATURE = requirement(
    "token-signature",
    "RFC 7515, 5.2",
    "JWT",
    _("The signature is wrong."),
    _("The token was not signed by this course provider’s key, or was changed on its way."),
)

_PART = re.compile(r"[A-Za-z0-9_-]+")
_JWS = PyJWS(algorithms=[ALGORITHM])


class PrivateKey(NamedTuple):
    """A key of ours, loaded, and the name it is published under."""

    kid: str
    rsa_key: RSAPrivateKey


def sign(claims: dict[str, Any], key: PrivateKey, *, typ: str = "JWT") -> str:
    """``claims`` signed with RS256; the header names the key and the type."""
    return library.sign(claims, key.rsa_key, {"kid": key.kid, "typ": typ})


def read_unverified(token: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token nobody has verified: only to find out whose keys to ask for.

    Raises ``Refused`` for what has not the form of a signed token, is too long, or names a member
    twice (two readers could see two different values).
    """
    if not isinstance(token, str):
        raise Refused(TOKEN_FORM)
    if len(token) > LONGEST:
        raise Refused(TOKEN_SIZE, f"{len(token)} characters")
    parts = token.split(".")
    if len(parts) != 3:
        raise Refused(TOKEN_FORM, f"{len(parts)} parts")
    if not all(_PART.fullmatch(part) for part in parts[:2]):
        raise Refused(TOKEN_FORM, "not base64url")
    header = _read_object(parts[0])
    if "crit" in header or "b64" in header:
        # Extensions one has to understand (RFC 7515, section 4.1.11): there are none in LTI.
        raise Refused(TOKEN_FORM, "crit")
    return header, _read_object(parts[1])


def verify(token: Any, jwks: Any) -> dict[str, Any]:
    """The claims of ``token``, signed by a key of ``jwks`` (``{"keys": [...]}``, RFC 7517).

    Checks the signature, never what the claims say. Raises ``Refused``; with ``UNKNOWN_KID`` a
    caller may fetch the keys anew, once.
    """
    header, claims = read_unverified(token)
    if header.get("alg") != ALGORITHM:
        raise Refused(TOKEN_ALGORITHM, str(header.get("alg")))
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Refused(TOKEN_KID)
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    named = [
        jwk
        for jwk in (keys if isinstance(keys, list) else [])
        if isinstance(jwk, dict) and jwk.get("kid") == kid
    ]
    if not named:
        raise Refused(UNKNOWN_KID, kid)
    usable = [key for jwk in named[:MOST_KEYS] if (key := public_key(jwk)) is not None]
    if not usable:
        raise Refused(TOKEN_KEY, kid)
    if not any(_signed_by(token, key) for key in usable):
        raise Refused(TOKEN_SIGNATURE)
    return claims


def public_key(jwk: dict[str, Any]) -> RSAPublicKey | None:
    """The RSA key of a JWK, or None where it cannot verify RS256."""
    if jwk.get("kty") != "RSA" or jwk.get("use", "sig") != "sig":
        return None
    if jwk.get("alg", ALGORITHM) != ALGORITHM:
        return None
    try:
        # Only the public half, whatever somebody pasted.
        key = _loaded(jwk["n"], jwk["e"])
    except (PyJWTError, KeyError, ValueError, TypeError, AttributeError):
        return None
    if not isinstance(key, RSAPublicKey) or key.key_size < FEWEST_BITS:
        return None
    return key


@lru_cache(maxsize=64)
def _loaded(n: str, e: str) -> Any:
    return PyJWK.from_dict({"kty": "RSA", "n": n, "e": e}, ALGORITHM).key


def _signed_by(token: str, key: RSAPublicKey) -> bool:
    try:
        _JWS.decode(token, key, algorithms=[ALGORITHM])
    except PyJWTError:
        return False
    return True


def _read_object(part: str) -> dict[str, Any]:
    try:
        text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        value = json.loads(
            text.decode(), object_pairs_hook=_once_each, parse_constant=_no_such_number
        )
    except (ValueError, RecursionError) as error:
        raise Refused(TOKEN_FORM, "not JSON") from error
    if not isinstance(value, dict):
        raise Refused(TOKEN_FORM, "not an object")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A member is there twice.")
    return found


def _no_such_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")
