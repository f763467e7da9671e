"""Whose a badge is: the e-mail addresses it names, mostly as salted hashes.

Sources: Open Badges 3.0, B.2.11 (IdentityObject); Open Badges 2.0, "IdentityObject".
"""

import hashlib
import hmac
from collections.abc import Iterable

from .errors import OpenBadgesError, Reason

_HASHES = {"sha256": hashlib.sha256, "md5": hashlib.md5}
MOST_IDENTITIES = 50


def check_recipient(document: dict, emails: Iterable[str]) -> Reason | None:
    """``Reason.OK`` when the badge (of 3.0 or 2.0) names one of the addresses as its recipient;
    None when it names none at all. Raises ``OpenBadgesError`` when it names others."""
    named = [names for identity in _identities(document) if (names := _compared(identity))]
    if not named:
        return None
    for email in emails:
        for address in dict.fromkeys((email.strip(), email.strip().lower())):
            if any(is_it(address) for is_it in named):
                return Reason.OK
    raise OpenBadgesError("This badge was given to somebody else.", Reason.ANOTHERS)


def _identities(document: dict) -> list[dict]:
    """IdentityObjects; an e-mail address in plain sight is written as one that is not hashed."""
    found: list = []
    for subject in _listed(document.get("credentialSubject")):
        if isinstance(subject, dict):
            found += _listed(subject.get("identifier"))
            identifier = subject.get("id")
            if isinstance(identifier, str) and identifier.startswith("mailto:"):
                found.append({"identityHash": identifier.removeprefix("mailto:")})
    for recipient in _listed(document.get("recipient")):
        if isinstance(recipient, dict):
            found.append({**recipient, "identityHash": recipient.get("identity")})
    return [identity for identity in found if isinstance(identity, dict)][:MOST_IDENTITIES]


def _compared(identity: dict):
    """A function that tells whether an address is this one; None for other identities."""
    kind = identity.get("identityType", identity.get("type", "emailAddress"))
    value, salt = identity.get("identityHash"), identity.get("salt", "")
    if not isinstance(value, str) or not value or not isinstance(salt, str):
        return None
    if not {"email", "emailAddress", "IdentityObject"} & {k for k in _listed(kind) if k}:
        return None
    algorithm, separator, digest = value.partition("$")
    if not separator:
        if identity.get("hashed") is True:
            return None
        return lambda address: address.casefold() == value.strip().casefold()
    if algorithm not in _HASHES:
        return None
    make = _HASHES[algorithm]

    def is_it(address: str) -> bool:
        found = make((address + salt).encode("utf-8", "replace")).hexdigest()
        return hmac.compare_digest(found.encode(), digest.lower().encode("utf-8", "replace"))

    return is_it


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
