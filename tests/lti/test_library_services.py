"""What lti1p3platform's services let through alone, each beside what ours answer.

A new version that changes one of these makes a test fail, so that somebody looks.
"""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client
from django.urls import reverse
from lti1p3platform.exceptions import LtiException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.registration import Registration
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import (
    AssignmentsGradesService,
    NamesRoleProvisioningService,
)

from tests.lti import build, calls
from tests.serving import http, serve
from wagtail_col.lti.models import DeepLinkReturn, LogEntry, Score, SeenToken
from wagtail_col.lti.platform import scopes

pytestmark = pytest.mark.django_db


class Config(LTI1P3PlatformConfAbstract):
    """The library's platform for one tool, as its own documentation sets one up."""

    def init_platform_config(self, client_id="client", **kwargs):
        key = build.rsa_key("platform-key")
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._registration = (
            Registration()
            .set_iss("http://testserver")
            .set_client_id(client_id)
            .set_platform_private_key(private.decode())
            .set_platform_public_key(public.decode())
            .set_tool_key_set(build.jwks())
        )

    def get_registration_by_params(self, **kwargs):
        return self._registration


class Request:
    def __init__(self, token, method="GET", query=None, body=None):
        self.headers = {"Authorization": f"Bearer {token}"}
        self.method, self.get_data, self._body = method, query or {}, body

    @property
    def json(self):
        return json.loads(self._body)


class Grades(AssignmentsGradesService):
    """Keeps whatever it is given."""

    kept = None

    def find_lineitems(self, page=1, limit=None, tag=None):
        return {"content": [], "has_next": True}

    def find_lineitem(self, line_item_id):
        return {}

    def create_lineitem(self, creation_data):
        return creation_data

    def update_lineitem(self, update_data):
        return update_data

    def delete_lineitem(self, line_item_id):
        self.kept = "deleted"

    def update_score(self, line_item_id, score):
        self.kept = score
        return UpdateScoreStatus.SUCCESS

    def get_results(self, line_item_id, page=1, limit=None, user_id=None):
        return {"content": [], "has_next": True}


class Members(NamesRoleProvisioningService):
    def get_member_data_page(self, page=1, limit=None):
        return {"content": [], "has_next": True}

    def get_context_by_id(self):
        return Context(id="1")


def library_token(claims=None, scope=scopes.SCORE, **changes):
    data = {
        "grant_type": "client_credentials",
        "client_assertion_type": calls.ASSERTION_TYPE,
        "client_assertion": build.sign_as_tool(claims if claims is not None else {}),
        "scope": scope,
    } | changes
    return Config().get_access_token(data)["access_token"]


def library_grades(token, method="GET", **request):
    return Grades(Request(token, method, **request), Config(), "https://p/items", "https://p/1")


@pytest.fixture
def line_item():
    return calls.placed()


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"iss": "somebody", "sub": "somebody", "aud": "https://elsewhere.example"},
        {"https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse"},
    ],
)
def test_the_library_gives_a_token_for_any_assertion_and_we_do_not(line_item, claims):
    assert library_token(claims)
    ours = calls.form(line_item.tool, client_assertion=build.sign_as_tool(claims))
    assert calls.ask(ours).json()["error"] == "invalid_client"


def test_the_library_does_not_look_at_the_assertion_type_and_we_do(line_item):
    assert library_token(client_assertion_type="nonsense")
    ours = calls.form(line_item.tool, client_assertion_type="nonsense")
    assert calls.ask(ours).json()["error"] == "invalid_client"


def test_the_library_takes_the_same_assertion_again_and_we_do_not(line_item):
    claims = calls.claims(line_item.tool)
    assertion = build.sign_as_tool(claims)
    assert library_token(client_assertion=assertion)
    assert library_token(client_assertion=assertion)
    ours = calls.form(line_item.tool, client_assertion=assertion)
    assert calls.ask(ours).status_code == 200
    assert calls.ask(ours).json()["error"] == "invalid_client"
    assert SeenToken.objects.count() == 1


def test_the_library_gives_a_token_for_no_scope_at_all_and_we_do_not(line_item):
    assert library_token(scope="nothing")
    assert calls.ask(calls.form(line_item.tool, ["nothing"])).json()["error"] == "invalid_scope"


def test_the_library_gives_every_scope_to_every_tool_and_we_what_is_permitted():
    tool = build.make_tool(may_rosters=False)
    asked = " ".join(scopes.ALL)
    data = calls.form(tool)
    assert Config().get_access_token({**data, "scope": asked})["scope"] == asked
    assert calls.ask(data).json()["scope"].split() == list(scopes.GRADES)


