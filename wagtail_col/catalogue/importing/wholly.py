"""An import from beginning to end in one go, as commands do it: nobody looks at it in between."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.db import transaction

from wagtail_col.catalogue import storing
from wagtail_col.catalogue.importing import opening, running, sniffing
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.importing.spooling import Spool
from wagtail_col.catalogue.models import ImportRun, ImportSource


@contextmanager
def _few_collections() -> Iterator[None]:
    """What is there before an import stays: the collector need not go through it again and again,
    which takes a sixth of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def import_file(
    source: ImportSource,
    file: BinaryIO,
    *,
    name: str,
    hint: str = "",
    only_look: bool = False,
    without_faults: bool = False,
    may_vanish: bool = False,
    most_bytes: int | None = sniffing.TOO_MANY_BYTES,
    said: Collection[str] = (),
) -> ImportRun:
    """Look at a file and write it; the run says what came of it.

    A run with faults that nobody allowed stays as it was looked at; any other refusal is said in
    it. ``only_look`` writes nothing at all. A source that is not stored yet is stored once its
    import begins, and so are the fields of a known one that were ``said`` anew: before that
    nobody knows whether they are right.
    """
    how = {"without_faults": without_faults or source.skips_faults, "may_vanish": may_vanish}
    with _few_collections(), storing.much_to_write(), Spool(source) as spool:
        run, table = running.look(
            source,
            file,
            name=name,
            hint=hint,
            is_kept=False,
            most_bytes=most_bytes,
            spool=None if only_look else spool,
        )
        if only_look:
            return run
        try:
            running.check_start(run, **how)
        except ImportRefused as refusal:
            if refusal.code != "faults":
                running.refuse(run, refusal, is_kept=False)
            _keep(run)
            return run
        with transaction.atomic():
            if source.pk is None:
                source.save()
            elif said:
                source.save(update_fields=said)
            run.save()
            running.start(run, **how)
        running.Writer(run, table, spool).write()
    return run


def _keep(run: ImportRun) -> None:
    """In the history of a source that is known: of others nothing is left."""
    if run.source.pk is not None:
        run.save()


def import_address(source: ImportSource, *, only_look: bool = False, **how) -> ImportRun:
    """The same with what is at the source's address. ``how``: as for ``import_file``."""
    try:
        file, hint = opening.fetch_file(source.url)
    except ImportRefused as refusal:
        run = ImportRun(source=source, file_name=source.url[-255:])
        running.refuse(run, refusal, is_kept=False)
        if not only_look:
            _keep(run)
        return run
    return import_file(source, file, name=source.url, hint=hint, only_look=only_look, **how)
