"""The page that asks a learner: what it says, what it gives, and what it never sends anywhere."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tests.api import build
from tests.factories import UserFactory
from wagtail_col.api import connecting, scopes
from wagtail_col.api.models import Application, Connection, Grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(email="ana@example.org")


@pytest.fixture
def wallet(learner):
    return build.wallet(learner)


def test_it_says_who_asks_what_for_how_long_and_where_to_stop(wallet):
    answer = wallet.ask()
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in (
        "wallet.example.org",
        "Example Wallet",
        "See your badges",
        "Add badges to your passport",
        "See your name and your e-mail address",
        "until it was not used for 90 days",
        "Connected apps",
        "ana@example.org",
        "https://wallet.example.org/privacy",
        "https://wallet.example.org/terms",
    ):
        assert said in page, said
    assert "logo.png" not in page, "nothing is asked from the wallet's host"
    assert "no-store" in answer["Cache-Control"]


def test_what_two_versions_of_the_api_ask_for_is_one_question(wallet):
    page = wallet.ask().content.decode()
    assert page.count("See your badges") == 1
    assert f"{scopes.CREDENTIALS_READ} {scopes.V2_ASSERTIONS_READ}" in page


def test_its_policy_lets_the_form_lead_to_the_wallet_and_nothing_be_framed(wallet):
    answer = wallet.ask()
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["form-action"] == f"'self' {build.WALLET}"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'none'"
    assert answer["X-Frame-Options"] == "DENY"
    assert "script-src" not in policy


def test_the_redirect_carries_code_scope_state_and_issuer(wallet, learner):
    answer = wallet.allow()
    said = build.told(answer)
    assert answer["Location"].startswith(build.CALLBACK)
    assert set(said) == {"from", "code", "scope", "state", "iss"}
    assert said["state"] == build.STATE
    assert set(said["scope"].split()) == set(scopes.LEARNERS)
    assert said["iss"] == "http://testserver"
    connection = Connection.objects.get()
    assert (connection.learner, connection.application) == (learner, wallet.application)


def test_single_scopes_can_be_unticked(wallet):
    allowed = [f"{scopes.CREDENTIALS_READ} {scopes.V2_ASSERTIONS_READ}", scopes.OFFLINE]
    said = build.told(wallet.allow(allowed))
    wanted = {scopes.CREDENTIALS_READ, scopes.V2_ASSERTIONS_READ, scopes.OFFLINE}
    assert set(said["scope"].split()) == wanted
    assert set(wallet.exchange(said["code"]).json()["scope"].split()) == wanted


def test_nothing_more_than_was_asked_for_is_given(wallet):
    said = build.told(
        wallet.allow([scopes.PROFILE_READ, scopes.PROFILE_WRITE], scope=scopes.PROFILE_READ)
    )
    assert said["scope"] == scopes.PROFILE_READ


@pytest.mark.parametrize(
    "form",
    [
        {"refuse": "1", "allowed": list(scopes.LEARNERS)},
        {"allow": "1"},
        {"allow": "1", "allowed": [scopes.OFFLINE]},
        {},
    ],
    ids=["refused", "nothing-ticked", "only-lasting-ticked", "no-button"],
)
def test_without_a_yes_the_wallet_hears_no(wallet, form):
    said = build.told(wallet.browser.post(wallet.address(), form))
    assert (said["error"], said["state"]) == ("access_denied", build.STATE)
    assert "code" not in said
    assert not Connection.objects.exists()
    assert not Grant.objects.exists()


def test_looking_gives_nothing(wallet):
    wallet.ask()
    wallet.browser.get(wallet.address() + "&allow=1&allowed=" + scopes.CREDENTIALS_READ)
    assert not Grant.objects.exists()
    assert not Connection.objects.exists()


def test_another_sites_form_cannot_say_yes(wallet, learner):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner)
    answer = browser.post(wallet.address(), {"allow": "1", "allowed": list(scopes.LEARNERS)})
    assert answer.status_code == 403
    assert not Grant.objects.exists()


def test_who_is_not_logged_in_logs_in_first_and_comes_back(wallet):
    answer = Client().get(wallet.address())
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == "/accounts/login/"
    assert "code_challenge" in answer["Location"]
    assert Client().post(wallet.address(), {"allow": "1"}).status_code == 302
    assert not Grant.objects.exists()


#: What must not be redirected anywhere: it is said on a page of ours.
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "a\x00b"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "https://wallet.example.org/callback"},
        {"redirect_uri": "https://wallet.example.org/callback?from=badges&more=1"},
        {"redirect_uri": "https://wallet.example.org/callback?from=badges#"},
        {"redirect_uri": "https://wallet.example.org/callback?from=badges#a"},
        {"redirect_uri": "https://wallet.example.org/callback;x?from=badges"},
        {"redirect_uri": "https://wallet.example.org:444/callback?from=badges"},
        {"redirect_uri": "https://wallet.example.org.evil.example/callback?from=badges"},
        {"redirect_uri": "https://evil@wallet.example.org/callback?from=badges"},
        {"redirect_uri": "https://wallet.example.org/../callback?from=badges"},
        {"redirect_uri": "http://wallet.example.org/callback?from=badges"},
        {"redirect_uri": "HTTPS://wallet.example.org/callback?from=badges"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "//wallet.example.org/callback?from=badges"},
    ],
    ids=lambda changes: str(next(iter(changes.values()))).replace("\x00", "0"),
)
@pytest.mark.parametrize("method", ["ask", "allow"])
def test_a_wrong_client_or_address_is_shown_on_our_page_alone(wallet, changes, method):
    answer = getattr(wallet, method)(**changes)
    assert answer.status_code == 400
    assert "Location" not in answer
    assert "The app was not connected" in answer.content.decode()
    assert not Grant.objects.exists()


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "state"])
def test_a_parameter_that_is_there_twice_is_refused(wallet, name):
    answer = wallet.browser.get(wallet.address() + f"&{name}=again")
    assert answer.status_code == 400
    assert "Location" not in answer


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"state": None}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unauthorized_client"),
        ({"response_type": "none"}, "unauthorized_client"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": scopes.ISSUE}, "invalid_scope"),
        ({"scope": scopes.OFFLINE}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["ask", "allow"])
def test_any_other_fault_is_told_to_the_wallet(wallet, changes, error, method):
    if method == "ask":
        answer = wallet.ask(**changes)
    else:
        answer = wallet.browser.post(
            wallet.address(**changes), {"allow": "1", "allowed": list(scopes.LEARNERS)}
        )
    said = build.told(answer)
    assert said["error"] == error
    assert answer["Location"].startswith(build.CALLBACK)
    assert said.get("state", "") == (changes.get("state", build.STATE) or "")
    assert "code" not in said
    assert not Grant.objects.exists()


def test_a_wallet_asks_only_for_what_it_registered(learner):
    wallet = build.wallet(learner, scope=scopes.PROFILE_READ)
    assert build.told(wallet.ask())["error"] == "invalid_scope"


def test_a_provider_system_cannot_ask_a_learner(wallet):
    wallet.application.delete()
    Application.objects.create(
        client_id=wallet.client_id,
        client_type="confidential",
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        redirect_uris=build.CALLBACK,
    )
    assert build.told(wallet.ask())["error"] == "unauthorized_client"


def test_prompt_none_never_asks(wallet):
    assert build.told(Client().get(wallet.address(prompt="none")))["error"] == "login_required"
    assert build.told(wallet.ask(prompt="none"))["error"] == "consent_required"
    wallet.allow([scopes.CREDENTIALS_READ])
    assert build.told(wallet.ask(prompt="none"))["error"] == "consent_required"
    said = build.told(wallet.ask(prompt="none", scope=scopes.CREDENTIALS_READ))
    assert wallet.exchange(said["code"]).status_code == 200


def test_prompt_login_leads_to_the_log_in_once(wallet):
    answer = wallet.ask(prompt="login")
    assert urlsplit(answer["Location"]).path == "/accounts/login/"
    assert "prompt" not in answer["Location"]


def test_an_earlier_yes_does_not_stand_for_a_new_question(wallet):
    wallet.allow()
    for parameter in ("", "&approval_prompt=auto"):
        answer = wallet.browser.get(wallet.address() + parameter)
        assert answer.status_code == 200
        assert "It is connected since" in answer.content.decode()


def test_allowing_less_takes_back_what_was_allowed_before(wallet, learner):
    tokens = wallet.tokens()
    wallet.allow([scopes.CREDENTIALS_READ])
    assert not get_access_token_model().objects.filter(user=learner).exists()
    assert wallet.refresh(tokens["refresh_token"]).status_code == 400
    assert Connection.objects.get().scope == scopes.CREDENTIALS_READ


def test_allowing_the_same_again_leaves_another_device_connected(wallet):
    tokens = wallet.tokens()
    wallet.allow()
    assert wallet.refresh(tokens["refresh_token"]).status_code == 200


def test_the_page_speaks_the_learners_language(wallet):
    answer = wallet.browser.get(wallet.address() + "&lang=sl")
    assert re.search(r'<html lang="sl"', answer.content.decode())


def test_a_code_is_stored_as_a_hash_and_for_a_minute(wallet):
    code = wallet.code()
    grant = Grant.objects.get()
    assert code not in (grant.code, str(grant))
    assert grant.expires <= timezone.now() + timedelta(seconds=60)


def test_prompt_none_takes_nothing_away(wallet, learner):
    """Any page can send a learner's browser there."""
    tokens = wallet.tokens()
    before = connecting.find(learner, wallet.application).scope
    said = build.told(wallet.ask(prompt="none", scope=scopes.CREDENTIALS_READ))
    assert wallet.exchange(said["code"]).json()["scope"] == scopes.CREDENTIALS_READ
    assert connecting.find(learner, wallet.application).scope == before
    assert wallet.refresh(tokens["refresh_token"]).status_code == 200
