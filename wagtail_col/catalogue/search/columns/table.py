"""The arrays themselves: what is in them, and how they are changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from wagtail_col.catalogue.models import Kind
from wagtail_col.catalogue.search.cells import Window

from .hits import KeptHits

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
        return self.where(~np.isin(self.listing, listings))

    def and_also(self, more: Dates) -> Dates:
        return Dates(
            np.concatenate([self.listing, more.listing]),
            np.concatenate([self.starts, more.starts]),
            np.concatenate([self.ends, more.ends]),
            np.concatenate([self.parts, more.parts]),
        )

    def where(self, chosen: np.ndarray) -> Dates:
        return Dates(
            self.listing[chosen], self.starts[chosen], self.ends[chosen], self.parts[chosen]
        )


@dataclass(frozen=True)
class Tags:
    """Which interests, skills or texts a listing has: pairs of primary keys."""

    listing: np.ndarray
    tag: np.ndarray

    def without(self, listings: np.ndarray) -> Tags:
        return self.where(~np.isin(self.listing, listings))

    def where(self, chosen: np.ndarray) -> Tags:
        return Tags(self.listing[chosen], self.tag[chosen])

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
    #: Index into the table's ``said``, and into its ``credits``.
    said: np.ndarray
    credit: np.ndarray
    #: When the last date is over, microseconds; ``NEVER`` for what is there at any time.
    ends: np.ndarray
    #: Map coordinates, where ``PLACED``.
    x: np.ndarray
    y: np.ndarray

    NAMES = (
        "pk", "revision", "kind", "flags", "age_min", "age_max", "territory", "provider",
        "price", "said", "credit", "ends", "x", "y",
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
class Hung:
    """Where what hangs on rows is among dates or tags, which stand in the order of the rows."""

    #: By date or tag, the place in ``rows`` of its listing.
    row: np.ndarray
    #: By place in ``rows``, the first of them; one more at the end.
    first: np.ndarray

    def of(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What hangs on the rows at some places: by which of the places, and where it is."""
        first = self.first[places]
        counts = self.first[places + 1] - first
        turned = np.cumsum(counts)
        total = int(turned[-1]) if len(turned) else 0
        there = np.arange(total) + np.repeat(first - (turned - counts), counts)
        return np.repeat(np.arange(len(places)), counts), there


@dataclass(frozen=True)
class Words:
    """What rows say, each different one kept once: few, however many rows there are."""

    #: Pairs of what ``delivery_languages`` and ``accessibility`` say: codes, as listings have them.
    said: tuple[tuple[str, str], ...] = ()
    #: Whom to name.
    credits: tuple[str, ...] = ()


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
    #: Primary keys of texts in the place of tags, ascending.
    texts: Tags
    words: Words
    #: Every territory's path by its primary key.
    paths: dict[int, str]
    on_dates: Hung = field(init=False)
    on_tags: Hung = field(init=False)
    on_skills: Hung = field(init=False)
    #: By text, the place in ``rows`` of its listing.
    text_row: np.ndarray = field(init=False)
    #: Places of all rows that have a point, from north to south, and the y of each.
    southwards: np.ndarray = field(init=False)
    southwards_y: np.ndarray = field(init=False)
    #: Where words were found, kept as long as this table.
    hits: KeptHits = field(init=False, default_factory=KeptHits, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("dates", "tags", "skills"):
            hanging, hung = _hung(self.rows, getattr(self, name))
            object.__setattr__(self, name, hanging)
            object.__setattr__(self, f"on_{name}", hung)
        texts = self.texts
        if np.any(texts.tag[1:] < texts.tag[:-1]):
            texts = texts.where(np.argsort(texts.tag, kind="stable"))
            object.__setattr__(self, "texts", texts)
        object.__setattr__(self, "text_row", np.searchsorted(self.rows.pk, texts.listing))
        placed = np.flatnonzero(self.rows.flags & PLACED)
        southwards = placed[np.argsort(self.rows.y[placed], kind="stable")].astype(np.int32)
        object.__setattr__(self, "southwards", southwards)
        object.__setattr__(self, "southwards_y", self.rows.y[southwards])

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
        texts: Tags,
        words: Words,
        paths: dict[int, str],
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
            texts=self.texts.without(touched).and_also(texts),
            words=words,
            paths=paths,
        )

    def within(self, window: Window, most: float) -> np.ndarray | None:
        """Places of the rows in a part of the map, ascending; None where more than so many are as
        far north as it."""
        sides = (window.north, window.south)
        first, last = np.searchsorted(self.southwards_y, sides)
        if last - first > most:
            return None
        there = self.southwards[first:last]
        x = self.rows.x[there]
        return np.sort(there[(x >= window.west) & (x < window.east)])

    def places_of(self, listings: np.ndarray) -> np.ndarray:
        """Where in ``rows`` these primary keys are; those that are not there are left out."""
        places, there = found(self.rows.pk, listings)
        return places[there]

    def places_of_texts(self, texts: np.ndarray) -> np.ndarray:
        """Where in ``rows`` the listings of these texts are, ascending, each once."""
        places, there = found(self.texts.tag, texts)
        rows = self.text_row[places[there]]
        rows.sort()
        return rows[np.diff(rows, prepend=-1) != 0]


def found(keys: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where in ascending keys the wanted ones are, and which of them are there at all."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    places = np.searchsorted(keys, wanted)
    places[places == len(keys)] = 0
    return places, keys[places] == wanted


def _hung(rows: Rows, hanging: Dates | Tags) -> tuple[Dates | Tags, Hung]:
    """Dates or tags in the order of the rows they hang on, and where each row's are."""
    row = np.searchsorted(rows.pk, hanging.listing)
    if np.any(row[1:] < row[:-1]):
        order = np.argsort(row, kind="stable")
        hanging, row = hanging.where(order), row[order]
    first = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(rows)), out=first[1:])
    return hanging, Hung(row, first)
