"""Random lives: learners join, do, pause, leave and come back; editors publish other rules; dates
pass and opportunities go. Whatever happens: nobody is stuck, and nothing that was done is lost."""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, online, step
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.learning import journey, waivers
from wagtail_col.learning.facts import StepFacts
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import (
    Completion,
    Enrolment,
    Evidence,
    OwnLearning,
    Playlist,
    Step,
    Waiver,
)
from wagtail_col.learning.publishing import withdraw_playlist
from wagtail_col.learning.recognising import get_on
from wagtail_col.learning.rules import Progress, WayKind
from wagtail_col.learning.standing import progress_by, standings
from wagtail_col.learning.stops import lines_of

pytestmark = pytest.mark.django_db

LEARNERS = 2
LINES = 3
STEPS = 4
#: In how many days each opportunity of the beginning is.
DAYS = (1, 6, 20)

_now = timezone.now


@dataclass(frozen=True)
class City:
    """What there is before anybody does anything: the same for every life."""

    learners: list
    organiser: object
    opportunities: list[uuid.UUID]
    #: Of each line: its key, the steps it can have, its badge.
    lines: list[tuple[uuid.UUID, list[StepFacts], Achievement]]


@pytest.fixture
def city(db) -> City:
    places = [listing(f"Workshop {days}", days) for days in DAYS]
    places.append(online("Course"))
    lines = []
    for n in range(LINES):
        # Two lines share each opportunity: what was done on one counts on the other.
        steps = [step(places[n]), step(places[(n + 1) % 4]), link(f"Read{n}"), link("Both")]
        lines.append((uuid.uuid4(), steps, AchievementFactory() if n else None))
    return City(
        learners=[UserFactory() for _ in range(LEARNERS)],
        organiser=UserFactory(),
        opportunities=[place.key for place in places],
        lines=lines,
    )


a_learner = st.integers(0, LEARNERS - 1)
a_line = st.integers(0, LINES - 1)
a_step = st.integers(0, STEPS - 1)
an_opportunity = st.integers(0, len(DAYS) - 1)
shapes = st.lists(
    st.tuples(a_step, st.sampled_from([True, True, False]), st.sampled_from([None, None, 1])),
    min_size=1,
    max_size=STEPS,
    unique_by=lambda shape: shape[0],
)


