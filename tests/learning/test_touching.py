"""A change to a playlist that people are on: whom it touches, and who is done by it at once."""

import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    AchievementFactory,
    UserFactory,
    playlist_page,
    publish,
    territory_page,
)
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.learning import journey, touching, waivers
from wagtail_col.learning.models import Enrolment, Evidence, Playlist
from wagtail_col.learning.publishing import withdraw_playlist
from wagtail_col.learning.rules import Rule, StepRule, WayKind
from wagtail_col.learning.settling import settle_all
from wagtail_col.learning.standing import progress_by, standings
from wagtail_col.learning.stops import lines_of
from wagtail_col.learning.touching import rule_in_force, touched

pytestmark = pytest.mark.django_db


def on(playlist, *done: int, learner=None):
    """Somebody on a playlist who has done the steps of these numbers."""
    learner = learner or UserFactory()
    journey.join(learner, playlist)
    for number in done:
        journey.complete(learner, steps_of(playlist)[number], Evidence.SELF)
    return learner


@pytest.fixture
def three():
    return [link("A"), link("B"), link("C")]


# Before it is published


def test_whom_a_rule_would_touch(three):
    playlist = line(*three)
    for done in ([], [0], [0], [0, 1], [0, 1, 2]):
        on(playlist, *done)
    a, b, c = (one.pk for one in steps_of(playlist))
    same = touched(playlist, rule_in_force(playlist))
    assert (same.under_way, same.finished, same.is_changed) == (4, 1, False)
    one_is_enough = touched(playlist, Rule((StepRule(a), StepRule(b), StepRule(c)), needed=1))
    assert (one_is_enough.done, one_is_enough.keep, one_is_enough.go_by_it) == (3, 0, 1)
    more = touched(playlist, Rule((StepRule(a), StepRule(b), StepRule(c), StepRule("new"))))
    assert (more.done, more.keep, more.go_by_it) == (0, 4, 0)
    other = touched(playlist, Rule((StepRule(a), StepRule("new"))))
    # Who did B as well has one step to do either way: of equals the new one holds.
    assert (other.under_way, other.done, other.keep, other.go_by_it) == (4, 0, 0, 4)


def test_looking_changes_nothing_and_the_answer_comes_true(three):
    key = uuid.uuid4()
    playlist = line(*three, key=key)
    learners = [on(playlist, *done) for done in ([], [0], [1, 2])]
    rule = Rule(rule_in_force(playlist).steps, needed=2)
    said = touched(playlist, rule)
    assert not Enrolment.objects.filter(completed_at__isnull=False).exists()
    playlist = line(*three, key=key, needed=2)
    assert rule_in_force(playlist) == rule
    done = [journey.progress_of(learner, playlist).is_complete for learner in learners]
    assert (said.done, sum(done)) == (1, 1)


def test_a_playlist_nobody_is_on(three):
    found = touched(line(*three), Rule())
    assert (found.under_way, found.looked_at, found.done, found.keep) == (0, 0, 0, 0)


def test_very_many_different_ones_are_not_all_looked_at(three, monkeypatch):
    monkeypatch.setattr(touching, "MOST_STANDINGS", 2)
    playlist = line(*three)
    for done in ([0], [0], [1], [2]):
        on(playlist, *done)
    found = touched(playlist, Rule(rule_in_force(playlist).steps, needed=1))
    assert (found.under_way, found.looked_at, found.done) == (4, 3, 3)


def test_the_number_of_queries_is_the_same_for_any_number_of_learners(three):
    key = uuid.uuid4()
    playlist = line(*three, key=key)
    counts = []
    for more in (1, 8):
        for number in range(more):
            on(playlist, number % 3)
        playlist = line(*three, key=key, needed=3 if playlist.needed is None else None)
        on(playlist)
        with CaptureQueriesContext(connection) as caught:
            touched(playlist, Rule())
        counts.append(len(caught))
    assert counts == [8, 8]


# After it


def test_who_is_done_by_the_new_rule_gets_the_badge_at_once(
    three, django_capture_on_commit_callbacks
):
    key, badge = uuid.uuid4(), AchievementFactory()
    playlist = line(*three, key=key, achievement=badge)
    far, near = on(playlist, 0, 2), on(playlist, 0)
    with django_capture_on_commit_callbacks(execute=True):
        line(*three, key=key, achievement=badge, needed=2)
    assert far.col_awards.get().because["rule"] == "Do 2 of these 3 stations, in any order."
    assert not near.col_awards.exists()
    assert Enrolment.objects.get(learner=far).completed_at
    assert settle_all(Playlist.objects.get()) == 0


