"""How many things each filter would leave: what is counted, whoever counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wagtail_col.catalogue.models import Territory


@dataclass(frozen=True)
class Facets:
    """Counts by value. Each filter is counted as if it alone were not set."""

    interest: dict[str, int]
    kind: dict[str, int]
    online: int
    local: int
    free: int
    #: By the primary key of a territory; each with everything below it.
    territory: dict[int, int]


def summed(by_path: dict[str | None, int], territories: list[Territory]) -> dict[int, int]:
    """Counts of territories with what lies below each of them."""
    by_key: Counter[str] = Counter()
    for path, count in by_path.items():
        for part in (path or "").split("/"):
            by_key[part] += count
    return {territory.pk: by_key[territory.key.hex] for territory in territories}
