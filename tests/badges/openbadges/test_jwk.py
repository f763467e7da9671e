import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.badges.openbadges import did
from wagtail_col.badges.openbadges.errors import DidError
from wagtail_col.badges.openbadges.jwk import decode_base64url, read_jwk, write_jwk

P256 = ec.generate_private_key(ec.SECP256R1()).public_key()
KEYS = {
    "p256": P256,
    "ed25519": Ed25519PrivateKey.generate().public_key(),
    "rsa": rsa.generate_private_key(65537, 2048).public_key(),
}


@pytest.mark.parametrize("name", KEYS)
def test_there_and_back(name):
    jwk = write_jwk(KEYS[name])
    assert read_jwk({**jwk, "d": "secret", "kid": "x", "use": "sig"}) == KEYS[name]
    assert "d" not in jwk


def test_multikeys():
    # Controlled Identifiers 1.0, section 2.2.2, and did:key's test vectors for P-256.
    text = "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
    assert did.encode_multikey(did.decode_multikey(text)) == text
    assert did.decode_multikey(did.encode_multikey(P256)) == P256
    with pytest.raises(DidError):
        did.encode_multikey(ec.generate_private_key(ec.SECP384R1()).public_key())


EC, RSA = write_jwk(P256), write_jwk(KEYS["rsa"])


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        {},
        {**EC, "use": "enc"},
        {**EC, "crv": "P-384"},
        {**EC, "crv": "secp256k1"},
        {**EC, "y": EC["x"]},
        {**EC, "x": EC["x"] + "="},
        {**EC, "x": "AQ"},
        {**EC, "x": 5},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQ"},
        {"kty": "oct", "k": "AQ"},
        {**RSA, "n": "AQAB"},
        {**RSA, "e": "A" * 50},
        {**RSA, "n": "_" * 4000},
        {"kty": ["EC"], "crv": "P-256"},
        write_jwk(rsa.generate_private_key(65537, 1024).public_key()),
    ],
    ids=range(17),
)
def test_what_is_no_key(jwk):
    with pytest.raises(DidError):
        read_jwk(jwk)


@given(st.text("AQgw_-=+/ \n", max_size=8))
def test_base64url_has_one_spelling(text):
    try:
        data = decode_base64url(text)
    except ValueError:
        return
    import base64

    assert base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text
