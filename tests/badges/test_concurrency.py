"""Forty at once, in eight processes, give one learner the same badge in the real database."""

import pytest

from tests.badges import awarder
from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, steps_of
from wagtail_col.badges import award_lists, inviting
from wagtail_col.badges.address_lists import read_text
from wagtail_col.badges.models import Award, Invitation, Outcome, PastEdition, SigningKey
from wagtail_col.badges.verifying import Verdict, verdict, verify_text
from wagtail_col.learning import code_making, journey

from .build import badge

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


@pytest.fixture
def at_once(awarders):
    """Each order in a process of its own, all begun at the same moment; all came through."""

    def run(*orders):
        assert awarders.at_once(orders) == [str(awarder.TIMES)] * len(orders)

    return run


def listed(achievement, *emails):
    made = award_lists.make(
        achievement, read_text("\n".join(emails)), event="Camp", language="en", by=None
    )
    award_lists.start(made)
    return made


def test_forty_at_once_give_one_badge(at_once):
    achievement, learner = AchievementFactory(), UserFactory()
    at_once(*[("hand", achievement.pk, learner.pk)] * PROCESSES)
    assert SigningKey.objects.count() == 1
    assert verify_text(Award.objects.get().credential).ok


def test_forty_at_once_by_rule_by_code_and_by_list_give_one_badge(at_once):
    achievement, learner = AchievementFactory(), UserFactory()
    playlist = line(link(), achievement=achievement)
    journey.join(learner, playlist)
    [step] = steps_of(playlist)
    code = code_making.make_badge_code(achievement, by=None, event="Fair")
    lists = [listed(achievement, learner.email, f"other{n}@x.org") for n in range(3)]
    at_once(
        ("rule", step.pk, learner.pk),
        ("rule", step.pk, learner.pk),
        ("code", code_making.text_of(code), learner.pk),
        ("code", code_making.text_of(code), learner.pk),
        *[("list", one.pk) for one in lists],
        ("hand", achievement.pk, learner.pk),
    )
    award = Award.objects.get()
    assert award.learner == learner and verify_text(award.credential).ok
    code.refresh_from_db()
    assert code.uses <= 1
    for one in lists:
        assert award_lists.progress(one).is_done
    given = [one.rows.filter(outcome=Outcome.GIVEN).count() for one in lists]
    assert sum(given) == (award.because["by"] == "list")


def test_two_lists_with_the_same_people_at_once(at_once):
    achievement = AchievementFactory()
    emails = [UserFactory().email for _n in range(120)]
    new = [f"new{n}@x.org" for n in range(40)]
    lists = [
        listed(achievement, *emails, *new),
        listed(achievement, *reversed(new), *reversed(emails)),
    ]
    at_once(*[("list", one.pk) for one in lists * 2])
    assert Award.objects.count() == 120 and Invitation.objects.count() == 40
    done = [award_lists.progress(one) for one in lists]
    assert sum(one.given for one in done) == 120
    assert sum(one.invited for one in done) == 40
    assert sum(one.already for one in done) == 160
    places = set(Award.objects.values_list("status_list", "status_index"))
    assert len(places) == 120


def test_a_link_opened_by_many_at_once_gives_one_badge(at_once):
    achievement = AchievementFactory()
    [[invitation, _new]] = inviting.invite_many(
        achievement, [("new@x.org", "")], because={}, language="en", by=None
    ).values()
    people = UserFactory.create_batch(4)
    at_once(*[("claim", invitation.pk, person.pk) for person in people])
    assert Award.objects.count() == 1


def test_renewed_by_many_at_once_is_renewed_once(at_once):
    achievement = AchievementFactory()
    given = badge(achievement=achievement)
    type(achievement).objects.update(lasts_months=12)
    Award.objects.update(valid_until=given.awarded_at)
    at_once(*[("again", given.pk)] * 4)
    assert PastEdition.objects.count() == 1
    assert verify_text(Award.objects.get().credential).ok


def test_badges_taken_back_at_once_are_all_in_the_list(at_once):
    given = [badge() for _n in range(5)]
    at_once(*[("back", one.pk) for one in given[:4]])
    for one in given[:4]:
        assert verdict(verify_text(one.credential)) == Verdict.TAKEN_BACK
    assert verdict(verify_text(given[4].credential)) == Verdict.GENUINE
