"""What we rely on in lti1p3platform, and what it does wrong alone that is refused here.

A new version that changes one of these makes a test fail, so that somebody looks.
"""

import sys
from pathlib import Path

import jinja2
import lti1p3platform
import pytest
from cryptography.hazmat.primitives import serialization
from lti1p3platform import exceptions
from lti1p3platform.constants import LTI_1P3_ACCESS_TOKEN_SCOPES
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.response import generate_next_link

from tests.lti import build
from wagtail_col.lti.platform import jwt, launch, library, login, paging, scopes
from wagtail_col.lti.platform.requirements import Refused

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


class Config(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, **kwargs):
        self._registration = kwargs["registration"]

    def get_registration_by_params(self, **kwargs):
        return self._registration


class Request:
    def __init__(self, get=None, form=None):
        self.get_data, self.form_data = get or {}, form or {}


class Launch(LTIAdvantageMessageLaunchAbstract):
    """The library as its own documentation uses it."""

    def render_launch_form(self, launch_data, **kwargs):
        return launch_data


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **kwargs):
        self._lti_message_hint = "hint"

    def get_redirect(self, url):
        return url


def registration(login_url="https://tool.example.org/login") -> Registration:
    pem = build.rsa_key("platform-key").private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return (
        Registration()
        .set_iss("http://testserver")
        .set_client_id("client")
        .set_deployment_id("1")
        .set_launch_url("https://tool.example.org/launch")
        .set_oidc_login_url(login_url)
        .set_platform_private_key(pem.decode())
    )


ASKED = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
    "client_id": "client",
    "redirect_uri": "https://tool.example.org/launch",
    "login_hint": "a",
    "lti_message_hint": "b",
    "nonce": "n",
    "state": "s",
}


def launched_by_library(**changes) -> dict:
    request = Request(form={**ASKED, **changes})
    return Launch(request, Config(registration=registration())).lti_launch()


def refused_here(**changes) -> str:
    params = {name: [value] for name, value in {**ASKED, **changes}.items()}
    request = login.read_authentication_request(params)
    with pytest.raises(Refused) as caught:
        login.check_redirect_uri(request, ["https://tool.example.org/launch"])
        login.check_form(request)
    return caught.value.requirement.code


# What we rely on


def test_the_library_signs_with_a_key_that_is_loaded_already():
    token = library.sign({"a": 1}, build.rsa_key("platform-key"), {"kid": "platform-key"})
    assert jwt.verify(token, build.jwks("platform-key")) == {"a": 1}


def test_the_librarys_message_has_the_claims_every_message_has():
    message = library.Message(
        issuer="http://testserver", client_id="c", deployment_id="d", target_link_uri="https://t/"
    )
    message.set_user_data("u", ["r"])
    message.set_launch_context_claim("k", ["t"], context_title="Title")
    message.set_resource_link_claim("l", None, "Course")
    assert message.claims() == {
        "iss": "http://testserver",
        "aud": "c",
        "azp": "c",
        "sub": "u",
        f"{CLAIM}message_type": "LtiResourceLinkRequest",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": "d",
        f"{CLAIM}target_link_uri": "https://t/",
        f"{CLAIM}roles": ["r"],
        f"{CLAIM}context": {"id": "k", "type": ["t"], "title": "Title"},
        f"{CLAIM}resource_link": {"id": "l", "title": "Course"},
    }


def test_two_messages_do_not_share_their_claims():
    values = {"issuer": "i", "client_id": "c", "deployment_id": "d", "target_link_uri": "t"}
    first, second = library.Message(**values), library.Message(**values)
    first.set_extra_claims({"x": 1})
    assert "x" not in second.claims()


def test_the_grade_claim_names_the_scopes_it_is_given():
    claim = library.grade_claim(
        line_items_url="https://p/items", line_item_url="", scopes=["a", "b"]
    )
    assert claim[library.AGS_ENDPOINT] == {"scope": ["a", "b"], "lineitems": "https://p/items"}


def test_the_roster_claim_has_the_address_and_the_version():
    assert library.roster_claim("https://p/members") == {
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": "https://p/members",
            "service_versions": ["2.0"],
        }
    }


