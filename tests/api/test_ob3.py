"""The Open Badges 3.0 API: a learner's badges and profile, for a wallet they let in."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openapi_spec_validator import validate

from tests.api import build
from tests.badges.build import badge, brought
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.api import scopes
from wagtail_col.api.models import Connection
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.models import Award, ImportForm

pytestmark = pytest.mark.django_db

CREDENTIALS = "/ims/ob/v3p0/credentials"
PROFILE = "/ims/ob/v3p0/profile"


@pytest.fixture
def learner():
    return UserFactory(first_name="Ana", last_name="Novak", email="ana@example.org")


@pytest.fixture
def headers(learner):
    return build.bearer(build.wallet_token(learner, *scopes.V3))


def links(answer) -> dict[str, str]:
    return {
        name: url
        for url, name in re.findall(r'<http://testserver([^>]+)>; rel="(\w+)"', answer["Link"])
    }


def test_the_stored_bytes_come_out_as_they_are(client, learner, headers):
    given = badge(learner)
    other = brought(learner, source='{ "id" : "urn:example:1",\n "Zahl": 1.50 }')
    token = brought(learner, form=ImportForm.OB3_JWT, source="eyJh.eyJi.c2ln")
    badge()
    answer = client.get(CREDENTIALS, headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    text = answer.content.decode()
    assert given.credential in text
    assert other.source in text
    said = json.loads(text)
    assert len(said["credential"]) == 2
    assert said["compactJwsString"] == [token.source]
    assert answer["X-Total-Count"] == "3"
    assert "no-store" in answer["Cache-Control"]


def test_an_award_with_a_token_is_there_in_both_forms_and_counts_once(client, learner, headers):
    given = badge(learner)
    Award.objects.update(compact="eyJh.eyJi.c2ln")
    answer = client.get(CREDENTIALS, headers=headers)
    said = answer.json()
    assert (len(said["credential"]), said["compactJwsString"]) == (1, ["eyJh.eyJi.c2ln"])
    assert answer["X-Total-Count"] == "1"
    assert given.credential in answer.content.decode()


def test_what_was_taken_back_and_the_older_version_are_left_out(client, learner, headers):
    revoke(badge(learner), "A mistake.")
    brought(learner, form=ImportForm.OB2)
    answer = client.get(CREDENTIALS, headers=headers)
    assert answer.json() == {"credential": [], "compactJwsString": []}
    assert set(links(answer)) == {"first", "last"}


def test_pages_lead_through_everything_once(client, learner, headers):
    for number in range(7):
        brought(learner, source=f'{{"id": "urn:example:{number}"}}')
    address, found, pages = f"{CREDENTIALS}?limit=3", [], 0
    while address:
        answer = client.get(address, headers=headers)
        assert answer["X-Total-Count"] == "7"
        found += [each["id"] for each in answer.json()["credential"]]
        pages += 1
        related = links(answer)
        assert related["first"] == f"{CREDENTIALS}?limit=3&offset=0"
        assert related["last"] == f"{CREDENTIALS}?limit=3&offset=6"
        assert ("prev" in related) == (pages > 1)
        address = related.get("next")
    assert pages == 3
    assert len(set(found)) == len(found) == 7


def test_since(client, learner, headers):
    old, new = badge(learner), badge(learner)
    Award.objects.filter(pk=old.pk).update(awarded_at=timezone.now() - timedelta(days=9))
    moment = (timezone.now() - timedelta(days=1)).isoformat()
    answer = client.get(CREDENTIALS, {"since": moment}, headers=headers)
    assert answer["X-Total-Count"] == "1"
    assert new.credential in answer.content.decode()
    assert "since=" in links(answer)["first"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=a",
        "limit=",
        "limit=1.5",
        "limit=99999999999999999999",
        "offset=-1",
        "offset=x",
        "offset=%D9%A3",
        "since=yesterday",
        "since=2026-01-01",
        "since=2026-01-01T00:00:00",
        "since=2026-13-01T00:00:00Z",
        "since=0001-01-01T00:00:00%2B23:00",
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(client, headers, query):
    answer = client.get(f"{CREDENTIALS}?{query}", headers=headers)
    assert answer.status_code == 400
    said = answer.json()
    assert said["imsx_codeMajor"] == "failure"
    [field] = said["imsx_codeMinor"]["imsx_codeMinorField"]
    assert field == {
        "imsx_codeMinorFieldName": query.partition("=")[0],
        "imsx_codeMinorFieldValue": "invalid_query_parameter",
    }


def test_more_than_a_hundred_is_a_hundred(client, learner, headers):
    answer = client.get(f"{CREDENTIALS}?limit=5000", headers=headers)
    assert links(answer)["first"].endswith("limit=100&offset=0")


def test_an_offset_past_the_end_is_an_empty_page_with_a_way_back(client, learner, headers):
    brought(learner)
    answer = client.get(f"{CREDENTIALS}?limit=2&offset=50", headers=headers)
    assert answer.json()["credential"] == []
    assert links(answer)["prev"].endswith("limit=2&offset=0")


def test_more_badges_take_no_more_queries(client, learner, headers, django_assert_max_num_queries):
    def ask():
        return client.get(CREDENTIALS, headers=headers)

    achievement = AchievementFactory()
    badge(learner, achievement)
    brought(learner)
    ask()
    with django_assert_max_num_queries(12) as few:
        ask()
    most = len(few)
    for _number in range(8):
        badge(learner)
        brought(learner)
    with django_assert_max_num_queries(most):
        assert ask()["X-Total-Count"] == "18"


def test_the_profile_is_the_learners_under_a_name_for_this_wallet_only(client, learner, headers):
    said = client.get(PROFILE, headers=headers).json()
    assert said == {
        "@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": f"urn:uuid:{Connection.objects.get().key}",
        "type": ["Profile"],
        "name": "Ana Novak",
        "givenName": "Ana",
        "familyName": "Novak",
        "email": "ana@example.org",
    }
    other = build.bearer(build.wallet_token(learner, scopes.PROFILE_READ))
    assert client.get(PROFILE, headers=other).json()["id"] != said["id"]


def put(client, headers, document, content_type="application/json"):
    return client.put(PROFILE, json.dumps(document), content_type=content_type, headers=headers)


def test_a_wallet_may_change_the_name(client, learner, headers):
    profile = client.get(PROFILE, headers=headers).json()
    answer = put(client, headers, profile | {"givenName": "Anja", "phone": "111-222-3333"})
    assert answer.status_code == 200
    assert answer.json() == profile | {"givenName": "Anja", "name": "Anja Novak"}
    learner.refresh_from_db()
    assert (learner.first_name, learner.email) == ("Anja", "ana@example.org")


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "eve@example.org"},
        {"id": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {"id": None},
        {"type": "Issuer"},
        {"type": None},
        {"givenName": "two\nlines"},
        {"givenName": "x" * 500},
        {"givenName": 7},
        {"familyName": None},
    ],
    ids=str,
)
def test_what_a_wallet_may_not_change_is_refused(client, learner, headers, changes):
    profile = client.get(PROFILE, headers=headers).json()
    answer = put(client, headers, profile | changes)
    assert answer.status_code == 400
    assert answer.json()["imsx_codeMajor"] == "failure"
    learner.refresh_from_db()
    assert (learner.first_name, learner.email) == ("Ana", "ana@example.org")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "text/html", 415),
        (b"{}", "", 415),
        (b'{"name": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
    ids=["broken", "list", "html", "no-type", "large"],
)
def test_a_body_that_is_none(client, headers, body, content_type, status):
    answer = client.put(PROFILE, body, content_type=content_type, headers=headers)
    assert answer.status_code == status
    assert answer.json()["imsx_codeMajor"] == "failure"


def test_other_methods_are_not_there(client, headers):
    for method in ("put", "patch", "delete", "options"):
        answer = getattr(client, method)(CREDENTIALS, headers=headers)
        assert answer.status_code == 405, method
        assert answer.json()["imsx_codeMajor"] == "failure"
        assert set(answer["Allow"].split(", ")) == {"GET", "POST", "HEAD"}


def test_what_the_client_accepts_does_not_change_the_answer(client, headers):
    answer = client.get(CREDENTIALS, headers=headers | {"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_use_is_noted(client, learner, headers):
    assert Connection.objects.get().last_used_at is None
    client.get(PROFILE, headers=headers)
    noted = Connection.objects.get().last_used_at
    assert timezone.now() - noted < timedelta(minutes=1)
    client.get(PROFILE, headers=headers)
    assert Connection.objects.get().last_used_at == noted


def test_the_service_description_is_what_the_standard_asks_for(client):
    answer = client.get("/ims/ob/v3p0/discovery")
    assert answer["Access-Control-Allow-Origin"] == "*"
    said = answer.json()
    validate(said)
    assert said["openapi"].startswith("3.0")
    info, scheme = said["info"], said["components"]["securitySchemes"]["OAuth2ACG"]
    assert {"title", "version", "termsOfService", "x-imssf-privacyPolicyUrl"} <= set(info)
    assert scheme["type"] == "oauth2"
    assert scheme["x-imssf-registrationUrl"] == "http://testserver/col/oauth/register"
    flow = scheme["flows"]["authorizationCode"]
    assert flow["tokenUrl"] == flow["refreshUrl"] == "http://testserver/col/oauth/token"
    assert flow["authorizationUrl"] == "http://testserver/col/oauth/authorize"
    assert set(scopes.V3) <= set(flow["scopes"])
    assert said["servers"] == [{"url": "http://testserver/ims/ob/v3p0"}]
    assert set(said["paths"]) == {"/discovery", "/credentials", "/profile"}


def test_the_terms_are_the_sites(client, settings):
    settings.WAGTAIL_COL = {
        **settings.WAGTAIL_COL,
        "TERMS_URL": "https://city.example.org/terms",
        "PRIVACY_URL": "https://city.example.org/privacy",
    }
    info = client.get("/ims/ob/v3p0/discovery").json()["info"]
    assert info["termsOfService"] == "https://city.example.org/terms"
    assert info["x-imssf-privacyPolicyUrl"] == "https://city.example.org/privacy"


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("digits", [30, 5000])
def test_a_number_that_begins_with_zeros_is_not_cut_off_before_it_is_looked_at(
    client, headers, name, digits
):
    address = f"{CREDENTIALS}?{name}=000000000001{'9' * digits}"
    assert client.get(address, headers=headers).status_code == 400
