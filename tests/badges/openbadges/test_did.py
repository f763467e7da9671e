import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.badges.openbadges import did, multibase
from wagtail_col.badges.openbadges.errors import DidError, Reason


@pytest.mark.parametrize(
    ("base", "path", "expected", "url"),
    [
        (
            "https://city.example",
            (),
            "did:web:city.example",
            "https://city.example/.well-known/did.json",
        ),
        (
            "https://city.example:8443/",
            ("issuers", "7"),
            "did:web:city.example%3A8443:issuers:7",
            "https://city.example:8443/issuers/7/did.json",
        ),
        (
            "https://city.example/learn/",
            ("a b~",),
            "did:web:city.example:learn:a%20b%7E",
            "https://city.example/learn/a%20b%7E/did.json",
        ),
        (
            "http://127.0.0.1:8000",
            ("x",),
            "did:web:127.0.0.1%3A8000:x",
            "https://127.0.0.1:8000/x/did.json",
        ),
        (
            "https://bücher.example:443",
            (),
            "did:web:xn--bcher-kva.example",
            "https://xn--bcher-kva.example/.well-known/did.json",
        ),
    ],
)
def test_did_web_and_back(base, path, expected, url):
    assert did.did_web(base, *path) == expected
    assert did.did_document_url(expected) == url


@pytest.mark.parametrize(
    "base",
    ["", "city.example", "ftp://city.example", "https://", "https://user:pw@city.example",
     "https://city.example/?a=1", "https://city.example/#a", "https://[::1]/",
     "https://city.example:99999", "https://city.example/a%2Fb", "https://city.example/../x"],
)  # fmt: skip
def test_addresses_that_cannot_be_identifiers(base):
    with pytest.raises(DidError) as caught:
        did.did_web(base)
    assert caught.value.code == Reason.BAD_DID


@pytest.mark.parametrize(
    "value",
    ["", "did:web", "did:web:", "did:key:z6Mk", "did:web:a%2Fb", "did:web:user%40host",
     "did:web:host:a/b", "did:web:host::b", "did:web:host:..", "did:web:host%3A8000%3Fx",
     "did:web:host:%2e%2e", "did:web:host#z6"],
)  # fmt: skip
def test_identifiers_that_cannot_be_read(value):
    with pytest.raises(DidError):
        did.did_document_url(value)


def test_multikey_of_a_published_key():
    # Data Integrity EdDSA Cryptosuites 1.0, test vectors.
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    key = did.decode_multikey(text)
    assert did.encode_multikey(key) == text


@given(st.binary(min_size=32, max_size=32))
def test_multikey_round_trip(data):
    key = Ed25519PublicKey.from_public_bytes(data)
    text = did.encode_multikey(key)
    assert text.startswith("z6Mk")
    assert did.decode_multikey(text).public_bytes_raw() == data


@given(st.binary(max_size=64))
def test_base58_round_trip(data):
    assert multibase.decode(multibase.encode(data)) == data


@pytest.mark.parametrize("text", ["", "z", "z6Mk", "u6Mk", "z0OIl", "z" + "1" * 200, "zé", None])
def test_keys_that_are_none(text):
    with pytest.raises(DidError) as caught:
        did.decode_multikey(text)
    assert caught.value.code == Reason.BAD_KEY


def test_document_keeps_retired_keys_allowed():
    keys = [Ed25519PrivateKey.generate().public_key() for _ in range(2)]
    document = did.did_document("did:web:city.example", [*keys, keys[0]])
    names = [did.verification_method("did:web:city.example", key) for key in keys]
    assert document["assertionMethod"] == names
    assert [m["id"] for m in document["verificationMethod"]] == names
    assert {m["type"] for m in document["verificationMethod"]} == {"Multikey"}
    assert {m["controller"] for m in document["verificationMethod"]} == {"did:web:city.example"}
    with pytest.raises(DidError):
        did.did_document("did:web:city.example", [])
