"""A tool registers itself by an invitation, once, and waits for approval."""

import json
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory
from tests.lti.build import make_tool
from tests.lti.platform.test_registration import DOCUMENT, NRPS, document
from wagtail_col.fetching import FetchRefused
from wagtail_col.lti import log, registering
from wagtail_col.lti.models import LogEntry, Message, Outcome, RegistrationInvite, Tool, ToolState
from wagtail_col.lti.platform import configuration, launch, registration, scopes
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db

LINK = "https://tool.example.org/register"
BODY = json.dumps(DOCUMENT).encode()


def invited(user=None):
    """An invitation's token, as it stands in the link."""
    started = registering.start(LINK, user)
    return parse_qs(urlsplit(started.url).query)["registration_token"][0]


def post(client, token, body=BODY, **headers):
    headers = {"Authorization": f"Bearer {token}", **headers} if token else headers
    return client.post(
        reverse("col_lti:register"), body, content_type="application/json", headers=headers
    )


class TestInvitation:
    def test_leads_to_the_tool_with_our_configuration_and_a_token(self):
        user = UserFactory()
        started = registering.start(f"{LINK}?course=5&registration_token=old#part", user)
        url = urlsplit(started.url)
        assert url[:3] == ("https", "tool.example.org", "/register") and not url.fragment
        query = parse_qs(url.query)
        assert query["course"] == ["5"]
        assert query["openid_configuration"] == ["http://testserver/col/lti/openid-configuration"]
        (token,) = query["registration_token"]
        assert len(token) > 40
        assert started.invite.created_by == user and started.invite.tool is None

    def test_keeps_only_a_hash_of_its_token(self):
        token = invited()
        (invite,) = RegistrationInvite.objects.values()
        assert token not in str(invite)

    @pytest.mark.parametrize(
        "link", ["", "tool.example.org", "http://tool.example.org/", "javascript:alert(1)"]
    )
    def test_needs_a_link_that_may_be_opened(self, link):
        with pytest.raises(FetchRefused):
            registering.start(link)
        assert not RegistrationInvite.objects.exists()


class TestConfiguration:
    def test_says_what_a_tool_needs_to_register(self, client):
        response = client.get(reverse("col_lti:openid_configuration"))
        said = response.json()
        assert said["issuer"] == "http://testserver"
        assert said["authorization_endpoint"] == "http://testserver/col/lti/auth"
        assert said["token_endpoint"] == "http://testserver/col/lti/token"
        assert said["jwks_uri"] == "http://testserver/col/lti/jwks"
        assert said["registration_endpoint"] == "http://testserver/col/lti/register"
        assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
        assert said["token_endpoint_auth_signing_alg_values_supported"] == ["RS256"]
        assert said["id_token_signing_alg_values_supported"] == ["RS256"]
        assert said["response_types_supported"] == ["id_token"]
        assert said["scopes_supported"] == ["openid", *scopes.ALL]
        assert {"sub", "name", "email", "locale"} <= set(said["claims_supported"])
        platform = said[configuration.PLATFORM]
        # As every message says it too.
        assert platform["product_family_code"] == launch.PRODUCT and platform["version"]
        assert [message["type"] for message in platform["messages_supported"]] == [
            "LtiResourceLinkRequest",
            "LtiDeepLinkingRequest",
            "LtiSubmissionReviewRequest",
        ]
        assert "Context.id" in platform["variables"]
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_does_not_depend_on_what_the_visitor_says_the_host_is(self, client):
        url = reverse("col_lti:openid_configuration")
        said = client.get(url, headers={"host": "evil.example"}).json()
        assert said["issuer"] == "http://testserver"


