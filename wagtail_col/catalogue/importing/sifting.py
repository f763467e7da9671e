"""Rows of a table, batch by batch, told apart: new, changed, as before, faulty, there already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.utils import timezone

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.importing import twins
from wagtail_col.catalogue.importing.checking import Checker, Defaults
from wagtail_col.catalogue.importing.mapping import Mapped, completed
from wagtail_col.catalogue.importing.matching import Fingerprints, Known, key_of
from wagtail_col.catalogue.importing.refusing import Fault, ImportRefused
from wagtail_col.catalogue.importing.tables import Row, Table
from wagtail_col.catalogue.importing.vocabulary import Vocabulary
from wagtail_col.catalogue.models import ImportSource, ImportTwin, Listing, Verdict

#: Rows of one batch, which is also one transaction.
BATCH = 1000


class Item(NamedTuple):
    """A row that is to be written."""

    item: int
    content: int
    facts: ListingFacts


class Twin(NamedTuple):
    """A row that is there already, from elsewhere or from an earlier row: ``other`` is its key."""

    item: int
    row: int
    facts: ListingFacts
    starts_at: datetime | None
    other: UUID


@dataclass
class Batch:
    """What was found among some rows."""

    rows: int = 0
    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    same: int = 0
    #: Rows that have faults, and all their faults.
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)


class Seen:
    """A set of numbers of 64 bits that takes eight bytes for each."""

    RECENT = 50_000

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._sorted = np.empty(0, np.int64)

    def add(self, number: int) -> bool:
        """Whether it is new."""
        if number in self:
            return False
        self._recent.add(number)
        if len(self._recent) >= self.RECENT:
            recent = np.fromiter(self._recent, np.int64, len(self._recent))
            self._sorted = np.sort(np.concatenate([self._sorted, recent]))
            self._recent.clear()
        return True

    def __contains__(self, number: int) -> bool:
        if number in self._recent:
            return True
        place = int(np.searchsorted(self._sorted, number))
        return place < len(self._sorted) and int(self._sorted[place]) == number


class Sieve:
    """One way through one table. ``mapping``: column to fact, complete. Raises ImportRefused."""

    def __init__(self, source: ImportSource, table: Table) -> None:
        self.source = source
        self.table = table
        self.mapping = completed(source.mapping, table.columns)
        self.mapped = Mapped(table.columns, self.mapping)
        if "title" not in self.mapped:
            raise ImportRefused("no-title")
        self.known = Known(source)
        self._new = Seen()
        self._uris = Seen()
        defaults = _defaults(source)
        self._checker = Checker(self.mapped, defaults)
        self._prints = Fingerprints(self.mapped, _settings(defaults))
        twins_known = ImportTwin.objects.filter(source=source)
        self._verdicts = dict(twins_known.values_list("item", "verdict"))

    def batches(self) -> Iterator[list[Row]]:
        """The rows of the table, so many at a time."""
        rows = iter(self.table.rows())
        while batch := list(islice(rows, BATCH)):
            yield batch

    def skip(self, rows: list[Row]) -> None:
        """Rows that were worked off before: nothing but that they are there."""
        items = self._items(rows)
        self.known.meet(_array(items))
        for item, place in zip(items, self.known.places(_array(items)).tolist(), strict=True):
            if item is not None and place < 0:
                self._new.add(item)

    def sift(self, rows: list[Row]) -> Batch:
        found = Batch(rows=len(rows))
        items = self._items(rows)
        places = self.known.places(_array(items)).tolist()
        fresh: list[Item] = []
        numbers: dict[UUID, int] = {}
        contents, met = self.known.contents, self.known.met
        for (number, cells), item, place in zip(rows, items, places, strict=True):
            if item is not None and place >= 0:
                is_twice = bool(met[place])
                met[place] = True
            else:
                is_twice = item is not None and not self._new.add(item)
            if is_twice:
                found.faulty += 1
                found.faults.append(Fault(number, self._identity_column, "twice"))
                continue
            content = self._prints.content(cells)
            if place >= 0 and contents[place] == content:
                found.same += 1
                continue
            facts, faults = self._check(item, number, cells)
            if facts is None or item is None:
                found.faulty += 1
                found.faults += faults
                continue
            numbers[facts.key] = number
            (found.changed if place >= 0 else fresh).append(Item(item, content, facts))
        self._leave_out_taken(found, fresh, numbers)
        self._leave_out_twins(found, fresh, numbers)
        return found

    def forget_open_twins(self, items: Iterable[int]) -> None:
        """They are written, so nobody has to decide about them any more."""
        settled = [item for item in items if self._verdicts.get(item) == Verdict.OPEN]
        if settled:
            ImportTwin.objects.filter(
                source=self.source, item__in=settled, verdict=Verdict.OPEN
            ).delete()

    def _items(self, rows: list[Row]) -> list[int | None]:
        item = self._prints.item
        return [item(cells) for _number, cells in rows]

    def _check(self, item: int | None, number: int, cells: list[str]):
        facts, faults = self._checker.check(key_of(self.source.key, item or 0), number, cells)
        if item is None and not faults:
            faults = [Fault(number, self.mapped.column("id"), "no-title")]
        return facts, faults

    @property
    def _identity_column(self) -> str:
        return next(filter(None, map(self.mapped.column, ("id", "uri", "url", "title"))), "")

    def _leave_out_taken(self, found: Batch, fresh: list[Item], numbers: dict[UUID, int]) -> None:
        """An address that is the identity of another listing, or of an earlier row."""
        wanted = {one.facts.canonical_uri: one for one in [*fresh, *found.changed]}
        wanted.pop("", None)
        if not wanted:
            return
        known = Listing.objects.filter(canonical_uri__in=wanted).values_list("canonical_uri", "key")
        taken = dict(known)
        for some in (fresh, found.changed):
            for one in list(some):
                uri, key = one.facts.canonical_uri, one.facts.key
                owner = taken.get(uri)
                if uri and (owner not in (None, key) or (owner is None and not self._met(uri))):
                    some.remove(one)
                    found.faulty += 1
                    found.faults.append(Fault(numbers[key], self.mapped.column("uri"), "taken"))

    def _met(self, uri: str) -> bool:
        return self._uris.add(hash(uri))

    def _leave_out_twins(self, found: Batch, fresh: list[Item], numbers: dict[UUID, int]) -> None:
        shapes = [(one, *twins.shape_of(one.facts)) for one in fresh]
        published = twins.published(start for _one, start, _shape in shapes)
        for one, start, shape in shapes:
            verdict = self._verdicts.get(one.item)
            # What an editor decided stands; what is not decided is looked at again.
            other = None if verdict == Verdict.OTHER else published.twin(start, shape)
            if other is None and verdict != Verdict.SAME:
                published.add(start, shape)
                found.new.append(one)
            elif other is not None:
                row = numbers[one.facts.key]
                found.twins.append(Twin(one.item, row, one.facts, start, other.key))
            else:
                found.twins.append(
                    Twin(one.item, numbers[one.facts.key], one.facts, start, one.facts.key)
                )


def _array(items: Iterable[int | None]) -> np.ndarray:
    return np.array([0 if item is None else item for item in items], np.int64)


def _defaults(source: ImportSource) -> Defaults:
    territory, provider = source.territory, source.provider
    return Defaults(
        source=source.listing_source,
        kind=source.kind,
        language=source.language,
        attribution=source.attribution,
        provider=provider.key if provider else None,
        territory=territory.key if territory else None,
        zone=timezone.get_default_timezone(),
        vocabulary=Vocabulary.of_site(territory.path if territory else ""),
    )


def _settings(defaults: Defaults) -> list[object]:
    return [
        defaults.kind,
        defaults.language,
        defaults.attribution,
        defaults.provider,
        defaults.territory,
        str(defaults.zone),
        defaults.vocabulary.said(),
    ]
