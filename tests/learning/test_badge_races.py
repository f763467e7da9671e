"""Codes of badges and reviews in processes of their own, at the same moment."""

import pytest

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import listing
from tests.learning.evidence import badge, holder_of, organiser_of, sent
from wagtail_col.badges.models import Award
from wagtail_col.learning import claims, code_making, code_sheets
from wagtail_col.learning.models import ClaimCode, CodeUse, ReviewState, Submission
from wagtail_col.learning.opportunity_badges import set_badge

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def redeeming(code, learner) -> dict:
    return {"do": "redeem", "learner": learner.pk, "text": claims.text_of(code)}


def test_the_last_uses_of_a_code_go_to_as_many_as_there_are(racers):
    achievement = AchievementFactory()
    for _round in range(ROUNDS):
        code = code_making.make_badge_code(achievement, by=None, most_uses=2)
        learners = UserFactory.create_batch(4)
        answers = racers.race(*(redeeming(code, learner) for learner in learners))
        assert sorted(answers) == ["done", "done", "used-up", "used-up"]
        assert Award.objects.filter(learner__in=learners).count() == 2
        assert CodeUse.objects.filter(code=code).count() == 2
        assert ClaimCode.objects.get(pk=code.pk).uses == 2


def test_one_learner_four_times_is_one_use_and_one_award(racers):
    achievement = AchievementFactory()
    for _round in range(ROUNDS):
        code = code_making.make_badge_code(achievement, by=None, most_uses=3)
        learner = UserFactory()
        assert racers.race(*[redeeming(code, learner)] * 4) == ["done"] * 4
        assert Award.objects.filter(learner=learner).count() == 1
        assert ClaimCode.objects.get(pk=code.pk).uses == 1


def test_one_learner_with_four_cards_uses_one(racers):
    """Whoever gets the badge by another card keeps this one."""
    achievement = AchievementFactory()
    for _round in range(ROUNDS):
        sheet = code_sheets.make_sheet(achievement, count=4, by=None)
        learner = UserFactory()
        orders = [redeeming(code, learner) for code in sheet.codes.all()]
        assert racers.race(*orders) == ["done"] * 4
        assert Award.objects.filter(learner=learner).count() == 1
        assert len(code_sheets.cards(sheet)) == 3


def test_the_badge_of_an_opportunity_with_the_last_use(racers):
    achievement = AchievementFactory()
    workshop = listing()
    set_badge(workshop.key, achievement.key)
    for _round in range(ROUNDS):
        code = claims.make_code(workshop, by=None, most_uses=1)
        learners = UserFactory.create_batch(2)
        answers = racers.race(*(redeeming(code, learner) for learner in learners * 2))
        assert sorted(answers) == ["done", "done", "used-up", "used-up"]
        assert Award.objects.filter(learner__in=learners).count() == 1
        assert ClaimCode.objects.get(pk=code.pk).uses == 1


def test_cards_withdrawn_at_the_moment_one_is_used(racers):
    achievement = AchievementFactory()
    for _round in range(ROUNDS):
        sheet = code_sheets.make_sheet(achievement, count=2, by=None)
        learner = UserFactory()
        used, withdrawn = racers.race(
            redeeming(sheet.codes.first(), learner),
            {"do": "withdraw_cards", "learner": learner.pk, "sheet": sheet.pk},
        )
        given = Award.objects.filter(learner=learner).count()
        assert used == ("done" if given else "expired")
        assert withdrawn in ("1", "2")
        assert code_sheets.cards(sheet) == []


def test_guesses_at_the_same_moment_are_all_counted(racers, settings):
    learner = UserFactory()
    wrong = {"do": "redeem", "learner": learner.pk, "text": "0" * 16}
    answers = [answer for _round in range(5) for answer in racers.race(*[wrong] * 4)]
    most = settings.WAGTAIL_COL.get("CLAIM_TRIES_PER_MINUTE", 10)
    assert set(answers) == {"wrong-code", "too-many"}
    assert answers.count("wrong-code") <= most
    # Of those that come at once all may be refused though one would still fit: it fits afterwards.
    while (answer := racers.race(wrong)[0]) != "too-many":
        answers.append(answer)
    assert answers.count("wrong-code") == most


@pytest.mark.parametrize("assessment", ["organiser", "self"])
def test_sent_in_four_times_at_once_it_is_there_once(racers, assessment):
    for _round in range(ROUNDS):
        achievement, learner = badge(assessment), UserFactory()
        order = {"do": "send_in", "learner": learner.pk, "achievement": achievement.pk}
        answers = racers.race(*[order] * 4)
        second = "waiting" if assessment == "organiser" else "has-badge"
        assert sorted(answers) == sorted(["done", second, second, second])
        assert Submission.objects.filter(learner=learner).count() == 1


def test_of_two_reviewers_one_decides(racers):
    achievement = badge("peer")
    peers = [holder_of(achievement), holder_of(achievement)]
    reviewers = [*peers, organiser_of(achievement), organiser_of(achievement)]
    for round_ in range(ROUNDS):
        submission = sent(achievement)
        answers = racers.race(
            *(
                {
                    "do": "decide",
                    "learner": reviewer.pk,
                    "submission": submission.pk,
                    "accepts": (n + round_) % 2 == 0,
                }
                for n, reviewer in enumerate(reviewers)
            )
        )
        assert sorted(answers) == ["decided", "decided", "decided", "done"]
        submission.refresh_from_db()
        is_accepted = (answers.index("done") + round_) % 2 == 0
        assert (submission.state == ReviewState.ACCEPTED) is is_accepted
        assert Award.objects.filter(learner=submission.learner).exists() is is_accepted


def test_taken_back_at_the_moment_it_is_accepted(racers):
    achievement = badge()
    reviewer = organiser_of(achievement)
    for _round in range(ROUNDS):
        submission = sent(achievement)
        taken_back, accepted = racers.race(
            {
                "do": "take_back",
                "learner": submission.learner_id,
                "submission": submission.pk,
            },
            {
                "do": "decide",
                "learner": reviewer.pk,
                "submission": submission.pk,
                "accepts": True,
            },
        )
        assert (taken_back, accepted) in {("done", "decided"), ("decided", "done")}
        is_there = Submission.objects.filter(pk=submission.pk).exists()
        assert is_there is (accepted == "done")
        given = Award.objects.filter(learner=submission.learner_id).exists()
        assert given is is_there
