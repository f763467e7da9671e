"""did:web identifiers, their documents, and Ed25519 and P-256 keys as Multikey text.

Sources: did:web method specification; Controlled Identifiers 1.0 (Multikey, section 2.2.2;
JsonWebKey, section 2.2.3).
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import multibase
from .errors import DidError, Reason
from .jwk import write_jwk

SignersKey = Ed25519PublicKey | EllipticCurvePublicKey

# Multicodec ed25519-pub and p256-pub, as varints, and the bytes of a key (compressed on P-256).
_ED25519_PREFIX = b"\xed\x01"
_P256_PREFIX = b"\x80\x24"
_ED25519_BYTES = 32
_P256_BYTES = 33
# A P-256 key is published twice: as Multikey, and under this name as JWK, which readers of
# tokens look for.
_JWK_NAME = "jwk-"
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_JWK_CONTEXT = "https://w3id.org/security/jwk/v1"


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


def encode_multikey(public_key: SignersKey) -> str:
    """``z6Mk…`` (Ed25519) or ``zDn…`` (P-256): the key as it stands in a DID document."""
    if isinstance(public_key, Ed25519PublicKey):
        return multibase.encode(_ED25519_PREFIX + public_key.public_bytes_raw())
    if not isinstance(public_key.curve, SECP256R1):
        raise DidError("This is not a P-256 public key.", Reason.BAD_KEY)
    point = public_key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return multibase.encode(_P256_PREFIX + point)


def decode_multikey(text: str) -> SignersKey:
    """The key behind ``z6Mk…`` or ``zDn…``. Raises ``DidError``."""
    refusal = DidError("This is not an Ed25519 or P-256 public key.", Reason.BAD_KEY)
    try:
        data = multibase.decode(text)
        prefix, key = data[:2], data[2:]
        if prefix == _ED25519_PREFIX and len(key) == _ED25519_BYTES:
            return Ed25519PublicKey.from_public_bytes(key)
        if prefix == _P256_PREFIX and len(key) == _P256_BYTES:
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)
    except ValueError as error:
        raise refusal from error
    raise refusal


def verification_method(did: str, public_key: SignersKey) -> str:
    """``did#z6Mk…``: the name of a key that a proof refers to."""
    return f"{did}#{encode_multikey(public_key)}"


def token_key_id(did: str, public_key: EllipticCurvePublicKey) -> str:
    """``did#jwk-zDn…``: the name of the same key as JWK, for the ``kid`` of a token."""
    return f"{did}#{_JWK_NAME}{encode_multikey(public_key)}"


def multikey_of(method: str) -> str:
    """The Multikey in the name of one of our keys, whichever of the two names it is."""
    return method.partition("#")[2].removeprefix(_JWK_NAME)


def did_document(did: str, public_keys: Iterable[SignersKey]) -> dict:
    """The DID document with every key that ever signed, the newest first.

    A retired key stays in both lists: a verifier accepts an old badge only when the key that
    signed it is still allowed to make assertions. Raises ``DidError`` without any key.
    """
    keys = {encode_multikey(key): key for key in public_keys}
    if not keys:
        raise DidError("An issuer needs at least one key.", Reason.BAD_KEY)
    methods = [method for key in keys.values() for method in _methods(did, key)]
    contexts = list(_CONTEXTS)
    if any(method["type"] == "JsonWebKey" for method in methods):
        contexts.append(_JWK_CONTEXT)
    return {
        "@context": contexts,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _methods(did: str, key: SignersKey) -> list[dict]:
    methods = [
        {
            "id": verification_method(did, key),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": encode_multikey(key),
        }
    ]
    if isinstance(key, EllipticCurvePublicKey):
        name = token_key_id(did, key)
        methods.append(
            {
                "id": name,
                "type": "JsonWebKey",
                "controller": did,
                "publicKeyJwk": {**write_jwk(key), "kid": name, "alg": "ES256", "use": "sig"},
            }
        )
    return methods
