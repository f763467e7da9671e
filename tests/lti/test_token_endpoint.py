"""The token endpoint: who gets an access token for our services, for what, and who does not."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.lti import build, calls
from wagtail_col.lti import keys
from wagtail_col.lti.models import LogEntry, SeenToken, ToolState
from wagtail_col.lti.platform import jwt, scopes

pytestmark = pytest.mark.django_db

DEEP_LINKING = {
    "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse",
    "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
    "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [],
}


@pytest.fixture
def tool():
    return build.make_tool()


def refused(answer, error, requirement=None):
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"] == error, answer.content
    assert "access_token" not in answer.json()
    assert answer["Cache-Control"] == "no-store"
    if requirement:
        assert LogEntry.objects.first().requirement == requirement


def assertion_refused(tool, requirement, **changes):
    token = build.sign_as_tool(calls.claims(tool, **changes))
    refused(calls.ask(calls.form(tool, client_assertion=token)), "invalid_client", requirement)


def test_a_tool_that_proves_who_it_is_gets_a_token_for_an_hour(tool):
    answer = calls.ask(calls.form(tool))
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"].split() == list(scopes.ALL)
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    assert answer["Content-Type"] == "application/json"
    entry = LogEntry.objects.get()
    assert (entry.tool, entry.message, entry.outcome) == (tool, "token", "done")


def test_an_access_token_says_who_for_whom_what_and_how_long(tool):
    token = calls.ask(calls.form(tool, [scopes.SCORE])).json()["access_token"]
    header, _claims = jwt.read_unverified(token)
    claims = jwt.verify(token, keys.public_jwks())
    assert (header["alg"], header["typ"]) == ("RS256", "at+jwt")
    assert header["kid"] == keys.active_key().kid
    assert claims["iss"] == build.ISSUER
    assert claims["aud"] == f"{build.ISSUER}/col/lti/services"
    assert claims["sub"] == claims["client_id"] == tool.client_id
    assert claims["scope"] == scopes.SCORE
    assert claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"] == tool.deployment_id
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["jti"]


@pytest.mark.parametrize(
    "audience",
    [
        "http://testserver/col/lti/token",
        "http://testserver",
        ["http://testserver/col/lti/token"],
        ["https://elsewhere.example", "http://testserver"],
    ],
)
def test_the_audience_is_our_token_url_or_issuer_alone_or_in_a_list(tool, audience):
    token = build.sign_as_tool(calls.claims(tool, aud=audience))
    assert calls.ask(calls.form(tool, client_assertion=token)).status_code == 200


@pytest.mark.parametrize(
    "audience",
    ["http://testserver/", "https://testserver", "http://testserver/col/lti", [], [1], {}, 7],
)
def test_an_assertion_for_somebody_else_is_refused(tool, audience):
    assertion_refused(
        tool, "assertion-audience" if audience != [] else "assertion-claim", aud=audience
    )


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "iat", "jti", "sub"])
def test_an_assertion_without_a_required_claim_is_refused(tool, claim):
    assertion_refused(tool, "assertion-claim", **{claim: None})
    assert "access_token" not in LogEntry.objects.first().detail
    assert claim in LogEntry.objects.first().detail


def test_an_empty_assertion_is_refused(tool):
    answer = calls.ask(calls.form(tool, client_assertion=build.sign_as_tool({})))
    refused(answer, "invalid_client", "assertion-claim")


def test_an_assertion_issued_by_another_client_is_refused(tool):
    other = build.make_tool(name="Other")
    assertion_refused(tool, "assertion-issuer", iss=other.client_id)


def test_a_tool_cannot_sign_for_another_tool(tool):
    other = build.make_tool(name="Other", jwks=build.jwks("other-key"))
    token = build.sign_as_tool(calls.claims(other))
    refused(calls.ask(calls.form(other, client_assertion=token)), "invalid_client", "unknown-kid")
    forged = build.sign_as_tool(calls.claims(other), kid="other-key")
    refused(
        calls.ask(calls.form(other, client_assertion=forged)), "invalid_client", "token-signature"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": -1},
        {"exp": 0},
        {"iat": 120},
        {"exp": 24 * 3600},
        {"iat": -3600, "exp": 600},
        {"nbf": 3000, "exp": 3500},
    ],
)
def test_an_assertion_out_of_its_time_is_refused(tool, changes):
    now = int(time.time())
    moved = {name: now + seconds for name, seconds in changes.items()}
    assertion_refused(tool, "assertion-time", **moved)


@pytest.mark.parametrize("value", ["tomorrow", True, -5, 1e300, [9999999999]])
def test_an_expiry_that_is_no_moment_is_refused(tool, value):
    assertion_refused(tool, "assertion-time", exp=value)


def test_a_clock_that_is_a_little_ahead_is_fine(tool):
    token = build.sign_as_tool(calls.claims(tool, iat=int(time.time()) + 30))
    assert calls.ask(calls.form(tool, client_assertion=token)).status_code == 200


def test_an_assertion_is_good_for_one_token(tool):
    data = calls.form(tool)
    assert calls.ask(data).status_code == 200
    refused(calls.ask(data), "invalid_client", "assertion-replay")


def test_an_identifier_is_remembered_until_the_assertion_expires(tool):
    claims = calls.claims(tool)
    calls.ask(calls.form(tool, client_assertion=build.sign_as_tool(claims)))
    seen = SeenToken.objects.get()
    assert (seen.tool, seen.purpose) == (tool, "assertion")
    assert seen.expires_at.timestamp() == claims["exp"]


def test_the_same_identifier_in_another_assertion_is_a_replay(tool):
    claims = calls.claims(tool)
    assert (
        calls.ask(calls.form(tool, client_assertion=build.sign_as_tool(claims))).status_code == 200
    )
    again = build.sign_as_tool({**claims, "exp": claims["exp"] + 1})
    refused(calls.ask(calls.form(tool, client_assertion=again)), "invalid_client")


def test_two_tools_may_use_the_same_identifier(tool):
    other = build.make_tool(name="Other")
    for one in (tool, other):
        token = build.sign_as_tool(calls.claims(one, jti="1"))
        assert calls.ask(calls.form(one, client_assertion=token)).status_code == 200


def test_who_cannot_sign_does_not_use_up_an_identifier(tool):
    claims = calls.claims(tool, jti="guessed")
    forged = build.sign_as_tool(claims, key=build.rsa_key("somebody"))
    refused(calls.ask(calls.form(tool, client_assertion=forged)), "invalid_client")
    token = build.sign_as_tool(claims)
    assert calls.ask(calls.form(tool, client_assertion=token)).status_code == 200


def test_a_deep_linking_response_is_no_assertion(tool):
    now = int(time.time())
    message = {
        "iss": tool.client_id,
        "aud": build.ISSUER,
        "iat": now,
        "exp": now + 60,
        "nonce": "n",
        **DEEP_LINKING,
    }
    token = build.sign_as_tool(message)
    refused(calls.ask(calls.form(tool, client_assertion=token)), "invalid_client")
    # Not even with all that an assertion has.
    assertion_refused(tool, "assertion-message", **DEEP_LINKING)


def test_a_deployment_of_somebody_else_is_refused(tool):
    claim = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
    assertion_refused(tool, "assertion-deployment", **{claim: "another"})
    token = build.sign_as_tool(calls.claims(tool, **{claim: tool.deployment_id}))
    assert calls.ask(calls.form(tool, client_assertion=token)).status_code == 200


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_assertion_that_is_not_signed_with_rs256_is_refused(tool, algorithm):
    key = {"none": "", "HS256": "0" * 64}[algorithm]
    token = build.sign_as_tool(calls.claims(tool), key=key, algorithm=algorithm)
    refused(calls.ask(calls.form(tool, client_assertion=token)), "invalid_client")


@pytest.mark.parametrize("state", [ToolState.PENDING, ToolState.SUSPENDED, ToolState.REFUSED])
def test_a_tool_that_is_not_in_use_gets_no_token(state):
    tool = build.make_tool(state=state)
    refused(calls.ask(calls.form(tool)), "invalid_client", "assertion-state")


@pytest.mark.parametrize("client_id", ["nobody", "a\0b", "x" * 5000, "é", "' or 1=1"])
def test_a_client_nobody_knows_is_refused(tool, client_id):
    assertion_refused(tool, "assertion-client", sub=client_id, iss=client_id)
    assert LogEntry.objects.first().tool is None


@pytest.mark.parametrize(
    ("changes", "error", "requirement"),
    [
        ({"grant_type": None}, "invalid_request", "token-grant-missing"),
        ({"grant_type": "password"}, "unsupported_grant_type", "token-grant"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type", "token-grant"),
        ({"grant_type": ["client_credentials"] * 2}, "invalid_request", "token-parameters"),
        ({"client_assertion_type": None}, "invalid_client", "assertion-type"),
        ({"client_assertion_type": "jwt-bearer"}, "invalid_client", "assertion-type"),
        ({"client_assertion": None}, "invalid_client", "assertion-missing"),
        ({"client_assertion": ""}, "invalid_client", "assertion-missing"),
        ({"client_assertion": "a.b"}, "invalid_client", "token-form"),
        ({"client_assertion": "x" * 260_000}, "invalid_client", "token-form"),
        ({"client_assertion": "a" * 262_145}, "invalid_client", "token-size"),
        ({"client_id": "another"}, "invalid_client", "assertion-issuer"),
        ({"scope": None}, "invalid_scope", "token-scope"),
        ({"scope": ""}, "invalid_scope", "token-scope"),
        ({"scope": "openid everything"}, "invalid_scope", "token-scope"),
    ],
)
def test_a_request_for_a_token_has_to_have_its_form(tool, changes, error, requirement):
    refused(calls.ask(calls.form(tool, **changes)), error, requirement)


def test_a_tool_gets_what_it_asks_for_and_may_and_nothing_else():
    tool = build.make_tool(may_rosters=False)
    asked = [scopes.SCORE, scopes.MEMBERS_READ, "https://example.org/all", scopes.SCORE]
    assert calls.ask(calls.form(tool, asked)).json()["scope"] == scopes.SCORE
    refused(calls.ask(calls.form(tool, [scopes.MEMBERS_READ])), "invalid_scope", "token-scope")


@pytest.mark.parametrize("scope", scopes.ALL)
def test_a_narrow_token_for_one_scope_can_be_had(tool, scope):
    assert calls.ask(calls.form(tool, [scope])).json()["scope"] == scope


def test_what_stands_in_the_address_is_not_looked_at(tool):
    data = calls.form(tool)
    answer = Client().post(reverse("col_lti:token", query=data))
    refused(answer, "invalid_request", "token-grant-missing")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_tokens_are_asked_for_by_post(method):
    answer = getattr(Client(), method)(reverse("col_lti:token"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_form_that_is_too_long_or_broken_is_refused(tool):
    url, urlencoded = reverse("col_lti:token"), "application/x-www-form-urlencoded"
    long = Client().post(url, b"a=" + b"x" * 10_000_000, content_type=urlencoded)
    refused(long, "invalid_request", "token-parameters")
    broken = Client().post(url, b"grant_type=\xff&%ff=%ff", content_type=urlencoded)
    refused(broken, "invalid_request", "token-parameters")
    many = Client().post(url, "&".join(f"p{n}=1" for n in range(2000)), content_type=urlencoded)
    refused(many, "invalid_request", "token-parameters")
    as_json = Client().post(url, json.dumps(calls.form(tool)), content_type="application/json")
    refused(as_json, "invalid_request", "token-grant-missing")


def test_the_description_has_only_the_characters_of_oauth(tool):
    answer = calls.ask(calls.form(tool, grant_type='"ž\\\n'))
    text = answer.json()["error_description"]
    assert all(" " <= character <= "~" and character not in '"\\' for character in text)


@pytest.mark.django_db(transaction=True)
def test_of_an_assertion_sent_twenty_times_at_once_one_is_answered():
    tool = build.make_tool()
    keys.active_key()
    data = calls.form(tool)

    def send(_number):
        try:
            return calls.ask(data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(send, range(20)))
    assert sorted(statuses) == [200] + [400] * 19
