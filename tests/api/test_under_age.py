"""A wallet asks somebody who is below the age of consent: nothing without a guardian's yes."""

from urllib.parse import parse_qs, urlsplit

import pytest
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from tests.api import build
from tests.factories import UserFactory
from wagtail_col.api import scopes
from wagtail_col.api.models import Connection, Grant
from wagtail_col.people import bands, guarding
from wagtail_col.people.may import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 16}
    return UserFactory(email="zofka@mail.example")


@pytest.fixture
def wallet(learner):
    return build.wallet(learner)


@pytest.fixture
def consent(learner):
    bands.say(learner, is_under=True)
    return guarding.ask(learner, "ana@mail.example")


def test_who_has_not_said_their_age_is_asked_first_and_led_back(wallet, learner):
    asked = wallet.address()
    question = wallet.browser.get(asked)["Location"]
    assert urlsplit(question).path == "/col/my-data/age/"
    onward = parse_qs(urlsplit(question).query)["next"][0]
    answer = wallet.browser.post(urlsplit(question).path, {"age": "over", "next": onward})
    assert wallet.browser.get(answer["Location"]).status_code == 200
    assert "may this app use your badges" in wallet.ask().content.decode().lower()


@pytest.mark.parametrize("purposes", [set(), {Purpose.SHARING, Purpose.NAMES, Purpose.EMAILS}])
def test_without_a_yes_for_wallets_nobody_is_asked_and_nothing_is_given(wallet, consent, purposes):
    guarding.allow(consent, purposes)
    for answer in (wallet.ask(), wallet.allow([scopes.CREDENTIALS_READ])):
        assert answer["Location"] == "/col/my-data/"
    said = wallet.browser.get("/col/my-data/").content.decode()
    assert "You need the yes of a parent or guardian" in said
    assert not Grant.objects.exists()
    assert not Connection.objects.exists()


def test_without_asking_the_wallet_hears_that_it_has_to_ask(wallet, consent):
    assert build.told(wallet.ask(prompt="none"))["error"] == "consent_required"


def test_with_the_yes_it_is_as_for_everybody_and_without_it_again_all_of_it_ends(wallet, consent):
    guarding.allow(consent, {Purpose.WALLETS})
    said = build.told(wallet.allow([scopes.CREDENTIALS_READ]))
    tokens = wallet.exchange(said["code"])
    assert tokens.status_code == 200
    guarding.allow(consent, set())
    assert not Connection.objects.exists()
    assert not get_access_token_model().objects.exists()
    assert not get_refresh_token_model().objects.exists()
    asked = wallet.ask(prompt="none", scope=scopes.CREDENTIALS_READ)
    assert build.told(asked)["error"] == "consent_required"


def test_a_code_given_before_the_yes_was_taken_back_is_worth_nothing(wallet, consent):
    guarding.allow(consent, {Purpose.WALLETS})
    said = build.told(wallet.allow([scopes.CREDENTIALS_READ]))
    guarding.allow(consent, set())
    assert wallet.exchange(said["code"]).status_code == 400
