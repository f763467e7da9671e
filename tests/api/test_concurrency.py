"""The same thing twice at the same moment: from several threads, over one database."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from tests.api import build
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.api.models import Connection, KeptAnswer
from wagtail_col.badges.models import Award, Issuer

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


def at_once(do, times=TIMES) -> list:
    """What each of so many threads got, all let go together."""
    barrier = Barrier(times)

    def run(number: int):
        try:
            barrier.wait(30)
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_a_code_gives_tokens_once_and_all_is_taken_back():
    wallet = build.wallet()
    code = wallet.code()
    answers = at_once(lambda _number: wallet.exchange(code))
    good = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(good) == 1
    assert {answer.status_code for answer in answers} == {200, 400}
    assert all(
        answer.json()["error"] == "invalid_grant" for answer in answers if answer.status_code == 400
    )
    assert not get_access_token_model().objects.exists()
    assert not get_refresh_token_model().objects.filter(revoked=None).exists()


def test_a_refresh_token_gives_tokens_once_and_the_family_is_revoked():
    wallet = build.wallet()
    tokens = wallet.tokens()
    answers = at_once(lambda _number: wallet.refresh(tokens["refresh_token"]))
    good = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(good) == 1
    assert {answer.status_code for answer in answers} == {200, 400}
    assert good[0]["access_token"] and good[0]["refresh_token"]
    assert wallet.refresh(good[0]["refresh_token"]).status_code == 400
    headers = build.bearer(good[0]["access_token"])
    assert Client().get("/ims/ob/v3p0/profile", headers=headers).status_code == 401
    assert not get_refresh_token_model().objects.filter(revoked=None).exists()


def test_one_learner_allows_one_wallet_once():
    wallet = build.wallet()
    answers = at_once(lambda _number: wallet.allow())
    assert all("code" in build.told(answer) for answer in answers)
    assert Connection.objects.count() == 1


def test_one_idempotency_key_gives_one_badge_and_one_answer():
    issuer = Issuer.objects.create(slug="library", name="Library")
    achievement = AchievementFactory(issuer=issuer)
    UserFactory(email="ana@example.org")
    headers = build.bearer(build.system_token(issuer)) | {"Idempotency-Key": "one"}
    body = json.dumps({"achievement": str(achievement.key), "email": "ana@example.org"})

    def give(_number):
        return Client().post("/col/api/v1/awards", body, "application/json", headers=headers)

    answers = at_once(give)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert Award.objects.count() == KeptAnswer.objects.count() == 1


def test_one_network_registers_no_more_than_it_may(settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "REGISTRATIONS_PER_HOUR_AND_ADDRESS": 3}
    answers = at_once(lambda _number: build.register())
    assert sum(answer.status_code == 201 for answer in answers) <= 3
    assert {answer.status_code for answer in answers} <= {201, 429}
