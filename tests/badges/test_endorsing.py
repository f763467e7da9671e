"""Asking for an endorsement, answering, and taking it back."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone
from hypothesis import given as given_any
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.badges.build import badge
from tests.badges.endorse import ANSWER, again, asked, given
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import endorsing, keys
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.endorsement_links import link
from wagtail_col.badges.endorsement_signing import PREFIX
from wagtail_col.badges.endorsing import NotAsked, NotOpen, State, state_of
from wagtail_col.badges.mailable import check_mailable
from wagtail_col.badges.models import Endorsement, Issuer, SigningKey
from wagtail_col.badges.openbadges.errors import Reason
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    return badge(UserFactory(email="z.novak@mail.example"))


@pytest.fixture
def editor():
    return UserFactory(is_superuser=True)


def refused(thing, by=None, **values) -> str:
    before = Endorsement.objects.count()
    with pytest.raises(NotAsked) as caught:
        asked(thing, by, **values)
    assert Endorsement.objects.count() == before
    return caught.value.code


class TestAsking:
    def test_keeps_the_request_without_the_secret_of_its_link(self, award):
        one = asked(award, message="You saw me solder.", shown_name="Zofka")
        assert (one.award, one.email, one.asked_by) == (
            award,
            "eva@navesur.example",
            award.learner,
        )
        assert state_of(one) == State.WAITING
        secret = link(one).rsplit("/", 2)[1]
        assert len(secret) == 32
        assert secret not in json.dumps(Endorsement.objects.values().get(), default=str)
        assert endorsing.find(secret) == one
        assert endorsing.find(secret[:-1] + "A") is None

    def test_two_requests_have_two_secrets(self, award):
        assert link(asked(award)) != link(asked(award, email="b@b.example"))

    def test_the_link_works_after_the_secret_in_the_settings_was_changed(self, award, settings):
        one = asked(award)
        before = link(one)
        old = settings.WAGTAIL_COL["KEYS"]
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "KEYS": ["n" * 40, *old]}
        assert link(one) == before
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "KEYS": ["n" * 40]}
        with pytest.raises(ImproperlyConfigured):
            link(one)
        assert endorsing.find(before.rsplit("/", 2)[1]) == one

    def test_nobody_asks_for_another_ones_badge(self, award, editor):
        assert refused(award, UserFactory()) == "not-yours"
        # Not even who gives the badge: it is the learner's.
        assert refused(award, editor) == "not-yours"

    def test_badges_and_issuers_are_for_who_looks_after_them(self, editor):
        mine, other = (
            Issuer.objects.create(slug=slug, name=slug, team=Group.objects.create(name=slug))
            for slug in ("library", "club")
        )
        member = UserFactory()
        member.groups.add(mine.team)
        member.user_permissions.add(Permission.objects.get(codename="change_achievement"))
        for thing in (mine, AchievementFactory(issuer=mine)):
            assert asked(thing, member).pk
            assert refused(thing, UserFactory()) == "not-yours"
        for thing in (other, AchievementFactory(issuer=other), AchievementFactory()):
            assert refused(thing, member) == "not-yours"
            assert asked(thing, editor).pk

    def test_an_endorser_is_no_issuer_to_stand_by(self, award, editor):
        endorser = given(award).endorser
        assert refused(endorser, editor) == "not-yours"

    def test_a_draft_is_not_shown_to_strangers(self, editor):
        assert refused(AchievementFactory(live=False), editor) == "not-live"

    def test_a_badge_that_was_taken_back(self, award):
        revoke(award, "By mistake.")
        assert refused(award) == "taken-back"

    @pytest.mark.parametrize(
        "email",
        [
            "nobody",
            "a@b.example, c@d.example",
            "a@b.example\nBcc: c@d.example",
            "a@b.example\r\nSubject: x",
            "<a@b.example>",
            "a" * 250 + "@b.example",
        ],
        ids=["none", "two", "newline", "header", "brackets", "long"],
    )
    def test_one_address_and_no_more(self, award, email):
        assert refused(award, email=email) == "bad-email"

    def test_not_oneself(self, award):
        assert refused(award, email=" Z.Novak@Mail.example ") == "own-address"

    @pytest.mark.parametrize(
        "text",
        [
            "Look at https://evil.example/",
            "Look at evil.example now",
            "Look at WWW.evil",
            "evil。example",
            "write to me@evil.example",
            "javascript://x",
            "evil\u2024com\u200b",
            "turned \u202e around",
            "bell \x07",
            "x" * 501,
        ],
        ids=[
            "https",
            "host",
            "www",
            "ideographic",
            "e-mail",
            "scheme",
            "zero-width",
            "turned",
            "control",
            "long",
        ],
    )
    def test_no_relay_for_addresses_and_hidden_marks(self, award, text):
        assert refused(award, message=text) == "bad-text"
        if len(text) < 120:
            assert refused(award, shown_name=text) == "bad-text"

    def test_plain_words_are_fine(self):
        check_mailable(
            "Dear Ms. Ruiz, we met on 3.10.2026 at 10.30, e.g. in the workshop. Thanks… 👩\u200d🔧"
        )

    def test_once_an_address_and_badge(self, award):
        one = asked(award)
        assert refused(award) == "already-asked"
        assert refused(award, email="EVA@NaveSur.example") == "already-asked"
        endorsing.give(one, **ANSWER)
        assert refused(award) == "already-asked"

    def test_again_after_it_was_called_off_or_expired(self, award):
        endorsing.hide(asked(award))
        one = asked(award)
        Endorsement.objects.filter(pk=one.pk).update(asked_at=timezone.now() - timedelta(days=91))
        assert state_of(again(one)) == State.EXPIRED
        assert asked(award).pk

    def test_who_said_no_is_left_alone(self, award):
        endorsing.decline(asked(award))
        assert refused(award) == "declined-before"
        assert refused(badge(award.learner)) == "declined-before"

    def test_some_times_in_a_day(self, award):
        for number in range(endorsing.MOST_A_DAY):
            asked(award, email=f"{number}@a.example")
        assert refused(award, email="more@a.example") == "too-many"
        Endorsement.objects.update(asked_at=timezone.now() - timedelta(days=1, minutes=1))
        assert asked(award, email="more@a.example").pk

    def test_calling_off_gives_no_try_back(self, award):
        for number in range(endorsing.MOST_A_DAY):
            endorsing.hide(asked(award, email=f"{number}@a.example"))
        assert refused(award, email="more@a.example") == "too-many"

    def test_many_accounts_do_not_flood_one_address(self):
        for _number in range(endorsing.MOST_TO_ONE_A_DAY):
            asked(badge())
        assert refused(badge()) == "too-many-to-one"


class TestAnswering:
    def test_signs_it_by_the_endorsers_own_identity(self, award):
        one = given(award)
        assert state_of(one) == State.GIVEN
        assert one.endorser.is_endorser
        assert one.endorser.slug.startswith(PREFIX)
        document = json.loads(one.credential)
        did = f"did:web:testserver:col:badges:issuers:{one.endorser.slug}"
        assert document["issuer"] == {
            "id": did,
            "type": ["Profile"],
            "name": "Nave Sur",
            "url": "https://navesur.example/",
            "official": "Eva Ruiz, head of the workshop",
        }
        assert document["proof"][0]["verificationMethod"].startswith(f"{did}#z6Mk")
        assert document["credentialSubject"]["id"] == json.loads(award.credential)["id"]
        assert document["credentialSubject"]["endorsementComment"] == ANSWER["comment"]
        assert document["name"] == "Endorsement of the badge “Explorer” of one learner"
        assert document["description"] == (
            "Test site signed this for Nave Sur. Somebody who reads mail at navesur.example "
            "confirmed it by a link in an e-mail."
        )
        assert verdict(verify_text(one.credential)) == Verdict.GENUINE

    def test_says_neither_the_learners_name_nor_any_address(self, award):
        one = given(award, shown_name="Zofka Novak", message="Do you remember?")
        for secret in ("Zofka", "z.novak", "eva@", "remember"):
            assert secret not in one.credential

    def test_of_a_badge_and_of_an_issuer(self, editor):
        achievement = AchievementFactory()
        of_badge = json.loads(given(achievement, editor).credential)
        assert of_badge["credentialSubject"]["id"] == (
            f"http://testserver/col/badges/achievements/{achievement.key}/"
        )
        of_issuer = given(keys.site_issuer(), editor)
        assert json.loads(of_issuer.credential)["credentialSubject"]["id"] == "did:web:testserver"
        assert verdict(verify_text(of_issuer.credential)) == Verdict.GENUINE

    def test_the_same_somebody_keeps_their_identity(self, award):
        first = given(award)
        second = given(badge())
        assert second.endorser == first.endorser
        assert second.status_index != first.status_index
        other_address = given(badge(), email="eva@other.example")
        other_name = given(badge(), organisation="Nave Norte")
        assert len({first.endorser, other_address.endorser, other_name.endorser}) == 3

    def test_once(self, award):
        one = asked(award)
        endorsing.give(one, **ANSWER)
        with pytest.raises(NotOpen) as caught:
            endorsing.give(one, **{**ANSWER, "comment": "Something else."})
        assert caught.value.state == State.GIVEN
        assert again(one).comment == ANSWER["comment"]
        assert SigningKey.objects.filter(issuer__is_endorser=True).count() == 1

    @pytest.mark.parametrize("end", ["declined", "called off", "expired", "taken back"])
    def test_not_when_it_is_over(self, award, end):
        one = asked(award)
        if end == "declined":
            endorsing.decline(one)
        elif end == "called off":
            endorsing.hide(one)
        elif end == "expired":
            Endorsement.objects.update(asked_at=timezone.now() - timedelta(days=91))
        else:
            revoke(award, "By mistake.")
        for act in (lambda: endorsing.give(one, **ANSWER), lambda: endorsing.decline(one)):
            with pytest.raises(NotOpen):
                act()
        assert again(one).credential == ""
        assert not Issuer.objects.filter(is_endorser=True).exists()

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("organisation", ""),
            ("organisation", "x" * 201),
            ("person", " "),
            ("website", "javascript:alert(1)"),
            ("website", "ftp://a.example"),
            ("comment", ""),
            ("comment", "x" * 2001),
            ("comment", "A bell \x07"),
            ("organisation", "evas \u202evaN"),
        ],
        ids=[
            "nobody",
            "long",
            "no person",
            "script",
            "no web",
            "nothing",
            "very long",
            "control",
            "turned",
        ],
    )
    def test_what_may_not_stand_there(self, award, field, text):
        one = asked(award)
        with pytest.raises(ValidationError) as caught:
            endorsing.give(one, **{**ANSWER, field: text})
        assert field in caught.value.message_dict
        assert state_of(again(one)) == State.WAITING

    @hypothesis_settings(max_examples=25, deadline=None)
    @given_any(comment=st.text(min_size=1, max_size=60), who=st.text(min_size=1, max_size=30))
    def test_whatever_is_written_is_signed_as_text_or_refused(self, comment, who):
        one = asked(badge())
        try:
            one = endorsing.give(one, **{**ANSWER, "comment": comment, "organisation": who})
        except (ValidationError, endorsing.NotSignable):
            assert state_of(again(one)) == State.WAITING
        else:
            assert verdict(verify_text(one.credential)) == Verdict.GENUINE
        Endorsement.objects.all().delete()

    def test_declining_signs_nothing(self, award):
        one = asked(award)
        endorsing.decline(one)
        assert state_of(again(one)) == State.DECLINED
        with pytest.raises(NotOpen):
            endorsing.withdraw(one)


class TestTakingBack:
    def test_is_gone_at_once_and_a_copy_shows_it(self, award):
        one = given(award)
        copy = one.credential
        endorsing.withdraw(one)
        assert endorsing.shown_for(award) == []
        assert endorsing.documents_for(award) == []
        report = verify_text(copy)
        assert verdict(report) == Verdict.TAKEN_BACK
        assert report.failure.reason == Reason.REVOKED

    def test_what_was_written_is_deleted(self, award):
        one = given(award)
        endorsing.withdraw(one)
        row = again(one)
        assert (row.person, row.website, row.comment, row.credential) == ("", "", "", "")
        assert state_of(row) == State.WITHDRAWN

    def test_another_ones_stays(self, award):
        first, second = given(award), given(badge())
        endorsing.withdraw(first)
        assert verdict(verify_text(again(second).credential)) == Verdict.GENUINE

    def test_also_when_it_is_hidden_and_only_once(self, award):
        one = given(award)
        endorsing.hide(one)
        endorsing.withdraw(one)
        with pytest.raises(NotOpen):
            endorsing.withdraw(one)
