"""What is left when an account is deleted: addresses that say so, and nothing of anybody."""

import json
import uuid

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from tests.badges.build import badge, brought
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.erasing import times_given
from wagtail_col.badges.models import Erased, Share
from wagtail_col.badges.openbadges import status
from wagtail_col.badges.verifying import verify_text

pytestmark = pytest.mark.django_db

WORDS = ("zofka", "novak", "mail.example")


@pytest.fixture
def learner():
    return UserFactory(
        username="zofka.novak", first_name="Zofka", last_name="Novak", email="z.novak@mail.example"
    )


def tables() -> str:
    """Everything in the database, as one text in small letters."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


class TestAddresses:
    @pytest.mark.parametrize("how", ["one", "many"])
    def test_say_that_it_is_gone(self, client, learner, how):
        one, other = badge(learner), brought(learner)
        share = sharing.share(learner, [one])
        collection = sharing.share(learner, [one], [other], title="Mine")
        stopped = sharing.share(learner, imported=[other])
        sharing.stop(stopped)
        if how == "one":
            learner.delete()
        else:
            get_user_model().objects.filter(pk=learner.pk).delete()
        pages = [f"/col/badges/{one.key}/", f"/col/badges/{one.key}/verify/"]
        pages += [f"/col/badges/shared/{each.key}/" for each in (share, collection, stopped)]
        pages.append(f"/col/badges/shared/{collection.key}/{one.key}/")
        for path in pages:
            response = client.get(path)
            assert response.status_code == 410, path
            assert "This badge is gone" in response.text
            assert response["Cache-Control"] == "private, no-store"
        files = ["credential.json", "credential.jwt", "badge.png", "badge.svg"]
        paths = [f"/col/badges/{one.key}/{name}" for name in files]
        for path in [*paths, f"/col/badges/imported/{other.key}/picture"]:
            response = client.get(path)
            assert response.status_code == 410, path
            assert "no-store" in response["Cache-Control"]
        assert Erased.objects.count() == 5

    def test_of_others_are_as_they_were(self, client, learner):
        theirs = badge(achievement=badge(learner).achievement)
        share = sharing.share(theirs.learner, [theirs])
        learner.delete()
        assert client.get(f"/col/badges/shared/{share.key}/").status_code == 200

    def test_what_never_was_is_not_gone(self, client, learner):
        badge(learner)
        learner.delete()
        assert client.get(f"/col/badges/{uuid.uuid4()}/").status_code == 404

    def test_of_what_the_badge_names_stay(self, client, learner):
        one = badge(learner, AchievementFactory())
        achievement, listed = one.achievement, one.status_list
        learner.delete()
        achievement.live = False
        achievement.save()
        for path in (
            achievement.get_absolute_url(),
            f"{achievement.get_absolute_url()}achievement.json",
            f"{achievement.get_absolute_url()}badge.png",
            f"/col/badges/status/{listed.key}.json",
            "/.well-known/did.json",
        ):
            assert client.get(path).status_code == 200, path


class TestWhatIsLeft:
    def test_nothing_says_who_it_was(self, learner):
        one, other = badge(learner), brought(learner, source='{"identity": "z.novak@mail.example"}')
        sharing.share(learner, [one], [other], title="Zofka's badges", shown_name="Zofka Novak")
        assert all(word in tables() for word in WORDS)
        learner.delete()
        left = tables()
        assert not [word for word in WORDS if word in left]
        assert not Share.objects.exists()

    def test_status_lists_and_numbers_are_as_they_were(self, learner):
        achievement = AchievementFactory()
        kept, taken_back = badge(learner), badge(learner, achievement)
        badge(achievement=achievement)
        revoke(taken_back, "Mistake")
        listed = taken_back.status_list
        listed.refresh_from_db()
        before, given = listed.credential, times_given(achievement)
        file, index = taken_back.credential, taken_back.status_index
        learner.delete()
        listed.refresh_from_db()
        assert listed.credential == before
        bits = status.decode(_subject(before)["encodedList"])
        assert status.bit(bits, index)
        assert times_given(achievement) == given == 2
        # A file that somebody saved can still be checked.
        assert not verify_text(file).ok
        assert verify_text(kept.credential).ok

    def test_twice_is_fine(self, learner):
        one = badge(learner)
        Erased.objects.create(key=one.key)
        learner.delete()
        assert Erased.objects.filter(key=one.key).count() == 1


def _subject(credential: str) -> dict:
    return json.loads(credential)["credentialSubject"]
