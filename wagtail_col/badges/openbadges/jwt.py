"""Credentials as tokens (VC-JWT): the second form in which a badge is signed.

Sources: Open Badges 3.0, section 8.2 (JSON Web Token Proof Format); RFC 7515; RFC 7519.
``ES256`` signs; ``ES256`` and ``RS256`` are verified, and nothing else: an algorithm is never
chosen by the token alone, it has to be the one of the key.
"""

import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from .dates import read_moment
from .errors import DidError, OpenBadgesError, ProofError, Reason, UnreadableError
from .jwk import PublicKey, checked_rsa, decode_base64url, encode_base64url, read_jwk, write_jwk
from .proof import issuer_id
from .strictjson import MAX_BYTES, read_object

ALGORITHMS = ("ES256", "RS256")
# A token is a third longer than what it carries.
MAX_TOKEN = MAX_BYTES * 4 // 3 + 8192
#: What a token says about itself beside the credential (RFC 7519, 4.1).
COMPARED = ("iss", "jti", "nbf", "sub", "exp")
CLAIMS = (*COMPARED, "iat", "aud")
_HALF = 32
_RENAMED = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was read; nothing in it is proven."""

    header: dict
    payload: dict
    signed: bytes
    signature: bytes

    @property
    def kid(self) -> str:
        kid = self.header.get("kid", "")
        return kid if isinstance(kid, str) else ""

    @property
    def key_inside(self) -> PublicKey | None:
        """The key that the header itself carries (``jwk``): it says nothing about whose it is."""
        if "jwk" not in self.header:
            return None
        try:
            return read_jwk(self.header["jwk"])
        except DidError as error:
            raise ProofError(error.message, error.code) from error


def looks_like_token(text: str) -> bool:
    """Whether ``text`` has the form of a compact JWS. A header of JSON begins with ``eyJ``."""
    return text.startswith("eyJ") and text.count(".") == 2


def sign(document: dict, private_key: ec.EllipticCurvePrivateKey, kid: str) -> str:
    """The credential ``document`` (without a proof) as a compact JWS, signed with ES256.

    ``kid`` names the key by the issuer's DID. The claims say what the credential says; ``sub``
    is left out when the subject has no identifier. Raises ``ProofError``.
    """
    if "proof" in document:
        raise ProofError("This document is signed already.", Reason.SEVERAL_PROOFS)
    header = {
        "alg": "ES256",
        "typ": "JWT",
        "kid": kid,
        "jwk": write_jwk(private_key.public_key()),
    }
    payload = {**document, **_claims(document)}
    signed = f"{_part(header)}.{_part(payload)}"
    r, s = decode_dss_signature(private_key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = r.to_bytes(_HALF) + s.to_bytes(_HALF)
    return f"{signed}.{encode_base64url(signature)}"


def read(token: str) -> Token:
    """Header and payload of ``token``, unproven. Raises ``UnreadableError``."""
    if len(token) > MAX_TOKEN:
        raise UnreadableError("This token is too long.", Reason.TOO_LARGE, limit=MAX_TOKEN)
    parts = token.split(".")
    if len(parts) != 3:
        raise _unreadable()
    try:
        header, payload, signature = (decode_base64url(part) for part in parts)
    except ValueError as error:
        raise _unreadable() from error
    try:
        return Token(
            read_object(header),
            read_object(payload),
            f"{parts[0]}.{parts[1]}".encode(),
            signature,
        )
    except UnreadableError as error:
        if error.code in (Reason.NOT_JSON, Reason.NOT_TEXT, Reason.NOT_AN_OBJECT):
            raise _unreadable() from error
        raise


def check_signature(token: Token, key: PublicKey) -> None:
    """Raises ``ProofError`` unless ``key`` signed ``token``."""
    algorithm = token.header.get("alg")
    if algorithm not in ALGORITHMS:
        raise ProofError(
            f"The token is not signed with {' or '.join(ALGORITHMS)}.", Reason.UNSUPPORTED_PROOF
        )
    if "crit" in token.header or "b64" in token.header:
        # Extensions that one has to understand (RFC 7515, 4.1.11); badges have none.
        raise ProofError("The token asks for an extension.", Reason.UNSUPPORTED_PROOF)
    try:
        if algorithm == "ES256":
            _check_es256(token, key)
        else:
            _check_rs256(token, key)
    except InvalidSignature as error:
        raise ProofError(
            "The signature does not match: something was changed after signing.",
            Reason.SIGNATURE_WRONG,
        ) from error
    except OpenBadgesError as error:
        raise ProofError(error.message, error.code, **error.data) from error


def credential_of(token: Token) -> dict:
    """The credential inside, which says what the token's claims say. Raises ``ProofError``."""
    document = content_of(token)
    check_claims(token, document)
    return document


def content_of(token: Token) -> dict:
    """The credential inside: the payload without claims, or its ``vc``.

    One of VC Data Model 1.1 gets the names that 2.0 has for its dates.
    """
    inner = token.payload.get("vc")
    if not isinstance(inner, dict):
        return {name: value for name, value in token.payload.items() if name not in CLAIMS}
    return {_RENAMED.get(name, name): value for name, value in inner.items()}


def check_claims(token: Token, document: dict) -> None:
    """Raises ``ProofError`` when a claim says something else than the credential.

    One that is missing contradicts nothing, since the credential is signed itself
    (Open Badges 3.0, 8.2.4.1).
    """
    expected = _claims(document)
    for name in COMPARED:
        if name in token.payload and not _same(token.payload[name], expected.get(name)):
            raise ProofError(
                f"“{name}” of the token says something else than the credential.",
                Reason.CLAIM_DIFFERS,
                member=name,
            )


def _same(claim: object, expected: object) -> bool:
    if isinstance(expected, int):
        # A moment may be written with a fraction of a second in one place only.
        return isinstance(claim, int | float) and abs(claim - expected) < 1
    return claim == expected and expected is not None


def _claims(document: dict) -> dict:
    """What the registered claims have to be for this credential."""
    subject = document.get("credentialSubject")
    values = {
        "iss": issuer_id(document),
        "jti": document.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": _seconds(document, "validFrom"),
        "exp": _seconds(document, "validUntil"),
    }
    return {name: value for name, value in values.items() if value is not None}


def _seconds(document: dict, name: str) -> int | None:
    if name not in document:
        return None
    try:
        return int(read_moment(document[name]).timestamp())
    except ValueError as error:
        raise ProofError(
            f"“{name}” is not a date and time with a zone.", Reason.WRONG_MEMBER, member=name
        ) from error


def _check_es256(token: Token, key: PublicKey) -> None:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ProofError("The key is not one for ES256.", Reason.BAD_KEY)
    if len(token.signature) != 2 * _HALF:
        raise ProofError("The signature has the wrong length.", Reason.BAD_PROOF)
    r, s = (int.from_bytes(half) for half in (token.signature[:_HALF], token.signature[_HALF:]))
    key.verify(encode_dss_signature(r, s), token.signed, ec.ECDSA(SHA256()))


def _check_rs256(token: Token, key: PublicKey) -> None:
    if not isinstance(key, RSAPublicKey):
        raise ProofError("The key is not one for RS256.", Reason.BAD_KEY)
    checked_rsa(key).verify(token.signature, token.signed, padding.PKCS1v15(), SHA256())


def _part(value: dict) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return encode_base64url(text.encode())


def _unreadable() -> UnreadableError:
    return UnreadableError("This is not a signed token.", Reason.NOT_A_JWS)
