import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges import awarding, statuslists
from wagtail_col.badges.awarding import NotAwardable, award, revoke
from wagtail_col.badges.models import AchievementText, Award, Issuer, SigningKey, StatusList
from wagtail_col.badges.openbadges import status
from wagtail_col.badges.openbadges.credential import identity_hash
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

from .build import BECAUSE, badge, slovene

pytestmark = pytest.mark.django_db


def read(award):
    return json.loads(award.credential)


class TestOnce:
    def test_a_second_time_gives_the_same(self):
        achievement, learner = AchievementFactory(), UserFactory()
        first, created = award(achievement, learner, because=BECAUSE, language="en")
        assert created
        again, created = award(achievement, learner, because={}, language="sl")
        assert (again, created) == (first, False)
        assert again.credential == first.credential
        assert Award.objects.count() == 1

    def test_who_comes_second_in_a_race_gets_what_the_first_gave(self, monkeypatch):
        achievement, learner = AchievementFactory(), UserFactory()
        first = badge(learner, achievement)
        real, calls = awarding._given, []

        def blind_until_it_writes(*args):
            calls.append(args)
            return None if len(calls) <= 2 else real(*args)

        monkeypatch.setattr(awarding, "_given", blind_until_it_writes)
        assert award(achievement, learner, because=BECAUSE, language="en") == (first, False)
        assert len(calls) == 4

    def test_a_place_taken_meanwhile_is_drawn_again(self, monkeypatch):
        taken = badge()
        real, draws = statuslists.free_places, []

        def collide(*args):
            draws.append(args)
            if len(draws) == 1:
                return [(taken.status_list, taken.status_index)]
            return real(*args)

        monkeypatch.setattr(statuslists, "free_places", collide)
        other = badge()
        assert len(draws) == 2
        assert other.status_index != taken.status_index
        assert verify_text(other.credential).ok

    def test_taken_back_stays_taken_back(self):
        given = badge()
        revoke(given, "By mistake")
        again, created = award(given.achievement, given.learner, because=BECAUSE, language="en")
        assert not created
        assert again.is_revoked


class TestRefused:
    @pytest.mark.parametrize("stale", [True, False])
    def test_a_draft(self, stale):
        achievement = AchievementFactory(live=False)
        # A copy from before it was taken offline is not believed.
        achievement.live = stale
        with pytest.raises(NotAwardable) as refusal:
            award(achievement, UserFactory(), because=BECAUSE, language="en")
        assert refusal.value.code == "not-live"
        assert not Award.objects.exists() and not SigningKey.objects.exists()

    def test_without_a_text(self):
        with pytest.raises(NotAwardable) as refusal:
            award(AchievementFactory(text=None), UserFactory(), because=BECAUSE, language="en")
        assert refusal.value.code == "no-text"

    @pytest.mark.parametrize("field", ["name", "description", "criteria"])
    def test_with_half_a_text(self, field):
        achievement = AchievementFactory(text=None)
        AchievementTextFactory(achievement=achievement, **{field: "  "})
        with pytest.raises(NotAwardable) as refusal:
            award(achievement, UserFactory(), because=BECAUSE, language="en")
        assert refusal.value.code == "no-text"

    def test_without_an_address_of_the_site(self, settings):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": ""}
        settings.WAGTAILADMIN_BASE_URL = ""
        with pytest.raises(NotAwardable) as refusal:
            badge()
        assert refusal.value.code == "not-signable"
        assert not StatusList.objects.exists() and not Issuer.objects.exists()

    @pytest.mark.parametrize("field", ["name", "description", "criteria"])
    @pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f"])
    def test_a_text_that_cannot_be_signed_is_refused_when_it_is_written(self, field, character):
        values = {"name": "N", "description": "D", "criteria": "C", field: f"a{character}b"}
        text = AchievementText(language="en", **values)
        with pytest.raises(ValidationError) as refusal:
            text.full_clean(exclude=["achievement"])
        assert list(refusal.value.message_dict) == [field]
        assert "Character 2" in refusal.value.message_dict[field][-1]


