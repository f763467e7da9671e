"""What is shown of endorsements, and how long what came to nothing is kept."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.badges.build import badge
from tests.badges.endorse import ANSWER, again, asked, given
from tests.factories import UserFactory
from wagtail_col.badges import endorsement_keeping, endorsing, keys
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.endorsing import State, state_of
from wagtail_col.badges.models import Endorsement
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    return badge(UserFactory(email="z.novak@mail.example"))


class TestShowing:
    def test_says_who_why_and_how_it_is_known(self, award):
        given(award)
        (shown,) = endorsing.shown_for(award)
        assert shown["organisation"] == "Nave Sur"
        assert shown["person"] == "Eva Ruiz, head of the workshop"
        assert shown["comment"] == ANSWER["comment"]
        assert shown["domain"] == "navesur.example"
        assert shown["site"] == "Test site"
        assert "eva@" not in str(shown)

    def test_only_what_was_given(self, award):
        asked(award)
        assert endorsing.shown_for(award) == []

    def test_hidden_and_shown_again(self, award):
        one = given(award)
        endorsing.hide(one)
        assert endorsing.shown_for(award) == []
        assert state_of(again(one)) == State.HIDDEN
        endorsing.show_again(one)
        assert len(endorsing.shown_for(award)) == 1

    def test_what_was_called_off_is_not_opened_again(self, award):
        one = asked(award)
        endorsing.hide(one)
        endorsing.show_again(one)
        assert state_of(again(one)) == State.CANCELLED

    def test_not_of_a_badge_that_was_taken_back(self, award):
        given(award)
        revoke(award, "By mistake.")
        award.refresh_from_db()
        assert endorsing.shown_for(award) == []
        assert endorsing.documents_for(award) == []

    def test_of_an_issuer_that_is_not_stored(self):
        assert endorsing.shown_for(keys.shown_issuer()) == []
        assert endorsing.documents_for(keys.shown_issuer()) == []

    def test_more_of_them_take_no_more_queries(self, award, django_assert_num_queries):
        given(award)
        with django_assert_num_queries(2):
            endorsing.shown_for(award)
        for number in range(4):
            given(award, email=f"{number}@a.example")
        with django_assert_num_queries(2):
            assert len(endorsing.shown_for(award)) == 5
        with django_assert_num_queries(1):
            assert len(endorsing.documents_for(award)) == 5

    def test_the_documents_are_the_signed_ones(self, award):
        one = given(award)
        assert endorsing.documents_for(award) == [json.loads(one.credential)]

    def test_when_the_account_goes_they_go(self, award):
        given(award)
        asked(award, email="b@b.example")
        award.learner.delete()
        assert not Endorsement.objects.exists()

    def test_old_ones_hold_after_the_endorsers_key_was_changed(self, award):
        one = given(award)
        keys.rotate(one.endorser)
        assert verdict(verify_text(one.credential)) == Verdict.GENUINE


class TestKeeping:
    """What came to nothing is deleted in time; what was given stays."""

    def test_a_request_nobody_answers_goes_a_month_after_its_link(self):
        waiting, called_off = (asked(badge()) for _n in range(2))
        endorsing.hide(called_off)
        past = timezone.now() - endorsing.OPEN_FOR - endorsement_keeping.AFTER
        Endorsement.objects.update(asked_at=past + timedelta(days=1))
        assert endorsement_keeping.forget() == 0
        Endorsement.objects.update(asked_at=past)
        assert endorsement_keeping.forget() == 2
        assert not Endorsement.objects.filter(pk=waiting.pk).exists()

    def test_a_no_is_remembered_for_a_year(self):
        one = asked(badge())
        endorsing.decline(one)
        Endorsement.objects.update(asked_at=timezone.now() - timedelta(days=300))
        assert endorsement_keeping.forget() == 0
        Endorsement.objects.update(declined_at=timezone.now() - endorsement_keeping.REMEMBERED)
        assert endorsement_keeping.forget() == 1

    def test_what_was_given_stays_and_of_what_was_taken_back_the_address_goes(self):
        stands, back = given(badge()), given(badge(), email="ivan@navesur.example")
        endorsing.withdraw(back)
        long_ago = timezone.now() - timedelta(days=3000)
        Endorsement.objects.update(asked_at=long_ago, given_at=long_ago)
        assert endorsement_keeping.forget() == 0
        Endorsement.objects.filter(pk=back.pk).update(withdrawn_at=long_ago)
        assert endorsement_keeping.forget() == 1
        assert endorsement_keeping.forget() == 0
        assert again(stands).email == "eva@navesur.example"
        assert again(back).email == ""
        assert again(back).status_index is not None, "its place in the list is not used again"
