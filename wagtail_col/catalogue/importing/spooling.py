"""What was found when a file was looked at, kept on disk until it is written.

So a command that does both goes through a file once: reading, checking and looking for twins is
half of the work.
"""

from __future__ import annotations

import copyreg
import pickle
import tempfile
from collections import ChainMap
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any
from uuid import UUID

from wagtail_col.catalogue.importing.sifting import Batch, Item, Sieve
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    ImportRun,
    ImportSource,
    ImportTwin,
    Verdict,
)
from wagtail_col.geo import Point


def _values(one: tuple) -> tuple[type, tuple]:
    return type(one), tuple(one)


def _number(one: UUID) -> tuple[Callable[[int], UUID], tuple[int]]:
    return _uuid, (one.int,)


def _uuid(number: int) -> UUID:
    return UUID(int=number)


class _Pickler(pickle.Pickler):
    """Takes what there is many of apart in fewer steps than it would by itself."""

    dispatch_table = ChainMap(
        {UUID: _number, Point: _values, Item: _values}, copyreg.dispatch_table
    )


class Spool:
    """Batches in a file without a name, which goes with the process. A context manager."""

    def __init__(self, source: ImportSource) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._source = source
        self._begun_with = self._state()
        #: What looked at the file, as it was at the end of it.
        self.sieve: Sieve | None = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, compared: Batch) -> None:
        _Pickler(self._file, pickle.HIGHEST_PROTOCOL).dump(compared)

    def batches(self) -> Iterator[Batch]:
        self._file.seek(0)
        while True:
            try:
                # Written by this very process, into a file that nobody else can open.
                yield pickle.load(self._file)  # noqa: S301
            except EOFError:
                return

    def is_true_for(self, run: ImportRun) -> bool:
        """Whether nobody else has published anything since, nor written anything of this source,
        nor decided about its twins. Once the run is started, nobody can write of the source."""
        return self.sieve is not None and self._state(besides=run) == self._begun_with

    def _state(self, besides: ImportRun | None = None) -> tuple[Any, ...]:
        started = ImportRun.objects.filter(source=self._source.pk, started_at__isnull=False)
        if besides is not None:
            started = started.exclude(pk=besides.pk)
        last = started.order_by("-started_at", "-pk")
        decided = ImportTwin.objects.filter(source=self._source.pk).exclude(verdict=Verdict.OPEN)
        return (
            CatalogueRevision.state(),
            last.values_list("pk", "position", "withdrawn").first(),
            hash(tuple(decided.order_by("item").values_list("item", "verdict"))),
        )
