"""An import: looked at first, then written in steps that can be taken up again.

Each step is one transaction: some rows' listings, what the source said of them, and how far the
import is. A process that dies leaves the step it was in undone. Going on, or beginning again with
the same file, gives the same end state, because what was written is known by what it said.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wagtail_col.catalogue import storing
from wagtail_col.catalogue.importing import sniffing
from wagtail_col.catalogue.importing.matching import key_of
from wagtail_col.catalogue.importing.opening import open_table
from wagtail_col.catalogue.importing.pieces import keep
from wagtail_col.catalogue.importing.planning import Plan, plan
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.importing.sifting import BATCH, Batch, Sieve, Twin
from wagtail_col.catalogue.importing.spooling import Spool
from wagtail_col.catalogue.importing.tables import Table
from wagtail_col.catalogue.importing.twins import shape_of
from wagtail_col.catalogue.locating import Locator
from wagtail_col.catalogue.models import (
    ImportedItem,
    ImportRun,
    ImportSource,
    ImportTwin,
    Listing,
    RunState,
    Verdict,
)
from wagtail_col.catalogue.publishing import withdraw_listings
from wagtail_col.catalogue.writing import write_listings

_COUNTED = ("position", "new", "changed", "same", "faulty", "doubles", "twins")


class Stopped(Exception):
    """The import is no longer being written: a newer one of its source has begun, or it is done."""


def look(
    source: ImportSource,
    file: BinaryIO,
    *,
    name: str = "",
    hint: str = "",
    is_kept: bool = True,
    most_bytes: int | None = sniffing.TOO_MANY_BYTES,
    spool: Spool | None = None,
) -> tuple[ImportRun, Table | None]:
    """A run that says what would happen, or why nothing can; its table where it can be read.

    ``is_kept``: the run is stored, and the file, so that others can go on with it; if not, nothing
    is written, and the source need not be stored either. ``spool``: takes what is to be written,
    for a writer in the same process.
    """
    run = ImportRun(source=source, file_name=name[-255:], hint=(hint or name)[-255:])
    run.size = file.seek(0, 2)
    try:
        table = open_table(file, hint=run.hint, encoding=source.encoding, most_bytes=most_bytes)
        sieve = Sieve(source, table)
        found = plan(sieve, spool)
    except ImportRefused as refusal:
        refuse(run, refusal, is_kept=is_kept)
        return run, None
    _describe(run, sieve, found)
    if is_kept:
        with transaction.atomic():
            run.save()
            keep(run, file)
            _remember_twins(source, found.twins)
    if spool is not None:
        spool.sieve = sieve
    return run, table


def refuse(run: ImportRun, refusal: ImportRefused, *, is_kept: bool = True) -> None:
    """Say in the run that nothing was done, and why. ``is_kept``: write it down."""
    run.state = RunState.REFUSED
    run.refusal, run.refusal_values = refusal.code, refusal.values
    run.finished_at = timezone.now()
    if is_kept:
        run.save()


def _describe(run: ImportRun, sieve: Sieve, found: Plan) -> None:
    table = sieve.table
    run.total = found.total
    run.faults = [fault.as_dict() for fault in found.faults]
    run.found = {
        "format": table.format,
        "encoding": table.encoding,
        "divider": table.divider,
        "columns": table.columns,
        "mapping": sieve.mapping,
        "sample": [cells for _number, cells in islice(table.rows(), 5)],
        "new": found.new,
        "changed": found.changed,
        "same": found.same,
        "faulty": found.faulty,
        "doubles": found.doubles,
        "faults": found.count_faults,
        "twins": found.count_twins,
        "own": found.own,
        "over": found.over,
        "gone": found.gone,
        "known": found.known,
        "is_vanishing": found.is_vanishing,
    }


def check_start(run: ImportRun, *, without_faults: bool, may_vanish: bool) -> None:
    """Raises ImportRefused while it has faults, or too much would go, and nobody has said that
    this is right."""
    if run.state == RunState.REFUSED:
        raise ImportRefused(run.refusal, **run.refusal_values)
    if run.left_out and not without_faults:
        raise ImportRefused("faults")
    if run.found["is_vanishing"] and not may_vanish:
        raise ImportRefused("vanishing", gone=run.found["gone"], known=run.found["known"])


def start(run: ImportRun, *, without_faults: bool = False, may_vanish: bool = False) -> None:
    """Let it be written, if ``check_start`` does. An older import of the source that is not done
    is stopped."""
    check_start(run, without_faults=without_faults, may_vanish=may_vanish)
    with transaction.atomic():
        # Those who start one wait for each other here, as do those who write.
        ImportSource.objects.select_for_update().get(pk=run.source_id)
        others = ImportRun.objects.filter(source=run.source_id, state=RunState.RUNNING)
        others.exclude(pk=run.pk).update(state=RunState.STOPPED, finished_at=timezone.now())
        waiting = ImportRun.objects.filter(pk=run.pk, state=RunState.CHECKED)
        waiting.update(
            state=RunState.RUNNING,
            started_at=timezone.now(),
            without_faults=without_faults,
            may_vanish=may_vanish,
        )
    run.refresh_from_db()


class Writer:
    """Writes one run whose table is at hand. ``steps()`` goes on where the last one stopped."""

    def __init__(self, run: ImportRun, table: Table, spool: Spool | None = None) -> None:
        """``run`` is started. ``spool``: what was read when it was looked at a moment ago."""
        self.run = run
        self.table = table
        self._locator = Locator()
        self._spool = spool if spool is not None and spool.is_true_for(run) else None
        if self._spool is not None:
            self.sieve = self._spool.sieve
            self.sieve.compare_anew()
        else:
            self.sieve = Sieve(run.source, table)

    def write(self, seconds: float | None = None) -> None:
        """All of it, or for about so many seconds; at least one step."""
        end = None if seconds is None else time.monotonic() + seconds
        try:
            for _step in self.steps():
                if end is not None and time.monotonic() >= end:
                    break
        except Stopped:
            pass
        self.run.refresh_from_db()

    def steps(self) -> Iterator[None]:
        """Each step is one transaction. Raises Stopped when somebody else has ended the run."""
        yield from self._withdraw()
        for compared in self._compared():
            self._write(self.sieve.settle(compared))
            # Only one batch is in memory at a time.
            del compared
            yield
        self._finish()

    def _compared(self) -> Iterator[Batch]:
        if self._spool is not None:
            return map(self.sieve.recheck, self._spool.batches())
        return (self.sieve.compare(read) for read in self._reads())

    def _reads(self) -> Iterator[Batch]:
        """What is left of the table, read again."""
        done = 0
        for rows in self.sieve.batches():
            before, done = done, done + len(rows)
            if done <= self.run.position:
                self.sieve.skip(rows)
                continue
            if before < self.run.position:
                # A step may end anywhere: its size is how much there was to do.
                cut = self.run.position - before
                self.sieve.skip(rows[:cut])
                rows = rows[cut:]
            yield self.sieve.read(rows)

    def _withdraw(self) -> Iterator[None]:
        """What is no longer in the source, before anything is compared with it."""
        known = self.sieve.known
        if self.run.position or not len(known):
            return
        if self._spool is None:
            for rows in self.sieve.batches():
                self.sieve.skip(rows)
        gone = known.gone()
        while items := list(islice(gone, BATCH)):
            with self._step() as run:
                count = withdraw_listings(key_of(run.source.key, item) for item in items)
                ImportedItem.objects.filter(source=run.source, item__in=items).delete()
                ImportRun.objects.filter(pk=run.pk).update(withdrawn=F("withdrawn") + count)
            yield
        if self._spool is None:
            # The way through the rows begins again, now to write.
            self.sieve = Sieve(self.run.source, self.table)

    def _write(self, found: Batch) -> None:
        with self._step() as run:
            written = [*found.new, *found.changed]
            if written:
                # Each was checked when it was made.
                self._locator.refresh()
                write_listings((one.facts for one in written), self._locator)
                storing.upsert(
                    ImportedItem,
                    [
                        {"source_id": run.source_id, "item": one.item, "content": one.content}
                        for one in written
                    ],
                    ["source_id", "item"],
                )
            self.sieve.forget_open_twins(one.item for one in found.new)
            _remember_twins(run.source, found.twins)
            counts = (
                found.rows, len(found.new), len(found.changed), found.same, found.faulty,
                found.doubles, len(found.twins) + found.own,
            )  # fmt: skip
            changes = dict(zip(_COUNTED, counts, strict=True))
            ImportRun.objects.filter(pk=run.pk).update(
                **{name: F(name) + count for name, count in changes.items()}
            )

    def _finish(self) -> None:
        with self._step() as run:
            ImportRun.objects.filter(pk=run.pk).update(
                state=RunState.DONE, finished_at=timezone.now()
            )
            run.pieces.all().delete()

    def _step(self) -> _Step:
        return _Step(self.run)


class _Step:
    """A transaction in which nobody else ends or starts an import of this source."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._atomic = transaction.atomic()

    def __enter__(self) -> ImportRun:
        self._atomic.__enter__()
        try:
            ImportSource.objects.select_for_update().get(pk=self._run.source_id)
            state = ImportRun.objects.filter(pk=self._run.pk).values_list("state", flat=True)
            if list(state) != [RunState.RUNNING]:
                raise Stopped
        except BaseException as error:
            self._atomic.__exit__(type(error), error, error.__traceback__)
            raise
        return self._run

    def __exit__(self, *error: object) -> None:
        self._atomic.__exit__(*error)


def _remember_twins(source: ImportSource, twins: list[Twin]) -> None:
    """For an editor to decide; what was decided before stands."""
    keys = {twin.other for twin in twins}
    listings = dict(Listing.objects.filter(key__in=keys).values_list("key", "pk"))
    ImportTwin.objects.bulk_create(
        [
            ImportTwin(
                source=source,
                item=twin.one.item,
                listing_id=listings[twin.other],
                row=twin.one.row,
                title=twin.one.facts.texts[0].title,
                venue=twin.one.facts.venue,
                starts_at=shape_of(twin.one.facts).start,
                verdict=Verdict.OPEN,
            )
            for twin in twins
            if twin.other in listings
        ],
        ignore_conflicts=True,
    )
