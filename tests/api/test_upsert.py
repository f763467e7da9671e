"""A wallet puts badges of other issuers into a learner's passport."""

import json

import pytest

from tests.api import build
from tests.badges.build import badge
from tests.badges.elsewhere import Academy
from tests.factories import UserFactory
from wagtail_col import conf
from wagtail_col.api import credentials, scopes
from wagtail_col.badges import importing, securing
from wagtail_col.badges.models import ImportedBadge, ImportForm

pytestmark = pytest.mark.django_db

CREDENTIALS = "/ims/ob/v3p0/credentials"
JSON = "application/json"


@pytest.fixture
def learner():
    return UserFactory(email="ana@example.org")


@pytest.fixture
def headers(learner):
    return build.bearer(build.wallet_token(learner, *scopes.V3, *scopes.V2))


def post(client, headers, body, content_type=JSON):
    return client.post(CREDENTIALS, body, content_type=content_type, headers=headers)


def text_of(academy: Academy, **changes) -> str:
    return json.dumps(academy.signed(status=None, **changes), ensure_ascii=False, indent=1)


@pytest.mark.parametrize("media_type", [JSON, "application/vc+ld+json", "application/vc"])
def test_a_badge_is_kept_as_it_came_echoed_and_comes_out_again(
    client, learner, headers, media_type
):
    text = text_of(Academy(issuer="did:key"))
    answer = post(client, headers, text, media_type)
    assert answer.status_code == 201, answer.content
    assert answer.content.decode() == text
    assert answer["Content-Type"] == media_type
    kept = ImportedBadge.objects.get()
    assert (kept.learner, kept.form, kept.source) == (learner, ImportForm.OB3_JSON, text)
    assert text in client.get(CREDENTIALS, headers=headers).content.decode()


def test_a_token_is_plain_text(client, headers):
    academy = Academy(issuer="did:key", kind="p256")
    token = academy.token(academy.method)
    answer = post(client, headers, token, "text/plain")
    assert answer.status_code == 201, answer.content
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == token
    assert ImportedBadge.objects.get().form == ImportForm.OB3_JWT
    assert client.get(CREDENTIALS, headers=headers).json()["compactJwsString"] == [token]


def test_sent_again_it_replaces_the_one_that_is_there(client, headers):
    academy = Academy(issuer="did:key")
    assert post(client, headers, text_of(academy)).status_code == 201
    newer = text_of(academy, name="Welder, second edition")
    answer = post(client, headers, newer)
    assert (answer.status_code, answer.content.decode()) == (200, newer)
    assert ImportedBadge.objects.get().source == newer


def test_our_own_come_back_as_they_went(client, learner, headers):
    given = badge(learner)
    token = securing.compact(given)
    for body, media_type in (
        (given.credential, JSON),
        (json.dumps(json.loads(given.credential), indent=3), JSON),
        (token, "text/plain"),
    ):
        answer = post(client, headers, body, media_type)
        assert answer.status_code == 200, answer.content
        assert answer.content.decode() == body
    assert not ImportedBadge.objects.exists()


def test_another_learners_of_ours_is_refused(client, headers):
    answer = post(client, headers, badge().credential)
    assert answer.status_code == 400
    assert not ImportedBadge.objects.exists()


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{}", JSON, 400),
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b'{"id": 1, "id": 2}', JSON, 400),
        (b'{"type": [["x"]], "issuer": "urn:x:1", "credentialSubject": {}}', JSON, 400),
        (b'{"type": [], "issuer": "urn:x:1", "credentialSubject": {}}', JSON, 400),
        (b'{"id": {}, "type": "x", "issuer": "urn:x:1", "credentialSubject": {}}', JSON, 400),
        (b'{"type": "VerifiableCredential", "credentialSubject": {}}', JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b"a.b", "text/plain", 400),
        (b"https://wallet.example.org/badge.json", "text/plain", 400),
        (b'{"id": "x"}', "text/plain", 400),
        (b"eyJh.eyJi.c2ln", "text/plain", 400),
        (b"<svg/>", "image/svg+xml", 415),
        (b"{}", "text/html", 415),
        (b'{"a": "' + b"x" * 300_000 + b'"}', JSON, 413),
    ],
    ids=[
        "empty", "broken", "list", "twice", "type-of-lists", "no-type", "id-no-text", "no-issuer",
        "no-text", "no-token", "address", "json-as-text",
        "false-token", "picture", "page", "large",
    ],
)  # fmt: skip
def test_what_is_no_badge_is_refused(client, headers, body, media_type, status):
    answer = post(client, headers, body, media_type)
    assert answer.status_code == status, answer.content
    assert answer.json()["imsx_codeMajor"] == "failure"
    assert not ImportedBadge.objects.exists()


def test_a_badge_that_was_changed_is_refused(client, headers):
    text = text_of(Academy(issuer="did:key")).replace("steel", "stone")
    answer = post(client, headers, text)
    assert answer.status_code == 400
    [field] = answer.json()["imsx_codeMinor"]["imsx_codeMinorField"]
    assert field == {"imsx_codeMinorFieldName": "false", "imsx_codeMinorFieldValue": "invalid_data"}


def test_the_older_version_by_its_own_api(client, headers, monkeypatch):
    host = "https://school.example"
    assertion = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{host}/1.json",
        "recipient": {"type": "email", "hashed": False, "identity": "ana@example.org"},
        "badge": f"{host}/badge.json",
        "verification": {"type": "hosted"},
        "issuedOn": "2026-01-01T00:00:00Z",
    }
    academy = Academy()
    academy.pages.update(
        {
            assertion["id"]: assertion,
            assertion["badge"]: {
                "@context": "https://w3id.org/openbadges/v2",
                "type": "BadgeClass",
                "id": assertion["badge"],
                "name": "Cook",
                "description": "Cooks.",
                "criteria": {"narrative": "Cook."},
                "image": f"{host}/badge.png",
                "issuer": f"{host}/issuer.json",
            },
            f"{host}/issuer.json": {
                "@context": "https://w3id.org/openbadges/v2",
                "type": "Issuer",
                "id": f"{host}/issuer.json",
                "name": "School",
                "url": host,
                "email": "badges@school.example",
            },
        }
    )
    monkeypatch.setattr(importing, "Web", academy.pages.web)
    path = "/ims/ob/v2p1/assertions"
    answer = client.post(path, assertion, content_type=JSON, headers=headers)
    assert answer.status_code == 201, answer.content
    assert answer.json()["results"] == [assertion]
    assert ImportedBadge.objects.get().name == "Cook"
    assert client.post(path, assertion, content_type=JSON, headers=headers).status_code == 200
    assert client.get(path, headers=headers).json()["results"] == [assertion]
    refused = client.post(path, {"type": "Assertion"}, content_type=JSON, headers=headers)
    assert (refused.status_code, refused.json()["status"]["statusText"]) == (400, "BAD_REQUEST")


def test_so_many_a_minute_and_no_more(client, headers, monkeypatch):
    """Each makes this site ask elsewhere; whoever registers a wallet of their own may send any."""
    brought = []
    monkeypatch.setattr(credentials, "bring", lambda *a, **k: (brought.append(a), True))
    most = conf.settings.CHECKS_PER_MINUTE_AND_ADDRESS
    sent = '{"type": "VerifiableCredential", "issuer": "urn:x:1", "credentialSubject": {}}'
    said = [
        client.post(CREDENTIALS, sent, JSON, headers=headers).status_code
        for _each in range(most + 1)
    ]
    assert said == [*[201] * most, 429] and len(brought) == most
