"""What tools publish as their keys, and what of it is taken."""

import json

import pytest

from tests.lti.build import public_jwk, rsa_key
from wagtail_col.lti.platform import keyset
from wagtail_col.lti.platform.requirements import Refused


def test_only_public_members_of_usable_keys_are_kept():
    good = public_jwk("a")
    found = keyset.read(
        {
            "keys": [
                {**good, "d": "secret", "x5c": ["x" * 5000]},
                public_jwk("b", use="enc"),
                public_jwk("c", alg="PS256"),
                public_jwk("d", rsa_key("small", 1024)),
                {**good, "kid": None},
                {**good, "kid": "k" * 300},
                {"kty": "EC", "crv": "P-256", "kid": "e", "x": "AA", "y": "AA"},
                {"kty": "oct", "k": "c2VjcmV0", "kid": "f"},
                "nonsense",
            ],
            "more": 1,
        }
    )
    assert found == {"keys": [good]}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": [null, 1, "a", []]}',
        b'{"keys": [{"kty": "RSA", "kid": "a", "n": "!!", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "a", "n": 5, "e": []}]}',
        # Its key is another one in each process: not in the test's name.
        pytest.param(json.dumps({"keys": [public_jwk("a", kid=7)]}).encode(), id="a number as kid"),
    ],
)
def test_a_bad_key_set_is_refused(text):
    with pytest.raises(Refused) as refused:
        keyset.read_text(text)
    assert refused.value.requirement is keyset.KEY_SET_FORM


def test_no_more_than_fifty_keys_are_looked_at():
    keys = [public_jwk("a") | {"kid": str(n)} for n in range(60)]
    assert len(keyset.read({"keys": keys})["keys"]) == 50
