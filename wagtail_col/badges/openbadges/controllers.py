"""Whose key it is: keys in the documents that issuers publish about themselves.

Sources: Controlled Identifiers 1.0, sections 2 and 3.3; did:key method specification; did:web
method specification; RFC 7517, section 5 (key sets, for issuers that are web addresses).
"""

from urllib.parse import urlsplit

from .did import decode_multikey, did_document_url
from .errors import DidError, KeyUnknownError, OpenBadgesError, ProofError, Reason
from .jwk import PublicKey, read_jwk

# More keys than an issuer ever has.
MOST_KEYS = 200
_PURPOSE = "assertionMethod"


def document_url(method: str) -> str | None:
    """Where the document is that says whose key ``method`` is; None when the name is the key.

    Raises ``DidError`` for an identifier of a kind that is not read here.
    """
    controller = method.partition("#")[0]
    if controller.startswith("did:key:"):
        return None
    if controller.startswith("did:web:"):
        return did_document_url(controller)
    if controller.startswith(("https://", "http://")):
        return controller
    raise DidError(
        "Issuers of this kind cannot be looked up here.",
        Reason.DID_UNSUPPORTED,
        id=controller[:200],
    )


def key_of_did_key(method: str) -> PublicKey:
    """The key that a did:key is. Raises ``DidError`` and ``KeyUnknownError``."""
    did, _hash, fragment = method.partition("#")
    multikey = did.removeprefix("did:key:")
    if fragment and fragment != multikey:
        raise KeyUnknownError(method)
    return decode_multikey(multikey)


def key_in(document: dict, method: str) -> PublicKey:
    """The key that ``document`` (from ``document_url``) publishes under the name ``method``.

    It has to be the document of the controller, and allow the key to make assertions. A document
    about an issuer that is a web address may also be one JWK or a set of them. Raises
    ``KeyUnknownError``, ``DidError``, and ``ProofError`` when it names no keys at all.
    """
    controller, _hash, fragment = method.partition("#")
    if _is_web(controller):
        if "kty" in document:
            return read_jwk(document)
        if "keys" in document:
            return _key_in_set(document["keys"], method, fragment)
    for entry in _methods(document, controller):
        if _absolute(entry.get("id"), controller) == method:
            return _key_of(entry)
    raise KeyUnknownError(method)


def keys_of(document: dict, controller: str) -> list[PublicKey]:
    """Every key with which the controller may make assertions. Raises ``ProofError``."""
    if _is_web(controller) and isinstance(document.get("keys"), list):
        entries = [{"publicKeyJwk": jwk} for jwk in document["keys"][:MOST_KEYS]]
    else:
        entries = _methods(document, controller)
    keys = []
    for entry in entries:
        try:
            keys.append(_key_of(entry))
        except OpenBadgesError:
            # Of a kind that is not used here; another one may fit.
            continue
    return keys


def is_same_origin(one: str, other: str) -> bool:
    """Whether two web addresses are of one host. Plain http counts as the same: it is never
    spoken, but old identifiers are written with it."""
    first, second = _origin(one), _origin(other)
    return first is not None and first == second


def host_of(identifier: str) -> str:
    """The host behind a did:web or a web address, for people; "" when there is none."""
    try:
        url = document_url(identifier)
    except DidError:
        return ""
    origin = _origin(url) if url else None
    return (origin[0] if origin[1] is None else f"{origin[0]}:{origin[1]}") if origin else ""


def _methods(document: dict, controller: str) -> list[dict]:
    """The verification methods of the controller's own document that may assert something."""
    if document.get("id") != controller:
        raise DidError("This document is about somebody else.", Reason.KEY_NOT_PUBLISHED)
    listed = document.get("verificationMethod")
    allowed = document.get(_PURPOSE)
    if not isinstance(listed, list) and not isinstance(allowed, list):
        raise ProofError("This document names no keys.", Reason.KEY_NOT_PUBLISHED)
    entries = [entry for entry in listed or [] if isinstance(entry, dict)][:MOST_KEYS]
    if not isinstance(allowed, list):
        # A DID document has to say what a key is for; profiles at web addresses often do not.
        return entries if _is_web(controller) else []
    names = {_absolute(name, controller) for name in allowed if isinstance(name, str)}
    found = [entry for entry in entries if _absolute(entry.get("id"), controller) in names]
    found += [entry for entry in allowed[:MOST_KEYS] if isinstance(entry, dict)]
    return [entry for entry in found if entry.get("controller", controller) == controller]


def _key_of(entry: dict) -> PublicKey:
    if "revoked" in entry:
        raise DidError("This key was taken out of use.", Reason.BAD_KEY)
    if "publicKeyMultibase" in entry:
        return decode_multikey(entry["publicKeyMultibase"])
    return read_jwk(entry.get("publicKeyJwk"))


def _key_in_set(keys: object, method: str, fragment: str) -> PublicKey:
    listed = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    named = [key for key in listed[:MOST_KEYS] if key.get("kid") in (method, fragment or method)]
    if not named and len(listed) == 1 and "kid" not in listed[0]:
        named = listed
    if len(named) != 1:
        raise KeyUnknownError(method)
    return read_jwk(named[0])


def _absolute(name: object, controller: str) -> str | None:
    if not isinstance(name, str):
        return None
    return f"{controller}{name}" if name.startswith("#") else name


def _is_web(controller: str) -> bool:
    return controller.startswith(("https://", "http://"))


def _origin(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.hostname.lower(), None if port in (80, 443) else port
