"""A learner's own page about endorsements, and where those stand that were given."""

import json

import pytest

from tests.badges.endorse import ANSWER, again, asked, given, path_of
from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges import endorsing, keys, sharing
from wagtail_col.badges.endorsing import State, state_of
from wagtail_col.badges.models import Endorsement
from wagtail_col.badges.verifying import verify_text

pytestmark = pytest.mark.django_db

ATTACK = "<img src=x onerror=alert(1)>'\"\u2019</script>"


class TestOwnPage:
    def path(self, award):
        return f"/col/badges/{award.key}/endorsements/"

    def test_asks(self, mine, award):
        data = {"email": "eva@navesur.example", "shown_name": "Zofka", "message": "Hello"}
        response = mine.post(self.path(award), data)
        assert response.status_code == 302
        one = Endorsement.objects.get()
        assert (one.award, one.shown_name, one.message) == (award, "Zofka", "Hello")
        text = mine.get(self.path(award)).text
        assert "eva@navesur.example" in text
        assert "Asked, no answer yet" in text

    @pytest.mark.parametrize(
        "data",
        [
            {"email": "nobody"},
            {"email": "a@b.example", "message": "See evil.example"},
            {"email": "z.novak@mail.example"},
        ],
        ids=["no address", "address in the message", "own"],
    )
    def test_says_what_to_change(self, mine, award, data):
        response = mine.post(self.path(award), data)
        assert response.status_code == 400
        assert "Nothing was sent." in response.text
        assert "col-field__error" in response.text
        assert not Endorsement.objects.exists()

    def test_another_learner_finds_nothing(self, client, award):
        one = given(award)
        client.force_login(UserFactory())
        assert client.get(self.path(award)).status_code == 404
        assert client.post(self.path(award), {"email": "a@b.example"}).status_code == 404
        for act in ("hide", "show"):
            path = f"/col/badges/endorsements/{one.key}/{act}/"
            assert client.post(path).status_code == 404
        assert state_of(again(one)) == State.GIVEN

    def test_asks_for_a_log_in_first(self, client, award):
        assert client.get(self.path(award)).status_code == 302
        assert client.post(self.path(award), {"email": "a@b.example"}).status_code == 302
        assert not Endorsement.objects.exists()

    def test_hides_and_shows_again_at_once(self, mine, award):
        one = given(award)
        sharing.share(award.learner, [award])
        assert ANSWER["organisation"] in mine.get(award.get_absolute_url()).text
        mine.post(f"/col/badges/endorsements/{one.key}/hide/")
        assert ANSWER["organisation"] not in mine.get(award.get_absolute_url()).text
        assert mine.get(f"/col/badges/endorsements/{one.key}.json").status_code == 404
        assert "hidden on the page" in mine.get(path_of(one)).text
        mine.post(f"/col/badges/endorsements/{one.key}/show/")
        assert ANSWER["organisation"] in mine.get(award.get_absolute_url()).text

    @pytest.mark.parametrize("act", ["hide", "show"])
    def test_reading_hides_nothing(self, mine, award, act):
        one = given(award)
        assert mine.get(f"/col/badges/endorsements/{one.key}/{act}/").status_code == 405
        assert state_of(again(one)) == State.GIVEN

    def test_more_of_them_take_no_more_queries(
        self, mine, award, django_assert_max_num_queries, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        given(award)
        with CaptureQueriesContext(
            connection,
        ) as few:
            mine.get(self.path(award))
        for number in range(4):
            given(award, email=f"{number}@a.example")
        with django_assert_num_queries(len(few)):
            mine.get(self.path(award))


class TestWhereItStands:
    def test_on_the_page_of_a_badge_for_who_may_see_it(self, client, award):
        one = given(award)
        path = f"/col/badges/endorsements/{one.key}.json"
        assert client.get(award.get_absolute_url()).status_code == 404
        assert client.get(path).status_code == 404
        share = sharing.share(award.learner, [award])
        for page in (award.get_absolute_url(), f"/col/badges/shared/{share.key}/"):
            text = client.get(page).text
            assert ANSWER["organisation"] in text
            assert "eva@" not in text
        response = client.get(path)
        assert response.content.decode() == one.credential
        assert response["Content-Type"] == "application/vc+ld+json"
        assert response["Access-Control-Allow-Origin"] == "*"
        sharing.stop(share)
        assert client.get(path).status_code == 404

    def test_for_its_own_learner_without_sharing(self, mine, award):
        one = given(award)
        assert mine.get(f"/col/badges/endorsements/{one.key}.json").status_code == 200
        assert ANSWER["organisation"] in mine.get(award.get_absolute_url()).text

    def test_on_the_page_of_an_achievement_and_in_its_document(self, client):
        editor = UserFactory(is_superuser=True)
        achievement = AchievementFactory()
        one = given(achievement, editor)
        assert ANSWER["organisation"] in client.get(achievement.get_absolute_url()).text
        document = client.get(f"{achievement.get_absolute_url()}achievement.json").json()
        assert document["endorsement"] == [json.loads(one.credential)]
        assert verify_text(json.dumps(document["endorsement"][0])).ok
        endorsing.hide(one)
        document = client.get(f"{achievement.get_absolute_url()}achievement.json").json()
        assert "endorsement" not in document

    def test_on_the_page_of_an_issuer_and_in_its_profile(self, client):
        one = given(keys.site_issuer(), UserFactory(is_superuser=True))
        assert ANSWER["organisation"] in client.get("/col/badges/issuer/").text
        document = client.get("/col/badges/issuer/profile.json").json()
        assert document["endorsement"] == [json.loads(one.credential)]

    def test_the_endorsers_keys_are_published(self, client, award):
        one = given(award)
        document = client.get(f"/col/badges/issuers/{one.endorser.slug}/did.json").json()
        assert document["id"] == json.loads(one.credential)["issuer"]["id"]
        method = json.loads(one.credential)["proof"][0]["verificationMethod"]
        assert method in document["assertionMethod"]

    def test_a_document_is_saved_as_a_file(self, mine, award):
        one = given(award)
        response = mine.get(f"/col/badges/endorsements/{one.key}.json?download")
        assert response["Content-Disposition"] == 'attachment; filename="endorsement.json"'

    def test_in_the_readers_language(self, client, award):
        AchievementTextFactory(achievement=award.achievement, language="sl", name="Raziskovalka")
        assert "Raziskovalka" in client.get(path_of(asked(award)) + "?lang=sl").text
