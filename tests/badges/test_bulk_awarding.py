"""One badge for many at once: the same awards as one by one."""

import json

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import bulk_awarding, statuslists
from wagtail_col.badges.awarding import NotAwardable, award, revoke
from wagtail_col.badges.bulk_awarding import award_many
from wagtail_col.badges.models import Award, Requirement, StatusList
from wagtail_col.badges.verifying import verify_text

from .build import badge

pytestmark = pytest.mark.django_db

BECAUSE = {"by": "list", "title": "Robotics camp", "assessed": "organiser"}


def people(count):
    return [(UserFactory(), f"Built robot {number}.") for number in range(count)]


def give(achievement, learners, **values):
    return award_many(
        achievement, learners, **{"because": BECAUSE, "language": "en", "by": None, **values}
    )


def test_each_has_a_badge_of_their_own_that_verifies():
    learners = people(7)
    organiser = UserFactory()
    results = give(AchievementFactory(), learners, by=organiser)
    assert [result.learner for result in results] == [learner for learner, _text in learners]
    assert all(result.is_new for result in results)
    for learner, text in learners:
        given = Award.objects.get(learner=learner)
        assert verify_text(given.credential).ok
        assert given.narrative == text and given.awarded_by == organiser
        told = json.loads(given.credential)["evidence"][0]["narrative"]
        assert told.split("\n") == [
            text,
            "",
            "The organiser gave this badge for “Robotics camp”.",
        ]
    assert len(set(Award.objects.values_list("status_index", flat=True))) == 7


def test_says_the_same_as_one_by_one():
    one, other = UserFactory(), UserFactory()
    achievement = AchievementFactory()
    award(achievement, one, because=BECAUSE, language="en", narrative="Well.")
    give(achievement, [(other, "Well.")])
    own = ("id", "validFrom", "proof", "credentialSubject", "credentialStatus", "evidence")
    first, second = (
        json.loads(Award.objects.get(learner=learner).credential) for learner in (one, other)
    )
    assert first.keys() == second.keys()
    for name in own:
        assert type(first.pop(name)) is type(second.pop(name))
    assert first == second


def test_a_second_time_gives_nothing():
    achievement, learners = AchievementFactory(), people(3)
    give(achievement, learners[:2])
    results = give(achievement, learners)
    assert [result.is_new for result in results] == [False, False, True]
    assert all(result.award.learner_id == result.learner.pk for result in results)
    assert Award.objects.count() == 3


def test_who_is_listed_twice_gets_one_with_the_first_text():
    learner = UserFactory()
    results = give(AchievementFactory(), [(learner, "First"), (learner, "Second")])
    assert len(results) == 1
    assert Award.objects.get().narrative == "First"


def test_taken_back_stays_taken_back():
    achievement, learner = AchievementFactory(), UserFactory()
    revoke(badge(learner, achievement), "x")
    [result] = give(achievement, [(learner, "")])
    assert not result.is_new and result.award.is_revoked


def test_in_the_language_of_the_learners_last_badge():
    slovene, new = UserFactory(), UserFactory()
    badge(slovene, language="sl")
    give(AchievementFactory(), [(slovene, ""), (new, "")], language="es")
    languages = dict(Award.objects.filter(because__by="list").values_list("learner_id", "language"))
    assert languages == {slovene.pk: "sl", new.pk: "es"}


def test_lasts_as_long_as_the_badge_says():
    give(AchievementFactory(lasts_months=12), people(1))
    given = Award.objects.get()
    assert given.valid_until.year == given.awarded_at.year + 1


def test_nobody():
    assert give(AchievementFactory(), []) == []


def test_a_draft_gives_nothing():
    with pytest.raises(NotAwardable):
        give(AchievementFactory(live=False), people(2))
    assert not Award.objects.exists()


def test_what_it_leads_to_follows_for_each():
    first, second = AchievementFactory(), AchievementFactory()
    Requirement.objects.create(achievement=second, required=first)
    give(first, people(3))
    assert second.awards.count() == 3


def test_each_is_told(django_capture_on_commit_callbacks):
    learners = people(3)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        give(AchievementFactory(), learners)
    assert len(callbacks) == 1
    assert {message.to[0] for message in mail.outbox} == {one.email for one, _text in learners}
    assert "Built robot 1." in mail.outbox[1].body
    assert "<p>Built robot 1.</p>" in mail.outbox[1].alternatives[0][0]


def test_queries_do_not_grow_with_the_learners():
    achievement = AchievementFactory()
    give(achievement, people(1))
    asked = []
    for learners in (people(2), people(40)):
        with CaptureQueriesContext(connection) as queries:
            give(achievement, learners)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_chunks_are_of_one_size(monkeypatch):
    monkeypatch.setattr(bulk_awarding, "CHUNK", 2)
    results = give(AchievementFactory(), people(5))
    assert len(results) == 5 and Award.objects.count() == 5


def test_places_taken_meanwhile_are_drawn_again(monkeypatch):
    taken = badge()
    real, draws = statuslists.free_places, []

    def collide(issuer, now, count, *purpose):
        draws.append(count)
        places = real(issuer, now, count, *purpose)
        if len(draws) == 1:
            places[0] = (taken.status_list, taken.status_index)
        return places

    monkeypatch.setattr(statuslists, "free_places", collide)
    results = give(AchievementFactory(), people(4))
    assert draws == [4, 1]
    assert all(result.is_new and verify_text(result.award.credential).ok for result in results)


def test_a_full_list_is_followed_by_another(monkeypatch):
    badge()
    monkeypatch.setattr(statuslists, "_free", lambda listed, bits, count: [17])
    give(AchievementFactory(), people(3))
    assert StatusList.objects.count() == 2
    assert all(verify_text(given.credential).ok for given in Award.objects.all())
