"""did:web identifiers, their documents, and Ed25519 keys as Multikey text.

Sources: did:web method specification; Controlled Identifiers 1.0 (Multikey, section 2.2.2).
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import multibase
from .errors import DidError, Reason

# Multicodec ed25519-pub, as a varint.
_ED25519_PREFIX = b"\xed\x01"
_KEY_BYTES = 32
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def did_web(base_url: str, *path: str) -> str:
    """The did:web of ``base_url`` with ``path`` segments added.

    ``https://badges.example:8443/learn`` with ``issuers``, ``7`` gives
    ``did:web:badges.example%3A8443:learn:issuers:7``. A did:web is always read over https; an
    http address is accepted so that a site under development has an identifier too.
    Raises ``DidError``.
    """
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError as error:
        raise DidError("This web address cannot be read.", Reason.BAD_DID) from error
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
        raise DidError("A web address with https:// and a host is needed.", Reason.BAD_DID)
    if parts.query or parts.fragment or ":" in parts.hostname:
        raise DidError("This web address cannot become an identifier.", Reason.BAD_DID)
    try:
        host = parts.hostname.encode("idna").decode()
    except UnicodeError as error:
        raise DidError("The host of this web address cannot be read.", Reason.BAD_DID) from error
    if port not in (None, _DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{port}"
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    segments += [str(segment) for segment in path]
    for segment in segments:
        if not segment.strip() or "/" in segment or segment in (".", ".."):
            raise DidError("A part of the address is empty or has a slash.", Reason.BAD_DID)
    return ":".join(["did:web", *(_quoted(part) for part in (host, *segments))])


def _quoted(part: str) -> str:
    # "~" is unreserved in URLs but not allowed in a DID.
    return quote(part, safe="").replace("~", "%7E")


def did_document_url(did: str) -> str:
    """Where the document of a did:web is read. Raises ``DidError``."""
    parts = did.split(":")
    if parts[:2] != ["did", "web"] or len(parts) < 3:
        raise DidError("This is not a did:web identifier.", Reason.BAD_DID)
    if not all(_SEGMENT.fullmatch(part) for part in parts[2:]):
        raise DidError("This did:web identifier is not well formed.", Reason.BAD_DID)
    # Escapes in the path stay: https://host/a%20b is how such a segment is asked for.
    host, segments = unquote(parts[2]), parts[3:]
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", host):
        raise DidError("This did:web identifier names no host.", Reason.BAD_DID)
    if any(unquote(segment) in (".", "..") for segment in segments):
        raise DidError("This did:web identifier is not well formed.", Reason.BAD_DID)
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{host}/{path}/did.json"


def encode_multikey(public_key: Ed25519PublicKey) -> str:
    """``z6Mk…``: the key as it stands in a DID document."""
    return multibase.encode(_ED25519_PREFIX + public_key.public_bytes_raw())


def decode_multikey(text: str) -> Ed25519PublicKey:
    """The key behind ``z6Mk…``. Raises ``DidError``."""
    refusal = DidError("This is not an Ed25519 public key.", Reason.BAD_KEY)
    try:
        data = multibase.decode(text)
    except ValueError as error:
        raise refusal from error
    if not data.startswith(_ED25519_PREFIX) or len(data) != len(_ED25519_PREFIX) + _KEY_BYTES:
        raise refusal
    return Ed25519PublicKey.from_public_bytes(data[len(_ED25519_PREFIX) :])


def verification_method(did: str, public_key: Ed25519PublicKey) -> str:
    """``did#z6Mk…``: the name of a key that a proof refers to."""
    return f"{did}#{encode_multikey(public_key)}"


def did_document(did: str, public_keys: Iterable[Ed25519PublicKey]) -> dict:
    """The DID document with every key that ever signed, the newest first.

    A retired key stays in both lists: a verifier accepts an old badge only when the key that
    signed it is still allowed to make assertions. Raises ``DidError`` without any key.
    """
    keys = list(dict.fromkeys(encode_multikey(key) for key in public_keys))
    if not keys:
        raise DidError("An issuer needs at least one key.", Reason.BAD_KEY)
    methods = [
        {
            "id": f"{did}#{key}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": key,
        }
        for key in keys
    ]
    return {
        "@context": list(_CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
