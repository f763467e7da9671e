"""The files of one badge: its learner's, and everybody's while it is shared."""

import json
import uuid

import pytest

from tests.badges.build import badge, brought, shared_badge, slovene
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.models import Picture
from wagtail_col.badges.openbadges.baking import unbake_png
from wagtail_col.badges.openbadges.svg_baking import unbake_svg

pytestmark = pytest.mark.django_db

FILES = {
    "credential.json": "application/vc+ld+json",
    "credential.jwt": "application/vc+jwt",
    "badge.png": "image/png",
    "badge.svg": "image/svg+xml",
}


def paths(one):
    return {f"/col/badges/{one.key}/{name}": kind for name, kind in FILES.items()}


class TestShared:
    def test_are_of_their_type_and_asked_for_each_time(self, client):
        for path, kind in paths(shared_badge()).items():
            response = client.get(path, headers={"origin": "https://wallet.example"})
            assert response.status_code == 200, path
            assert response["Content-Type"] == kind
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["X-Robots-Tag"] == "noindex"
            for word in ("private", "no-cache"):
                assert word in response["Cache-Control"]
            assert "max-age" not in response["Cache-Control"]
            assert not response.cookies

    def test_are_not_sent_again_while_shared_and_are_gone_at_once_after(self, client):
        one = shared_badge()
        tags = {path: client.get(path)["ETag"] for path in paths(one)}
        for path, tag in tags.items():
            assert client.get(path, headers={"if-none-match": tag}).status_code == 304, path
            assert client.get(path, headers={"if-none-match": '"x"'}).status_code == 200
        sharing.stop(one.shares.get())
        for path, tag in tags.items():
            response = client.get(path, headers={"if-none-match": tag})
            assert response.status_code == 404, path
            assert response["Cache-Control"] == "private, no-store"

    def test_answer_head_and_options_and_nothing_else(self, client):
        for path in paths(shared_badge()):
            assert client.head(path).content == b""
            assert client.options(path).status_code == 204
            for method in (client.post, client.put, client.delete, client.patch):
                assert method(path).status_code == 405, path

    def test_pictures_can_do_nothing(self, client):
        for path, kind in paths(shared_badge()).items():
            if kind.startswith("image/"):
                policy = client.get(path)["Content-Security-Policy"]
                assert policy == "default-src 'none'; sandbox"

    def test_can_be_saved(self, client):
        for path in paths(shared_badge()):
            assert "Content-Disposition" not in client.get(path)
            name = path.rpartition("/")[2].replace("credential", "badge")
            saved = client.get(f"{path}?download")["Content-Disposition"]
            assert saved == f'attachment; filename="{name}"'


class TestContents:
    def test_the_json_is_what_was_stored(self, client):
        one = shared_badge(language="sl")
        response = client.get(f"/col/badges/{one.key}/credential.json")
        assert response.content == one.credential.encode()

    def test_both_pictures_carry_it(self, client):
        one = shared_badge()
        assert unbake_png(client.get(f"/col/badges/{one.key}/badge.png").content) == one.credential
        svg = client.get(f"/col/badges/{one.key}/badge.svg").content
        assert unbake_svg(svg) == one.credential

    def test_the_token_is_made_once(self, client):
        one = shared_badge()
        path = f"/col/badges/{one.key}/credential.jwt"
        first = client.get(path).content
        assert first.count(b".") == 2
        assert client.get(path).content == first
        one.refresh_from_db()
        assert one.compact.encode() == first

    def test_pictures_are_in_the_badges_language(self, client):
        achievement = AchievementFactory()
        slovene(achievement)
        one = shared_badge(achievement=achievement, language="sl")
        assert "Raziskovalka" in client.get(f"/col/badges/{one.key}/badge.svg?lang=en").text


class TestPrivate:
    def test_are_for_the_learner_alone(self, client):
        one = badge()
        for user in (None, UserFactory()):
            if user:
                client.force_login(user)
            for path in paths(one):
                response = client.get(path)
                assert response.status_code == 404, path
                assert not response.cookies
        client.force_login(one.learner)
        for path in paths(one):
            response = client.get(path)
            assert response.status_code == 200, path
            assert response["Cache-Control"] == "private, no-store"
            assert response["X-Content-Type-Options"] == "nosniff"

    def test_of_another_badge_of_the_same_learner(self, client):
        one = shared_badge()
        other = badge(one.learner)
        assert client.get(f"/col/badges/{other.key}/credential.json").status_code == 404

    @pytest.mark.parametrize("name", FILES)
    def test_of_what_is_not_there(self, client, name):
        assert client.get(f"/col/badges/{uuid.uuid4()}/{name}").status_code == 404

    def test_what_is_signed_is_not_told_by_the_refusal(self, client):
        one = badge()
        text = client.get(f"/col/badges/{one.key}/credential.json").text
        assert json.loads(one.credential)["id"] not in text


class TestBroughtPicture:
    def test_is_for_the_learner_and_while_shared(self, client):
        learner = UserFactory()
        picture = Picture.objects.create(
            media_type="image/png", content=b"\x89PNG", width=1, height=1
        )
        one = brought(learner, picture=picture)
        path = f"/col/badges/imported/{one.key}/picture"
        assert client.get(path).status_code == 404
        link = sharing.share(learner, imported=[one])
        response = client.get(path)
        assert (response.status_code, response.content) == (200, b"\x89PNG")
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        sharing.stop(link)
        assert client.get(path).status_code == 404
        client.force_login(learner)
        assert client.get(path).status_code == 200

    def test_of_a_badge_without_one(self, client):
        one = brought(UserFactory())
        assert client.get(f"/col/badges/imported/{one.key}/picture").status_code == 404