def test_result_readonly_posts_scores_in_the_library_and_not_here(line_item):
    service = library_grades(library_token(scope=scopes.RESULT_READ), "POST", body='{"a": 1}')
    assert service.handle_update_score("1").code == 200
    assert service.kept == {"a": 1}
    caller = calls.Caller(line_item.tool, [scopes.RESULT_READ])
    assert caller.post(calls.service_url("scores", line_item.key), {}).status_code == 403


def test_result_readonly_deletes_line_items_in_the_library_and_not_here(line_item):
    service = library_grades(library_token(scope=scopes.RESULT_READ), "DELETE")
    assert service.handle_delete_lineitem("1").code == 204
    caller = calls.Caller(line_item.tool, [scopes.RESULT_READ])
    assert caller.delete(calls.service_url("line_item", line_item.key)).status_code == 403


def test_lineitem_readonly_reads_nothing_in_the_library_and_line_items_here(line_item):
    service = library_grades(library_token(scope=scopes.LINE_ITEM_READ))
    assert service.handle_resp(service.handle_get_lineitems).code == 401
    caller = calls.Caller(line_item.tool, [scopes.LINE_ITEM_READ])
    url = calls.service_url("line_items", line_item.context.key)
    assert caller.get(url).status_code == 200


def test_the_token_of_another_tool_works_in_the_library_and_not_here(line_item):
    theirs = Config(client_id="another").get_access_token(
        {**calls.form(line_item.tool), "scope": scopes.SCORE}
    )["access_token"]
    service = library_grades(theirs, "POST", body="{}")
    assert service.handle_update_score("1").code == 200
    caller = calls.Caller(build.make_tool(name="Another"), [scopes.SCORE])
    assert caller.post(calls.service_url("scores", line_item.key), {}).status_code == 404


def test_a_token_of_the_library_says_too_little_to_be_one_of_ours(line_item):
    token = library_token()
    assert not {"aud", "jti"} & set(jwt.decode(token, options={"verify_signature": False}))
    assert "kid" not in jwt.get_unverified_header(token)
    url = calls.service_url("line_items", line_item.context.key)
    answer = Client().get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "score",
    [
        {},
        {"userId": "nobody", "scoreGiven": -1},
        {"scoreGiven": 1e308, "scoreMaximum": 0},
        {"timestamp": "yesterday"},
    ],
)
def test_the_library_keeps_any_score_and_we_refuse_it(line_item, score):
    service = library_grades(library_token(), "POST", body=json.dumps(score))
    assert service.handle_update_score("1").code == 200
    assert service.kept == score
    answer = calls.Caller(line_item.tool).post(calls.service_url("scores", line_item.key), score)
    assert answer.status_code == 400
    assert not Score.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "5"])
def test_a_broken_body_breaks_the_library_and_is_refused_here(line_item, body):
    service = library_grades(library_token(), "PUT", body=body)
    with pytest.raises((ValueError, AttributeError)):
        service.handle_resp(lambda: service.handle_update_lineitem("1"))
    answer = calls.Caller(line_item.tool).put(calls.service_url("line_item", line_item.key), body)
    assert answer.status_code == 400


