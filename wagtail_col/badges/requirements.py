"""Badges that ask for other badges: how many are enough, and loops in which none can be earned.

Values in, values out: which badges there are and who has them is ``badges.earning``'s to know.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Badge = TypeVar("Badge", bound=Hashable)


def how_many(needed: int | None, of: int) -> int:
    """How many of ``of`` badges have to be there; None, or more than there are, means all."""
    return of if needed is None else min(needed, of)


def is_met(needed: int | None, required: Collection[Badge], held: Collection[Badge]) -> bool:
    """Whether enough of ``required`` are among ``held``. Nothing required is never met."""
    required = set(required)
    return bool(required) and len(required & set(held)) >= how_many(needed, len(required))


def find_loop(start: Badge, needs: Mapping[Badge, Collection[Badge]]) -> list[Badge]:
    """The shortest way from ``start`` back to itself: ``[a, b, c]`` says that a needs b, b needs
    c, and c needs a. Empty when there is none.

    A badge of which only some others are needed is refused as well: whether a loop can be left
    should not depend on a number that somebody changes later.
    """
    came_from: dict[Badge, Badge] = {}
    waiting = [start]
    for badge in waiting:
        for needed in needs.get(badge, ()):
            if needed == start:
                way = [badge]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if needed not in came_from:
                came_from[needed] = badge
                waiting.append(needed)
    return []
