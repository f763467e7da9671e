"""Which addresses speak for an issuer: the verification of Open Badges 2.0's Profile.

Source: Open Badges 2.0, "VerificationObject" (``startsWith``, ``allowedOrigins``).
"""

from urllib.parse import urlsplit

from ..controllers import is_same_origin
from ..errors import OpenBadgesError, Reason
from .documents import listed

MOST_VALUES = 50


def check_scope(assertion_url: str, issuer: dict, issuer_url: str) -> None:
    """Raises ``OpenBadgesError`` unless a hosted assertion at ``assertion_url`` counts as the
    issuer's, whose document was read at ``issuer_url``.

    What the issuer's own document says decides; where it says nothing, the assertion has to be at
    the issuer's host.
    """
    verification = issuer.get("verification")
    verification = verification if isinstance(verification, dict) else {}
    prefixes = _texts(verification.get("startsWith"))
    origins = _texts(verification.get("allowedOrigins"))
    if prefixes and not any(_begins(assertion_url, prefix) for prefix in prefixes):
        raise _outside(assertion_url)
    if origins and not any(_at(assertion_url, origin) for origin in origins):
        raise _outside(assertion_url)
    if not prefixes and not origins and not is_same_origin(assertion_url, issuer_url):
        raise _outside(assertion_url)


def _begins(url: str, prefix: str) -> bool:
    """``https://a.example`` is no beginning of ``https://a.example.evil.example/``."""
    if not url.startswith(prefix):
        return False
    parts = urlsplit(prefix)
    return bool(parts.path) or is_same_origin(url, prefix)


def _at(url: str, origin: str) -> bool:
    """An allowed origin is a host by the standard; some write a whole address."""
    if "://" in origin:
        return is_same_origin(url, origin)
    parts = urlsplit(url)
    return origin.lower() in ((parts.hostname or "").lower(), parts.netloc.lower())


def _texts(value: object) -> list[str]:
    return [each for each in listed(value)[:MOST_VALUES] if isinstance(each, str) and each]


def _outside(url: str) -> OpenBadgesError:
    return OpenBadgesError(
        "The address of this badge is not one that its issuer uses.",
        Reason.OUTSIDE_SCOPE,
        url=url[:300],
    )
