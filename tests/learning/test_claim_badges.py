"""Codes that give a badge, and badges of opportunities."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, online, step, steps_of
from wagtail_col.badges.awarding import award, revoke
from wagtail_col.badges.models import Award, PastEdition
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.learning import claims, code_making, journey
from wagtail_col.learning.models import (
    ClaimCode,
    CodeUse,
    Completion,
    Enrolment,
    Evidence,
    OpportunityBadge,
)
from wagtail_col.learning.opportunity_badges import set_badge

pytestmark = pytest.mark.django_db
KEY = "only-for-the-tests-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
def badge(db):
    return AchievementFactory()


@pytest.fixture
def code(badge):
    return code_making.make_badge_code(badge, by=None, event="Maker Faire\n2026", most_uses=2)


@pytest.fixture
def workshop(badge):
    found = listing("Record your first minute")
    set_badge(found.key, badge.key)
    return found


def refused(learner, text, **values):
    before = (Award.objects.count(), CodeUse.objects.count(), Completion.objects.count())
    with pytest.raises(journey.Refused) as caught:
        claims.redeem(learner, text, **values)
    after = (Award.objects.count(), CodeUse.objects.count(), Completion.objects.count())
    assert after == before
    return caught.value.code


# A code of a badge


def test_it_gives_the_badge_without_any_line(learner, badge, code):
    with translation.override("sl"):
        done = claims.redeem(learner, claims.text_of(code).lower())
    given = Award.objects.get()
    assert done.earned == given
    assert (given.achievement, given.learner, given.language) == (badge, learner, "sl")
    assert given.because["by"] == "code"
    assert given.because["title"] == "Maker Faire 2026"
    assert given.because["assessed"] == "organiser"
    assert not Enrolment.objects.exists()
    code.refresh_from_db()
    assert code.uses == 1


def test_entered_twice_it_is_one_use_and_one_award(learner, code):
    first = claims.redeem(learner, claims.text_of(code)).earned
    again = claims.redeem(learner, claims.text_of(code))
    assert (again.earned, again.had) == (None, first)
    assert Award.objects.count() == CodeUse.objects.count() == 1
    code.refresh_from_db()
    assert code.uses == 1


def test_who_has_the_badge_uses_nothing_up(learner, badge, code):
    given, _new = award(badge, learner, because={"by": "hand"}, language="en")
    done = claims.redeem(learner, claims.text_of(code))
    assert (done.earned, done.had) == (None, given)
    assert not CodeUse.objects.exists()
    code.refresh_from_db()
    assert code.uses == 0


def test_a_badge_that_ends_is_given_anew_once_a_code(learner):
    badge = AchievementFactory(lasts_months=12)
    given, _new = award(badge, learner, because={"by": "hand"}, language="en")
    Award.objects.update(valid_until=timezone.now() + timedelta(days=30))
    code = code_making.make_badge_code(badge, by=None, event="Next year", most_uses=1)
    text = claims.text_of(code)
    assert claims.look(learner, text).badge == badge
    assert claims.redeem(learner, text).earned == given
    given.refresh_from_db()
    assert given.valid_until > timezone.now() + timedelta(days=300)
    assert claims.redeem(learner, text).earned is None
    assert PastEdition.objects.count() == CodeUse.objects.count() == 1


def test_another_code_on_the_same_day_renews_nothing_and_is_not_used(learner):
    badge = AchievementFactory(lasts_months=12)
    first, second = (code_making.make_badge_code(badge, by=None, most_uses=1) for _n in range(2))
    given = claims.redeem(learner, claims.text_of(first)).earned
    done = claims.redeem(learner, claims.text_of(second))
    assert (done.earned, done.had) == (None, given)
    second.refresh_from_db()
    assert second.uses == 0
    assert not PastEdition.objects.exists()


def test_looking_gives_nothing(learner, badge, code):
    assert claims.look(learner, claims.text_of(code)).badge == badge
    assert not Award.objects.exists()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"valid_from": 1}, "not-yet"),
        ({"valid_until": -1}, "expired"),
        ({"uses": 2}, "used-up"),
    ],
)
def test_its_times_and_uses_hold(learner, code, values, why):
    ClaimCode.objects.update(
        **{
            name: value if name == "uses" else timezone.now() + timedelta(hours=value)
            for name, value in values.items()
        }
    )
    assert refused(learner, claims.text_of(code)) == why


def test_of_a_badge_that_is_not_published(learner, badge, code):
    badge.live = False
    badge.save()
    assert refused(learner, claims.text_of(code)) == "badge-withdrawn"


def test_of_a_badge_without_a_text(learner, badge, code):
    badge.texts.update(criteria=" ")
    assert refused(learner, claims.text_of(code)) == "not-awardable"
    code.refresh_from_db()
    assert code.uses == 0


def test_a_badge_that_was_taken_back_stays_taken_back(learner, badge, code):
    given, _new = award(badge, learner, because={"by": "hand"}, language="en")
    revoke(given, "A mistake.")
    assert refused(learner, claims.text_of(code)) == "taken-back"


def test_a_badge_code_joins_no_line(learner, code):
    playlist = line(link())
    assert refused(learner, claims.text_of(code), playlist=playlist) == "not-on-line"


@pytest.mark.parametrize(
    "values", [{"most_uses": 0}, {"valid_until": timezone.now() - timedelta(days=1)}]
)
def test_a_code_that_makes_no_sense_is_not_made(badge, values):
    with pytest.raises(ValidationError):
        code_making.make_badge_code(badge, by=None, **{"valid_from": timezone.now()} | values)
    assert not ClaimCode.objects.exists()


def test_replaced_by_another_one_with_the_uses_that_are_left(learner, code):
    old = claims.text_of(code)
    claims.redeem(learner, old)
    new = code_making.replace(code, by=learner)
    assert (new.most_uses, new.uses, new.event) == (1, 0, code.event)
    assert claims.text_of(new) != old
    assert refused(UserFactory(), old) == "expired"
    assert claims.redeem(UserFactory(), claims.text_of(new)).earned
    with pytest.raises(ValidationError):
        code_making.replace(new, by=None)
    with pytest.raises(ValidationError):
        code_making.replace(code, by=None)


# Badges of opportunities


def test_a_code_gives_the_badge_of_its_opportunity_without_any_line(learner, badge, workshop):
    code = claims.make_code(workshop, by=None, most_uses=1)
    done = claims.redeem(learner, claims.text_of(code))
    given = Award.objects.get()
    assert (done.earned, done.steps) == (given, ())
    assert given.because["by"] == "opportunity"
    assert given.because["title"] == "Record your first minute"
    assert given.because["assessed"] == "organiser"
    assert given.because["steps"][0]["how"] == "code"
    assert given.because["url"].startswith("http://testserver/en/")
    assert CodeUse.objects.get().learner == learner
    assert refused(UserFactory(), claims.text_of(code)) == "used-up"
    assert claims.redeem(learner, claims.text_of(code)).had == given


def test_it_counts_on_the_lines_as_well_with_one_use(learner, workshop):
    playlist = line(step(workshop), title="Podcast", achievement=AchievementFactory())
    journey.join(learner, playlist)
    code = claims.make_code(workshop, by=None, most_uses=1)
    done = claims.redeem(learner, claims.text_of(code))
    assert done.earned.because["by"] == "opportunity"
    assert done.steps[0][1].award.because["by"] == "playlist"
    assert Award.objects.count() == 2
    code.refresh_from_db()
    assert code.uses == 1


def test_one_badge_for_the_line_and_its_opportunity_is_given_once(learner, badge, workshop):
    playlist = line(step(workshop), achievement=badge)
    journey.join(learner, playlist)
    claims.redeem(learner, claims.text_of(claims.make_code(workshop, by=None)))
    assert Award.objects.count() == 1
    assert Enrolment.objects.get().completed_at


def test_lines_are_offered_when_the_badge_is_given(learner, workshop):
    playlist = line(step(workshop))
    text = claims.text_of(claims.make_code(workshop, by=None, most_uses=1))
    done = claims.redeem(learner, text)
    assert done.earned
    assert [each.playlist for each in done.offered] == [playlist]
    with pytest.raises(claims.ChooseLine):
        claims.redeem(learner, text)
    assert claims.redeem(learner, text, playlist).steps
    assert ClaimCode.objects.get().uses == 1


@pytest.mark.parametrize("how", [Evidence.ORGANISER, Evidence.CODE])
def test_a_step_done_in_front_of_the_organiser_gives_it(learner, workshop, how):
    playlist = line(step(workshop), link())
    journey.join(learner, playlist)
    code = claims.make_code(workshop, by=None)
    outcome = journey.finish_step(learner, steps_of(playlist)[0], how, code)
    assert outcome.also.because["assessed"] == "organiser"
    assert journey.finish_step(learner, steps_of(playlist)[0], how, code).also is None


def test_saying_so_oneself_does_not_give_it(learner, badge):
    course = online()
    set_badge(course.key, badge.key)
    playlist = line(step(course), link())
    journey.join(learner, playlist)
    outcome = journey.finish_step(learner, steps_of(playlist)[0], Evidence.SELF)
    assert outcome.is_new
    assert not Award.objects.exists()


def test_a_badge_that_cannot_be_given_does_not_undo_the_step(learner, badge, workshop):
    badge.texts.update(criteria="")
    playlist = line(step(workshop))
    journey.join(learner, playlist)
    text = claims.text_of(claims.make_code(workshop, by=None))
    assert claims.redeem(learner, text).steps
    assert Completion.objects.count() == 1
    assert not Award.objects.exists()
    badge.texts.update(criteria="Was there.")
    assert claims.redeem(learner, text).earned


def test_an_opportunity_whose_badge_is_no_draft_any_more_or_none(learner, badge, workshop):
    text = claims.text_of(claims.make_code(workshop, by=None))
    badge.live = False
    badge.save()
    assert refused(learner, text) == "no-line"
    badge.live = True
    badge.save()
    withdraw_listing(workshop.key)
    assert refused(learner, text) == "listing-withdrawn"


def test_the_badge_of_an_opportunity_is_changed_and_taken_away(badge, workshop):
    other = AchievementFactory()
    set_badge(workshop.key, other.key)
    assert OpportunityBadge.objects.get().achievement == other
    set_badge(workshop.key, None)
    assert not OpportunityBadge.objects.exists()