def test_a_badge_that_cannot_be_given_holds_up_nobody(three):
    key, badge = uuid.uuid4(), AchievementFactory()
    badge.texts.update(criteria="")
    playlist = line(*three, key=key, achievement=badge)
    learner = on(playlist, 0)
    playlist = line(*three, key=key, achievement=badge, needed=1)
    assert settle_all(playlist) == 0
    badge.texts.update(criteria="All of it.")
    assert settle_all(playlist) == 1
    assert learner.col_awards.count() == 1


def test_a_withdrawn_playlist_finishes_nobody(three):
    key = uuid.uuid4()
    learner = on(line(*three, key=key), 0)
    playlist = line(*three, key=key, needed=1)
    withdraw_playlist(key)
    playlist.refresh_from_db()
    assert settle_all(playlist) == 0
    assert Enrolment.objects.get(learner=learner).completed_at is None


@pytest.mark.parametrize("how", ["withdrawn", "archived"])
def test_what_came_first_and_is_gone_stands_in_nobodys_way(
    three, how, django_capture_on_commit_callbacks
):
    first = line(link("First"))
    playlist = line(step(listing()), before=(first.key,), achievement=AchievementFactory())
    learner = UserFactory()
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    assert not learner.col_awards.exists()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "withdrawn":
            withdraw_playlist(first.key)
        else:
            line(link("First"), key=first.key, is_archived=True)
    assert learner.col_awards.count() == 1


def test_who_finished_left_and_comes_back_has_finished_whatever_is_asked_now(three):
    key = uuid.uuid4()
    playlist = line(*three[:1], key=key)
    learner = on(playlist, 0)
    journey.leave(learner, playlist)
    playlist = line(*three, key=key)
    assert journey.join(learner, playlist).completed_at
    # Who comes anew goes by what holds now.
    assert journey.join(UserFactory(), playlist).version == playlist.version


def test_nobody_is_asked_for_what_was_taken_off_the_line():
    """Another line comes first now; by the rule of before a step would be needed that is gone."""
    key, a, b = uuid.uuid4(), link("A"), link("B")
    first = line(link("First"))
    playlist = line(a, b, key=key)
    learner = on(playlist)
    playlist = line(b, link("C"), key=key, before=(first.key,))
    progress = journey.progress_of(learner, playlist)
    assert progress.rule.version == playlist.version
    assert [way.kind for way in progress.ways] == [WayKind.PLAYLIST]


def test_two_lines_do_not_wait_for_each_other_by_rules_of_different_days():
    key, a = uuid.uuid4(), link("A")
    other, third = line(link("B"), title="Other"), line(link("C"), title="Third")
    playlist = line(a, key=key, before=(other.key,))
    learner = on(playlist)
    playlist = line(a, link("D"), key=key, before=(third.key,))
    line(link("B"), title="Other", key=other.key, before=(playlist.key,))
    progress = journey.progress_of(learner, playlist)
    assert [(way.kind, way.key) for way in progress.ways] == [(WayKind.PLAYLIST, third.pk)]


def test_who_goes_by_a_rule_of_before_may_ask_for_what_it_needs():
    """For who joins now B does in place of A: not for who is asked for A and nothing else."""
    key, b = uuid.uuid4(), link("B", choice=1)
    a = step(listing("Over", -1))
    learner = on(line(a, key=key))
    playlist = line(replace(a, choice=1), b, link("C"), link("D"), key=key)
    newcomer = on(playlist)
    assert [way.kind for way in progress_on(playlist, learner).ways] == [WayKind.WAIVER]
    with pytest.raises(journey.Refused) as refused:
        waivers.ask(newcomer, steps_of(playlist)[0], "I was ill.")
    assert refused.value.code == "not-stuck"
    waiver = waivers.ask(learner, steps_of(playlist)[0], "I was ill.")
    waivers.decide(waiver, UserFactory(), grants=True, reason="Get well.")
    assert journey.progress_of(learner, playlist).is_complete


def progress_on(playlist, learner):
    found = lines_of([playlist])[playlist.pk]
    standing = standings(learner, [playlist])[playlist.pk]
    return progress_by(found.rule, standing, closed=found.closed)


def test_a_line_without_a_badge_is_finished_by_a_button(client, three):
    city = territory_page()
    page = playlist_page(city, [{"link": f"https://example.org/{n}", "title": n} for n in "AB"])
    playlist = Playlist.objects.get()
    learner = on(playlist, 0)
    page.needed = 1
    publish(page)
    client.force_login(learner)
    assert "Finish this line" in client.get(page.url).content.decode()
    client.post(reverse("col_learning:settle", args=[playlist.key]))
    assert Enrolment.objects.get().completed_at
    assert "Finish this line" not in client.get(page.url).content.decode()
