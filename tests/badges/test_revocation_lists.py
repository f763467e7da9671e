"""1EdTech's lists of what was taken back, beside the Bitstring lists."""

import json

import pytest

from tests.badges.build import badge
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import keys
from wagtail_col.badges.awarding import resume, revoke, suspend
from wagtail_col.badges.models import Issuer, RevokedCredential, StatusForm
from wagtail_col.badges.securing import compact
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

pytestmark = pytest.mark.django_db

SITE, LIBRARY = "/col/badges/issuer/revocations.json", "/col/badges/issuers/library/"


def listed(client, path=SITE) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    document = response.json()
    assert document["id"].endswith(path)
    assert all(set(each) == {"id", "revoked"} for each in document["revokedCredential"])
    return [each["id"] for each in document["revokedCredential"]]


def identifier(award) -> str:
    return json.loads(award.credential)["id"]


@pytest.fixture
def site():
    issuer = keys.site_issuer()
    issuer.status_form = StatusForm.REVOCATION_LIST
    issuer.save()
    return issuer


class TestPublished:
    def test_before_there_is_anything(self, client):
        assert listed(client) == []
        assert client.get(SITE).json()["issuer"] == "did:web:testserver"

    def test_whichever_list_the_badges_name(self, client):
        one = badge()
        assert listed(client) == []
        revoke(one, "Ana Novak lied")
        assert listed(client) == [identifier(one)]
        # Why may be about a person.
        assert "Ana" not in client.get(SITE).text

    def test_of_each_issuer_its_own(self, client):
        library = Issuer.objects.create(slug="library", name="Library")
        one, other = badge(achievement=AchievementFactory(issuer=library)), badge()
        revoke(one, "x")
        assert listed(client, f"{LIBRARY}revocations.json") == [identifier(one)]
        assert listed(client) == []
        assert client.get("/col/badges/issuers/nobody/revocations.json").status_code == 404
        assert verdict(verify_text(other.credential)) == Verdict.GENUINE

    def test_suspended_for_as_long_as_it_is(self, client):
        one = badge()
        suspend(one, "x")
        assert listed(client) == [identifier(one)]
        resume(one)
        assert listed(client) == []

    def test_stays_when_the_account_goes(self, client, site):
        learner = UserFactory()
        one, kept = badge(learner), badge(learner)
        revoke(one, "x")
        learner.delete()
        assert listed(client) == [identifier(one)]
        assert RevokedCredential.objects.count() == 1
        assert verdict(verify_text(one.credential)) == Verdict.TAKEN_BACK
        assert verdict(verify_text(kept.credential)) == Verdict.GENUINE

    def test_anybodys_scripts_may_read_it(self, client):
        assert client.get(SITE)["Access-Control-Allow-Origin"] == "*"
        assert client.post(SITE).status_code == 405

    def test_queries_do_not_grow(self, client, django_assert_max_num_queries):
        for _ in range(5):
            revoke(badge(), "x")
        with django_assert_max_num_queries(5):
            assert len(listed(client)) == 5


class TestNamed:
    def test_by_new_badges_when_the_issuer_chose_it(self, site, client):
        one = badge()
        entry = json.loads(one.credential)["credentialStatus"]
        assert entry == {"id": f"http://testserver{SITE}", "type": "1EdTechRevocationList"}
        for source in (one.credential, compact(one)):
            assert verdict(verify_text(source)) == Verdict.GENUINE
        revoke(one, "x")
        for source in (one.credential, compact(one)):
            assert verdict(verify_text(source)) == Verdict.TAKEN_BACK

    def test_suspended_is_told_from_taken_back(self, site):
        one = badge()
        suspend(one, "x")
        assert verdict(verify_text(one.credential)) == Verdict.SUSPENDED

    def test_badges_from_before_name_what_they_named(self, client):
        one = badge()
        issuer = keys.site_issuer()
        issuer.status_form = StatusForm.REVOCATION_LIST
        issuer.save()
        revoke(one, "x")
        assert verdict(verify_text(one.credential)) == Verdict.TAKEN_BACK

    def test_holds_after_the_site_moved(self, site, settings):
        one = badge()
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": "https://moved.example"}
        assert verdict(verify_text(one.credential)) == Verdict.GENUINE
        revoke(one, "x")
        assert verdict(verify_text(one.credential)) == Verdict.TAKEN_BACK
