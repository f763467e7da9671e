"""What a tool says about itself when it registers, and what of it is taken."""

import copy
import json

import pytest

from tests.lti.build import TOOL_HOST, jwks, public_jwk
from wagtail_col.lti.platform import configuration, launch, registration, scopes, urls
from wagtail_col.lti.platform.registration import TOOL
from wagtail_col.lti.platform.requirements import Refused

NRPS = scopes.MEMBERS_READ

DOCUMENT = {
    "application_type": "web",
    "client_name": "Course house",
    "client_name#sl": "Hiša tečajev",
    "initiate_login_uri": f"{TOOL_HOST}/login?tenant=1",
    "redirect_uris": [f"{TOOL_HOST}/launch", f"{TOOL_HOST}/pick", f"{TOOL_HOST}/launch"],
    "jwks_uri": f"{TOOL_HOST}/jwks",
    "response_types": ["id_token"],
    "grant_types": ["implicit", "client_credentials"],
    "token_endpoint_auth_method": "private_key_jwt",
    "logo_uri": "data:nothing",
    "policy_uri": f"{TOOL_HOST}/policy",
    "contacts": ["help@tool.example.org"],
    "scope": f"{scopes.SCORE} {NRPS} https://example.org/unknown",
    TOOL: {
        "domain": "tool.example.org",
        "description": "Short courses",
        "target_link_uri": f"{TOOL_HOST}/launch",
        "custom_parameters": {"language": "$Message.locale", "size": 3, "on": True},
        "claims": ["sub", "iss", "given_name", "picture"],
        "messages": [
            {"type": "LtiResourceLinkRequest", "custom_parameters": {"from": "link"}},
            {"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL_HOST}/pick"},
            {"type": "LtiDeepLinkingRequest", "placements": ["RichTextEditor"]},
        ],
    },
}


def document(tool=None, **members):
    """A good registration with members changed; None takes one out."""
    changed = copy.deepcopy(DOCUMENT)
    for where, values in ((changed, members), (changed[TOOL], tool or {})):
        for name, value in values.items():
            where[name] = value
            if value is None:
                del where[name]
    return changed


def refusal(said, **options):
    with pytest.raises(Refused) as refused:
        registration.read(said, **options)
    return refused.value


def test_a_complete_registration_is_read():
    found = registration.read(DOCUMENT)
    assert found == registration.ToolMetadata(
        name="Course house",
        login_url=f"{TOOL_HOST}/login?tenant=1",
        launch_url=f"{TOOL_HOST}/launch",
        redirect_uris=(f"{TOOL_HOST}/launch", f"{TOOL_HOST}/pick"),
        deep_linking_url=f"{TOOL_HOST}/pick",
        jwks_url=f"{TOOL_HOST}/jwks",
        description="Short courses",
        policy_url=f"{TOOL_HOST}/policy",
        contacts=("help@tool.example.org",),
        scopes=(scopes.SCORE, NRPS),
        claims=("iss", "sub", "given_name"),
        custom={"language": "$Message.locale", "size": "3", "on": "true", "from": "link"},
    )


def test_the_least_a_tool_says_is_enough():
    found = registration.read(
        {
            "client_name": "  Small\n tool ",
            "initiate_login_uri": f"{TOOL_HOST}/login",
            "redirect_uris": [f"{TOOL_HOST}/launch"],
            "jwks": jwks(),
            TOOL: {},
        }
    )
    assert (found.name, found.launch_url) == ("Small tool", f"{TOOL_HOST}/launch")
    assert (found.jwks, found.jwks_url) == (jwks(), "")
    assert (found.deep_linking_url, found.scopes, found.claims) == ("", (), ())


