"""Public keys as JSON Web Keys: what a token's header and other organisations' documents carry.

Sources: RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
"""

import base64
import binascii
import re

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from .errors import DidError, Reason

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

# RSA keys below are not believed (RFC 7518, 3.3); above, checking them costs more than a badge.
FEWEST_BITS = 2048
MOST_BITS = 8192
_COORDINATE_BYTES = 32
_PART = re.compile(r"[A-Za-z0-9_-]*")


def write_jwk(public_key: PublicKey) -> dict:
    """The public key as a JWK without a name. Raises ``DidError`` for a curve other than P-256."""
    if isinstance(public_key, Ed25519PublicKey):
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": encode_base64url(public_key.public_bytes_raw()),
        }
    numbers = public_key.public_numbers()
    if isinstance(public_key, RSAPublicKey):
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    if not isinstance(public_key.curve, SECP256R1):
        raise _bad()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _number(numbers.x, _COORDINATE_BYTES),
        "y": _number(numbers.y, _COORDINATE_BYTES),
    }


def read_jwk(jwk: object) -> PublicKey:
    """The public key of a JWK; members beside the public half are not looked at.

    Ed25519, P-256, and RSA of 2048 to 8192 bits. Raises ``DidError`` for any other.
    """
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        raise _bad()
    kind = (jwk.get("kty"), jwk.get("crv"))
    try:
        if kind == ("OKP", "Ed25519"):
            return Ed25519PublicKey.from_public_bytes(decode_base64url(jwk.get("x")))
        if kind == ("EC", "P-256"):
            x, y = (decode_base64url(jwk.get(name)) for name in "xy")
            if len(x) != _COORDINATE_BYTES or len(y) != _COORDINATE_BYTES:
                raise _bad()
            point = EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), SECP256R1())
            return point.public_key()
        if kind[0] == "RSA":
            modulus, exponent = (decode_base64url(jwk.get(name)) for name in "ne")
            if len(modulus) * 8 > MOST_BITS + 8 or len(exponent) > 4:
                raise _bad()
            numbers = RSAPublicNumbers(int.from_bytes(exponent), int.from_bytes(modulus))
            return checked_rsa(numbers.public_key())
    except ValueError as error:
        raise _bad() from error
    raise _bad()


def checked_rsa(key: RSAPublicKey) -> RSAPublicKey:
    """``key`` when it is of a usable size. Raises ``DidError``."""
    if not FEWEST_BITS <= key.key_size <= MOST_BITS:
        raise _bad()
    return key


def encode_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_base64url(text: object) -> bytes:
    """The bytes behind ``text``, which has one spelling only: no padding, no spare bits.

    Raises ValueError.
    """
    if not isinstance(text, str) or not _PART.fullmatch(text):
        raise ValueError("not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if encode_base64url(data) != text:
        raise ValueError("not base64url in its one spelling")
    return data


def _number(number: int, length: int = 0) -> str:
    return encode_base64url(number.to_bytes(length or (number.bit_length() + 7) // 8))


def _bad() -> DidError:
    return DidError("This is not a public key that can be used here.", Reason.BAD_KEY)
