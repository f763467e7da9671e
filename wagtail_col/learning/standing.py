"""What holds for one learner on playlists beside the rules in force: the rules since they joined,
and the playlists they have finished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from wagtail_col.learning.models import Completion, Enrolment, Playlist
from wagtail_col.learning.rules import (
    Obstacle,
    Progress,
    Rule,
    Why,
    suiting,
    with_extras,
)
from wagtail_col.learning.versions import earlier_rules


@dataclass(frozen=True)
class Standing:
    """How a learner stands to a playlist. ``enrolment``: None for who is not on it.

    ``completions``: when each step was done, by primary key, also of steps that are no longer part
    of it; None where that is not known.
    ``earlier``: rules that held since they joined. ``finished``: all playlists they have finished.
    """

    enrolment: Enrolment | None = None
    completions: Mapping[int, datetime | None] = field(default_factory=dict)
    earlier: tuple[Rule, ...] = ()
    finished: frozenset[int] = frozenset()
    #: On the line without an account, on this device alone, which does not know when.
    on_device: bool = False

    @property
    def is_joined(self) -> bool:
        return self.enrolment is not None or self.on_device

    @property
    def done(self) -> frozenset[int]:
        """The primary keys of the steps they have done."""
        return frozenset(self.completions)


NOBODY = Standing()


def on_device(done: Iterable[int] | None) -> Standing:
    """The standing of somebody without an account who has done these steps; None: not on it."""
    return NOBODY if done is None else Standing(completions=dict.fromkeys(done), on_device=True)


def standings(
    learner: AbstractBaseUser | None, playlists: Collection[Playlist]
) -> dict[int, Standing]:
    """How the learner stands to each playlist. A constant number of queries, none for nobody."""
    if learner is None or not playlists:
        return {playlist.pk: NOBODY for playlist in playlists}
    current = {playlist.pk: playlist.version for playlist in playlists}
    on, finished = _enrolments(learner.pk, current)
    done: dict[int, dict[int, datetime]] = defaultdict(dict)
    rows = Completion.objects.filter(learner=learner.pk, step__playlist__in=current)
    for playlist, step, at in rows.values_list("step__playlist_id", "step_id", "completed_at"):
        done[playlist][step] = at
    earlier = earlier_rules(
        {pk: one.version for pk, one in on.items() if one.version < current[pk]}
    )
    return {
        pk: Standing(
            enrolment=on.get(pk),
            completions=done[pk],
            earlier=earlier[pk],
            finished=finished,
        )
        for pk in current
    }


def _enrolments(
    learner: Hashable, playlists: Collection[int]
) -> tuple[dict[int, Enrolment], frozenset[int]]:
    """The learner's enrolments on these, and the playlists the learner has finished: all by
    primary key."""
    rows = Enrolment.objects.filter(
        Q(playlist__in=playlists) | Q(completed_at__isnull=False), learner=learner
    )
    on, finished = {}, set()
    for enrolment in rows:
        if enrolment.playlist_id in playlists:
            on[enrolment.playlist_id] = enrolment
        if enrolment.completed_at:
            finished.add(enrolment.playlist_id)
    return on, frozenset(finished)


def progress_by(
    rule: Rule,
    standing: Standing = NOBODY,
    closed: Mapping[Hashable, Obstacle] | None = None,
) -> Progress:
    """The learner's progress by the rule that suits them: the one in force or one since they
    joined. ``closed``: steps that cannot be done at present.

    What they have finished stays finished, whatever is to come before it now.
    """
    rules = [rule, *(with_extras(earlier, rule) for earlier in standing.earlier)]
    finished: Iterable[int] = standing.finished
    if standing.enrolment is not None and standing.enrolment.completed_at:
        finished = {key for each in rules for key in each.before}
    known = {step.key for step in rule.steps}
    gone = {
        step.key: Obstacle(Why.TAKEN_OUT)
        for earlier in standing.earlier
        for step in earlier.steps
        if step.key not in known
    }
    return suiting(rules, standing.done, {**(closed or {}), **gone}, finished)
