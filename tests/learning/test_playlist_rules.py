"""The rules of a playlist with real records: some of the steps, in order, after other lines, and
what a change means for who has joined."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.badges.models import Award
from wagtail_col.learning import journey
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Evidence, Playlist
from wagtail_col.learning.presenting import line_cards
from wagtail_col.learning.publishing import withdraw_playlist
from wagtail_col.learning.rules import StepState, WayKind, Why

pytestmark = pytest.mark.django_db


def do(learner, playlist, *numbers, how=Evidence.SELF):
    steps = steps_of(playlist)
    for number in numbers:
        progress = journey.complete(learner, steps[number], how)
    return progress


def has_badge(learner, achievement) -> bool:
    return Award.objects.filter(learner=learner, achievement=achievement).exists()


def test_some_of_the_stations_are_enough(learner):
    badge = AchievementFactory()
    playlist = line(link("A"), link("B"), link("C"), needed=2, achievement=badge)
    journey.join(learner, playlist)
    assert not do(learner, playlist, 2).is_complete
    assert not has_badge(learner, badge)
    assert do(learner, playlist, 0).is_complete
    assert has_badge(learner, badge)


def test_saying_so_comes_one_after_another(learner):
    playlist = line(link("A"), link("B"), link("C"), in_order=True)
    journey.join(learner, playlist)
    with pytest.raises(Refused) as refused:
        do(learner, playlist, 1)
    assert refused.value.code == "not-yet"
    assert not learner.col_completions.exists()
    assert do(learner, playlist, 0, 1, 2).is_complete


def test_what_somebody_else_saw_counts_out_of_order(learner):
    playlist = line(link("A"), step(listing("Workshop")), in_order=True)
    journey.join(learner, playlist)
    progress = do(learner, playlist, 1, how=Evidence.ORGANISER)
    assert progress.done_count == 1
    assert do(learner, playlist, 0).is_complete


def test_a_date_that_has_passed_holds_up_nobody(learner):
    playlist = line(step(listing("Workshop", -3)), link("B"), in_order=True)
    journey.join(learner, playlist)
    assert do(learner, playlist, 1).done_count == 1


def test_another_line_comes_first(learner, django_capture_on_commit_callbacks):
    first_badge, badge = AchievementFactory(), AchievementFactory()
    first = line(link("A"), achievement=first_badge)
    playlist = line(link("B"), step(listing()), before=(first.key,), achievement=badge)
    journey.join(learner, playlist)
    with pytest.raises(Refused) as refused:
        do(learner, playlist, 0)
    assert refused.value.code == "not-yet"
    # Who was there was there.
    do(learner, playlist, 1, how=Evidence.ORGANISER)
    do(learner, playlist, 0, how=Evidence.ORGANISER)
    assert not has_badge(learner, badge)
    progress = journey.progress_of(learner, playlist)
    assert [way.kind for way in progress.ways] == [WayKind.PLAYLIST]
    journey.join(learner, first)
    with django_capture_on_commit_callbacks(execute=True):
        do(learner, first, 0)
    assert has_badge(learner, first_badge)
    assert has_badge(learner, badge)
    assert journey.progress_of(learner, playlist).is_complete


@pytest.mark.parametrize("nobody_can", ["withdrawn", "empty"])
def test_a_line_that_nobody_can_finish_stands_in_nobodys_way(learner, nobody_can):
    first = line(*([link("A")] if nobody_can == "withdrawn" else []))
    playlist = line(link("B"), before=(first.key,))
    if nobody_can == "withdrawn":
        withdraw_playlist(first.key)
    journey.join(learner, playlist)
    assert do(learner, playlist, 0).is_complete


def test_who_has_finished_stays_finished_whatever_comes_first_later(learner):
    first, playlist = line(link("A")), line(link("B"))
    journey.join(learner, playlist)
    do(learner, playlist, 0)
    line(link("B", key=steps_of(playlist)[0].key), key=playlist.key, before=(first.key,))
    assert journey.progress_of(learner, playlist).is_complete


def test_a_loop_is_refused_and_named():
    one = line(link("A"), title="One")
    two = line(link("B"), title="Two", before=(one.key,))
    three = line(link("C"), title="Three", before=(two.key,))
    with pytest.raises(ValidationError) as refused:
        line(link("A"), title="One", key=one.key, before=(three.key,))
    assert "“One” → “Three” → “Two” → “One”" in str(refused.value)
    assert not Playlist.objects.get(pk=one.pk).before.exists()


def test_a_line_does_not_come_before_itself():
    one = line(link("A"))
    with pytest.raises(ValidationError, match="before itself"):
        line(link("A"), key=one.key, before=(one.key,))


def test_nobody_new_joins_an_archived_line_and_who_is_on_it_goes_on(learner):
    key, first, second = uuid.uuid4(), link("A"), link("B")
    badge = AchievementFactory()
    playlist = line(first, second, key=key, achievement=badge)
    journey.join(learner, playlist)
    do(learner, playlist, 0)
    playlist = line(first, second, key=key, achievement=badge, is_archived=True)
    archived_at = playlist.archived_at
    assert archived_at
    with pytest.raises(Refused) as refused:
        journey.join(UserFactory(), playlist)
    assert refused.value.code == "archived"
    journey.join(learner, playlist)
    do(learner, playlist, 1)
    assert has_badge(learner, badge)
    assert line(first, second, key=key, is_archived=True).archived_at == archived_at
    assert line(first, second, key=key).archived_at is None


def test_who_left_an_archived_line_may_come_back(learner):
    playlist = line(link("A"), link("B"))
    journey.join(learner, playlist)
    do(learner, playlist, 0)
    journey.leave(learner, playlist)
    Playlist.objects.filter(pk=playlist.pk).update(archived_at=playlist.modified_at)
    journey.join(learner, playlist)
    assert journey.progress_of(learner, playlist).done_count == 1


class TestVersions:
    def test_only_another_rule_makes_another_version(self):
        key, steps = uuid.uuid4(), [link("A"), link("B")]
        assert line(*steps, key=key).version == 1
        assert line(*steps, key=key, title="Called otherwise").version == 1
        assert line(*steps, key=key, needed=1).version == 2
        assert line(*reversed(steps), key=key, needed=1).version == 3
        playlist = Playlist.objects.get(key=key)
        assert [version.steps.count() for version in playlist.versions.all()] == [2, 2, 2]

    def test_a_step_that_is_added_is_optional_for_who_has_joined(self, learner):
        key, one, two = uuid.uuid4(), link("A"), link("B")
        badge = AchievementFactory()
        playlist = line(one, key=key, achievement=badge)
        journey.join(learner, playlist)
        playlist = line(one, two, key=key, achievement=badge)
        newcomer = UserFactory()
        journey.join(newcomer, playlist)
        assert do(learner, playlist, 0).is_complete
        assert not do(newcomer, playlist, 0).is_complete
        assert has_badge(learner, badge)
        assert not has_badge(newcomer, badge)

    def test_a_step_that_is_taken_out_still_counts_for_who_did_it(self, learner):
        key, one, two, three = uuid.uuid4(), link("A"), link("B"), link("C")
        playlist = line(one, two, key=key)
        journey.join(learner, playlist)
        do(learner, playlist, 1)
        playlist = line(one, three, key=key)
        progress = do(learner, playlist, 0)
        assert progress.is_complete
        assert progress.rule.version == 1

    def test_a_rule_that_asks_less_holds_at_once(self, learner):
        key, steps = uuid.uuid4(), [link("A"), link("B"), link("C")]
        playlist = line(*steps, key=key)
        journey.join(learner, playlist)
        do(learner, playlist, 0)
        playlist = line(*steps, key=key, needed=1)
        progress = journey.progress_of(learner, playlist)
        assert progress.is_complete
        assert progress.rule.version == 2

    def test_the_badge_keeps_the_rule_that_earned_it(self, learner):
        key, steps = uuid.uuid4(), [link("A"), link("B"), link("C")]
        badge = AchievementFactory()
        playlist = line(*steps, key=key, needed=2, achievement=badge)
        journey.join(learner, playlist)
        do(learner, playlist, 0, 2)
        line(*steps, key=key, achievement=badge)
        because = Award.objects.get(learner=learner).because
        assert because["rule"] == "Do 2 of these 3 stations, in any order."
        assert because["version"] == 1
        assert [done["title"] for done in because["steps"]] == ["A", "C"]


def test_cards_ask_the_same_number_of_queries_for_any_number_of_changed_lines(learner):
    def cards(count):
        playlists = []
        for _number in range(count):
            key, steps = uuid.uuid4(), [link("A"), link("B")]
            first = line(link("First"))
            playlist = line(*steps, key=key)
            journey.join(learner, playlist)
            do(learner, playlist, 0)
            playlists.append(line(*steps, link("C"), key=key, before=(first.key,)))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            found = line_cards(playlists, learner=learner)
        assert all(card.stops == (StepState.DONE, StepState.NOW) for card in found)
        return len(caught)

    assert cards(1) == cards(6)


def test_a_blocked_step_says_why(learner):
    first = line(link("A"))
    playlist = line(link("B"), before=(first.key,))
    journey.join(learner, playlist)
    blocks = journey.progress_of(learner, playlist).blocks
    [block] = blocks.values()
    assert block.why is Why.PLAYLIST
    assert block.by == (first.pk,)
