"""A provider's own system gives the badges of its organisation: own ones only, each once."""

import json

import pytest
from django.test import Client

from tests.api import build
from tests.badges.build import badge
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.api import connecting, issuing
from wagtail_col.api.models import KeptAnswer
from wagtail_col.badges.keys import site_issuer
from wagtail_col.badges.models import Award, Invitation, Issuer

pytestmark = pytest.mark.django_db

API = "/col/api/v1"


@pytest.fixture
def issuer():
    return Issuer.objects.create(slug="library", name="Library")


@pytest.fixture
def achievement(issuer):
    return AchievementFactory(issuer=issuer)


@pytest.fixture
def headers(issuer):
    return build.bearer(build.system_token(issuer))


@pytest.fixture
def learner():
    return UserFactory(email="Ana@example.org")


def give(headers, achievement, email="ana@example.org", key=None, **more):
    body = {"achievement": str(getattr(achievement, "key", achievement)), "email": email} | more
    headers = headers | ({"Idempotency-Key": key} if key else {})
    return Client().post(f"{API}/awards", json.dumps(body), "application/json", headers=headers)


def problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert (said["status"], said["code"]) == (status, code)
    assert said["title"]
    assert said["detail"]


def test_a_system_gets_its_token_with_its_own_secret(issuer):
    application, secret = build.system(issuer)
    ask = {"grant_type": "client_credentials", "scope": "badges:issue"}
    headers = {"Authorization": build.basic(application.client_id, secret)}
    answer = Client().post("/col/oauth/token", ask, headers=headers)
    said = answer.json()
    assert (answer.status_code, said["scope"]) == (200, "badges:issue")
    assert "refresh_token" not in said
    headers = build.bearer(said["access_token"])
    assert Client().get(f"{API}/achievements", headers=headers).status_code == 200
    wrong = {"Authorization": build.basic(application.client_id, "wrong")}
    assert Client().post("/col/oauth/token", ask, headers=wrong).status_code == 401