def test_a_catalogue_without_an_address_of_its_own_is_where_courses_open():
    messages = [{"type": "LtiDeepLinkingRequest"}]
    found = registration.read(document(tool={"messages": messages}))
    assert found.deep_linking_url == f"{TOOL_HOST}/launch"
    assert registration.read(document(tool={"messages": []})).deep_linking_url == ""


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"client_name": None}, registration.NAME),
        ({"client_name": " \n"}, registration.NAME),
        ({"client_name": ["a"]}, registration.NAME),
        ({"initiate_login_uri": None}, registration.URL),
        ({"initiate_login_uri": "http://tool.example.org/login"}, registration.URL),
        ({"initiate_login_uri": "javascript:alert(1)"}, registration.URL),
        ({"initiate_login_uri": 5}, registration.URL),
        ({"redirect_uris": None}, registration.REDIRECT_URI),
        ({"redirect_uris": []}, registration.REDIRECT_URI),
        ({"redirect_uris": "https://tool.example.org/launch"}, registration.REDIRECT_URI),
        ({"redirect_uris": [f"{TOOL_HOST}/a", f"{TOOL_HOST}/a#b"]}, registration.REDIRECT_URI),
        ({"redirect_uris": ["http://tool.example.org/a"]}, registration.REDIRECT_URI),
        ({"redirect_uris": ["https://a:b@tool.example.org/a"]}, registration.REDIRECT_URI),
        ({"redirect_uris": ["data:text/html,a"]}, registration.REDIRECT_URI),
        ({"redirect_uris": [f"{TOOL_HOST}/{n}" for n in range(51)]}, registration.REDIRECT_URI),
        ({"jwks_uri": None}, registration.KEYS),
        ({"jwks_uri": "http://tool.example.org/jwks"}, registration.KEYS),
        ({"jwks_uri": None, "jwks": {"keys": []}}, registration.KEYS),
        ({"jwks_uri": None, "jwks": "nonsense"}, registration.KEYS),
        ({"token_endpoint_auth_method": "client_secret_basic"}, registration.METHOD),
        ({"response_types": ["code"]}, registration.METHOD),
        ({"application_type": "native"}, registration.METHOD),
        ({TOOL: None}, registration.TOOL_CONFIGURATION),
        ({TOOL: []}, registration.TOOL_CONFIGURATION),
        ({TOOL: {"messages": ["LtiDeepLinkingRequest"]}}, registration.TOOL_CONFIGURATION),
        ({TOOL: {"target_link_uri": "ftp://tool.example.org/"}}, registration.URL),
        (
            {TOOL: {"messages": [{"type": "LtiDeepLinkingRequest", "target_link_uri": "//a"}]}},
            registration.URL,
        ),
        ({TOOL: {"custom_parameters": ["a"]}}, registration.CUSTOM),
        ({TOOL: {"custom_parameters": {"a": {}}}}, registration.CUSTOM),
        ({TOOL: {"custom_parameters": {str(n): "a" for n in range(101)}}}, registration.CUSTOM),
    ],
)
def test_a_wrong_member_of_a_registration_is_refused(changed, rule):
    assert refusal(document(**changed)).requirement is rule


def test_every_refusal_of_a_registration_is_an_error_of_rfc_7591():
    errors = {
        rule.error
        for rule in vars(registration).values()
        if isinstance(rule, type(registration.NAME))
    }
    assert errors == {"invalid_client_metadata", "invalid_redirect_uri", "invalid_token"}


def test_hosts_of_the_own_network_may_register_without_tls():
    plain = document(
        initiate_login_uri="http://localhost:9001/login",
        redirect_uris=["http://localhost:9001/launch"],
        jwks_uri="http://localhost:9001/jwks",
        tool={"target_link_uri": None, "messages": None},
    )
    assert registration.read(plain, ["localhost:9001"]).launch_url == "http://localhost:9001/launch"
    assert (
        refusal(plain, http_hosts=["localhost:9002"]).detail == "redirect_uris[0]: http://localhost"
    )


