import json
import uuid

import pytest

from tests.badges.build import badge, slovene
from tests.factories import AchievementFactory
from wagtail_col.badges import keys
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.models import Issuer

pytestmark = pytest.mark.django_db


def paths(one):
    """Every open document about a badge, with its type."""
    achievement = f"/col/badges/achievements/{one.achievement.key}"
    return {
        f"/col/badges/status/{one.status_list.key}.json": "application/vc+ld+json",
        "/.well-known/did.json": "application/did+json",
        f"{achievement}/achievement.json": "application/ld+json",
        "/col/badges/issuer/profile.json": "application/ld+json",
    }


def pictures(one):
    achievement = f"/col/badges/achievements/{one.achievement.key}"
    return {
        f"{achievement}/badge.png": "image/png",
        f"{achievement}/badge.svg": "image/svg+xml",
    }


class TestDocuments:
    def test_are_open_to_every_site_and_of_their_type(self, client):
        for path, kind in paths(badge()).items():
            response = client.get(path, headers={"origin": "https://wallet.example"})
            assert response.status_code == 200, path
            assert response["Content-Type"] == kind
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert "public" in response["Cache-Control"]
            assert "max-age=300" in response["Cache-Control"]
            assert not response.cookies
            json.loads(response.content)

    def test_answer_head_and_options_and_nothing_else(self, client):
        for path in paths(badge()):
            assert client.head(path).content == b""
            options = client.options(path)
            assert options.status_code == 204
            assert options["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
            for method in (client.post, client.put, client.delete, client.patch):
                response = method(path)
                assert response.status_code == 405, path
                assert response["Allow"] == "GET, HEAD, OPTIONS"

    def test_are_not_sent_again_to_who_has_them(self, client):
        for path in [*paths(badge()), *pictures(badge())]:
            etag = client.get(path)["ETag"]
            response = client.get(path, headers={"if-none-match": etag})
            assert response.status_code == 304, path
            assert response.content == b""
            assert client.get(path, headers={"if-none-match": '"x"'}).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/col/badges/status/{}.json",
            "/col/badges/achievements/{}/achievement.json",
            "/col/badges/achievements/{}/badge.svg",
            "/col/badges/issuers/nobody/did.json",
            "/col/badges/issuers/nobody/profile.json",
            "/.well-known/did.json",
        ],
    )
    def test_of_what_is_not_there(self, client, path):
        assert client.get(path.format(uuid.uuid4())).status_code == 404


class TestStatusList:
    def test_is_served_as_it_was_stored_and_changes_with_a_badge(self, client):
        one = badge()
        path = f"/col/badges/status/{one.status_list.key}.json"
        before = client.get(path)
        assert before.content == one.status_list.credential.encode()
        revoke(one, "x")
        after = client.get(path, headers={"if-none-match": before["ETag"]})
        assert after.status_code == 200
        assert after.content != before.content


class TestDid:
    def test_has_every_key_the_newest_first(self, client):
        old = keys.active_key(keys.site_issuer()).public_multibase
        new = keys.rotate(keys.site_issuer()).public_multibase
        document = client.get("/.well-known/did.json").json()
        assert document["id"] == "did:web:testserver"
        assert [m["publicKeyMultibase"] for m in document["verificationMethod"]] == [new, old]
        assert document["assertionMethod"] == [f"did:web:testserver#{k}" for k in (new, old)]

    def test_of_another_issuer_has_its_own_key_only(self, client):
        badge()
        library = Issuer.objects.create(slug="library", name="Library")
        key = keys.active_key(library).public_multibase
        document = client.get("/col/badges/issuers/library/did.json").json()
        assert document["id"] == "did:web:testserver:col:badges:issuers:library"
        assert [m["publicKeyMultibase"] for m in document["verificationMethod"]] == [key]

    def test_does_not_believe_the_host_header(self, client):
        keys.active_key(keys.site_issuer())
        response = client.get("/.well-known/did.json", headers={"host": "evil.example"})
        assert response.json()["id"] == "did:web:testserver"


class TestAchievement:
    def test_by_its_own_address_as_json_for_who_asks_for_that(self, client):
        achievement = AchievementFactory()
        slovene(achievement)
        path = achievement.get_absolute_url()
        for kind in ("application/ld+json", "application/json"):
            response = client.get(path + "?lang=sl", headers={"accept": kind})
            assert response["Content-Type"] == "application/ld+json"
            assert "Accept" in response["Vary"]
            document = response.json()
            assert document["id"] == f"http://testserver{path}"
            assert (document["name"], document["inLanguage"]) == ("Raziskovalka", "sl")
        for kind in ("text/html", "*/*", "image/png"):
            response = client.get(path, headers={"accept": kind})
            assert response["Content-Type"].startswith("text/html")

    def test_a_draft_is_nowhere(self, client):
        draft = AchievementFactory(live=False)
        for path in ("", "achievement.json", "badge.svg", "badge.png"):
            assert client.get(draft.get_absolute_url() + path).status_code == 404

    def test_taken_offline_it_stays_for_badges_that_were_given(self, client):
        one = badge()
        one.achievement.live = False
        one.achievement.save()
        for path in ("", "achievement.json", "badge.svg", "badge.png"):
            assert client.get(one.achievement.get_absolute_url() + path).status_code == 200


class TestPictures:
    def test_can_do_nothing(self, client):
        for path, kind in pictures(badge()).items():
            response = client.get(path)
            assert response["Content-Type"] == kind
            assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert "max-age=3600" in response["Cache-Control"]
            assert client.head(path).status_code == 200
            assert client.post(path).status_code == 405

    def test_the_achievements_own_png_carries_none(self, client):
        one = badge()
        response = client.get(f"{one.achievement.get_absolute_url()}badge.png")
        assert b"openbadgecredential" not in response.content

    def test_name_the_badge_in_the_language_that_is_asked_for(self, client):
        achievement = AchievementFactory()
        slovene(achievement)
        path = f"{achievement.get_absolute_url()}badge.svg"
        assert "Explorer" in client.get(path).text
        assert "Raziskovalka" in client.get(path + "?lang=sl").text
        assert "Raziskovalka" in client.get(path, headers={"accept-language": "sl"}).text

    def test_change_with_the_badge(self, client):
        achievement = AchievementFactory()
        path = f"{achievement.get_absolute_url()}badge.svg"
        before = client.get(path)
        achievement.colour = "red"
        achievement.save()
        assert client.get(path)["ETag"] != before["ETag"]

    def test_an_unknown_colour_or_icon_still_draws(self, client):
        odd = AchievementFactory(colour="mud", icon="no-such-icon", outline="nonsense")
        for name in ("badge.svg", "badge.png"):
            assert client.get(odd.get_absolute_url() + name).status_code == 200
