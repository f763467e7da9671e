"""Open Badges 2.1 and hosted 2.0: the layer for older wallets."""

import hashlib
import json

import pytest

from tests.api import build
from tests.badges.build import badge, brought, slovene
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.api import connecting, scopes
from wagtail_col.api.models import Connection
from wagtail_col.badges import sharing
from wagtail_col.badges.awarding import revoke, suspend
from wagtail_col.badges.models import Award, Erased, ImportForm, Issuer

pytestmark = pytest.mark.django_db

ASSERTIONS = "/ims/ob/v2p1/assertions"
PROFILE = "/ims/ob/v2p1/profile"


@pytest.fixture
def learner():
    return UserFactory(first_name="Ana", last_name="Novak", email="ana@example.org")


@pytest.fixture
def headers(learner):
    return build.bearer(build.wallet_token(learner, *scopes.V2))


def address(award) -> str:
    return f"/col/badges/{award.key}/assertion.json"


def test_the_manifest_says_where_everything_is(client):
    answer = client.get("/.well-known/badgeconnect.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    said = answer.json()
    assert said["id"] == "http://testserver/.well-known/badgeconnect.json"
    [api] = said["badgeConnectAPI"]
    assert api["apiBase"] == "http://testserver/ims/ob/v2p1"
    assert api["version"] == "v2p1"
    assert set(scopes.V2) <= set(api["scopesOffered"])
    for name, path in {
        "registrationUrl": "register",
        "authorizationUrl": "authorize",
        "tokenUrl": "token",
        "tokenRevocationUrl": "revoke",
    }.items():
        assert api[name] == f"http://testserver/col/oauth/{path}"
    assert api["termsOfServiceUrl"]
    assert api["privacyPolicyUrl"]


def test_assertions_are_found_at_their_addresses_and_match_what_was_signed(
    client, learner, headers
):
    given = badge(learner, AchievementFactory(issuer=Issuer.objects.create(slug="a", name="Lib")))
    answer = client.get(ASSERTIONS, headers=headers)
    assert answer["X-Total-Count"] == "1"
    said = answer.json()
    assert said["status"] == {"error": None, "statusCode": 200, "statusText": "OK"}
    [assertion] = said["results"]
    assert assertion["id"] == f"http://testserver{address(given)}"
    assert assertion["type"] == "Assertion"
    assert assertion["verification"] == {"type": "hosted"}
    recipient = assertion["recipient"]
    identity = hashlib.sha256(b"ana@example.org" + recipient["salt"].encode()).hexdigest()
    assert (recipient["type"], recipient["hashed"]) == ("email", True)
    assert recipient["identity"] == f"sha256${identity}"
    hosted = client.get(address(given)).json()
    assert hosted == assertion
    badge_class = client.get(assertion["badge"].removeprefix("http://testserver")).json()
    assert badge_class["id"] == assertion["badge"]
    assert (badge_class["type"], badge_class["name"]) == ("BadgeClass", "Explorer")
    assert badge_class["criteria"]["narrative"]
    issuer = client.get(badge_class["issuer"].removeprefix("http://testserver")).json()
    assert (issuer["id"], issuer["type"], issuer["name"]) == (
        badge_class["issuer"],
        "Issuer",
        "Lib",
    )
    assert issuer["url"].startswith("http")


def test_an_assertion_names_nobody(client, learner, headers):
    given = badge(learner)
    client.get(ASSERTIONS, headers=headers)
    text = client.get(address(given)).content.decode()
    assert "ana@example.org" not in text
    assert "Novak" not in text


def test_an_award_without_an_address_has_an_identifier_that_says_nothing(client, headers):
    given = badge(UserFactory(email=""))
    sharing.share(given.learner, [given])
    recipient = client.get(address(given)).json()["recipient"]
    assert recipient["type"] == "id"
    assert recipient["identity"].startswith("urn:uuid:")


def test_an_address_is_open_while_the_badge_is_shared(client, learner):
    given = badge(learner)
    assert client.get(address(given)).status_code == 404
    link = sharing.share(learner, [given])
    assert client.get(address(given)).status_code == 200
    sharing.stop(link)
    assert client.get(address(given)).status_code == 404


def test_an_address_is_open_while_the_wallet_that_took_it_is_connected(client, learner, headers):
    given = badge(learner)
    client.get(ASSERTIONS, headers=headers)
    assert client.get(address(given)).status_code == 200
    connecting.stop(Connection.objects.get())
    assert client.get(address(given)).status_code == 404


def test_its_own_page_stays_private(client, learner, headers):
    given = badge(learner)
    client.get(ASSERTIONS, headers=headers)
    assert client.get(f"/col/badges/{given.key}/").status_code == 404


def test_taken_back_is_gone_and_suspended_is_not_there(client, learner, headers):
    given, other = badge(learner), badge(learner)
    client.get(ASSERTIONS, headers=headers)
    suspend(other, "Looking into it.")
    assert client.get(address(other)).status_code == 404
    revoke(given, "A mistake.")
    answer = client.get(address(given))
    assert answer.status_code == 410
    said = answer.json()
    assert (said["id"], said["revoked"]) == (f"http://testserver{address(given)}", True)
    assert set(said) <= {"@context", "type", "id", "revoked"}
    assert answer["Content-Type"] == "application/ld+json"
    assert client.get(ASSERTIONS, headers=headers).json()["results"] == []


def test_of_an_account_that_was_deleted(client, learner):
    given = badge(learner)
    key = given.key
    learner.delete()
    Erased.objects.get_or_create(key=key)
    answer = client.get(f"/col/badges/{key}/assertion.json")
    assert (answer.status_code, answer.json()["revoked"]) == (410, True)


def test_other_addresses_are_not_there(client):
    for path in (
        "/col/badges/0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f/assertion.json",
        "/col/badges/achievements/0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f/badgeclass.json",
        "/col/badges/issuers/nobody/issuer.json",
    ):
        assert client.get(path).status_code == 404, path
    draft = AchievementFactory(live=False)
    assert client.get(f"/col/badges/achievements/{draft.key}/badgeclass.json").status_code == 404


def test_a_badge_class_speaks_the_language_that_is_asked_for(client, learner):
    achievement = AchievementFactory()
    slovene(achievement)
    path = f"/col/badges/achievements/{achievement.key}/badgeclass.json"
    assert client.get(path, {"lang": "sl"}).json()["name"] == "Raziskovalka"
    assert client.get(path).json()["@language"] == "en"


def test_badges_brought_in_this_version_come_out_again(client, learner, headers):
    source = {"@context": "https://w3id.org/openbadges/v2", "id": "https://a.example/1"}
    brought(learner, form=ImportForm.OB2, source=json.dumps(source))
    brought(learner, form=ImportForm.OB2, source="eyJh.eyJi.c2ln")
    brought(learner)
    answer = client.get(ASSERTIONS, headers=headers)
    assert answer.json()["results"] == [source]
    assert answer["X-Total-Count"] == "1"


def test_the_profile(client, headers):
    said = client.get(PROFILE, headers=headers).json()
    [profile] = said["results"]
    assert profile == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"urn:uuid:{Connection.objects.get().key}",
        "type": "Profile",
        "name": "Ana Novak",
        "email": "ana@example.org",
    }
    answer = client.post(PROFILE, profile, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()) == (200, said)
    other = profile | {"email": "eve@example.org"}
    answer = client.post(PROFILE, other, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["status"]["statusText"] == "BAD_REQUEST"


def test_errors_have_the_form_of_this_version(client, learner):
    other = build.bearer(build.wallet_token(learner, scopes.V2_PROFILE_READ))
    for headers, status, text in (
        ({}, 401, "UNAUTHENTICATED"),
        (other, 403, "PERMISSION_DENIED"),
    ):
        said = client.get(ASSERTIONS, headers=headers)
        assert said.status_code == status
        assert said.json()["status"]["statusText"] == text
    said = client.delete(ASSERTIONS, headers=headers)
    assert said.json()["status"]["statusText"] == "METHOD_NOT_ALLOWED"


def test_more_badges_take_no_more_queries(client, learner, headers, django_assert_max_num_queries):
    badge(learner)
    client.get(ASSERTIONS, headers=headers)
    with django_assert_max_num_queries(15) as few:
        client.get(ASSERTIONS, headers=headers)
    most = len(few)
    for _number in range(6):
        badge(learner)
    with django_assert_max_num_queries(most):
        assert client.get(ASSERTIONS, headers=headers)["X-Total-Count"] == "7"
    assert Award.objects.filter(hosted_for__learner=learner).count() == 7
