import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import serialization

from tests.lti import build
from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.requirements import Refused

CLAIMS = {"iss": "client", "aud": "http://testserver", "n": 1}


def refusal(token, jwks=None) -> str:
    with pytest.raises(Refused) as caught:
        jwt.verify(token, build.jwks() if jwks is None else jwks)
    return caught.value.requirement.code


def raw(part) -> str:
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def test_a_token_of_the_tool_says_its_claims():
    assert jwt.verify(build.sign_as_tool(CLAIMS), build.jwks("another", build.TOOL_KID)) == CLAIMS


def test_our_own_token_names_key_and_type_and_verifies():
    key = build.private_key()
    token = jwt.sign(CLAIMS, key)
    header, claims = jwt.read_unverified(token)
    assert header == {"alg": "RS256", "typ": "JWT", "kid": key.kid}
    assert claims == CLAIMS
    assert jwt.verify(token, build.jwks(key.kid)) == CLAIMS


def test_signing_leaves_the_claims_alone():
    claims = dict(CLAIMS)
    jwt.sign(claims, build.private_key())
    assert claims == CLAIMS


def test_an_unsigned_token_is_refused():
    token = build.sign_as_tool(CLAIMS, algorithm="none", key="")
    assert refusal(token) == "token-algorithm"


def test_hs256_with_the_public_key_as_its_secret_is_refused():
    pem = (
        build.rsa_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    signing_input = f"{raw({'alg': 'HS256', 'kid': build.TOOL_KID})}.{raw(CLAIMS)}"
    signature = hmac.new(pem, signing_input.encode(), hashlib.sha256).digest()
    assert refusal(f"{signing_input}.{raw(signature)}") == "token-algorithm"


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_other_rsa_algorithms_are_refused(algorithm):
    assert refusal(build.sign_as_tool(CLAIMS, algorithm=algorithm)) == "token-algorithm"


def test_a_token_without_kid_is_refused():
    assert refusal(build.sign_as_tool(CLAIMS, kid=None)) == "token-kid"


def test_an_unknown_kid_says_so_for_one_more_fetch():
    token = build.sign_as_tool(CLAIMS, kid="newer")
    assert refusal(token) == "unknown-kid"
    assert refusal(token, {"keys": []}) == "unknown-kid"


@pytest.mark.parametrize("jwks", [[], "keys", None, {"keys": None}, {"keys": ["x", 1]}, {}])
def test_a_key_set_that_is_none_knows_no_key(jwks):
    with pytest.raises(Refused) as caught:
        jwt.verify(build.sign_as_tool(CLAIMS), jwks)
    assert caught.value.requirement is jwt.UNKNOWN_KID


def test_a_signature_by_another_key_of_that_name_is_refused():
    assert refusal(build.sign_as_tool(CLAIMS, key=build.rsa_key("thief"))) == "token-signature"


def test_a_changed_payload_is_refused():
    header, _payload, signature = build.sign_as_tool(CLAIMS).split(".")
    assert refusal(f"{header}.{raw({**CLAIMS, 'n': 2})}.{signature}") == "token-signature"


def test_two_keys_of_one_name_are_both_tried():
    keys = [build.public_jwk(key=build.rsa_key("other")), build.public_jwk()]
    assert jwt.verify(build.sign_as_tool(CLAIMS), {"keys": keys}) == CLAIMS


@pytest.mark.parametrize(
    "members",
    [
        {"kty": "EC"},
        {"use": "enc"},
        {"alg": "RS512"},
        {"n": ""},
        {"n": 5},
        {"e": "AQ"},
        {"kty": "oct", "k": "c2VjcmV0"},
    ],
)
def test_a_key_that_cannot_verify_rs256_is_refused(members):
    keys = {"keys": [build.public_jwk(**members)]}
    assert refusal(build.sign_as_tool(CLAIMS), keys) == "token-key"


def test_a_key_of_1024_bits_is_not_believed():
    weak = build.rsa_key("weak", bits=1024)
    keys = {"keys": [build.public_jwk(key=weak)]}
    assert refusal(build.sign_as_tool(CLAIMS, key=weak), keys) == "token-key"


@pytest.mark.parametrize(
    "token",
    [
        None,
        7,
        b"a.b.c",
        "",
        "a.b",
        "a.b.c.d",
        "..",
        "ä.b.c",
        f"{raw([1])}.{raw({})}.x",
        f"{raw({})}.{raw('text')}.x",
        f"{raw(b'{not json')}.{raw({})}.x",
        f"{raw(b'{}')}.{raw(bytes([255, 254]))}.x",
        f"{raw({})}.{raw(b'[' * 100_000)}.x",
        ".".join([raw({}), raw(b'{"a": NaN}'), "x"]),
    ],
)
def test_what_is_no_token_is_refused(token):
    assert refusal(token) == "token-form"


def test_a_member_that_is_there_twice_is_refused():
    twice = raw(b'{"alg":"RS256","kid":"tool-key","kid":"other"}')
    assert refusal(f"{twice}.{raw(CLAIMS)}.x") == "token-form"


def test_an_extension_one_would_have_to_understand_is_refused():
    assert refusal(build.sign_as_tool(CLAIMS, headers={"crit": ["exp"]})) == "token-form"


def test_a_token_beyond_256_kb_is_not_read():
    assert refusal(build.sign_as_tool({"data": "x" * jwt.LONGEST})) == "token-size"
