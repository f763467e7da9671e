"""Guessing the rest of a code, with many accounts from many networks."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import override_settings

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.learning import claims, code_making, code_sheets, journey, tries
from wagtail_col.learning.models import FailedClaim

pytestmark = pytest.mark.django_db
KEY = "only-for-the-tests-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
def badge(db):
    return AchievementFactory()


@pytest.fixture
def code(badge):
    return code_making.make_badge_code(badge, by=None)


def refused(learner, text, **values) -> str:
    with pytest.raises(journey.Refused) as caught:
        claims.redeem(learner, text, **values)
    return caught.value.code


def nearly(code, last="0000"):
    text = claims.text_of(code)
    return text[:-4] + (last if not text.endswith(last) else "1111")


def limits(**values):
    return override_settings(WAGTAIL_COL={"KEYS": [KEY], "BASE_URL": "http://testserver"} | values)


@limits(CLAIM_TRIES_PER_MINUTE_AND_BADGE=4)
def test_many_accounts_and_networks_that_aim_at_one_badge_are_slowed_down_together(badge, code):
    card = code_sheets.make_sheet(badge, count=1, by=None).codes.get()
    for n, aimed in enumerate([code, card, code, card]):
        assert refused(UserFactory(), nearly(aimed), address=f"192.0.2.{n}") == "wrong-code"
    for text in (nearly(code), claims.text_of(code), claims.text_of(card)):
        with pytest.raises(tries.TooMany) as caught:
            claims.redeem(UserFactory(), text, address="198.51.100.1")
        assert 1 <= caught.value.retry_after <= 60
    # Other badges are not slowed down.
    other = code_making.make_badge_code(AchievementFactory(), by=None)
    assert claims.redeem(UserFactory(), claims.text_of(other)).earned
    FailedClaim.objects.update(at=F("at") - timedelta(seconds=60))
    assert claims.redeem(UserFactory(), claims.text_of(code)).earned


@limits(CLAIM_TRIES_PER_MINUTE_AND_BADGE=2)
def test_what_is_aimed_at_is_known_after_the_secret_was_changed(code):
    with limits(CLAIM_TRIES_PER_MINUTE_AND_BADGE=2, KEYS=["n" * 40, KEY]):
        for _n in range(2):
            refused(UserFactory(), nearly(code))
        with pytest.raises(tries.TooMany):
            claims.redeem(UserFactory(), nearly(code))


@limits(CLAIM_TRIES_PER_MINUTE_IN_ALL=3)
def test_everybody_together_is_slowed_down():
    for n in range(3):
        assert refused(UserFactory(), f"{n}" * 16, address=f"192.0.2.{n}") == "wrong-code"
    with pytest.raises(tries.TooMany):
        claims.redeem(UserFactory(), "0" * 16)


@limits(
    CLAIM_TRIES_PER_MINUTE_IN_ALL=None,
    CLAIM_TRIES_PER_MINUTE_AND_BADGE=None,
    CLAIM_TRIES_PER_MINUTE_AND_ADDRESS=None,
)
def test_counts_that_a_site_does_not_want(code):
    for _n in range(12):
        assert refused(UserFactory(), nearly(code), address="192.0.2.1") == "wrong-code"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix socket", "unix socket"),
    ],
)
def test_one_network_is_one_visitor(address, network):
    assert tries.network_of(address) == network


def test_rotating_x_forwarded_for_does_not_help(client, settings):
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"CLAIM_TRIES_PER_MINUTE_AND_ADDRESS": 5}
    answers = []
    for n in range(8):
        client.force_login(UserFactory())
        headers = {"X-Forwarded-For": f"198.51.100.{n}", "X-Real-IP": f"198.51.100.{n}"}
        answers.append(client.post("/col/code/", {"code": "0" * 16}, headers=headers).status_code)
    assert answers == [422] * 5 + [429] * 3


def test_addresses_in_one_ipv6_network_do_not_help(client, settings):
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"CLAIM_TRIES_PER_MINUTE_AND_ADDRESS": 5}
    answers = []
    for n in range(8):
        client.force_login(UserFactory())
        address = f"2001:db8:1:2::{n:x}"
        answers.append(
            client.post("/col/code/", {"code": "0" * 16}, REMOTE_ADDR=address).status_code
        )
    assert answers == [422] * 5 + [429] * 3