def test_a_private_key_in_a_registration_is_not_taken():
    said = document(jwks_uri=None, jwks={"keys": [public_jwk(d="AAAA")]})
    assert registration.read(said).jwks == jwks()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"a=b",
        b"[]",
        b'"text"',
        b"\xff",
        b"[" * 100_000,
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
    ],
)
def test_a_registration_that_is_no_json_object_is_refused(body):
    with pytest.raises(Refused) as refused:
        registration.read_json(body)
    assert refused.value.requirement is registration.JSON


def test_a_registration_of_more_than_256_kilobytes_is_refused():
    with pytest.raises(Refused) as refused:
        registration.read_json(b" " * (256 * 1024 + 1))
    assert (refused.value.requirement, refused.value.requirement.status) == (registration.SIZE, 413)


def test_the_answer_says_what_was_registered():
    found = registration.read(DOCUMENT)
    answer = registration.answer(DOCUMENT, found, client_id="c", deployment_id="d")
    assert json.loads(json.dumps(answer)) == answer
    assert answer["client_id"] == "c"
    assert answer["scope"] == f"{scopes.SCORE} {NRPS}"
    assert answer["redirect_uris"] == [f"{TOOL_HOST}/launch", f"{TOOL_HOST}/pick"]
    for name in ("client_name", "jwks_uri", "initiate_login_uri", "token_endpoint_auth_method"):
        assert answer[name] == DOCUMENT[name]
    assert answer[TOOL]["deployment_id"] == "d"
    assert answer[TOOL]["claims"] == ["iss", "sub", "given_name"]
    assert answer[TOOL]["messages"] == DOCUMENT[TOOL]["messages"]


def test_the_variables_we_tell_of_are_those_we_fill_in():
    envelope = launch.Envelope(
        platform=launch.Platform("https://city.example", "City", "1"),
        client_id="c",
        deployment_id="d",
        target_link_uri=f"{TOOL_HOST}/launch",
        person=launch.Person(sub="s", role="learner"),
        locale="sl",
        context_id="k",
        context_title="Podcast",
        framed=False,
        return_url="https://city.example/back",
        nonce="n",
        now=1,
        custom={name: f"${name}" for name in configuration.VARIABLES},
        variables={
            name: "2030-01-01T00:00:00Z"
            for name in configuration.VARIABLES
            if name.endswith("DateTime")
        },
    )
    claims = launch.resource_link_claims(envelope, launch.Link("l", "First", "Text"))
    filled = claims["https://purl.imsglobal.org/spec/lti/claim/custom"]
    assert [name for name, value in filled.items() if value.startswith("$")] == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("https://tool.example.org", ""),
        ("https://tool.example.org:8443/a?b=c", ""),
        ("http://localhost:9001/a", ""),
        ("http://LOCALHOST:9001/a", ""),
        ("http://localhost/a", "http://localhost"),
        ("http://[::1]:9001/a", ""),
        ("http://[::1]/a", "http://::1"),
        (None, "none"),
        ("", "none"),
        (7, "none"),
        ("https://" + "a" * 2000, "2008 characters"),
        ("https://tool.example.org/a b", "a space or a sign that no address has"),
        ("https://tool.example.org/\n", "a space or a sign that no address has"),
        ("https:\\\\tool.example.org", "a space or a sign that no address has"),
        ('https://tool.example.org/"><script>', "a space or a sign that no address has"),
        ("https://[::1/", "unreadable"),
        ("https://tool.example.org:x/", "unreadable"),
        ("/launch", "not a complete address"),
        ("javascript:alert(1)", "javascript:"),
        ("https:///launch", "no host"),
        ("https://x;frame-ancestors/", "no host"),
        ("https://a,b.example/", "no host"),
        ("https://tool.example.org@evil.example/", "a name or password in it"),
        ("https://tool.example.org/#a", "a part after #"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_shortly(value, said):
    assert urls.fault(value, ["localhost:9001", "[::1]:9001"]) == said
