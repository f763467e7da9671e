"""Imports that wait for somebody to go on with them: a worker, a page, or a command.

Their files are in the database (``pieces``), so any process can.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_col.catalogue.importing import origins, running
from wagtail_col.catalogue.importing.opening import open_table
from wagtail_col.catalogue.importing.pieces import kept
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.models import ImportPiece, ImportRun, ImportSource, RunState

#: How long the file of an import that was only looked at is kept.
KEPT = timedelta(days=7)


def begin(run: ImportRun, *, without_faults: bool = False, may_vanish: bool = False) -> None:
    """Start it; with a task queue a worker writes it. Without one the page does, for a while at a
    time: the immediate "queue" would take longer than a web server waits. Raises ImportRefused.
    """
    with transaction.atomic():
        running.start(run, without_faults=without_faults, may_vanish=may_vanish)
        if not isinstance(write_import.get_backend(), ImmediateBackend):
            transaction.on_commit(lambda: write_import.enqueue(run.pk), robust=True)


def go_on(run_id: int, seconds: float | None = None) -> ImportRun:
    """Write all that is left of a run, or for about so many seconds: at least one step."""
    run = ImportRun.objects.select_related("source__provider", "source__territory").get(pk=run_id)
    if run.state != RunState.RUNNING:
        return run
    try:
        table = open_table(kept(run), hint=run.hint, encoding=run.source.encoding, most_bytes=None)
        running.Writer(run, table).write(seconds)
    except ImportRefused as refusal:
        # It could be read when it was looked at: its mapping was changed since.
        running.refuse(run, refusal)
    return run


@task()
def write_import(run_id: int) -> None:
    """The same, by a worker."""
    go_on(run_id)


def unfinished() -> QuerySet[ImportRun]:
    """Imports that were started and whose file is here, the oldest first."""
    running_ones = ImportRun.objects.filter(state=RunState.RUNNING, pieces__isnull=False)
    return running_ones.distinct().order_by("pk")


def forget() -> int:
    """Delete the files of imports that nobody started; how many. Sources of which nothing was
    ever started go as well, with what was refused of them."""
    old = ImportRun.objects.filter(made_at__lt=timezone.now() - KEPT)
    old = old.exclude(state=RunState.RUNNING).filter(pieces__isnull=False).distinct()
    ids = list(old.values_list("pk", flat=True))
    ImportPiece.objects.filter(run__in=ids).delete()
    with transaction.atomic():
        never = ImportSource.objects.exclude(
            pk__in=origins.begun(ImportSource.objects).values("pk")
        )
        never = never.exclude(runs__made_at__gte=timezone.now() - KEPT)
        never.filter(made_at__lt=timezone.now() - KEPT).delete()
    return len(ids)
