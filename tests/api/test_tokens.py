"""Codes and tokens: what they give, and what happens when somebody else uses them."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import (
    clear_expired,
    get_access_token_model,
    get_refresh_token_model,
)

from tests.api import build
from tests.factories import UserFactory
from wagtail_col.api import connecting, scopes
from wagtail_col.api.models import Connection, Grant

pytestmark = pytest.mark.django_db
AccessToken = get_access_token_model()
RefreshToken = get_refresh_token_model()


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def wallet(learner):
    return build.wallet(learner)


def works(token: str) -> bool:
    answer = Client().get("/ims/ob/v3p0/profile", headers=build.bearer(token))
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def refused(answer, error="invalid_grant", status=400):
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert "access_token" not in answer.json()


def test_a_code_gives_tokens_for_what_was_allowed(wallet):
    answer = wallet.exchange(wallet.code())
    said = answer.json()
    assert answer.status_code == 200
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 3600)
    assert set(said["scope"].split()) == set(scopes.LEARNERS)
    assert "no-store" in answer["Cache-Control"]
    assert works(said["access_token"])


def test_no_token_no_code_and_no_secret_is_in_the_database(wallet):
    code = wallet.code()
    said = wallet.exchange(code).json()
    again = wallet.refresh(said["refresh_token"]).json()
    secrets = {
        wallet.secret,
        code,
        *(each[name] for each in (said, again) for name in ("access_token", "refresh_token")),
    }
    tables = [
        table
        for table in database.introspection.table_names()
        if table.startswith(("col_api_", "oauth2_provider_"))
    ]
    assert len(tables) > 8
    stored = ""
    with database.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            stored += repr(cursor.fetchall())
    assert wallet.client_id in stored
    assert [secret for secret in secrets if secret in stored] == []


def test_without_lasting_access_there_is_no_refresh_token(wallet):
    said = wallet.tokens([scopes.CREDENTIALS_READ])
    assert "refresh_token" not in said
    assert not RefreshToken.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": "another-verifier-that-is-long-enough-for-RFC-7636"},
        {"code_verifier": build.challenge()},
        {"redirect_uri": "https://wallet.example.org/other"},
        {"redirect_uri": None},
        {"code": "no-such-code"},
        {"code": "a\x00b"},
        {"code": None},
    ],
    ids=lambda changes: "-".join(f"{name}-{str(value)[:9]}" for name, value in changes.items()),
)
def test_a_code_alone_is_not_enough(wallet, changes):
    code = wallet.code()
    answer = wallet.exchange(**({"code": code} | changes))
    if "redirect_uri" in changes and changes["redirect_uri"] is None:
        # The wallet has one address only, which is the one the code was asked for.
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_grant", "invalid_request")
    assert not AccessToken.objects.exists()


def test_another_wallet_cannot_use_the_code(wallet, learner):
    other = build.wallet(learner)
    refused(other.exchange(wallet.code()))


def test_a_code_is_good_for_a_minute(wallet):
    code = wallet.code()
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    refused(wallet.exchange(code))


def test_a_code_used_twice_takes_back_what_it_gave(wallet):
    code = wallet.code()
    first = wallet.exchange(code).json()
    second = wallet.refresh(first["refresh_token"]).json()
    assert works(second["access_token"])
    refused(wallet.exchange(code))
    assert not works(second["access_token"])
    refused(wallet.refresh(second["refresh_token"]))


def test_a_code_used_twice_takes_back_its_one_access_token(wallet):
    allowed = [scopes.PROFILE_READ]
    code = wallet.code(allowed)
    first = wallet.exchange(code).json()
    assert works(first["access_token"])
    refused(wallet.exchange(code))
    assert not works(first["access_token"])


def test_a_refresh_token_is_used_once(wallet):
    first = wallet.tokens()
    second = wallet.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert not works(first["access_token"])
    assert works(second["access_token"])


def test_a_refresh_token_used_again_ends_the_whole_family(wallet):
    first = wallet.tokens()
    second = wallet.refresh(first["refresh_token"]).json()
    third = wallet.refresh(second["refresh_token"]).json()
    refused(wallet.refresh(first["refresh_token"]))
    assert not works(third["access_token"])
    refused(wallet.refresh(third["refresh_token"]))
    assert not RefreshToken.objects.filter(revoked=None).exists()


def test_an_access_token_for_less_takes_nothing_from_the_refresh_token(wallet):
    first = wallet.tokens()
    second = wallet.refresh(first["refresh_token"], scope=scopes.PROFILE_READ).json()
    assert second["scope"] == scopes.PROFILE_READ
    third = wallet.refresh(second["refresh_token"]).json()
    assert set(third["scope"].split()) == set(scopes.LEARNERS)


def test_nothing_more_is_refreshed_than_was_allowed(wallet):
    first = wallet.tokens([scopes.PROFILE_READ, scopes.OFFLINE])
    refused(wallet.refresh(first["refresh_token"], scope=scopes.CREDENTIALS_READ), "invalid_scope")


def test_another_wallet_cannot_use_the_refresh_token(wallet, learner):
    first = wallet.tokens()
    refused(build.wallet(learner).refresh(first["refresh_token"]))


def test_a_refresh_token_ends_90_days_after_it_was_last_used(wallet):
    first = wallet.tokens()
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=90, seconds=1))
    refused(wallet.refresh(first["refresh_token"]))


@pytest.mark.parametrize("secret", ["wrong", " "], ids=["wrong", "empty"])
def test_who_does_not_know_the_secret_gets_nothing(wallet, secret):
    refused(wallet.exchange(wallet.code(), secret=secret), "invalid_client", 401)


def test_the_stored_hash_is_not_the_secret(wallet):
    code, stored = wallet.code(), str(wallet.application.client_secret)
    refused(wallet.exchange(code, secret=stored), "invalid_client", 401)


def test_the_secret_is_taken_from_the_header_alone(wallet):
    answer = Client().post(
        "/col/oauth/token",
        {
            "grant_type": "authorization_code",
            "code": wallet.code(),
            "redirect_uri": wallet.redirect_uri,
            "code_verifier": build.VERIFIER,
            "client_id": wallet.client_id,
            "client_secret": wallet.secret,
        },
    )
    refused(answer, "invalid_client", 401)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password", "username": "ana", "password": "secret"},
        {"grant_type": "implicit"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"},
        {"grant_type": "client_credentials"},
        {"grant_type": "refresh_token"},
        {"grant_type": "authorization_code"},
    ],
    ids=lambda form: form.get("grant_type", "none").rpartition(":")[2],
)
def test_there_is_no_other_way_to_a_token(wallet, form):
    answer = wallet.token(**form)
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.json()
    assert not AccessToken.objects.exists()


def test_only_posted(client):
    for name in ("token", "revoke"):
        assert client.get(f"/col/oauth/{name}").status_code == 405


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense", None])
def test_a_wallet_gives_its_tokens_back(wallet, which, hint):
    said = wallet.tokens()
    form = {"token": said[which]} | ({"token_type_hint": hint} if hint else {})
    headers = {"Authorization": build.basic(wallet.client_id, wallet.secret)}
    answer = Client().post("/col/oauth/revoke", form, headers=headers)
    assert answer.status_code == 200
    assert not works(said["access_token"])
    refused(wallet.refresh(said["refresh_token"]))
    assert Client().post("/col/oauth/revoke", form, headers=headers).status_code == 200


def test_another_wallet_gives_nothing_back(wallet, learner):
    said = wallet.tokens()
    other = build.wallet(learner)
    Client().post(
        "/col/oauth/revoke",
        {"token": said["access_token"]},
        headers={"Authorization": build.basic(other.client_id, other.secret)},
    )
    assert works(said["access_token"])
    assert Client().post("/col/oauth/revoke", {"token": said["access_token"]}).status_code == 401
    assert works(said["access_token"])


def test_stopping_a_connection_ends_all_of_it_at_once(wallet, learner):
    said = wallet.tokens()
    code = wallet.code()
    connecting.stop(Connection.objects.get())
    assert not works(said["access_token"])
    refused(wallet.refresh(said["refresh_token"]))
    refused(wallet.exchange(code))


def test_a_deactivated_account_is_out(wallet, learner):
    said = wallet.tokens()
    code = wallet.code()
    learner.is_active = False
    learner.save()
    assert not works(said["access_token"])
    refused(wallet.refresh(said["refresh_token"]))
    refused(wallet.exchange(code))


def test_an_expired_token_does_not_work(wallet):
    said = wallet.tokens()
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert not works(said["access_token"])
    assert works(wallet.refresh(said["refresh_token"]).json()["access_token"])


def test_cleaning_keeps_what_still_works(wallet):
    said = wallet.tokens()
    second = wallet.refresh(said["refresh_token"]).json()
    clear_expired()
    assert works(second["access_token"])
    refused(wallet.refresh(said["refresh_token"]))
    assert not works(second["access_token"])