def test_a_learner_gets_the_badge_with_why_and_is_told(
    headers, achievement, learner, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = give(
            headers,
            achievement,
            narrative="Built a robot.",
            event="Robotics camp",
            evidence="https://school.example.org/camp/",
        )
    assert answer.status_code == 201
    said = answer.json()
    award = Award.objects.get()
    assert said["outcome"] == "given"
    assert said["award"]["key"] == str(award.key)
    assert (award.learner, award.narrative) == (learner, "Built a robot.")
    assert award.because["by"] == "system"
    assert award.because["title"] == "Robotics camp"
    assert award.because["url"] == "https://school.example.org/camp/"
    assert "Built a robot." in award.credential
    assert len(mailoutbox) == 1


def test_given_again_it_is_the_same_badge(headers, achievement, learner):
    first = give(headers, achievement).json()
    again = give(headers, achievement)
    assert (again.status_code, again.json()["outcome"]) == (200, "already")
    assert again.json()["award"] == first["award"]


def test_who_has_no_account_is_invited_once(
    headers, achievement, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = give(headers, achievement, "new@example.org", narrative="Well done.")
        again = give(headers, achievement, "NEW@example.org")
    assert (answer.status_code, answer.json()["outcome"]) == (201, "invited")
    invitation = Invitation.objects.get()
    assert answer.json()["invitation"]["key"] == str(invitation.key)
    assert invitation.because["by"] == "system"
    assert (again.status_code, again.json()) == (200, answer.json())
    assert len(mailoutbox) == 1
    assert not Award.objects.exists()


def test_own_badges_only(headers, achievement, issuer):
    other = AchievementFactory(issuer=Issuer.objects.create(slug="other", name="Other"))
    problem(give(headers, other), 403, "not_yours")
    problem(give(headers, AchievementFactory()), 403, "not_yours")
    problem(give(headers, AchievementFactory(live=False)), 404, "not_found")
    problem(give(headers, "0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f"), 404, "not_found")
    problem(give(headers, AchievementFactory(issuer=issuer, live=False)), 409, "not-live")
    assert not Award.objects.exists()
    assert not Invitation.objects.exists()


def test_the_sites_own_system_gives_badges_that_name_no_issuer(learner):
    headers = build.bearer(build.system_token(site_issuer()))
    assert give(headers, AchievementFactory()).status_code == 201


def test_lists_hold_what_is_ones_own_page_by_page(client, headers, achievement, issuer):
    draft = AchievementFactory(issuer=issuer, live=False)
    badge()
    given = [badge(UserFactory(), achievement) for _number in range(3)]
    answer = client.get(f"{API}/achievements?limit=1", headers=headers)
    [first] = answer.json()["achievements"]
    assert answer["X-Total-Count"] == "2"
    assert 'rel="next"' in answer["Link"]
    assert (first["key"], first["published"]) == (str(draft.key), False)
    answer = client.get(f"{API}/awards?offset=1", headers=headers)
    assert answer["X-Total-Count"] == "3"
    keys = {each["key"] for each in answer.json()["awards"]}
    assert len(keys) == 2
    assert keys <= {str(award.key) for award in given}
    answer = client.get(f"{API}/awards?achievement={draft.key}", headers=headers)
    assert answer.json() == {"awards": []}
    answer = client.get(f"{API}/awards?since=2999-01-01T00:00:00Z", headers=headers)
    assert answer.json() == {"awards": []}


def test_no_answer_names_a_learner(client, headers, achievement, learner):
    given = give(headers, achievement)
    texts = [given.content.decode()]
    for path in ("achievements", "awards", f"awards/{given.json()['award']['key']}"):
        texts.append(client.get(f"{API}/{path}", headers=headers).content.decode())
    assert not any("ana" in text.lower() for text in texts)


@pytest.mark.parametrize("path", ["achievements", "awards"])
def test_more_of_it_takes_no_more_queries(
    client, headers, achievement, issuer, path, django_assert_max_num_queries
):
    badge(UserFactory(), achievement)
    client.get(f"{API}/{path}", headers=headers)
    with django_assert_max_num_queries(10) as few:
        client.get(f"{API}/{path}", headers=headers)
    most = len(few)
    for _number in range(4):
        badge(UserFactory(), AchievementFactory(issuer=issuer))
    with django_assert_max_num_queries(most):
        client.get(f"{API}/{path}", headers=headers)


def revoke(headers, key, reason="Given to the wrong person.", **more):
    return Client().post(
        f"{API}/awards/{key}/revocation",
        json.dumps({"reason": reason} | more),
        "application/json",
        headers=headers,
    )


def test_one_takes_ones_own_back_and_it_stays_so(client, headers, achievement):
    award = badge(UserFactory(), achievement)
    answer = revoke(headers, award.key)
    assert answer.status_code == 200
    assert answer.json()["award"]["revocation_reason"] == "Given to the wrong person."
    award.refresh_from_db()
    assert award.is_revoked
    again = revoke(headers, award.key, "Another reason.")
    assert again.json() == answer.json()


def test_nobody_elses(client, headers):
    award = badge()
    problem(revoke(headers, award.key), 404, "not_found")
    problem(client.get(f"{API}/awards/{award.key}", headers=headers), 404, "not_found")
    award.refresh_from_db()
    assert not award.is_revoked
    assert client.get(f"{API}/awards/{award.key}/revocation", headers=headers).status_code == 405


def test_not_what_another_issuer_signed_before_the_badge_became_ours(headers, achievement, issuer):
    award = badge(UserFactory(), AchievementFactory())
    award.achievement.issuer = issuer
    award.achievement.save()
    problem(revoke(headers, award.key), 404, "not_found")


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nobody"},
        {"email": None},
        {"email": ["a@example.org"]},
        {"achievement": 7},
        {"achievement": "urn:uuid:0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f"},
        {"achievement": None},
        {"narrative": "a\x00b"},
        {"narrative": "Win at evil.example"},
        {"narrative": 7},
        {"narrative": "x" * 2001},
        {"event": "x" * 201},
        {"evidence": "javascript:alert(1)"},
        {"evidence": "ftp://example.org/"},
        {"language": "xx"},
        {"naratives": "misspelt"},
    ],
    ids=lambda changes: "-".join(f"{k}-{str(v)[:12]}" for k, v in changes.items()).replace(
        "\x00", "0"
    ),
)
def test_what_makes_no_sense_is_named(headers, achievement, changes):
    body = {"achievement": str(achievement.key), "email": "ana@example.org"} | changes
    answer = Client().post(f"{API}/awards", json.dumps(body), "application/json", headers=headers)
    problem(answer, 400, "invalid")
    assert next(iter(changes)) in answer.json()["detail"]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"[]", "application/json", 400, "unreadable"),
        (b'{"a": NaN}', "application/json", 400, "unreadable"),
        (b'{"email": "a@example.org", "email": "b@example.org"}', "application/json", 400, None),
        (b"email=a", "application/x-www-form-urlencoded", 415, "media_type"),
        (b'{"a": "' + b"x" * 70_000 + b'"}', "application/json", 413, "too_large"),
    ],
    ids=["list", "nan", "twice", "form", "large"],
)
def test_a_body_that_is_none(headers, body, media_type, status, code):
    answer = Client().post(f"{API}/awards", body, media_type, headers=headers)
    problem(answer, status, code or "unreadable")


