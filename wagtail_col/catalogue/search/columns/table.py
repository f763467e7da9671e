"""The arrays themselves: what is in them, and how they are changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from wagtail_col.catalogue.models import Kind

#: Stands for "no end" in microseconds, for "no limit" in years, and for no row at all.
NEVER = np.iinfo(np.int64).max
NO_AGE = 255
NOBODY = 0
UNKNOWN = -1

KINDS = tuple(Kind.values)

#: Bits of ``flags``.
ONLINE, LOCAL, FREE, PLACED = 1, 2, 4, 8


@dataclass(frozen=True)
class Dates:
    """Dates, each with the primary key of its listing. Microseconds since 1970, UTC."""

    listing: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    #: Bits of ``Part``.
    parts: np.ndarray

    def without(self, listings: np.ndarray) -> Dates:
        return self._where(~np.isin(self.listing, listings))

    def and_also(self, more: Dates) -> Dates:
        return Dates(
            np.concatenate([self.listing, more.listing]),
            np.concatenate([self.starts, more.starts]),
            np.concatenate([self.ends, more.ends]),
            np.concatenate([self.parts, more.parts]),
        )

    def _where(self, chosen: np.ndarray) -> Dates:
        return Dates(
            self.listing[chosen], self.starts[chosen], self.ends[chosen], self.parts[chosen]
        )


@dataclass(frozen=True)
class Tags:
    """Which interests or skills a listing has: pairs of primary keys."""

    listing: np.ndarray
    tag: np.ndarray

    def without(self, listings: np.ndarray) -> Tags:
        kept = ~np.isin(self.listing, listings)
        return Tags(self.listing[kept], self.tag[kept])

    def and_also(self, more: Tags) -> Tags:
        return Tags(
            np.concatenate([self.listing, more.listing]),
            np.concatenate([self.tag, more.tag]),
        )


@dataclass(frozen=True)
class Rows:
    """Published listings, one place in every array each."""

    pk: np.ndarray
    #: The revision each was written with: the sum tells whether all of them are here.
    revision: np.ndarray
    #: Index into ``KINDS``.
    kind: np.ndarray
    flags: np.ndarray
    age_min: np.ndarray
    age_max: np.ndarray
    #: Primary keys; ``NOBODY`` where there is none.
    territory: np.ndarray
    provider: np.ndarray
    #: Hundredths, whatever the currency; 0 for what is free, ``UNKNOWN``.
    price: np.ndarray
    #: Index into the table's ``said``.
    said: np.ndarray
    #: When the last date is over, microseconds; ``NEVER`` for what is there at any time.
    ends: np.ndarray
    #: Map coordinates, where ``PLACED``.
    x: np.ndarray
    y: np.ndarray

    NAMES = (
        "pk", "revision", "kind", "flags", "age_min", "age_max", "territory", "provider",
        "price", "said", "ends", "x", "y",
    )  # fmt: skip

    def __len__(self) -> int:
        return len(self.pk)

    def where(self, chosen: np.ndarray) -> Rows:
        return Rows(*(getattr(self, name)[chosen] for name in self.NAMES))

    def and_also(self, more: Rows) -> Rows:
        """Both, in the order of primary keys; none may be in both."""
        joined = Rows(
            *(np.concatenate([getattr(self, name), getattr(more, name)]) for name in self.NAMES)
        )
        if len(self) and len(more) and more.pk.min() < self.pk[-1]:
            return joined.where(np.argsort(joined.pk, kind="stable"))
        return joined


@dataclass(frozen=True)
class Table:
    """All of it at one state of the catalogue. Never changed: a new state is a new table."""

    #: ``CatalogueRevision``: its number, and the stamp that no other state has.
    revision: int
    stamp: str
    rows: Rows
    dates: Dates
    tags: Tags
    skills: Tags
    #: Every combination of languages and of what helps to take part that there is: codes as
    #: listings have them, in pairs. Few, however many listings say them.
    said: tuple[tuple[str, str], ...]
    #: Place in ``rows`` of each date's, each tag's and each skill's listing.
    date_row: np.ndarray = field(init=False)
    tag_row: np.ndarray = field(init=False)
    skill_row: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        pk = self.rows.pk
        object.__setattr__(self, "date_row", np.searchsorted(pk, self.dates.listing))
        object.__setattr__(self, "tag_row", np.searchsorted(pk, self.tags.listing))
        object.__setattr__(self, "skill_row", np.searchsorted(pk, self.skills.listing))

    @property
    def checksum(self) -> tuple[int, int]:
        """Number of listings, and the sum of their revisions."""
        return len(self.rows), int(self.rows.revision.sum())

    def changed(
        self,
        revision: int,
        stamp: str,
        *,
        gone: np.ndarray,
        rows: Rows,
        dates: Dates,
        tags: Tags,
        skills: Tags,
        said: tuple[tuple[str, str], ...],
    ) -> Table:
        """This table with listings taken out (``gone``: primary keys) or written anew."""
        touched = np.concatenate([gone, rows.pk])
        kept = self.rows.where(~np.isin(self.rows.pk, touched))
        return replace(
            self,
            revision=revision,
            stamp=stamp,
            rows=kept.and_also(rows),
            dates=self.dates.without(touched).and_also(dates),
            tags=self.tags.without(touched).and_also(tags),
            skills=self.skills.without(touched).and_also(skills),
            said=said,
        )

    def places_of(self, listings: np.ndarray) -> np.ndarray:
        """Where in ``rows`` these primary keys are; those that are not there are left out."""
        pk = self.rows.pk
        if not len(pk):
            return np.empty(0, np.int64)
        places = np.searchsorted(pk, listings)
        places[places == len(pk)] = 0
        return places[pk[places] == listings]
