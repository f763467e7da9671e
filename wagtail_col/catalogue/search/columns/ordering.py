"""What fits a search in order, a page at a time."""

from __future__ import annotations

import numpy as np

from wagtail_col.catalogue.search import texts

from .matching import Matches, micros
from .table import NEVER


def page(matches: Matches, start: int, stop: int) -> tuple[list[int], dict[int, int]]:
    """Primary keys in order (see ``Query.in_order``), from one place to another.

    And for each of them how many metres it is from the place asked for, where that is known.
    """
    there = matches.found
    turns = _turns(matches)[there]
    if matches.query.order == "date":
        first = turns
    elif matches.query.order == "distance":
        first = matches.metres[there]
    else:
        first = _ranks(matches, there, stop)
    if stop < len(there):
        # Only as much is put in order as is asked for; who shares the last turn comes along.
        last = np.partition(first, stop - 1)[stop - 1]
        near = first <= last
        there, turns, first = there[near], turns[near], first[near]
    shown = there[np.lexsort((turns, first))][start:stop]
    keys = matches.table.rows.pk[matches.places(shown)].tolist()
    if not matches.query.point:
        return keys, {}
    far = zip(keys, matches.metres[shown].tolist(), strict=True)
    return keys, {key: metres for key, metres in far if metres != NEVER}


def _ranks(matches: Matches, there: np.ndarray, enough: int) -> np.ndarray:
    """0 with the words whole in the title, 1 with their beginnings there, else 2.

    Where the first are ``enough``, nobody looks for the second.
    """
    whole, begun = texts.in_title(matches.read_as or matches.query.q, texts.TEXTS)
    places = matches.places(there)
    ranks = np.full(len(matches.table.rows), 2, np.int8)
    ranks[matches.texts_of(whole)] = 0
    if np.count_nonzero(ranks[places] == 0) < enough:
        ranks[matches.texts_of(begun)] = 1
        ranks[matches.texts_of(whole)] = 0
    return ranks[places]


def _turns(matches: Matches) -> np.ndarray:
    """The moment by which one has to act; ``NEVER`` for what is there at any time."""
    start, _end = matches.query.span()
    since = max(micros(start), matches.now) if start else matches.now
    owners, _there = matches.on_dates
    chosen = matches.dates & matches.mask[owners]
    starts, ends = matches.date_starts[chosen], matches.date_ends[chosen]
    turns = np.full(len(matches), NEVER, np.int64)
    np.minimum.at(turns, owners[chosen], np.where(starts >= since, starts, ends))
    return turns
