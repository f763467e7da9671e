"""What to leave out or widen of a search that finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .query import Query

MOST = 5
#: Kilometres to widen to, and the filters to leave out: what changes a search least comes first.
WIDER = (20, 50, 100, 200)
_FIELDS = (
    "time", "when", "dates", "place", "free", "max_price", "age", "language", "access", "kind",
    "interest", "skill", "providers", "district", "box", "near", "at", "q",
)  # fmt: skip


@dataclass(frozen=True)
class Relaxation:
    """A search that finds something. ``field``: what is left out of the one that finds nothing.

    ``value``: which of several values, where the others stay. ``within`` is a field that was
    widened, ``dates`` are the first and the last day, "" stands for everything but the words, or
    the words too where they are what finds nothing.
    """

    field: str
    value: str
    query: Query
    count: int


def relaxations(query: Query, count: Callable[[Query], int]) -> list[Relaxation]:
    """The nearest searches that find something, at most ``MOST``; ``count`` counts one."""
    found: list[Relaxation] = []
    for field, value, relaxed in _one_step(query):
        if len(found) == MOST:
            break
        if any(one.field == field == "within" for one in found):
            continue
        if number := count(relaxed):
            found.append(Relaxation(field, value, relaxed, number))
    if found:
        return found
    for relaxed in _words_alone(query):
        if number := count(relaxed):
            return [Relaxation("", "", relaxed, number)]
    return []


def _one_step(query: Query) -> Iterator[tuple[str, str, Query]]:
    if query.point:
        for km in WIDER:
            if km > query.within:
                yield "within", "", query.but(within=km)
    for field in _FIELDS:
        if field == "dates":
            if query.from_date or query.to_date:
                yield field, "", query.but(from_date=None, to_date=None)
        elif field == "access" and len(query.access) > 1:
            for code in query.access:
                yield field, code, query.without(field, code)
        elif _is_set(getattr(query, field)):
            yield field, "", query.without(field)


def _is_set(value: object) -> bool:
    """Whether a field says something; an age of 0 does."""
    return bool(value) or (value == 0 and value is not False)


def _words_alone(query: Query) -> Iterator[Query]:
    if query.q:
        yield query.bare().but(q=query.q)
    if query.is_filtered:
        yield query.bare()
