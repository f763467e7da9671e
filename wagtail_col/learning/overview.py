"""Who is on a playlist and how far, for those who run it: numbers, where people stop, a row each.

Names are shown as far as learners and their age allow (``people.naming``). Every part takes the
same few queries for ten learners or ten thousand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import connections, models
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.learning import coursework
from wagtail_col.learning.models import Completion, Enrolment, Playlist, Step
from wagtail_col.learning.prerequisites import before_of
from wagtail_col.learning.rules import Rule
from wagtail_col.learning.standing import Standing, progress_by
from wagtail_col.learning.steps import course_of, title_of
from wagtail_col.learning.versions import earlier_rules, rule_of
from wagtail_col.people.naming import names_of
from wagtail_col.records import State

#: Rows that are read at once where all are wanted.
AT_ONCE = 1000


class Stand(models.TextChoices):
    """How far somebody is. Each learner is one of these."""

    JOINED = "joined", gettext_lazy("joined, nothing done yet")
    UNDER_WAY = "under-way", gettext_lazy("under way")
    PAUSED = "paused", gettext_lazy("paused")
    DONE = "done", gettext_lazy("done")


@dataclass(frozen=True)
class Numbers:
    """How many are on a playlist; ``joined`` all of them, the others parts of it."""

    joined: int
    waiting: int
    under_way: int
    paused: int
    done: int


@dataclass(frozen=True)
class StepNumbers:
    """How many did a step, in per cent of who joined; ``stopped``: of those who have not finished,
    how many have done nothing after it."""

    title: str
    done: int
    percent: int
    stopped: int


@dataclass(frozen=True)
class Row:
    """One learner. ``name`` is empty for who is not named. ``done``: when, by primary key of the
    step; ``of`` is how many stations they need, by the rule that suits them."""

    enrolment: Enrolment
    name: str
    stand: Stand
    count: int
    of: int
    done: Mapping[int, datetime]

    @property
    def last_at(self) -> datetime | None:
        return max(self.done.values(), default=None)

    @property
    def called(self) -> str:
        """The name, or what stands in its place."""
        return self.name or _("Learner %(number)s") % {"number": self.enrolment.pk}


class Overview:
    """Of one playlist. ``learners`` narrows it to these: a queryset of accounts' primary keys."""

    def __init__(self, playlist: Playlist, learners: QuerySet | None = None) -> None:
        self.playlist = playlist
        self.learners = learners
        self._counted: dict[tuple, tuple[int, int]] = {}

    @cached_property
    def steps(self) -> list[Step]:
        """The steps that are offered, in order."""
        return list(
            self.playlist.steps.published()
            .select_related("listing")
            .prefetch_related("texts", "listing__texts")
            .order_by("position", "pk")
        )

    @cached_property
    def titles(self) -> dict[int, str]:
        """By primary key of the step."""
        courses = coursework.courses_of(course_of(step) for step in self.steps)
        return {step.pk: title_of(step, courses) for step in self.steps}

    @cached_property
    def enrolments(self) -> QuerySet[Enrolment]:
        found = Enrolment.objects.filter(playlist=self.playlist)
        return found if self.learners is None else found.filter(learner__in=self.learners)

    @cached_property
    def numbers(self) -> Numbers:
        count: Counter[Stand] = Counter()
        for furthest, is_done, is_paused, number in self._stands:
            count[_stand(is_done, is_paused, furthest is not None)] += number
        return Numbers(
            joined=sum(count.values()),
            waiting=count[Stand.JOINED],
            under_way=count[Stand.UNDER_WAY],
            paused=count[Stand.PAUSED],
            done=count[Stand.DONE],
        )

    def standing_at(self, stand: str) -> QuerySet[Enrolment]:
        """The enrolments of those who are this far."""
        if stand == Stand.DONE:
            return self.enrolments.exclude(completed_at=None)
        is_open = self.enrolments.filter(completed_at=None)
        if stand == Stand.PAUSED:
            return is_open.exclude(paused_at=None)
        did = Exists(self._own_completions())
        return is_open.filter(~did if stand == Stand.JOINED else did, paused_at=None)

    @cached_property
    def step_numbers(self) -> list[StepNumbers]:
        """One query beside those for the titles and the numbers."""
        done = dict(
            Completion.objects.filter(
                step__in=[step.pk for step in self.steps],
                learner__in=self.enrolments.values("learner"),
            )
            .values_list("step")
            .annotate(count=Count("pk"))
        )
        stopped: Counter[int] = Counter()
        for furthest, is_done, _is_paused, number in self._stands:
            if furthest is not None and not is_done:
                stopped[furthest] += number
        joined = self.numbers.joined
        return [
            StepNumbers(
                title=self.titles[step.pk],
                done=done.get(step.pk, 0),
                percent=round(100 * done.get(step.pk, 0) / joined) if joined else 0,
                stopped=stopped[step.position],
            )
            for step in self.steps
        ]

    def rows(self, enrolments: Iterable[Enrolment]) -> list[Row]:
        """The rows of these, whose learners are read already. Two queries beside the rule's."""
        enrolments = list(enrolments)
        done: dict[int, dict[int, datetime]] = defaultdict(dict)
        of_these = Completion.objects.filter(
            step__playlist=self.playlist, learner__in=[one.learner_id for one in enrolments]
        )
        for learner, step, at in of_these.values_list("learner_id", "step_id", "completed_at"):
            done[learner][step] = at
        names = names_of(one.learner for one in enrolments if not one.hides_name)
        return [
            self._row(one, names.get(one.learner_id, ""), done[one.learner_id])
            for one in enrolments
        ]

    def all_rows(self) -> Iterator[Row]:
        """Every row, who joined first first, a thousand at a time.

        By key and not by a cursor: nothing is kept open while somebody downloads slowly.
        """
        after = 0
        while True:
            some = self.enrolments.filter(pk__gt=after).select_related("learner").order_by("pk")
            rows = self.rows(some[:AT_ONCE])
            yield from rows
            if len(rows) < AT_ONCE:
                return
            after = rows[-1].enrolment.pk

    def _row(self, enrolment: Enrolment, name: str, done: Mapping[int, datetime]) -> Row:
        count, of = self._counts(enrolment, frozenset(done))
        stand = _stand(
            enrolment.completed_at is not None,
            enrolment.paused_at is not None,
            not done.keys().isdisjoint(self.titles),
        )
        return Row(enrolment=enrolment, name=name, stand=stand, count=count, of=of, done=done)

    def _counts(self, enrolment: Enrolment, done: frozenset[int]) -> tuple[int, int]:
        """How many stations they have done and how many they need: reckoned once for all who did
        the same."""
        key = (enrolment.version, enrolment.completed_at is None, done)
        if key not in self._counted:
            rule, earlier, before = self._rules
            standing = Standing(
                enrolment=enrolment,
                completions=dict.fromkeys(done),
                earlier=tuple(one for one in earlier if one.version >= enrolment.version),
                finished=before,
            )
            progress = progress_by(rule, standing)
            self._counted[key] = progress.done_count, progress.needed_count
        return self._counted[key]

    @cached_property
    def _rules(self) -> tuple[Rule, Sequence[Rule], frozenset[int]]:
        """The rule in force, those that held before it, and what is to be finished first: that
        is no station, so it is taken as finished."""
        before = before_of([self.playlist.pk])[self.playlist.pk]
        earlier = earlier_rules({self.playlist.pk: 1})[self.playlist.pk]
        finished = frozenset(before).union(*(one.before for one in earlier))
        return rule_of(self.playlist, self.steps, before), earlier, finished

    def _own_completions(self) -> QuerySet[Completion]:
        return Completion.objects.filter(
            learner=OuterRef("learner"), step__in=[step.pk for step in self.steps]
        )

    @cached_property
    def _stands(self) -> list[tuple[int | None, bool, bool, int]]:
        """How many share one standing: the position of the last step they did (None: they did
        none), whether they have finished, whether they have paused.

        By hand: each learner's steps have to be grouped before they are joined to who is on the
        line. Django can only ask for each learner anew, which takes several times as long.
        """
        done, step, enrolment = (model._meta.db_table for model in (Completion, Step, Enrolment))
        who, params = "", [self.playlist.pk, State.PUBLISHED, self.playlist.pk]
        if self.learners is not None:
            chosen, chosen_params = self.learners.query.sql_with_params()
            who, params = f" AND e.learner_id IN ({chosen})", [*params, *chosen_params]
        with connections[self.enrolments.db].cursor() as cursor:
            # Of names of tables and what Django has written; values go separately.
            cursor.execute(
                "SELECT did.furthest, e.completed_at IS NOT NULL, e.paused_at IS NOT NULL, COUNT(*)"  # noqa: S608
                f" FROM {enrolment} e LEFT JOIN ("
                " SELECT c.learner_id, MAX(s.position) AS furthest"
                f" FROM {done} c INNER JOIN {step} s ON s.id = c.step_id"
                " WHERE s.playlist_id = %s AND s.state = %s GROUP BY c.learner_id"
                ") did ON did.learner_id = e.learner_id"
                f" WHERE e.playlist_id = %s{who} GROUP BY 1, 2, 3",
                params,
            )
            return cursor.fetchall()


def newest(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """With their learners, who joined last first."""
    return enrolments.select_related("learner").order_by(F("joined_at").desc(), "-pk")


def _stand(is_done: bool, is_paused: bool, did: bool) -> Stand:
    if is_done:
        return Stand.DONE
    if is_paused:
        return Stand.PAUSED
    return Stand.UNDER_WAY if did else Stand.JOINED
