"""What a playlist takes and costs, summed up by its rule: values in, values out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from wagtail_col.learning.rules import Rule, progress

Amount = TypeVar("Amount", int, Decimal)


@dataclass(frozen=True)
class Sum(Generic[Amount]):
    """From ``least`` to ``most``, by what one chooses; ``unknown``: needed stations of which it is
    not known. Both are None when nothing is known."""

    least: Amount | None
    most: Amount | None
    unknown: int


def add(rule: Rule, amounts: Mapping[Hashable, Amount | None]) -> Sum[Amount]:
    """The sum of the amounts (minutes, or money of one currency) of the steps that are needed.

    Of a choice the smallest and the largest known one; of "3 of 5" the three smallest and the
    three largest. Optional steps do not count, unless there is nothing else. A station of which
    nothing is known adds nothing.
    """
    start = progress(rule)
    least, most, unknown = [], [], 0
    for station in start.counting:
        known = [amounts[key] for key in station.keys if amounts.get(key) is not None]
        if known:
            least.append(min(known))
            most.append(max(known))
        else:
            unknown += 1
    if not least:
        return Sum(None, None, min(unknown, start.needed_count))
    needed = start.needed_count
    # What is not known may be among those that are done: it counts nothing at the lower end.
    spare = max(0, needed - unknown) if needed < len(start.counting) else len(least)
    return Sum(
        sum(sorted(least)[:spare], start=least[0] * 0),
        sum(sorted(most, reverse=True)[:needed], start=most[0] * 0),
        min(unknown, needed),
    )
