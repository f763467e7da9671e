"""Badges that are given by themselves for other badges."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import awarding, earning
from wagtail_col.badges.models import Award, ImportedBadge, Requirement

from .build import badge, slovene

FAR = "https://far.example/badges/7"


def asking(*required, needed=None, elsewhere=(), **values):
    """A live badge that asks for others."""
    made = AchievementFactory(needed=needed, **values)
    for one in required:
        Requirement.objects.create(achievement=made, required=one)
    for address in elsewhere:
        Requirement.objects.create(achievement=made, elsewhere=address, name="Far away")
    return made


def imported(learner, **values):
    values = {
        "fingerprint": str(ImportedBadge.objects.count()),
        "achievement_id": FAR,
        "name": "Far away",
        "verdict": "genuine",
        "is_own": True,
        "checked_at": timezone.now(),
    } | values
    return ImportedBadge.objects.create(learner=learner, **values)


def has(learner, achievement):
    return Award.objects.filter(learner=learner, achievement=achievement).exists()


@pytest.mark.django_db
class TestByRule:
    def test_all_of_them(self):
        one, two = AchievementFactory(), AchievementFactory()
        both, learner = asking(one, two), UserFactory()
        badge(learner, one)
        assert not has(learner, both)
        badge(learner, two)
        assert has(learner, both)

    def test_some_of_them(self):
        one, two, three = (AchievementFactory() for _ in range(3))
        some, learner = asking(one, two, three, needed=2), UserFactory()
        badge(learner, three)
        assert not has(learner, some)
        badge(learner, one)
        assert has(learner, some)
        badge(learner, two)
        assert Award.objects.filter(learner=learner).count() == 4

    def test_says_why_in_the_learners_language(self, settings):
        one, two = AchievementFactory(), AchievementFactory()
        slovene(one)
        both = asking(one, two, needed=1)
        slovene(both)
        learner = UserFactory()
        badge(learner, one, language="sl")
        given = Award.objects.get(learner=learner, achievement=both)
        assert given.language == "sl"
        assert given.because["by"] == "badges"
        assert given.because["assessed"] == "rule"
        assert given.because["badges"] == [
            {
                "name": "Raziskovalka",
                "url": f"http://testserver/col/badges/achievements/{one.key}/",
            }
        ]
        evidence = json.loads(given.credential)["evidence"][0]["narrative"]
        assert "Raziskovalka" in evidence and str(one.key) in evidence

    def test_in_a_chain(self):
        first = AchievementFactory()
        chain, learner = [first], UserFactory()
        for _ in range(40):
            chain.append(asking(chain[-1]))
        badge(learner, first)
        assert Award.objects.filter(learner=learner).count() == 41

    def test_a_loop_that_got_in_ends(self):
        one, two = AchievementFactory(), AchievementFactory()
        Requirement.objects.create(achievement=one, required=two)
        Requirement.objects.create(achievement=two, required=one)
        learner = UserFactory()
        badge(learner, one)
        assert Award.objects.filter(learner=learner).count() == 2

    def test_a_draft_is_not_given(self):
        one = AchievementFactory()
        draft, learner = asking(one, live=False), UserFactory()
        badge(learner, one)
        assert not has(learner, draft)

    def test_what_cannot_be_given_does_not_take_the_first_away(self, caplog):
        one = AchievementFactory()
        broken, fine = asking(one), asking(one)
        broken.texts.update(criteria=" ")
        learner = UserFactory()
        badge(learner, one)
        assert has(learner, one) and has(learner, fine) and not has(learner, broken)
        assert str(broken.key) in caplog.text

    @pytest.mark.parametrize(
        "change",
        [
            {"revoked_at": timezone.now()},
            {"suspended_at": timezone.now()},
            {"valid_until": timezone.now() - timedelta(days=1)},
        ],
        ids=["taken-back", "suspended", "over"],
    )
    def test_what_does_not_hold_does_not_count(self, change):
        one, two = AchievementFactory(), AchievementFactory()
        both, learner = asking(one, two), UserFactory()
        first = badge(learner, one)
        Award.objects.filter(pk=first.pk).update(**change)
        badge(learner, two)
        assert not has(learner, both)

    def test_one_that_was_taken_back_is_not_given_again(self):
        one, two = AchievementFactory(), AchievementFactory()
        either, learner = asking(one, two, needed=1), UserFactory()
        badge(learner, one)
        given = Award.objects.get(achievement=either)
        awarding.revoke(given, "mistake")
        badge(learner, two)
        assert Award.objects.get(achievement=either).is_revoked

    def test_other_learners_badges_do_not_count(self):
        one, two = AchievementFactory(), AchievementFactory()
        both, learner = asking(one, two), UserFactory()
        badge(UserFactory(), one)
        badge(learner, two)
        assert not has(learner, both)

    def test_without_any_rule_it_costs_one_query(self, django_assert_max_num_queries):
        given = badge()
        with django_assert_max_num_queries(3):
            earning.consider(given.learner, given.achievement, language="en")

    def test_queries_do_not_grow_with_what_is_required(self, django_assert_num_queries):
        def made(count):
            parts = [AchievementFactory() for _ in range(count)]
            asking(*parts)
            return badge(achievement=parts[0])

        small, large = made(2), made(9)
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as few:
            earning.consider(small.learner, small.achievement, language="en")
        with django_assert_num_queries(len(few)):
            earning.consider(large.learner, large.achievement, language="en")


@pytest.mark.django_db
class TestFromElsewhere:
    def test_counts_when_it_was_verified_as_the_learners(self):
        here = AchievementFactory()
        both, learner = asking(here, elsewhere=[FAR]), UserFactory()
        badge(learner, here)
        assert not has(learner, both)
        assert [
            one.achievement for one in earning.consider(learner, imported(learner), language="en")
        ] == [both]
        assert Award.objects.get(achievement=both).because["badges"][1] == {
            "name": "Far away",
            "url": FAR,
        }

    @pytest.mark.parametrize(
        "values",
        [
            {"verdict": "unknown"},
            {"verdict": "taken-back"},
            {"is_own": False},
            {"is_own": None},
            {"valid_until": timezone.now() - timedelta(days=1)},
            {"achievement_id": "https://far.example/badges/8"},
            {"achievement_id": ""},
        ],
        ids=["unknown", "taken-back", "not-own", "own-unknown", "over", "another", "none"],
    )
    def test_does_not_count_otherwise(self, values):
        here = AchievementFactory()
        both, learner = asking(here, elsewhere=[FAR]), UserFactory()
        badge(learner, here)
        earning.consider(learner, imported(learner, **values), language="en")
        assert not has(learner, both)

    def test_the_same_badge_twice_counts_once(self):
        learner = UserFactory()
        both = asking(elsewhere=[FAR, "https://other.example/"], needed=2)
        imported(learner)
        earning.consider(learner, imported(learner), language="en")
        assert not has(learner, both)


@pytest.mark.django_db
class TestCatchingUp:
    def test_who_had_them_before_gets_it(self, django_capture_on_commit_callbacks):
        one, two = AchievementFactory(), AchievementFactory()
        ready, half, nobody = UserFactory(), UserFactory(), UserFactory()
        for learner, achievement in ((ready, one), (ready, two), (half, one)):
            badge(learner, achievement, language="sl")
        both = asking(one, two, live=False)
        with django_capture_on_commit_callbacks(execute=True):
            both.save_revision().publish()
        assert has(ready, both)
        assert Award.objects.get(achievement=both).language == "sl"
        assert not has(half, both) and not has(nobody, both)

    def test_the_command_finds_what_was_left_out(self, capsys):
        one = AchievementFactory()
        learner = UserFactory()
        badge(learner, one)
        imported(learner)
        mixed, chained = asking(one, elsewhere=[FAR]), None
        chained = asking(mixed)
        call_command("award_earned_badges")
        assert "1 badges given" in capsys.readouterr().out
        assert has(learner, mixed) and has(learner, chained)
        call_command("award_earned_badges")
        assert "0 badges given" in capsys.readouterr().out

    def test_a_draft_and_one_without_rules_are_left_alone(self):
        one = AchievementFactory()
        badge(achievement=one)
        assert earning.award_earned(asking(one, live=False)) == 0
        assert earning.award_earned(AchievementFactory()) == 0


@pytest.mark.django_db
class TestStanding:
    def test_says_what_is_there(self):
        one, two = AchievementFactory(), AchievementFactory()
        learner = UserFactory()
        badge(learner, two)
        found = earning.standing(asking(one, two, elsewhere=[FAR]), learner)
        assert [(str(s.requirement), s.is_held) for s in found] == [
            ("Explorer", False),
            ("Explorer", True),
            ("Far away", False),
        ]
        assert not any(s.is_held for s in earning.standing(found[0].requirement.achievement, None))


@pytest.mark.django_db(transaction=True)
def test_the_last_two_at_the_same_moment_give_the_badge_and_give_it_once(awarders):
    """Forty awards of eight badges in eight processes; five rules ask for all of them."""
    parts, learner = [AchievementFactory() for _ in range(8)], UserFactory()
    all_of_them = [asking(*parts) for _ in range(5)]
    orders = [
        ("each", learner.pk, *(parts[(start + i) % 8].pk for i in range(5))) for start in range(8)
    ]
    assert awarders.at_once(orders) == ["5"] * 8
    assert Award.objects.filter(learner=learner).count() == 13
    assert all(has(learner, one) for one in all_of_them)
