"""A coordinator adds a course provider: by its registration link, or by hand."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.lti import build
from tests.pages import editing
from tests.pages.tools import addresses_form, coordinator, to
from wagtail_col.lti.models import RegistrationInvite, Tool, ToolState

pytestmark = pytest.mark.django_db

LINK = "https://tool.example.org/register?for=cities"


@pytest.fixture
def me(client):
    client.force_login(coordinator())
    return client


def start(client, url=LINK):
    return client.post(to("add"), {"link": "1", "url": url})


def test_both_ways_are_on_one_page(me):
    html = me.get(to("add")).content.decode()
    assert "With a registration link" in html
    assert "By hand" in html
    assert html.count("<form") >= 2


def test_a_registration_link_becomes_a_page_to_open_it_from(me):
    response = start(me)
    invite = RegistrationInvite.objects.get()
    assert invite.created_by.username == "cora"
    html = response.content.decode()
    link = urlsplit(response.context["link"])
    query = parse_qs(link.query)
    assert link.netloc == "tool.example.org"
    assert query["for"] == ["cities"]
    assert query["openid_configuration"] == ["http://testserver/col/lti/openid-configuration"]
    assert query["registration_token"]
    assert 'target="col-registration"' in html
    assert to("wait", invite.key) in html
    assert to("arrived", invite.key) in html
    # Otherwise the provider's window cannot say that it has finished.
    assert response["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "This field is required"),
        ("tool.example.org/register", "https://"),
        ("http://tool.example.org/register", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://ana:secret@tool.example.org/", "name or a password"),
        ("https://", "complete web address"),
    ],
)
def test_a_link_that_is_none_invites_nobody(me, url, message):
    response = start(me, url)
    assert response.status_code == 200
    assert message in editing.errors(response)
    assert not RegistrationInvite.objects.exists()


def test_the_page_moves_on_when_the_provider_has_arrived(me):
    start(me)
    invite = RegistrationInvite.objects.get()
    assert me.get(to("arrived", invite.key)).json() == {"arrived": False}
    waiting = me.get(to("wait", invite.key)).content.decode()
    assert "Nothing has arrived yet" in waiting
    invite.tool = build.make_tool(state=ToolState.PENDING)
    invite.save()
    answer = me.get(to("arrived", invite.key))
    assert answer.json() == {"arrived": True}
    assert "no-store" in answer["Cache-Control"]
    assert me.get(to("wait", invite.key)).url == to("tool", invite.tool.key)


def test_what_a_provider_asks_for_is_said_before_it_is_approved(me):
    tool = build.make_tool(
        state=ToolState.PENDING,
        asked_claims=["name", "email"],
        asked_scopes=["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        policy_url="https://tool.example.org/privacy",
    )
    response = me.get(to("tool", tool.key))
    assert len(response.context["asks"]) == 3
    html = response.content.decode()
    for ask in response.context["asks"]:
        assert ask in html
    assert 'href="https://tool.example.org/privacy"' in html


def test_by_hand_begins_with_a_name(me):
    response = me.post(to("add"), {"hand": "1", "name": "Course house"})
    tool = Tool.objects.get()
    assert response.url == to("addresses", tool.key)
    assert (tool.state, tool.created_by.username) == (ToolState.PENDING, "cora")
    content_type = ContentType.objects.get_for_model(Tool)
    assert ModelLogEntry.objects.filter(content_type=content_type, action="wagtail.create").exists()


def test_by_hand_without_a_name(me):
    response = me.post(to("add"), {"hand": "1", "name": " "})
    assert response.status_code == 200
    assert "required" in editing.errors(response)
    assert not Tool.objects.exists()


def draft():
    return Tool.objects.create(name="Course house")


def save(client, tool, **values):
    return client.post(to("addresses", tool.key), addresses_form(**values))


def test_addresses_are_written_in_by_hand(me):
    tool = draft()
    keys = (tool.client_id, tool.deployment_id)
    response = save(me, tool, custom="a=1\n  course = $Context.id \n\nq=a=b")
    assert response.url == to("tool", tool.key)
    tool.refresh_from_db()
    assert tool.login_url == "https://tool.example.org/login"
    assert tool.jwks_url == "https://tool.example.org/jwks"
    assert tool.custom == {"a": "1", "course": "$Context.id", "q": "a=b"}
    assert tool.state == ToolState.PENDING
    assert (tool.client_id, tool.deployment_id) == keys
    # As they are when the provider shows none of its own.
    assert tool.redirect_uris == [
        "https://tool.example.org/launch",
        "https://tool.example.org/pick",
    ]


def test_some_addresses_may_follow_later(me):
    tool = draft()
    nothing = {"login_url": "", "deep_linking_url": "", "jwks_url": ""}
    assert save(me, tool, **nothing).status_code == 302
    tool.refresh_from_db()
    assert tool.launch_url == "https://tool.example.org/launch"
    html = me.get(to("tool", tool.key)).content.decode()
    assert "Missing: login URL, key set URL" in html
    assert to("addresses", tool.key) in html


@pytest.mark.parametrize("field", ["login_url", "launch_url", "jwks_url"])
def test_a_provider_in_use_keeps_what_it_needs(me, field):
    tool = build.make_tool(jwks=None, jwks_url="https://tool.example.org/jwks")
    response = save(me, tool, **{field: ""})
    assert set(response.context["form"].errors) == {field}
    tool.refresh_from_db()
    assert getattr(tool, field)


BAD_ADDRESSES = [
    ("http://tool.example.org/x", "https://"),
    ("javascript:alert(1)", "https://"),
    ("https://tool.example.org/x#part", "after #"),
    ("https://ana@tool.example.org/x", "name or a password"),
    ("https://tool.example.org/a b", "complete web address"),
]


@pytest.mark.parametrize(("url", "message"), BAD_ADDRESSES)
@pytest.mark.parametrize(
    "field", ["login_url", "launch_url", "deep_linking_url", "redirect_uris", "jwks_url"]
)
def test_an_address_that_cannot_be_is_refused_at_its_field(me, field, url, message):
    tool = draft()
    response = save(me, tool, **{field: url})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert message in editing.errors(response)
    tool.refresh_from_db()
    assert tool.login_url == ""


def test_a_server_of_ones_own_may_be_allowed(me, settings):
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"FETCH_PRIVATE_HOSTS": ["localhost"]}
    tool = draft()
    assert save(me, tool, login_url="http://localhost:9001/login").status_code == 302


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no equals sign", "name=value"),
        ("=value", "name=value"),
        ("a=1\na=2", "two lines"),
    ],
)
def test_custom_parameters_that_are_none(me, text, message):
    response = save(me, draft(), custom=text)
    assert set(response.context["form"].errors) == {"custom"}
    assert message in editing.errors(response)


def test_a_pasted_key_set_keeps_its_public_half(me):
    tool = draft()
    pasted = {"keys": [build.public_jwk() | {"d": "private"}, {"kty": "EC"}]}
    save(me, tool, jwks_url="", jwks=json.dumps(pasted))
    tool.refresh_from_db()
    assert [key["kid"] for key in tool.jwks["keys"]] == [build.TOOL_KID]
    assert "d" not in tool.jwks["keys"][0]
    html = me.get(to("addresses", tool.key)).content.decode()
    assert build.TOOL_KID in html


def test_one_pasted_key_is_a_key_set_too(me):
    tool = draft()
    save(me, tool, jwks_url="", jwks=json.dumps(build.public_jwk()))
    tool.refresh_from_db()
    assert len(tool.jwks["keys"]) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not json", "begins with {"),
        ("[" * 50_000, "begins with {"),
        ("[]", "no key set"),
        ('{"keys": []}', "no key set"),
        ('{"keys": [{"kty": "RSA"}]}', "no key set"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB", "without a name"),
    ],
)
def test_a_pasted_key_set_that_is_none(me, text, message):
    response = save(me, draft(), jwks_url="", jwks=text)
    assert set(response.context["form"].errors) == {"jwks"}
    assert message in editing.errors(response)


def test_another_key_set_url_forgets_the_keys_of_the_old_one(me):
    tool = build.make_tool(
        jwks=None,
        jwks_url="https://tool.example.org/old",
        fetched_jwks=build.jwks(),
        keys_fetched_at=timezone.now(),
        keys_error="status 500",
    )
    save(me, tool, jwks_url="https://tool.example.org/old")
    tool.refresh_from_db()
    assert tool.fetched_jwks
    save(me, tool, jwks_url="https://tool.example.org/new")
    tool.refresh_from_db()
    assert (tool.fetched_jwks, tool.keys_fetched_at, tool.keys_error) == (None, None, "")


def test_every_field_says_where_the_provider_shows_it(me):
    form = me.get(to("addresses", draft().key)).context["form"]
    for name in ("login_url", "launch_url", "deep_linking_url", "jwks_url"):
        for who in ("Moodle", "H5P"):
            assert who in str(form.fields[name].help_text)
    assert all(field.help_text for name, field in form.fields.items() if name not in ("name",))