class TestRegistration:
    def test_makes_a_tool_that_waits_for_approval_and_may_nothing(self, client):
        user = UserFactory()
        response = post(client, invited(user))
        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"
        said = response.json()
        (tool,) = Tool.objects.all()
        assert said["client_id"] == tool.client_id
        assert said[registration.TOOL]["deployment_id"] == tool.deployment_id
        assert (tool.state, tool.name) == (ToolState.PENDING, "Course house")
        assert tool.redirect_uris == DOCUMENT["redirect_uris"][:2]
        assert tool.jwks_url == DOCUMENT["jwks_uri"]
        assert tool.asked_scopes == [scopes.SCORE, NRPS]
        assert tool.asked_claims == ["iss", "sub", "given_name"]
        assert not any(getattr(tool, name) for name in registering.PERMISSIONS)
        assert tool.created_by == user and tool.invite.created_by == user
        (entry,) = log.entries(tool)
        assert (entry.message, entry.outcome) == (Message.REGISTRATION, Outcome.DONE)

    def test_an_invitation_is_good_for_one_tool(self, client):
        token = invited()
        assert post(client, token).status_code == 200
        again = post(client, token)
        assert (again.status_code, again.json()["error"]) == (401, "invalid_token")
        assert again["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert Tool.objects.count() == 1

    def test_an_invitation_is_good_for_one_hour(self, client):
        token = invited()
        RegistrationInvite.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert post(client, token).status_code == 401
        (entry,) = log.entries()
        assert (entry.requirement, entry.detail) == ("registration-token", "expired")
        assert "one hour" in log.mend(entry)

    @pytest.mark.parametrize("token", ["", "made-up", "é", "x" * 5000])
    def test_nobody_registers_without_an_invitation(self, client, token):
        response = post(client, token)
        assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
        assert not Tool.objects.exists()
        # Whoever it was, the log is not theirs to fill.
        assert not LogEntry.objects.exists()

    def test_another_kind_of_authorization_is_none(self, client):
        response = post(client, "", Authorization=f"Basic {invited()}")
        assert response.status_code == 401

    def test_a_refused_registration_can_be_sent_again(self, client):
        token = invited()
        bad = json.dumps(document(redirect_uris=["http://tool.example.org/launch"])).encode()
        response = post(client, token, bad)
        assert response.status_code == 400
        assert response.json()["error"] == "invalid_redirect_uri"
        assert "redirect_uris[0]: http://tool.example.org" in response.json()["error_description"]
        assert not Tool.objects.exists()
        (entry,) = log.entries()
        assert (entry.requirement, entry.field, entry.tool) == (
            "registration-redirect-uri",
            "redirect_uris",
            None,
        )
        assert post(client, token).status_code == 200

    def test_a_registration_that_is_too_long_is_not_read(self, client):
        response = post(client, invited(), b" " * 300_000)
        assert (response.status_code, response.json()["error"]) == (413, "invalid_client_metadata")
        assert post(client, invited(), b" " * 4_000_000).status_code == 413

    def test_browsers_may_register_from_the_page_of_the_tool(self, client):
        response = client.options(
            reverse("col_lti:register"),
            headers={"Origin": "https://tool.example.org", "Access-Control-Request-Method": "POST"},
        )
        assert response.status_code == 204
        assert "POST" in response["Access-Control-Allow-Methods"]
        assert "Authorization" in response["Access-Control-Allow-Headers"]
        assert post(client, invited())["Access-Control-Allow-Origin"] == "*"
        assert client.get(reverse("col_lti:register")).status_code == 405


class TestApproval:
    def asking(self, **values):
        return make_tool(
            **{
                "state": ToolState.PENDING,
                "asked_scopes": [scopes.SCORE],
                "asked_claims": ["iss", "sub", "family_name"],
                **dict.fromkeys(registering.PERMISSIONS, False),
            }
            | values
        )

    def test_says_in_plain_words_what_a_tool_asks(self):
        names, scores = registering.asks(self.asking())
        assert "names of learners who agree" in names and "scores" in scores
        assert registering.asks(self.asking(asked_scopes=[NRPS], asked_claims=["email"])) == [
            "To see the e-mail addresses of learners who agree to that.",
            "To list the learners of its courses who agree to that.",
        ]
        assert registering.asks(self.asking(asked_scopes=[], asked_claims=["sub"])) == []

    def test_grants_nothing_about_learners_unless_it_is_said(self):
        tool = self.asking(asked_claims=["name", "email"])
        registering.approve(tool)
        tool.refresh_from_db()
        assert tool.is_active
        assert [name for name in registering.PERMISSIONS if getattr(tool, name)] == ["may_grades"]
        registering.approve(tool, names=True, grades=False, rosters=True)
        tool.refresh_from_db()
        assert [name for name in registering.PERMISSIONS if getattr(tool, name)] == [
            "may_names",
            "may_rosters",
        ]

    def test_needs_addresses_and_keys(self):
        tool = self.asking(login_url="", jwks=None)
        with pytest.raises(registering.NotReady) as error:
            registering.approve(tool)
        assert error.value.missing == ["login_url", "jwks_url"]
        tool.refresh_from_db()
        assert tool.state == ToolState.PENDING

    def test_can_be_refused_and_taken_back(self):
        tool = self.asking()
        for do, state in (
            (registering.refuse, ToolState.REFUSED),
            (registering.approve, ToolState.ACTIVE),
            (registering.suspend, ToolState.SUSPENDED),
        ):
            do(tool)
            tool.refresh_from_db()
            assert tool.state == state


@pytest.mark.django_db(transaction=True)
def test_ten_registrations_at_once_by_one_invitation_make_one_tool():
    token = invited()
    barrier, outcomes = threading.Barrier(10), []

    def run():
        try:
            barrier.wait()
            registering.register(token, BODY)
            outcomes.append("made")
        except Refused as refused:
            outcomes.append(refused.requirement.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["registration-token"] * 9
    assert Tool.objects.count() == 1
