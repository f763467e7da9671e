"""Two processes of their own at the same database, at the same moment."""

import pytest

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.badges.models import Award
from wagtail_col.learning import claims, journey
from wagtail_col.learning.models import ClaimCode, Completion, Enrolment, Evidence

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 40


def test_the_last_steps_finished_at_once_give_one_badge(racers):
    """In even rounds two different last steps, in odd ones the same step twice."""
    playlist = line(link("First"), link("Second"), achievement=AchievementFactory())
    first, second = steps_of(playlist)
    for round_ in range(ROUNDS):
        learner = UserFactory()
        journey.join(learner, playlist)
        steps = (first, second)
        if round_ % 2:
            journey.complete(learner, first, Evidence.SELF)
            steps = (second, second)
        answers = racers.race(
            *({"do": "complete", "learner": learner.pk, "step": each.pk} for each in steps)
        )
        assert answers == ["done", "done"]
        assert Award.objects.filter(learner=learner).count() == 1, round_
        assert Completion.objects.filter(learner=learner).count() == 2
        assert Enrolment.objects.get(learner=learner).completed_at
    assert Award.objects.count() == ROUNDS


def test_the_last_use_of_a_code_is_used_once(racers):
    workshop = listing()
    playlist = line(step(workshop))
    for _round in range(10):
        code = claims.make_code(workshop, by=None, most_uses=1)
        people = UserFactory.create_batch(2)
        answers = racers.race(*(_redeeming(code, person, playlist) for person in people))
        assert sorted(answers) == ["done", "used-up"]
        assert Completion.objects.filter(claim_code=code).count() == 1
        assert Enrolment.objects.filter(learner__in=people).count() == 1
        code.refresh_from_db()
        assert code.uses == 1


def test_one_learner_entering_a_code_twice_at_once_uses_it_once(racers):
    workshop = listing()
    playlist = line(step(workshop), link())
    for _round in range(10):
        code = claims.make_code(workshop, by=None, most_uses=5)
        learner = UserFactory()
        order = _redeeming(code, learner, playlist)
        assert racers.race(order, order) == ["done", "done"]
        assert Completion.objects.filter(learner=learner).count() == 1
        assert ClaimCode.objects.get(pk=code.pk).uses == 1


def _redeeming(code: ClaimCode, learner, playlist) -> dict:
    return {
        "do": "redeem",
        "learner": learner.pk,
        "text": claims.text_of(code),
        "playlist": playlist.pk,
    }