def life_in(city: City) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.days = 0
            self.done: set[tuple[int, int]] = set()
            self.badges: set[tuple[int, int]] = set()
            self.own = Counter()
            #: Who has finished which line, and is or was on it.
            self.finished: set[tuple[int, int]] = set()
            self._undone = transaction.atomic()
            self._undone.__enter__()
            self._clock = mock.patch.object(timezone, "now", self.now)
            self._clock.start()

        def now(self):
            return _now() + timedelta(days=self.days)

        def teardown(self) -> None:
            try:
                self.everybody_gets_to_the_end()
            finally:
                self._clock.stop()
                transaction.set_rollback(True)
                self._undone.__exit__(None, None, None)

        # What may happen

        @initialize(first=st.lists(shapes, min_size=LINES, max_size=LINES))
        def city_is_laid(self, first) -> None:
            for number, shape in enumerate(first):
                self.publish(number, shape)

        @rule(
            number=a_line,
            shape=shapes,
            needed=st.sampled_from([None, None, 1, 2, 3]),
            in_order=st.booleans(),
            before=st.sets(a_line, max_size=2),
            is_archived=st.sampled_from([False, False, False, True]),
        )
        def an_editor_publishes(self, number, shape, **values) -> None:
            before = tuple(city.lines[other][0] for other in sorted(values.pop("before")))
            try:
                with transaction.atomic():
                    self.publish(number, shape, before=before, **values)
            except ValidationError as refused:
                assert "before" in refused.error_dict

        @rule(number=a_line)
        def an_editor_withdraws_a_line(self, number) -> None:
            with callbacks():
                withdraw_playlist(city.lines[number][0])

        @rule(who=a_learner, number=a_line)
        def joins(self, who, number) -> None:
            playlist = self.playlist(number)
            with callbacks(), allowed("archived", "line-withdrawn") as refused:
                get_on(city.learners[who], playlist)
            if "archived" in refused:
                assert playlist.archived_at
                done = Completion.objects.filter(
                    learner=city.learners[who], step__playlist=playlist
                )
                assert not done.exists()

        @rule(who=a_learner, number=a_line)
        def pauses(self, who, number) -> None:
            with allowed("not-joined"):
                journey.pause(city.learners[who], self.playlist(number))

        @rule(who=a_learner, number=a_line)
        def leaves(self, who, number) -> None:
            journey.leave(city.learners[who], self.playlist(number))
            if number == 0:
                # It may come before others: it is finished again when they are on it again.
                self.finished -= {(who, other) for other in range(1, LINES)}

        @rule(
            who=a_learner, number=a_line, which=a_step, how=st.sampled_from(["self", "organiser"])
        )
        def does_a_step(self, who, number, which, how) -> None:
            found = Step.objects.filter(key=city.lines[number][1][which].key).first()
            if found is None:
                return
            with (
                callbacks(),
                allowed(
                    "not-joined",
                    "not-yet",
                    "needs-code",
                    "step-withdrawn",
                    "listing-withdrawn",
                    "line-withdrawn",
                ),
            ):
                journey.finish_step(city.learners[who], found, how)

        @rule(who=a_learner, number=a_line)
        def goes_on(self, who, number) -> None:
            if self.is_on(who, number):
                self.go(who, number)

        @rule(who=a_learner, number=a_line, which=a_step)
        def asks_for_a_waiver(self, who, number, which) -> None:
            found = Step.objects.filter(key=city.lines[number][1][which].key).first()
            if found is None:
                return
            with allowed(
                "not-joined", "done", "not-stuck", "waiting", "step-withdrawn", "line-withdrawn"
            ):
                waivers.ask(city.learners[who], found, "I was ill.")

        @rule(grants=st.booleans())
        def the_organiser_answers(self, grants) -> None:
            waiting = waivers.waiting().first()
            if waiting:
                with callbacks():
                    waivers.decide(waiting, city.organiser, grants=grants, reason="So be it.")

        @rule(who=a_learner)
        def writes_down_own_learning(self, who) -> None:
            learner = city.learners[who]
            OwnLearning.objects.create(
                learner=learner, title="Read a book", ended_on=timezone.localdate()
            )
            self.own[who] += 1

        @rule(days=st.sampled_from([1, 5, 30]))
        def days_pass(self, days) -> None:
            self.days += days

        @rule(which=an_opportunity, days=st.integers(1, 40))
        def there_is_a_new_date(self, which, days) -> None:
            listing(f"Workshop {which}", days, key=city.opportunities[which])

        @rule(which=an_opportunity)
        def an_opportunity_is_withdrawn(self, which) -> None:
            withdraw_listing(city.opportunities[which])

        # What always holds

        @invariant()
        def nothing_done_is_lost(self) -> None:
            rows = list(Completion.objects.values_list("learner", "step"))
            assert len(rows) == len(set(rows))
            assert self.done <= set(rows)
            self.done = set(rows)
            for who, learner in enumerate(city.learners):
                assert OwnLearning.objects.filter(learner=learner).count() == self.own[who]

        @invariant()
        def a_badge_is_given_once_and_stays(self) -> None:
            rows = list(Award.objects.values_list("learner", "achievement"))
            assert len(rows) == len(set(rows))
            assert self.badges <= set(rows)
            self.badges = set(rows)

        @invariant()
        def done_stays_done_and_nobody_is_without_a_way_on(self) -> None:
            for who, number in self.everybody():
                progress = self.progress(who, number)
                if progress.is_complete:
                    self.finished.add((who, number))
                else:
                    assert (who, number) not in self.finished
                    assert progress.ways

        def everybody_gets_to_the_end(self) -> None:
            for who, number in self.everybody():
                self.to_the_end(who, number)

        def to_the_end(self, who, number) -> None:
            for _turn in range(STEPS + LINES):
                if self.progress(who, number).is_complete:
                    break
                self.go(who, number)
            assert self.progress(who, number).is_complete
            playlist, learner = self.playlist(number), city.learners[who]
            enrolment = Enrolment.objects.get(learner=learner, playlist=playlist)
            if enrolment.completed_at is None:
                with callbacks():
                    journey.settle(learner, playlist)
            badge = city.lines[number][2]
            assert not badge or Award.objects.filter(learner=learner, achievement=badge).exists()

        # How it is done

        def publish(self, number, shape, **values) -> None:
            key, steps, badge = city.lines[number]
            chosen = [
                StepFacts(**{**vars(steps[which]), "is_required": required, "choice": choice})
                for which, required, choice in shape
            ]
            with callbacks():
                line(*chosen, key=key, title=f"Line {number}", achievement=badge, **values)

        def go(self, who, number) -> None:
            """The first way there is. It may not be refused."""
            learner, ways = city.learners[who], self.progress(who, number).ways
            if not ways:
                return
            way = ways[0]
            with callbacks():
                if way.kind is WayKind.PLAYLIST:
                    first = next(n for n in range(LINES) if self.playlist(n).pk == way.key)
                    get_on(learner, self.playlist(first))
                    self.to_the_end(who, first)
                    return
                found = Step.objects.select_related("listing", "playlist").get(pk=way.key)
                if way.kind is WayKind.DO:
                    is_link = found.listing is None or not found.listing.is_local
                    how = Evidence.SELF if is_link else Evidence.ORGANISER
                    assert journey.finish_step(learner, found, how).is_new
                    return
                assert way.kind is WayKind.WAIVER
                waiting = Waiver.objects.filter(learner=learner, step=found, state="waiting")
                waiver = waiting.first() or waivers.ask(learner, found, "I was ill.")
                waivers.decide(waiver, city.organiser, grants=True, reason="Get well.")
            assert Completion.objects.filter(learner=learner, step=found).exists()

        def progress(self, who, number) -> Progress:
            playlist = self.playlist(number)
            found = lines_of([playlist])[playlist.pk]
            standing = standings(city.learners[who], [playlist])[playlist.pk]
            return progress_by(found.rule, standing, closed=found.closed)

        def playlist(self, number) -> Playlist:
            return Playlist.objects.get(key=city.lines[number][0])

        def is_on(self, who, number) -> bool:
            return (who, number) in self.everybody()

        def everybody(self) -> list[tuple[int, int]]:
            """Who is on which line, of those that are offered."""
            on = set(
                Enrolment.objects.filter(playlist__state="published").values_list(
                    "learner", "playlist__key"
                )
            )
            return [
                (who, number)
                for who, learner in enumerate(city.learners)
                for number, (key, _steps, _badge) in enumerate(city.lines)
                if (learner.pk, key) in on
            ]

    return Life


@contextmanager
def callbacks():
    """What waits for the end of the transaction is done at the end of the block."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield


@contextmanager
def allowed(*codes: str):
    """Being refused for one of these reasons is all right; the block's value lists it then."""
    refused: list[str] = []
    try:
        with transaction.atomic():
            yield refused
    except Refused as refusal:
        assert refusal.code in codes
        refused.append(refusal.code)


def test_whatever_happens_nobody_is_stuck_and_nothing_done_is_lost(city):
    run_state_machine_as_test(
        lambda: life_in(city)(),
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            # Making a life smaller takes minutes; it is short enough to read.
            phases=(Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
