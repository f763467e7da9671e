"""Access tokens for our services: a tool shows who it is with a signed assertion, and gets one.

Sources: Security Framework 1.0, section 4.1 (client credentials with JSON Web Tokens); RFC 6749,
sections 4.4 and 5; RFC 7521 and 7523; RFC 9068 (access tokens that are JSON Web Tokens).
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.requirements import Refused, Requirement, requirement

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: Type of the access token (RFC 9068, 2.1): no other token of ours has it.
ACCESS_TOKEN_TYPE = "at+jwt"  # noqa: S105
#: Seconds an access token is good for (Security Framework 1.0, 7.4 recommends an hour).
LIFETIME = 3600
#: Seconds a tool's clock may be ahead of ours.
LEEWAY = 60
#: Seconds an assertion may be good for. Its identifier is remembered that long.
LONGEST_ASSERTION = 3600 + LEEWAY

MESSAGE_TYPE = "https://purl.imsglobal.org/spec/lti/claim/message_type"
DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"

_SECTION = "Security Framework 1.0, 4.1.1"
_TELL = _("The course provider asks for access in a wrong way. Tell its support.")


def _client(
    code: str, field: str, says: Any, mend: Any = _TELL, section: str = _SECTION
) -> Requirement:
    return requirement(code, section, field, says, mend, error="invalid_client", status=400)


TOKEN_PARAMETERS = requirement(
    "token-parameters",
    "RFC 6749, 3.2",
    "body",
    _("The request for access is not a form with each parameter once."),
    _TELL,
)
TOKEN_GRANT_MISSING = requirement(
    "token-grant-missing",
    "RFC 6749, 4.4.2",
    "grant_type",
    _("The request for access does not say how access is granted."),
    _TELL,
)
TOKEN_GRANT = requirement(
    "token-grant",
    "RFC 6749, 4.4.2",
    "grant_type",
    _("Access is asked for in a way other than “client_credentials”."),
    _TELL,
    error="unsupported_grant_type",
)
TOKEN_SCOPE = requirement(
    "token-scope",
    "RFC 6749, 5.2",
    "scope",
    _("The course provider asked for nothing that it may do here."),
    _("If it should, give it the permission (scores, lists of learners) in its settings here."),
    error="invalid_scope",
)
ASSERTION_TYPE_WRONG = _client(
    "assertion-type",
    "client_assertion_type",
    _("The course provider does not say that it shows who it is by a signed token."),
    section="RFC 7521, 4.2",
)
ASSERTION_MISSING = _client(
    "assertion-missing",
    "client_assertion",
    _("The course provider did not show who it is."),
    section="RFC 7521, 4.2",
)
ASSERTION_CLIENT = _client(
    "assertion-client",
    "sub",
    _("The client id is not known here."),
    _("Compare the client id in the course provider’s settings with the one shown here."),
)
ASSERTION_STATE = _client(
    "assertion-state",
    "sub",
    _("This course provider is not in use."),
    _("It gets access as soon as it is approved here."),
)
ASSERTION_CLAIM = _client(
    "assertion-claim",
    "client_assertion",
    _("The token that shows who the course provider is lacks something."),
    _("It needs iss, sub, aud, exp, iat and jti. Tell the course provider’s support."),
)
ASSERTION_ISSUER = _client(
    "assertion-issuer",
    "iss",
    _("The token was not issued by the course provider for itself."),
    _("Its “iss” and “sub” both have to be the client id shown here."),
)
ASSERTION_AUDIENCE = _client(
    "assertion-audience",
    "aud",
    _("The token is meant for somebody else."),
    _(
        "Its “aud” has to be our access token URL, or our issuer: compare both with the course"
        " provider’s settings."
    ),
)
ASSERTION_TIME = _client(
    "assertion-time",
    "exp",
    _("The token is too old, not valid yet, or valid for too long."),
    _(
        "Often a clock is wrong: compare the course provider’s with ours. A token lasts an hour at"
        " most."
    ),
)
ASSERTION_REPLAY = _client(
    "assertion-replay",
    "jti",
    _("The token was used before."),
    _("The course provider has to make a new token for each request."),
)
ASSERTION_MESSAGE = _client(
    "assertion-message",
    "message_type",
    _("A message of LTI was sent instead of a token that shows who the course provider is."),
)
ASSERTION_DEPLOYMENT = _client(
    "assertion-deployment",
    "deployment_id",
    _("The deployment id is not the one given here."),
    _("Compare the deployment id in the course provider’s settings with the one shown here."),
)

ACCESS_MISSING = requirement(
    "access-missing",
    "RFC 6750, 2.1",
    "Authorization",
    _("The request came without an access token."),
    _("The course provider has to send its access token in the header “Authorization: Bearer”."),
    error="invalid_request",
    status=401,
)
ACCESS_TOKEN = requirement(
    "access-token",
    "RFC 6750, 3.1",
    "Authorization",
    _("The access token is not valid, not valid any more, or not ours."),
    _("The course provider has to ask for a new one. It has none while it is not in use here."),
    error="invalid_token",
    status=401,
)
ACCESS_SCOPE = requirement(
    "access-scope",
    "RFC 6750, 3.1",
    "scope",
    _("The access token does not allow this."),
    _("Give the course provider the permission here, or have it ask for the right scope."),
    error="insufficient_scope",
    status=403,
)


@dataclass(frozen=True)
class TokenRequest:
    """A request for access as it was sent: nothing of it is believed yet."""

    assertion: str
    scopes: tuple[str, ...]
    #: Beside the assertion some tools send it as a parameter too; "" when they do not.
    client_id: str


@dataclass(frozen=True)
class Access:
    """What an access token says."""

    client_id: str
    deployment_id: str
    scopes: frozenset[str]


def read_request(form: Mapping[str, list[str]]) -> TokenRequest:
    """A request for access from the parameters of its form. Raises ``Refused``."""
    once = {}
    for name, values in form.items():
        if len(values) != 1:
            raise Refused(TOKEN_PARAMETERS, f"{name[:60]} is there {len(values)} times")
        once[name] = values[0]
    if not once.get("grant_type"):
        raise Refused(TOKEN_GRANT_MISSING)
    if once["grant_type"] != GRANT_TYPE:
        raise Refused(TOKEN_GRANT, once["grant_type"][:60])
    if once.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refused(ASSERTION_TYPE_WRONG, once.get("client_assertion_type", "")[:80])
    if not once.get("client_assertion"):
        raise Refused(ASSERTION_MISSING)
    return TokenRequest(
        assertion=once["client_assertion"],
        scopes=tuple(once.get("scope", "").split()),
        client_id=once.get("client_id", ""),
    )


def claimed_client(request: TokenRequest) -> str:
    """Who the assertion says it is from, not verified: to find out whose keys to ask for."""
    _header, claims = jwt.read_unverified(request.assertion)
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or not client_id:
        raise Refused(ASSERTION_CLAIM, "sub")
    if request.client_id and request.client_id != client_id:
        raise Refused(ASSERTION_ISSUER, "client_id is another one")
    return client_id


def check_assertion(
    claims: Mapping[str, Any],
    *,
    client_id: str,
    deployment_id: str,
    audiences: Collection[str],
    now: float,
) -> None:
    """What a verified assertion has to say. ``now`` in seconds since 1970. Raises ``Refused``.

    Afterwards the caller remembers its ``jti`` until ``exp``.
    """
    for name in ("iss", "sub", "aud", "exp", "iat", "jti"):
        if claims.get(name) in (None, "", []):
            raise Refused(ASSERTION_CLAIM, name)
    if MESSAGE_TYPE in claims:
        raise Refused(ASSERTION_MESSAGE, str(claims[MESSAGE_TYPE])[:60])
    for name in ("iss", "sub"):
        if claims[name] != client_id:
            raise Refused(ASSERTION_ISSUER, name)
    audience = claims["aud"]
    meant_for = audience if isinstance(audience, list) else [audience]
    if not any(isinstance(one, str) and one in audiences for one in meant_for):
        raise Refused(ASSERTION_AUDIENCE, str(audience)[:200])
    _check_times(claims, now)
    if not isinstance(claims["jti"], str):
        raise Refused(ASSERTION_CLAIM, "jti is not a string")
    if claims.get(DEPLOYMENT) not in (None, "", deployment_id):
        raise Refused(ASSERTION_DEPLOYMENT)


def granted(asked: Iterable[str], permitted: Collection[str]) -> list[str]:
    """The scopes that are asked for and permitted, each once. Raises ``Refused`` without any."""
    given = [scope for scope in dict.fromkeys(asked) if scope in permitted]
    if not given:
        raise Refused(TOKEN_SCOPE)
    return given


def issue(
    key: jwt.PrivateKey,
    *,
    issuer: str,
    audience: str,
    client_id: str,
    deployment_id: str,
    scopes: Iterable[str],
    now: int,
) -> str:
    """An access token for one client and deployment: not for one context.

    Tools post to a line item of another context with the token of the first.
    """
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": client_id,
        "client_id": client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": secrets.token_urlsafe(16),
        "scope": " ".join(scopes),
        DEPLOYMENT: deployment_id,
    }
    return jwt.sign(claims, key, typ=ACCESS_TOKEN_TYPE)


def bearer(header: str | None) -> str:
    """The token of an ``Authorization`` header. Raises ``Refused`` when there is none."""
    scheme, _space, token = (header or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(ACCESS_MISSING)
    return token.strip()


def read_access(
    token: str, jwks: Mapping[str, Any], *, issuer: str, audience: str, now: float
) -> Access:
    """What an access token of ours allows, verified with our own keys. Raises ``Refused``."""
    try:
        header, _claims = jwt.read_unverified(token)
        claims = jwt.verify(token, jwks)
    except Refused as refused:
        raise Refused(ACCESS_TOKEN, refused.requirement.code) from refused
    # Messages are signed with the same keys: their type, issuer and audience tell them apart.
    if header.get("typ") != ACCESS_TOKEN_TYPE:
        raise Refused(ACCESS_TOKEN, "not an access token")
    if claims.get("iss") != issuer or claims.get("aud") != audience:
        raise Refused(ACCESS_TOKEN, "not for our services")
    if not now < _seconds(claims.get("exp"), -math.inf):
        raise Refused(ACCESS_TOKEN, "expired")
    return Access(
        client_id=str(claims.get("sub", "")),
        deployment_id=str(claims.get(DEPLOYMENT, "")),
        scopes=frozenset(str(claims.get("scope", "")).split()),
    )


def check_scope(access: Access, permitted: Collection[str], any_of: Iterable[str]) -> None:
    """One of these scopes has to be in the token, and still be permitted. Raises ``Refused``."""
    wanted = list(any_of)
    if not any(scope in access.scopes and scope in permitted for scope in wanted):
        raise Refused(ACCESS_SCOPE, f"needs {' or '.join(wanted)}")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = _seconds(claims["exp"]), _seconds(claims["iat"])
    if expires <= now:
        raise Refused(ASSERTION_TIME, f"expired {now - expires:.0f} seconds ago")
    if issued > now + LEEWAY:
        raise Refused(ASSERTION_TIME, f"issued {issued - now:.0f} seconds from now")
    if expires > now + LONGEST_ASSERTION or expires - issued > LONGEST_ASSERTION:
        raise Refused(ASSERTION_TIME, f"valid for {expires - min(issued, now):.0f} seconds")
    if "nbf" in claims and _seconds(claims["nbf"]) > now + LEEWAY:
        raise Refused(ASSERTION_TIME, "not valid yet")


def _seconds(value: Any, otherwise: float | None = None) -> float:
    """A number of seconds since 1970 (RFC 7519, 2: NumericDate), or ``otherwise``."""
    # A year far beyond any token: larger numbers are nonsense that no clock can be compared with.
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**40:
        return float(value)
    if otherwise is None:
        raise Refused(ASSERTION_TIME, "not a number of seconds")
    return otherwise