class TestCredential:
    def test_every_address_is_complete_and_ours(self):
        given = badge()
        document = read(given)
        base = f"http://testserver/col/badges/{given.key}/"
        achievement = f"http://testserver/col/badges/achievements/{given.achievement.key}/"
        listed = f"http://testserver/col/badges/status/{given.status_list.key}.json"
        assert document["id"] == f"{base}credential.json"
        assert document["evidence"][0]["id"] == f"{base}#evidence"
        assert document["credentialStatus"]["statusListCredential"] == listed
        assert document["credentialStatus"]["statusListIndex"] == str(given.status_index)
        assert document["issuer"]["id"] == "did:web:testserver"
        claim = document["credentialSubject"]["achievement"]
        assert claim["id"] == achievement
        assert claim["criteria"]["id"] == f"{achievement}#criteria"
        assert claim["image"]["id"] == f"{achievement}badge.png?lang=en"

    def test_says_what_was_done_and_how_it_was_shown(self):
        told = read(badge())["evidence"][0]
        assert told["name"] == "Podcast from zero"
        assert told["narrative"].split("\n") == [
            "Finished the line “Podcast from zero”.",
            "http://testserver/en/podcast/",
            "- Tell a story – the learner said so – Oct. 3, 2026",
            "- Record it – shown with the organiser’s code – Oct. 10, 2026",
            "- Show it – confirmed by the organiser – Oct. 24, 2026",
        ]

    def test_hides_name_and_address(self):
        learner = UserFactory(
            username="zofka.novak", first_name="Zofka", last_name="Novak", email="Zofka@Example.ORG"
        )
        given = badge(learner)
        for secret in ("zofka", "novak", "example.org"):
            assert secret not in given.credential.lower()
        identity = read(given)["credentialSubject"]["identifier"][0]
        assert identity["identityHash"] == identity_hash("zofka@example.org", given.salt)
        assert identity["salt"] == given.salt
        assert read(given)["credentialSubject"].get("id", "urn:uuid:").startswith("urn:uuid:")

    def test_who_has_no_address_gets_an_identifier_that_says_nothing(self):
        subject = read(badge(UserFactory(email="")))["credentialSubject"]
        assert subject["id"].startswith("urn:uuid:")
        assert "identifier" not in subject

    def test_speaks_the_learners_language_and_names_the_other(self):
        achievement = AchievementFactory()
        slovene(achievement)
        given = badge(achievement=achievement, language="sl")
        claim = read(given)["credentialSubject"]["achievement"]
        assert (claim["name"], claim["inLanguage"]) == ("Raziskovalka", "sl")
        assert claim["related"] == [
            {
                "id": f"http://testserver/col/badges/achievements/{achievement.key}/?lang=en",
                "type": ["Related"],
                "inLanguage": "en",
            }
        ]
        assert given.language == "sl"
        assert verify_text(given.credential).ok

    @pytest.mark.parametrize(
        ("asked", "given_in"), [("sl-si", "sl"), ("xx", "en"), ("", "en"), ("es", "es")]
    )
    def test_a_language_the_site_does_not_have(self, asked, given_in):
        given = badge(language=asked)
        assert given.language == given_in
        assert read(given)["credentialSubject"]["achievement"]["inLanguage"] == "en"

    def test_is_signed_by_the_achievements_own_issuer(self):
        library = Issuer.objects.create(
            slug="library", name="City library", url="https://library.example", email="a@b.example"
        )
        given = badge(achievement=AchievementFactory(issuer=library))
        assert read(given)["issuer"] == {
            "id": "did:web:testserver:col:badges:issuers:library",
            "type": ["Profile"],
            "name": "City library",
            "url": "https://library.example",
            "email": "a@b.example",
        }
        assert given.issuer == library
        assert verify_text(given.credential).ok

    def test_with_an_end(self):
        end = timezone.now() + timedelta(days=30)
        given = badge(valid_until=end)
        assert read(given)["validUntil"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")
        report = verify_text(given.credential, now=end + timedelta(seconds=1))
        assert verdict(report) == Verdict.EXPIRED

    def test_keeps_of_the_reasons_only_what_belongs_there(self):
        given = badge(because={"learner": "Zofka", "url": "javascript:alert(1)", "steps": None})
        assert set(given.because) == {
            "by",
            "playlist",
            "title",
            "url",
            "steps",
            "assessed",
            "badges",
            "rule",
            "version",
        }
        assert given.because["url"] == ""
        assert given.because["steps"] == []

    def test_two_hundred_steps_with_the_same_title(self):
        step = {"title": "W" * 300, "how": "code", "at": "no date"}
        given = badge(because={"steps": [step] * 200})
        assert "And 100 more steps." in read(given)["evidence"][0]["narrative"]
        assert verify_text(given.credential).ok

    @given(
        name=st.text(min_size=1, max_size=120),
        title=st.text(max_size=300),
        step=st.text(max_size=300),
        how=st.text(max_size=20),
        at=st.text(max_size=30),
    )
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_any_text_is_signed_and_holds(self, name, title, step, how, at):
        # What the database takes; forms refuse more than that.
        keep = str.maketrans(dict.fromkeys([0, *range(0xD800, 0xE000)]))
        name = name.translate(keep).strip("\x00\x01\x02\x1f \n\t") or "x"
        achievement = AchievementFactory(text=None)
        AchievementTextFactory(achievement=achievement, name=name)
        because = {"title": title, "steps": [{"title": step, "how": how, "at": at}]}
        try:
            new, _created = award(achievement, UserFactory(), because=because, language="en")
        except NotAwardable as refusal:
            # Nothing but characters that cannot be seen.
            assert refusal.code in ("not-signable", "no-text")
            return
        assert verify_text(new.credential).ok


class TestStatusList:
    def test_all_badges_of_an_issuer_share_one(self):
        badges = [badge() for _ in range(3)]
        assert StatusList.objects.count() == 1
        assert len({given.status_index for given in badges}) == 3

    def test_a_full_list_is_followed_by_another(self, monkeypatch):
        first = badge()
        monkeypatch.setattr(status, "random_index", lambda size: first.status_index)
        second = badge()
        assert second.status_list != first.status_list
        assert verify_text(second.credential).ok and verify_text(first.credential).ok

    def test_taking_one_back_leaves_the_others(self):
        taken, kept = badge(), badge()
        before = taken.status_list.credential
        revoke(taken, "Given by mistake")
        assert verdict(verify_text(taken.credential)) == Verdict.TAKEN_BACK
        assert verdict(verify_text(kept.credential)) == Verdict.GENUINE
        taken.status_list.refresh_from_db()
        assert taken.status_list.credential != before
        assert taken.revocation_reason == "Given by mistake"

    def test_a_second_time_changes_nothing(self):
        given = badge()
        revoke(given, "First")
        at = given.revoked_at
        listed = StatusList.objects.get().credential
        revoke(given, "Second")
        assert (given.revoked_at, given.revocation_reason) == (at, "First")
        assert StatusList.objects.get().credential == listed

    def test_award_and_list_change_together_or_not_at_all(self, monkeypatch):
        given = badge()

        def broken(*args):
            raise OSError

        monkeypatch.setattr(statuslists.keys, "sign", broken)
        with pytest.raises(OSError):
            revoke(given, "x")
        given.refresh_from_db()
        assert given.revoked_at is None
        assert verify_text(given.credential).ok

    def test_what_was_taken_back_stays_so_when_the_account_is_gone(self):
        gone, other = badge(), badge()
        credential, index = gone.credential, gone.status_index
        revoke(gone, "x")
        get_user_model().objects.get(pk=gone.learner_id).delete()
        assert not Award.objects.filter(pk=gone.pk).exists()
        revoke(other, "y")
        assert verdict(verify_text(credential)) == Verdict.TAKEN_BACK
        listed = StatusList.objects.get()
        bits = statuslists._bits(json.loads(listed.credential))
        # Nor is its place given to anybody else, whose badge would be born taken back.
        assert status.bit(bits, index)

    def test_places_of_badges_that_were_taken_back_are_never_given(self, monkeypatch):
        gone = badge()
        revoke(gone, "x")
        get_user_model().objects.get(pk=gone.learner_id).delete()
        monkeypatch.setattr(status, "random_index", lambda size: gone.status_index)
        assert badge().status_list != gone.status_list


class TestMovedSite:
    def test_old_badges_hold_and_new_ones_carry_the_new_address(self, settings):
        old = badge()
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": "https://learn.example"}
        new = badge()
        assert read(new)["issuer"]["id"] == "did:web:learn.example"
        assert new.status_list != old.status_list
        assert verify_text(new.credential).ok and verify_text(old.credential).ok
        revoke(old, "x")
        assert verdict(verify_text(old.credential)) == Verdict.TAKEN_BACK
