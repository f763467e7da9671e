"""What was read when a file was looked at, kept on disk until it is written.

So a command that does both goes through a file once: reading and checking is half of the work.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from wagtail_col.catalogue.importing.sifting import Batch, Sieve
from wagtail_col.catalogue.models import ImportRun, ImportSource


class Spool:
    """Batches in a file without a name, which goes with the process. A context manager."""

    def __init__(self, source: ImportSource) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._source = source
        self._written = self._last_written()
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

    def add(self, read: Batch) -> None:
        pickle.dump(read, self._file, pickle.HIGHEST_PROTOCOL)

    def batches(self) -> Iterator[Batch]:
        self._file.seek(0)
        while True:
            try:
                # Written by this very process, into a file that nobody else can open.
                yield pickle.load(self._file)  # noqa: S301
            except EOFError:
                return

    def is_true_for(self, run: ImportRun) -> bool:
        """Whether nobody else has written anything of this source since. Once the run is started,
        nobody can."""
        return self.sieve is not None and self._last_written(besides=run) == self._written

    def _last_written(self, besides: ImportRun | None = None) -> tuple[Any, ...] | None:
        started = ImportRun.objects.filter(source=self._source, started_at__isnull=False)
        if besides is not None:
            started = started.exclude(pk=besides.pk)
        return (
            started.order_by("-started_at", "-pk")
            .values_list("pk", "position", "withdrawn")
            .first()
        )