def test_deep_linking_settings_say_what_we_do_with_picks():
    claim = library.deep_linking_claim(
        return_url="https://p/back", data="d", accept_types=["ltiResourceLink", "link"]
    )
    assert claim[library.DEEP_LINKING_SETTINGS] == {
        "deep_link_return_url": "https://p/back",
        "accept_types": ["ltiResourceLink", "link"],
        "accept_presentation_document_targets": ["window", "iframe"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": False,
        "data": "d",
    }


def test_our_builder_has_no_form_of_its_own():
    message = library.Message(
        issuer="i", client_id="c", deployment_id="d", target_link_uri="https://t/"
    )
    with pytest.raises(NotImplementedError):
        message.render_launch_form({})


# What it does wrong alone


@pytest.mark.parametrize(
    "redirect_uri",
    ["https://evil.example/launch", "javascript:alert(1)", "https://tool.example.org/launch?x=1"],
)
def test_the_library_answers_at_any_redirect_uri_and_we_do_not(redirect_uri):
    assert launched_by_library(redirect_uri=redirect_uri)["launch_url"] == redirect_uri
    assert refused_here(redirect_uri=redirect_uri) == "login-redirect-uri"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("scope", "profile", "login-scope"),
        ("scope", "", "login-scope"),
        ("response_type", "code", "login-response-type"),
        ("response_mode", "query", "login-response-mode"),
        ("prompt", "login", "login-prompt"),
        ("login_hint", "", "login-hint"),
        ("lti_message_hint", "", "login-message-hint"),
    ],
)
def test_the_library_answers_any_request_and_we_only_the_one_of_lti(field, value, code):
    assert launched_by_library(**{field: value})["id_token"]
    assert refused_here(**{field: value}) == code


def test_the_librarys_checks_are_asserts():
    """So they are gone under ``python -O``; ours are not."""
    if __debug__:
        with pytest.raises(exceptions.PreflightRequestValidationException):
            launched_by_library(nonce="")
    else:
        launched_by_library(nonce="")
    assert refused_here(nonce="") == "login-nonce"


def test_the_library_puts_a_second_question_mark_and_we_an_ampersand():
    url = "https://tool.example.org/login?school=7"
    flow = Login(Request(), Config(registration=registration(url)))
    flow.set_lti_message_hint()
    assert flow.initiate_login("user").count("?") == 2
    ours = login.initiation_url(url, login.Initiation("i", "https://t/", "l", "m", "c", "d"))
    assert ours.startswith("https://tool.example.org/login?school=7&iss=i&")
    assert ours.count("?") == 1


def test_the_library_reads_the_query_of_a_post_and_misses_its_body():
    """``views.auth`` reads the body of a POST and nothing else: see ``test_auth``."""
    flow = Launch(Request(get={"lang": "sl"}, form=ASKED), Config(registration=registration()))
    assert flow.get_preflight_response() == {"lang": "sl"}


def test_the_library_sends_a_message_without_its_claims_and_we_do_not():
    token = launched_by_library()["id_token"]
    _header, claims = jwt.read_unverified(token)
    assert "sub" not in claims
    assert f"{CLAIM}roles" not in claims
    with pytest.raises(Refused) as caught:
        launch.resource_link_claims(envelope(sub=""), launch.Link("l", "Course"))
    assert caught.value.requirement is launch.INCOMPLETE


def test_the_librarys_deep_linking_without_address_opens_a_course():
    """Here ``launching.begin`` refuses it: see ``test_launching``."""
    flow = Launch(Request(form=ASKED), Config(registration=registration()))
    flow.set_dl("https://p/back")
    _header, claims = jwt.read_unverified(flow.lti_launch()["id_token"])
    assert claims[f"{CLAIM}message_type"] == "LtiResourceLinkRequest"


def test_the_librarys_django_view_is_not_used():
    """It writes ``state`` into HTML as it is, and may not even be importable."""
    assert "lti1p3platform.framework.django.message_launch" not in sys.modules


def test_the_library_shows_a_state_as_markup():
    """``views.auth`` escapes it: see ``test_a_state_with_markup_is_text``."""
    page = Path(lti1p3platform.__file__).parent / "framework/templates/launch.html"
    template = jinja2.Environment().from_string(page.read_text())
    shown = template.render(launched_by_library(state='"><script>alert(1)</script>'))
    assert '"><script>alert(1)</script>' in shown


def test_the_library_answers_the_same_request_again():
    """Here a ticket is used once: see ``test_the_same_request_a_second_time_gets_no_message``."""
    first, second = launched_by_library(), launched_by_library()
    assert first["id_token"] and second["id_token"]


def test_the_library_names_the_next_page_without_quotes_and_we_with():
    assert generate_next_link("https://p/items?page=2").endswith("; rel=next")
    assert paging.link_header({"next": "https://p/items?page=2"}) == (
        '<https://p/items?page=2>; rel="next"'
    )


def test_the_librarys_scopes_are_all_for_everybody():
    """Fault 10 of its token endpoint; ours asks ``scopes_of`` for each tool."""
    assert set(LTI_1P3_ACCESS_TOKEN_SCOPES) == set(scopes.ALL)
    assert scopes.scopes_of(may_grades=False, may_rosters=False) == []
    assert scopes.scopes_of(may_grades=True, may_rosters=False) == list(scopes.GRADES)
    assert scopes.scopes_of(may_grades=False, may_rosters=True) == [scopes.MEMBERS_READ]


def envelope(sub="u") -> launch.Envelope:
    return launch.Envelope(
        platform=launch.Platform("http://testserver"),
        client_id="c",
        deployment_id="d",
        target_link_uri="https://t/",
        person=launch.Person(sub, "learner"),
        locale="en",
        context_id="k",
        context_title="Title",
        framed=False,
        return_url="http://testserver/back",
        nonce="n",
        now=1,
    )
