"""How many things each filter would leave: what is counted, whoever counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wagtail_col.catalogue.models import Territory

#: What is counted of filters with any number: prices up to, and kilometres around a place.
PRICES = (5, 10, 20, 50)
DISTANCES = (2, 5, 10, 20, 50)
WHENS = ("today", "weekend", "week")


@dataclass(frozen=True)
class Facets:
    """Counts by value. Each filter is counted as if it alone were not set.

    Values of open lists that nothing has are left out.
    """

    interest: dict[str, int]
    kind: dict[str, int]
    #: By ``Skill.slug``.
    skill: dict[str, int]
    when: dict[str, int]
    time: dict[str, int]
    online: int
    local: int
    free: int
    #: Of ``PRICES``: how many cost at most that.
    max_price: dict[int, int]
    #: By the first part of a language's code.
    language: dict[str, int]
    #: How many also have this, beside everything that is asked for already.
    access: dict[str, int]
    #: By the primary key of a territory; each with everything below it.
    territory: dict[int, int]
    #: By the primary key of a provider.
    provider: dict[int, int]
    #: Of ``DISTANCES``; empty without a place.
    within: dict[int, int]


def summed(by_path: dict[str | None, int], territories: list[Territory]) -> dict[int, int]:
    """Counts of territories with what lies below each of them."""
    by_key: Counter[str] = Counter()
    for path, count in by_path.items():
        for part in (path or "").split("/"):
            by_key[part] += count
    return {territory.pk: by_key[territory.key.hex] for territory in territories}


def languages_of(codes: str) -> set[str]:
    """``"es-MX en"`` → ``{"es", "en"}``."""
    return {code.partition("-")[0].lower() for code in codes.split()}


def by_language(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Counts of languages from counts of what ``delivery_languages`` says."""
    found: Counter[str] = Counter()
    for codes, count in counts:
        for code in languages_of(codes):
            found[code] += count
    return {code: found[code] for code in sorted(found) if found[code]}