def test_the_same_key_is_done_once_and_answered_the_same(headers, achievement, learner):
    first = give(headers, achievement, key="one")
    award = Award.objects.get()
    award.delete()
    again = give(headers, achievement, key="one")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert not Award.objects.exists()


def test_the_same_key_with_another_request_is_refused(headers, achievement, learner):
    first = give(headers, achievement, key="one").json()
    problem(give(headers, achievement, "b@example.org", key="one"), 422, "idempotency_key_reused")
    key = first["award"]["key"]
    answer = Client().post(
        f"{API}/awards/{key}/revocation",
        '{"reason": "x"}',
        "application/json",
        headers=headers | {"Idempotency-Key": "one"},
    )
    problem(answer, 422, "idempotency_key_reused")


def test_the_order_of_members_is_no_other_request(headers, achievement, learner):
    give(headers, achievement, key="one")
    body = {"email": "ana@example.org", "achievement": str(achievement.key)}
    answer = Client().post(
        f"{API}/awards",
        json.dumps(body, indent=2),
        "application/json",
        headers=headers | {"Idempotency-Key": "one"},
    )
    assert answer.status_code == 201


def test_keys_are_each_systems_own(headers, achievement, issuer, learner):
    give(headers, achievement, key="one")
    other = build.bearer(build.system_token(issuer))
    assert give(other, achievement, "b@example.org", key="one").status_code == 201


def test_what_was_refused_is_done_when_it_can_be(headers, achievement, learner):
    achievement.live = False
    achievement.save()
    problem(give(headers, achievement, key="one"), 409, "not-live")
    achievement.live = True
    achievement.save()
    assert give(headers, achievement, key="one").status_code == 201


@pytest.mark.parametrize("key", ["a b", "x" * 256, "ključ"])
def test_a_key_that_is_none(headers, achievement, key):
    problem(give(headers, achievement, key=key), 400, "idempotency_key")
    assert not KeptAnswer.objects.exists()


def test_what_fails_on_the_way_leaves_nothing_behind(headers, achievement, learner, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("on the way")

    monkeypatch.setattr(issuing, "award_values", fail)
    with pytest.raises(RuntimeError):
        give(headers, achievement, key="one")
    assert not KeptAnswer.objects.exists()
    assert not Award.objects.exists()


def test_a_system_that_was_stopped_can_do_nothing(client, issuer, achievement):
    application, secret = build.system(issuer)
    headers = build.bearer(build.access_token(application, scope="badges:issue"))
    assert client.get(f"{API}/awards", headers=headers).status_code == 200
    connecting.stop_system(application)
    assert client.get(f"{API}/awards", headers=headers).status_code == 401
    answer = client.post(
        "/col/oauth/token",
        {"grant_type": "client_credentials"},
        headers={"Authorization": build.basic(application.client_id, secret)},
    )
    assert answer.status_code == 401


def test_when_it_was_used_is_kept(client, issuer):
    application, _secret = build.system(issuer)
    headers = build.bearer(build.access_token(application, scope="badges:issue"))
    client.get(f"{API}/awards", headers=headers)
    application.refresh_from_db()
    assert application.last_used_at
