"""What is done, open and blocked on a playlist, what is missing, and how to go on: values in,
values out.

The rule, in full:

- What is done stays done, whatever showed it and whenever it was.
- A required step counts. Of the steps of one choice any one is enough, and the choice counts once;
  it is required when one of its steps is. Optional steps never stand in the way. Where a playlist
  has nothing but optional steps, one of them completes it. One without steps is never complete.
- Of the stations that count all are needed, or ``needed`` of them: never more than there are.
- The order is free, or a station that counts opens when those before it are done. One that cannot
  be done at present holds up nobody: it is passed over, and still needed. Optional steps are open
  at any time. Who did something out of order has done it.
- Playlists that come first block every step, and the badge, until they are finished.
- Of several versions of a rule the one that suits the learner better holds (``suiting``).

While the playlist is not complete there is a way on (``Progress.ways``): something to do, a later
date, something equal, a waiver by the organiser, or another playlist to finish first.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True)
class StepRule:
    """One step: its key, whether it is required, and the number of its choice or None."""

    key: Hashable
    required: bool = True
    choice: int | None = None


@dataclass(frozen=True)
class Rule:
    """What completes a playlist: its steps in order, and how many, in which order, after what.

    ``needed``: how many of the stations that count; None: all of them. ``before``: keys of the
    playlists to finish first; leave out those that nobody can finish. ``version``: any name for it.
    """

    steps: tuple[StepRule, ...] = ()
    needed: int | None = None
    in_order: bool = False
    before: tuple[Hashable, ...] = ()
    version: Hashable | None = field(default=None, compare=False)

    @cached_property
    def stations(self) -> tuple[Station, ...]:
        """The stations of the line, none of them done."""
        return tuple(_stations(self.steps))


class StepState(StrEnum):
    DONE = "done"
    #: The one to do next.
    NOW = "now"
    OPEN = "open"
    BLOCKED = "blocked"


class Why(StrEnum):
    """Why a step is blocked."""

    #: Another playlist has to be finished first.
    PLAYLIST = "playlist"
    #: A station before it has to be done first.
    EARLIER = "earlier"
    #: All its dates have passed.
    PAST = "past"
    #: It is not offered any more.
    WITHDRAWN = "withdrawn"
    #: An editor has taken it off the line: nobody can let go what the line does not ask for.
    TAKEN_OUT = "taken-out"
    #: It cannot be done at the moment: an online course that is not open yet or is away.
    NOT_NOW = "not-now"


@dataclass(frozen=True)
class Obstacle:
    """Why a step cannot be done at present, and what would do instead (``ways.ways_on``).

    ``next_at``: when it can be done again. ``equal``: what counts as the same, the nearest first:
    anything the caller knows how to show.
    """

    why: Why
    next_at: datetime | None = None
    equal: tuple[Hashable, ...] = ()


class WayKind(StrEnum):
    DO = "do"
    #: Wait for the next date, at ``Way.at``.
    NEXT_DATE = "next-date"
    #: Do something equal, of ``Way.equal``.
    EQUAL = "equal"
    #: Ask the organiser to let the step go.
    WAIVER = "waiver"
    #: Finish the playlist ``Way.key`` first.
    PLAYLIST = "playlist"


@dataclass(frozen=True)
class Way:
    """One way on. ``key``: of the step, or of the playlist to finish first."""

    kind: WayKind
    key: Hashable
    at: datetime | None = None
    equal: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Block:
    """Why a step is blocked; ``by``: keys of the playlists or of the earlier steps to do first."""

    why: Why
    by: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Station:
    """One stop of the line: a step, or the steps of a choice (any one is enough)."""

    keys: tuple[Hashable, ...]
    required: bool
    is_choice: bool
    done: bool


@dataclass(frozen=True)
class Progress:
    """How far somebody is on a playlist. Made by ``progress``."""

    rule: Rule
    stations: tuple[Station, ...]
    done: frozenset[Hashable]
    #: What cannot be done at present, of the steps that are not done.
    closed: Mapping[Hashable, Obstacle]
    #: Playlists to finish first that are not finished.
    waits_for: tuple[Hashable, ...] = ()

    @cached_property
    def counting(self) -> tuple[Station, ...]:
        """The stations that count; where all are optional, all of them."""
        return tuple(station for station in self.stations if station.required) or self.stations

    @cached_property
    def needed_count(self) -> int:
        """Stations that have to be done."""
        if not any(station.required for station in self.stations):
            return min(1, len(self.stations))
        of = len(self.counting)
        return of if self.rule.needed is None else max(1, min(self.rule.needed, of))

    @cached_property
    def done_count(self) -> int:
        """How many of those are done."""
        return min(self.needed_count, sum(station.done for station in self.counting))

    @property
    def missing_count(self) -> int:
        """How many are still to be done."""
        return self.needed_count - self.done_count

    @property
    def is_complete(self) -> bool:
        return bool(self.stations) and not self.missing_count and not self.waits_for

    @cached_property
    def missing(self) -> tuple[Station, ...]:
        """Stations of which ``missing_count`` are still to be done."""
        if not self.missing_count:
            return ()
        return tuple(station for station in self.counting if not station.done)

    @cached_property
    def next(self) -> Hashable | None:
        """The step to do next. None when there is nothing to do here: all is done, or another
        playlist comes first. What cannot be done at present is named when there is nothing else.
        """
        if self.waits_for:
            return None
        keys = [key for station in self.missing for key in station.keys]
        can = (key for key in keys if key not in self.closed and key not in self._held_up)
        return next(can, keys[0] if keys else None)

    @cached_property
    def blocks(self) -> Mapping[Hashable, Block]:
        """Why each step is blocked that is neither done nor open."""
        found: dict[Hashable, Block] = {}
        for step in self.rule.steps:
            if step.key in self.done:
                continue
            if self.waits_for:
                found[step.key] = Block(Why.PLAYLIST, self.waits_for)
            elif step.key in self.closed:
                found[step.key] = Block(self.closed[step.key].why)
            elif step.key in self._held_up:
                found[step.key] = Block(Why.EARLIER, self._held_up[step.key])
        return found

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """How to go on, the best first: never empty while the playlist is not complete (and has
        steps). A station that cannot be done has a way of its own when it is needed.
        """
        if self.waits_for:
            return tuple(Way(WayKind.PLAYLIST, key) for key in self.waits_for)
        open_ones = [key for station in self.missing for key in station.keys]
        found = [Way(WayKind.DO, key) for key in open_ones if key not in self.blocks]
        stuck = [station for station in self.missing if self._is_closed(station)]
        if len(self.missing) - len(stuck) < self.missing_count:
            found += [way for station in stuck for way in self._ways_round(station)]
        return tuple(found)

    def state(self, key: Hashable) -> StepState:
        """Whether a step is done, the one to do now, open, or blocked."""
        if key in self.done:
            return StepState.DONE
        if key == self.next:
            return StepState.NOW
        return StepState.BLOCKED if key in self.blocks else StepState.OPEN

    @cached_property
    def _held_up(self) -> Mapping[Hashable, tuple[Hashable, ...]]:
        """Steps whose turn has not come, with the steps of the station to do first."""
        if not self.rule.in_order or not self.missing_count:
            return {}
        found: dict[Hashable, tuple[Hashable, ...]] = {}
        first: Station | None = None
        for station in self.counting:
            if first is not None:
                found |= dict.fromkeys(set(station.keys) - self.done, first.keys)
            elif not station.done and not self._is_closed(station) and station.required:
                first = station
        return found

    def _is_closed(self, station: Station) -> bool:
        return not station.done and all(key in self.closed for key in station.keys)

    def _ways_round(self, station: Station) -> Iterable[Way]:
        """Ways round a station none of whose steps can be done: a date, something equal, a waiver.

        A waiver of any of its steps is enough, so it is asked for the first that is on the line.
        """
        for key in station.keys:
            obstacle = self.closed[key]
            if obstacle.next_at:
                yield Way(WayKind.NEXT_DATE, key, at=obstacle.next_at)
            if obstacle.equal:
                yield Way(WayKind.EQUAL, key, equal=obstacle.equal)
        on_line = (key for key in station.keys if self.closed[key].why is not Why.TAKEN_OUT)
        key = next(on_line, None)
        if key is not None:
            yield Way(WayKind.WAIVER, key)


def progress(
    rule: Rule,
    done: Collection[Hashable] = (),
    closed: Mapping[Hashable, Obstacle] | None = None,
    finished: Collection[Hashable] = (),
) -> Progress:
    """Progress by ``rule`` for who has done the steps ``done`` and finished the playlists
    ``finished``.

    Keys in ``done`` that are no steps are passed over; a step that was waived is done. ``closed``
    are steps that cannot be done at present.
    """
    reached = frozenset(step.key for step in rule.steps) & frozenset(done)
    return Progress(
        rule=rule,
        stations=tuple(_reached(station, reached) for station in rule.stations),
        done=reached,
        closed={key: why for key, why in (closed or {}).items() if key not in reached},
        waits_for=tuple(key for key in rule.before if key not in finished),
    )


def suiting(
    rules: Iterable[Rule],
    done: Collection[Hashable] = (),
    closed: Mapping[Hashable, Obstacle] | None = None,
    finished: Collection[Hashable] = (),
) -> Progress:
    """Progress by that rule of ``rules`` which asks least of the learner; of equals the first.

    Name the rule in force first, then those that held since the learner joined. Asking least is:
    nothing more; else the fewest playlists to finish first, then the fewest stations that are
    withdrawn, then the fewest stations. An earlier rule that cannot be gone by any more is passed
    over: one that needs what was taken off the line, or another playlist first than the rule in
    force does (two playlists could wait for each other by rules of different days).
    """
    found = [progress(rule, done, closed, finished) for rule in rules]
    return min(
        (one for one in found if one is found[0] or _can_be_gone_by(one, found[0])), key=_asks
    )


def _can_be_gone_by(earlier: Progress, current: Progress) -> bool:
    if earlier.is_complete:
        return True
    return set(earlier.waits_for) <= set(current.waits_for) and not _lacking(earlier, Why.TAKEN_OUT)


def _asks(progress: Progress) -> tuple[int, ...]:
    return (
        not progress.is_complete,
        len(progress.waits_for),
        _lacking(progress, Why.TAKEN_OUT, Why.WITHDRAWN),
        progress.missing_count,
    )


def _lacking(progress: Progress, *whys: Why) -> int:
    """Needed stations that cannot be done for one of these reasons."""
    gone = sum(
        all(key in progress.closed and progress.closed[key].why in whys for key in station.keys)
        for station in progress.missing
    )
    # Of "some of these" what is gone matters as far as the rest is not enough.
    spare = len(progress.missing) - progress.missing_count
    return max(0, gone - spare)


def with_extras(rule: Rule, current: Rule) -> Rule:
    """An earlier rule with the steps that came since as optional ones."""
    known = {step.key for step in rule.steps}
    extras = (StepRule(step.key, required=False) for step in current.steps if step.key not in known)
    return replace(rule, steps=(*rule.steps, *extras))


def _reached(station: Station, steps: frozenset[Hashable]) -> Station:
    """The station for who has done these steps."""
    return station if steps.isdisjoint(station.keys) else replace(station, done=True)


def _stations(steps: tuple[StepRule, ...]) -> Iterable[Station]:
    """Steps in order, none of them done; a choice stands where its first step stands."""
    together: dict[Hashable, list[StepRule]] = {}
    for number, step in enumerate(steps):
        name = ("alone", number) if step.choice is None else ("choice", step.choice)
        together.setdefault(name, []).append(step)
    for members in together.values():
        yield Station(
            keys=tuple(step.key for step in members),
            required=any(step.required for step in members),
            is_choice=len(members) > 1,
            done=False,
        )
