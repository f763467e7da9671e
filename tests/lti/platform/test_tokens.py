"""Requests for access and access tokens, whatever somebody sends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lti import build
from wagtail_col.lti.platform import jwt, scopes, tokens
from wagtail_col.lti.platform.requirements import Refused

NOW = 1_800_000_000
FOR = {"client_id": "client", "deployment_id": "d1", "audiences": {"https://a", "https://b"}}
GOOD = {
    "iss": "client",
    "sub": "client",
    "aud": "https://a",
    "exp": NOW + 60,
    "iat": NOW,
    "jti": "1",
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def code(refusal):
    return refusal.value.requirement.code


def test_a_good_assertion_passes():
    tokens.check_assertion(GOOD, now=NOW, **FOR)


@settings(deadline=None)
@given(st.sampled_from(sorted(GOOD)), anything)
def test_an_assertion_with_anything_else_is_refused_or_means_the_same(name, value):
    claims = {**GOOD, name: value}
    try:
        tokens.check_assertion(claims, now=NOW, **FOR)
    except Refused:
        return
    # What passes is still from the client, for us, and in its time.
    assert claims["iss"] == claims["sub"] == "client"
    assert not {"https://a", "https://b"}.isdisjoint(
        claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    )
    assert NOW < claims["exp"] <= NOW + 3660
    assert claims["iat"] <= NOW + 60
    assert isinstance(claims["jti"], str)
    assert claims["jti"]


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3)))
def test_a_form_of_anything_is_refused(form):
    with pytest.raises(Refused):
        tokens.read_request(form)


@settings(deadline=None)
@given(st.text())
def test_a_token_of_any_text_is_refused(text):
    with pytest.raises(Refused) as refusal:
        tokens.read_access(text, build.jwks(), issuer="i", audience="a", now=NOW)
    assert code(refusal) == "access-token"


@settings(deadline=None)
@given(st.none() | st.text())
def test_a_header_has_a_bearer_token_or_is_refused(header):
    try:
        token = tokens.bearer(header)
    except Refused as refused:
        assert refused.requirement.code == "access-missing"
    else:
        assert token
        assert header.strip().lower().startswith("bearer ")


def test_scopes_are_those_asked_for_and_permitted_in_the_order_asked_for():
    asked = [scopes.SCORE, "x", scopes.LINE_ITEM, scopes.SCORE]
    assert tokens.granted(asked, set(scopes.GRADES)) == [scopes.SCORE, scopes.LINE_ITEM]
    for nothing in ([], ["x"], [scopes.MEMBERS_READ]):
        with pytest.raises(Refused) as refusal:
            tokens.granted(nothing, set(scopes.GRADES))
        assert code(refusal) == "token-scope"


def test_an_access_token_is_read_as_it_was_issued_until_it_expires():
    key = build.private_key()
    token = tokens.issue(
        key,
        issuer="https://a",
        audience="https://a/services",
        client_id="c",
        deployment_id="d",
        scopes=[scopes.SCORE],
        now=NOW,
    )
    known = {"issuer": "https://a", "audience": "https://a/services"}
    keys = build.jwks("platform-key")
    assert tokens.read_access(token, keys, now=NOW + 3599, **known) == tokens.Access(
        "c", "d", frozenset({scopes.SCORE})
    )
    with pytest.raises(Refused):
        tokens.read_access(token, keys, now=NOW + 3600, **known)
    with pytest.raises(Refused):
        tokens.read_access(token, build.jwks("another"), now=NOW, **known)


def test_two_access_tokens_are_never_the_same():
    said = {"issuer": "i", "audience": "a", "client_id": "c", "deployment_id": "d", "scopes": []}
    one, two = (tokens.issue(build.private_key(), now=NOW, **said) for _ in range(2))
    assert jwt.read_unverified(one)[1]["jti"] != jwt.read_unverified(two)[1]["jti"]
