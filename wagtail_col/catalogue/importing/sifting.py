"""Rows of a table, batch by batch, told apart: new, changed, as before, faulty, a second time in
the table, there already.

In two steps: ``read`` looks at the rows alone and always says the same of them; ``compare`` looks
at what else is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.importing import twins
from wagtail_col.catalogue.importing.checking import Checker, Defaults
from wagtail_col.catalogue.importing.mapping import Mapped, completed
from wagtail_col.catalogue.importing.matching import Fingerprints, Known, Seen, key_of
from wagtail_col.catalogue.importing.own import own
from wagtail_col.catalogue.importing.refusing import Fault, ImportRefused
from wagtail_col.catalogue.importing.tables import Row, Table
from wagtail_col.catalogue.importing.vocabulary import Vocabulary
from wagtail_col.catalogue.models import ImportSource, ImportTwin, Listing, Verdict
from wagtail_col.records import State

#: Rows of one batch, which is also one transaction.
BATCH = 1000
_row = attrgetter("row")

#: A row, what it says, which item it is (None: it does not say, or says the same as before), its
#: place among those that are known, whether it says the same as before, whether it was there
#: already in this table.
Match = tuple[Row, int, int | None, int, bool, bool]


class Item(NamedTuple):
    """A row that is to be written."""

    item: int
    content: int
    row: int
    facts: ListingFacts


class Twin(NamedTuple):
    """A row that is there already, from elsewhere or from an earlier row: ``other`` is its key."""

    one: Item
    other: UUID


@dataclass
class Batch:
    """What was found among some rows."""

    rows: int = 0
    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    same: int = 0
    #: Rows that have faults, rows that are an earlier one again, and all that is wrong with them.
    faulty: int = 0
    doubles: int = 0
    faults: list[Fault] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    #: Rows that are listings of this site already, which is no question.
    own: int = 0

    @property
    def work(self) -> int:
        """How many rows and faults somebody still has something to do with."""
        return len(self.new) + len(self.changed) + len(self.faults)

    def add(self, more: Batch) -> None:
        """Take in what was read of the rows that follow."""
        self.rows += more.rows
        self.new += more.new
        self.changed += more.changed
        self.same += more.same
        self.faulty += more.faulty
        self.doubles += more.doubles
        self.faults += more.faults


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
        defaults = _defaults(source)
        self._checker = Checker(self.mapped, defaults)
        self._prints = Fingerprints(self.mapped, _settings(defaults))
        self.compare_anew()

    def compare_anew(self) -> None:
        """Forget the rows that were compared so far, and what there was to compare them with."""
        self._uris = Seen()
        self._catalogue: twins.Catalogue | None = None
        last = twins.last_listing()
        self._siblings = twins.Siblings(self.source.listing_source, last)
        twins_known = ImportTwin.objects.filter(source=self.source.pk)
        self._verdicts = dict(twins_known.values_list("item", "verdict"))

    def batches(self) -> Iterator[list[Row]]:
        """The rows of the table, so many at a time."""
        rows = iter(self.table.rows())
        while batch := list(islice(rows, BATCH)):
            yield batch

    def skip(self, rows: list[Row]) -> None:
        """Rows that were worked off before: nothing but that they are there."""
        for _match in self._matches(rows):
            pass

    def reads(self) -> Iterator[Batch]:
        """All rows as they are read, so many together that there is something to do."""
        read = Batch()
        for rows in self.batches():
            read.add(self.read(rows))
            if read.work >= BATCH:
                full, read = read, Batch()
                yield full
                del full
        if read.rows:
            yield read

    def read(self, rows: list[Row]) -> Batch:
        """What rows say, compared with what they said before; twins are still among the new."""
        found = Batch(rows=len(rows))
        key = self.source.key
        for (number, cells), content, item, place, is_same, is_twice in self._matches(rows):
            if is_twice:
                found.doubles += 1
                found.faults.append(Fault(number, self._identity_column, "twice"))
                continue
            if is_same:
                found.same += 1
                continue
            facts, faults = self._checker.check(key_of(key, item or 0), number, cells)
            if facts is None or item is None:
                found.faulty += 1
                found.faults += faults or [Fault(number, self.mapped.column("id"), "no-title")]
                continue
            (found.changed if place >= 0 else found.new).append(Item(item, content, number, facts))
        return found

    def compare(self, read: Batch) -> Batch:
        """Leave out what is there already from elsewhere; ``read`` is used up."""
        self._leave_out_own(read)
        self._leave_out_taken(read)
        if read.new:
            if self._catalogue is None:
                self._catalogue = twins.Catalogue(self._siblings.after)
            self._leave_out_twins(read)
        return read

    def recheck(self, compared: Batch) -> Batch:
        """What has become of it since it was compared, where nobody else has published anything:
        addresses that are taken now, and twins that were taken out. ``compared`` is used up."""
        self._leave_out_taken(compared)
        others = {twin.other for twin in compared.twins}
        if others:
            # By their keys alone: asked for the state too, SQLite reads all that have it.
            found = Listing.objects.filter(key__in=others).values_list("key", "state")
            alone = others.difference(key for key, state in found if state == State.PUBLISHED)
            back = [twin for twin in compared.twins if self._is_open(twin) and twin.other in alone]
            compared.twins = [twin for twin in compared.twins if twin not in back]
            compared.new = sorted([*compared.new, *(twin.one for twin in back)], key=_row)
        return compared

    def settle(self, compared: Batch) -> Batch:
        """Leave out as well what is an earlier row again; ``compared`` is used up."""
        others = self._siblings.twins([twins.shape_of(one.facts) for one in compared.new])
        self._divide(compared, others)
        return compared

    def forget_open_twins(self, items: Iterable[int]) -> None:
        """They are written, so nobody has to decide about them any more."""
        settled = [item for item in items if self._verdicts.get(item) == Verdict.OPEN]
        if settled:
            ImportTwin.objects.filter(
                source=self.source, item__in=settled, verdict=Verdict.OPEN
            ).delete()

    def _matches(self, rows: list[Row]) -> Iterator[Match]:
        """Which items they are, each met with that."""
        contents = self._prints.contents(rows)
        same = self.known.saying(contents)
        cells = (cells for (_number, cells), place in zip(rows, same, strict=True) if place < 0)
        items = [*map(self._prints.item, cells)]
        places = self.known.places(items)
        others = zip(items, places, strict=True)
        unknown = [
            item
            for item, place in zip(items, places, strict=True)
            if item is not None and place < 0
        ]
        is_new = iter(self._new.add_all(unknown))
        for row, content, place in zip(rows, contents.tolist(), same, strict=True):
            item, is_same = None, place >= 0
            if not is_same:
                item, place = next(others)
            if place >= 0:
                is_twice = not self.known.meet(place)
            else:
                is_twice = item is not None and not next(is_new)
            yield row, content, item, place, is_same, is_twice

    @property
    def _identity_column(self) -> str:
        return next(filter(None, map(self.mapped.column, ("id", "uri", "url", "title"))), "")

    def _leave_out_own(self, found: Batch) -> None:
        if theirs := own([one.facts for one in found.new]):
            found.own += len(theirs)
            found.new = [one for one in found.new if one.facts.key not in theirs]

    def _leave_out_taken(self, found: Batch) -> None:
        """An address that is the identity of another listing, or of an earlier row."""
        wanted = {one.facts.canonical_uri for one in [*found.new, *found.changed]} - {""}
        if not wanted:
            return
        known = Listing.objects.filter(canonical_uri__in=wanted).values_list("canonical_uri", "key")
        taken = dict(known)
        for some in (found.new, found.changed):
            for one in list(some):
                uri, key = one.facts.canonical_uri, one.facts.key
                owner = taken.get(uri)
                if uri and (owner not in (None, key) or (owner is None and not self._met(uri))):
                    some.remove(one)
                    found.faulty += 1
                    found.faults.append(Fault(one.row, self.mapped.column("uri"), "taken"))

    def _met(self, uri: str) -> bool:
        return self._uris.add(hash(uri))

    def _leave_out_twins(self, found: Batch) -> None:
        others = self._catalogue.twins([twins.shape_of(one.facts) for one in found.new])
        said = (self._verdicts.get(one.item) for one in found.new)
        self._divide(
            found,
            [
                one.facts.key if other is None and verdict == Verdict.SAME else other
                for one, other, verdict in zip(found.new, others, said, strict=True)
            ],
        )

    def _divide(self, found: Batch, others: list[UUID | None]) -> None:
        """Of the new rows those are twins that have an ``other``. What an editor decided stands;
        what is not decided is looked at again."""
        rows, found.new = found.new, []
        for one, other in zip(rows, others, strict=True):
            if other is None or self._verdicts.get(one.item) == Verdict.OTHER:
                found.new.append(one)
            else:
                found.twins.append(Twin(one, other))

    def _is_open(self, twin: Twin) -> bool:
        return self._verdicts.get(twin.one.item) != Verdict.SAME


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