def test_a_broken_bearer_token_breaks_the_library_and_is_refused_here(line_item):
    service = library_grades("broken")
    with pytest.raises(Exception, match="Not enough segments"):
        service.handle_resp(service.handle_get_lineitems)
    url = calls.service_url("line_items", line_item.context.key)
    answer = Client().get(url, headers={"Authorization": "Bearer broken"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_the_second_page_breaks_the_library_and_follows_the_first_here(line_item):
    query = {"page": "1"}
    service = library_grades(library_token(), query=query)
    with pytest.raises(TypeError):
        service.handle_resp(service.handle_get_lineitems)
    build.make_line_item(line_item.resource_link, by_tool=True)
    caller = calls.Caller(line_item.tool)
    first = caller.get(calls.service_url("line_items", line_item.context.key), limit=1)
    url = first["Link"].split(">")[0].removeprefix("<")
    assert first["Link"] == f'<{url}>; rel="next"'
    assert len(caller.get(url).json()) == 1


def test_a_parameter_nobody_knows_breaks_the_library_and_is_ignored_here(line_item):
    service = library_grades(library_token(), query={"include": "launch_url"})
    with pytest.raises(TypeError):
        service.handle_resp(service.handle_get_lineitems)
    members = Members(
        Request(library_token(scope=scopes.MEMBERS_READ), query={"rlid": "", "x": "1"}),
        Config(),
        "https://p/members",
    )
    with pytest.raises(TypeError):
        members.handle_resp(members.handle_get_members)
    caller = calls.Caller(line_item.tool)
    for name in ("line_items", "members"):
        url = calls.service_url(name, line_item.context.key)
        assert caller.get(url, include="launch_url", x="1").status_code == 200


def test_an_assertion_that_has_expired_is_the_one_thing_the_library_refuses(line_item):
    """PyJWT does that; ours asks for ``exp`` to be there, too."""
    with pytest.raises(Exception, match="expired"):
        library_token({"exp": int(time.time()) - 60})


class FetchingConfig(Config):
    """The library's platform for a tool whose keys are at an address."""

    def __init__(self, url):
        self.url = url
        super().__init__()

    def init_platform_config(self, **kwargs):
        super().init_platform_config(**kwargs)
        self._registration.set_tool_key_set(None)
        self._registration.set_tool_key_set_url(self.url)


@pytest.fixture
def inside():
    """A server of the site's own network that nobody outside should reach."""
    with serve(http(json.dumps(build.jwks()).encode())) as server:
        yield server


def test_the_library_fetches_keys_from_inside_and_we_do_not(inside):
    url = f"http://{inside.host}/jwks"
    assert FetchingConfig(url).get_tool_key_set()["keys"]
    assert len(inside.requests) == 1
    tool = build.make_tool(jwks=None, jwks_url=url)
    assert calls.ask(calls.form(tool)).json()["error"] == "invalid_client"
    assert len(inside.requests) == 1


def test_the_library_follows_a_redirect_to_the_inside_and_we_do_not(inside, settings):
    moved = http(b"", status="302 Found", headers=f"Location: http://{inside.host}/jwks\r\n")
    with serve(moved) as outside:
        url = f"http://{outside.host}/jwks"
        assert FetchingConfig(url).get_tool_key_set()["keys"]
        assert len(inside.requests) == 1
        # Of the two only the first may be asked: the second port is closed to strangers.
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [outside.host]}
        tool = build.make_tool(jwks=None, jwks_url=url)
        assert calls.ask(calls.form(tool)).json()["error"] == "invalid_client"
    assert len(inside.requests) == 1


def test_the_library_reads_keys_of_any_size_and_we_a_megabyte(inside, settings):
    inside.answer = http(json.dumps({**build.jwks(), "more": "x" * 2_000_000}).encode())
    url = f"http://{inside.host}/jwks"
    assert FetchingConfig(url).get_tool_key_set()["keys"]
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [inside.host]}
    tool = build.make_tool(jwks=None, jwks_url=url)
    assert calls.ask(calls.form(tool)).json()["error"] == "invalid_client"
    tool.refresh_from_db()
    assert tool.keys_error == "too-large"


def test_the_library_fetches_keys_at_each_call_and_we_once(inside, settings):
    url = f"http://{inside.host}/jwks"
    for _n in range(3):
        FetchingConfig(url).get_tool_key_set()
    assert len(inside.requests) == 3
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [inside.host]}
    tool = build.make_tool(jwks=None, jwks_url=url)
    for _n in range(3):
        assert calls.ask(calls.form(tool)).status_code == 200
    assert len(inside.requests) == 4


def test_the_library_repeats_what_a_server_answered_and_we_do_not(inside, settings):
    inside.answer = http(b"top secret", content_type="text/plain")
    url = f"http://{inside.host}/jwks"
    with pytest.raises(LtiException, match="top secret"):
        FetchingConfig(url).get_tool_key_set()
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [inside.host]}
    answer = calls.ask(calls.form(build.make_tool(jwks=None, jwks_url=url)))
    assert answer.json()["error"] == "invalid_client"
    assert "secret" not in answer.content.decode()
    assert "secret" not in str(list(LogEntry.objects.values()))


def test_a_bad_key_set_breaks_the_library_and_is_refused_here(inside, settings):
    inside.answer = http(b"[]")
    config = FetchingConfig(f"http://{inside.host}/jwks")
    sent = build.sign_as_tool({})
    with pytest.raises(TypeError):
        config.tool_validate_and_decode(sent)
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [inside.host]}
    tool = build.make_tool(jwks=None, jwks_url=config.url)
    answer = calls.ask(calls.form(tool))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


@pytest.mark.parametrize(
    "item",
    [
        {"type": "ltiResourceLink", "url": "javascript:alert(1)"},
        {"type": "ltiResourceLink", "lineItem": {"scoreMaximum": -1}},
        {"type": "html", "html": "<script>alert(1)</script>"},
    ],
)
def test_the_library_takes_any_deep_linking_response_and_we_do_not(line_item, item):
    # No issuer, no audience, no deployment, no time, no nonce, no data.
    message_type = "https://purl.imsglobal.org/spec/lti/claim/message_type"
    said = {message_type: "LtiDeepLinkingResponse", DL + "content_items": [item]}
    sent = build.sign_as_tool(said)
    assert Config().validate_deeplinking_resp({"JWT": sent}) == [item]
    answer = Client().post(reverse("col_lti:deep_links"), {"JWT": sent})
    assert answer.status_code == 400
    assert not DeepLinkReturn.objects.exists()
