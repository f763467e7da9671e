"""Which steps are done, which one is next, is the playlist complete: values in, values out.

The rules, in full:

- Steps may be done in any order, and what is done stays done.
- A required step counts. Of the steps of one choice any one is enough, and the choice counts once;
  it is required when one of its steps is.
- Optional steps never stand in the way. Where a playlist has nothing but optional steps, one of
  them completes it. A playlist without steps is never complete.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True)
class StepRule:
    """One step: its key, whether it is required, and the number of its choice or None."""

    key: Hashable
    required: bool = True
    choice: int | None = None


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    OPEN = "open"


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

    stations: tuple[Station, ...]
    done: frozenset[Hashable]
    #: The step to do next: None when the playlist is complete, or has no steps.
    next: Hashable | None

    @cached_property
    def _counting(self) -> tuple[Station, ...]:
        return tuple(station for station in self.stations if station.required)

    @property
    def needed_count(self) -> int:
        """Stations that have to be done."""
        return len(self._counting) or min(1, len(self.stations))

    @property
    def done_count(self) -> int:
        """How many of those are done."""
        if self._counting:
            return sum(station.done for station in self._counting)
        return int(any(station.done for station in self.stations))

    @property
    def is_complete(self) -> bool:
        return bool(self.stations) and self.done_count == self.needed_count

    @property
    def missing(self) -> tuple[Station, ...]:
        """Stations still to be done; of a line of optional steps alone, any of these."""
        if self.is_complete:
            return ()
        return tuple(station for station in self._counting or self.stations if not station.done)

    def state(self, key: Hashable) -> StepState:
        """Whether a step is done, the one to do now, or open."""
        if key in self.done:
            return StepState.DONE
        return StepState.NOW if key == self.next else StepState.OPEN


def progress(
    rules: Iterable[StepRule],
    done: Collection[Hashable],
    closed: Collection[Hashable] = (),
) -> Progress:
    """Progress on the steps of ``rules`` (in their order) for who has done ``done``.

    Keys in ``done`` that are no steps (any more) are passed over. ``closed`` are steps that
    cannot be done at present: they are still needed, but ``next`` names another one while
    there is one.
    """
    rules = list(rules)
    reached = frozenset(rule.key for rule in rules) & frozenset(done)
    stations = tuple(_stations(rules, reached))
    without_next = Progress(stations=stations, done=reached, next=None)
    return Progress(stations=stations, done=reached, next=_next(without_next, frozenset(closed)))


def _stations(rules: list[StepRule], reached: frozenset[Hashable]) -> Iterable[Station]:
    """Steps in order; a choice stands where its first step stands."""
    seen: set[int] = set()
    for rule in rules:
        if rule.choice in seen:
            continue
        together = [rule]
        if rule.choice is not None:
            seen.add(rule.choice)
            together = [other for other in rules if other.choice == rule.choice]
        yield Station(
            keys=tuple(step.key for step in together),
            required=any(step.required for step in together),
            is_choice=len(together) > 1,
            done=any(step.key in reached for step in together),
        )


def _next(progress: Progress, closed: frozenset[Hashable]) -> Hashable | None:
    keys = [key for station in progress.missing for key in station.keys]
    return next((key for key in keys if key not in closed), keys[0] if keys else None)
