"""Connected apps: what a learner let in, and stopping it."""

import pytest
from django.urls import reverse

from tests.api import build
from tests.factories import UserFactory
from wagtail_col.api import scopes
from wagtail_col.api.models import Application, Connection

pytestmark = pytest.mark.django_db

PAGE = "/col/connected/"


@pytest.fixture
def learner(client):
    learner = UserFactory()
    client.force_login(learner)
    return learner


def stop(connection) -> str:
    return reverse("col_api:stop", args=[connection.key])


def test_it_says_what_may_do_what_since_when_and_when_it_was_last_used(client, learner):
    build.wallet_token(learner, scopes.CREDENTIALS_READ, scopes.OFFLINE)
    answer = client.get(PAGE)
    page = answer.content.decode()
    for said in (
        "wallet.example.org",
        "Example Wallet",
        "See your badges",
        "also when you are not here",
        "not yet",
    ):
        assert said in page, said
    assert "Add badges" not in page
    assert "logo.png" not in page
    assert answer["Cache-Control"] == "private, no-store"


def test_nobody_elses_are_there(client, learner):
    build.wallet_token(UserFactory(), scopes.CREDENTIALS_READ)
    page = client.get(PAGE).content.decode()
    assert "wallet.example.org" not in page
    assert "No app is connected" in page


def test_stopping_one_leaves_the_others(client, learner):
    tokens = [build.wallet_token(learner, scopes.PROFILE_READ) for _number in range(2)]
    first = Connection.objects.order_by("pk").first()
    answer = client.post(stop(first), follow=True)
    assert "is no longer connected" in answer.content.decode()
    works = [
        client.get("/ims/ob/v3p0/profile", headers=build.bearer(token)).status_code
        for token in tokens
    ]
    assert works == [401, 200]


def test_nobody_else_stops_it_and_looking_does_not(client, learner):
    build.wallet_token(UserFactory(), scopes.PROFILE_READ)
    others = Connection.objects.get()
    assert client.post(stop(others)).status_code == 404
    assert client.get(stop(others)).status_code == 405
    client.logout()
    assert client.post(stop(others)).status_code == 302
    assert Connection.objects.get() == others


def test_it_is_for_who_is_logged_in(client):
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_more_connections_take_no_more_queries(client, learner, django_assert_max_num_queries):
    build.wallet_token(learner, *scopes.V3)
    client.get(PAGE)
    with django_assert_max_num_queries(10) as few:
        client.get(PAGE)
    most = len(few)
    for _number in range(4):
        build.wallet_token(learner, *scopes.V3)
    with django_assert_max_num_queries(most):
        assert client.get(PAGE).content.decode().count("col-face__tile") == 5


def test_what_a_wallet_calls_itself_is_text(client, learner):
    build.wallet_token(learner, scopes.PROFILE_READ)
    Application.objects.update(name="<script>alert(1)</script>")
    page = client.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_way_there_is_on_the_passport(client, learner):
    assert f'href="{PAGE}"' in client.get(reverse("col_learning:passport")).content.decode()
