"""Killed at any point and run again, an import comes to the same end state."""

import random

import pytest
from django.core.management import call_command
from django.db import connection

from tests.catalogue.importing import making
from tests.catalogue.importing.killed import small_steps
from tests.forking import Starter
from wagtail_col.catalogue.importing import going_on, running, sifting
from wagtail_col.catalogue.models import (
    ImportedItem,
    ImportPiece,
    ImportRun,
    ImportSource,
    Listing,
    ListingText,
    MapPoint,
    Occurrence,
    RunState,
)

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [making.row(number) for number in range(30)]
AFTER = [
    *(making.row(number, **({"title": f"New {number}"} if number % 4 == 0 else {}))
      for number in range(6, 28)),
    *(making.row(number) for number in range(100, 125)),
]  # fmt: skip


@pytest.fixture(scope="module")
def importers(django_db_setup):
    name = str(connection.settings_dict["NAME"]).rpartition("/")[2]
    with Starter("tests.catalogue.importing.killed", TEST_DATABASE_NAME=name) as starter:
        yield starter


@pytest.fixture(autouse=True)
def in_small_steps():
    before = sifting.BATCH
    small_steps()
    yield
    sifting.BATCH = running.BATCH = before


def state() -> list:
    """All that is published or withdrawn, without numbers that count writes."""
    return [
        sorted(rows, key=str)
        for rows in (
            Listing.objects.values_list("key", "state", "source_id", "lon", "starts_at", "price"),
            ListingText.objects.values_list("listing__key", "language", "title", "folded"),
            Occurrence.objects.values_list("listing__key", "starts_at", "ends_at"),
            MapPoint.objects.values_list("listing__key", "x", "y"),
            ImportedItem.objects.values_list("item", "content"),
        )
    ]


def begun(path) -> None:
    """The first import, with the same keys each time."""
    for model in (ImportSource, Listing):
        model.objects.all().delete()
    ImportSource.objects.create(
        name="library", language="en", key="7d6a3c52-4d6b-4d8a-9d4e-1c6a3f1f2b11"
    )
    path.write_text(making.table(BEFORE))
    call_command("import_listings", str(path))
    path.write_text(making.table(AFTER))


def test_a_command_that_is_killed_anywhere_and_run_again(importers, tmp_path):
    path = tmp_path / "library.csv"
    begun(path)
    said = importers.at_once([["command", str(path), 10_000]])
    statements = int(said[0].rpartition(" ")[2])
    wanted = state()
    chance = random.Random(5)
    points = sorted({1, statements - 1, *chance.sample(range(2, statements), 8)})
    halves = 0
    for point in points:
        begun(path)
        before = state()
        assert importers.at_once([["command", str(path), point]]) == [""], point
        halves += state() not in (before, wanted)
        call_command("import_listings", str(path))
        assert state() == wanted, point
        assert ImportRun.objects.first().state == RunState.DONE
        assert not ImportRun.objects.filter(state=RunState.RUNNING).exists()
    # Some of them did leave a part of it.
    assert halves


def test_going_on_with_an_upload_counts_each_row_once(importers, tmp_path):
    path = tmp_path / "library.csv"
    begun(path)
    source = ImportSource.objects.get()
    call_command("import_listings", str(path))
    wanted = state()
    for point in (15, 60, 110):
        begun(path)
        source = ImportSource.objects.get()
        run, _table = running.look(source, making.file(making.table(AFTER)), name="library.csv")
        going_on.begin(run)
        assert importers.at_once([["go_on", run.pk, point]]) == [""]
        assert [one.pk for one in going_on.unfinished()] == [run.pk]
        # A moment at a time, as the page does.
        while going_on.go_on(run.pk, 0).state == RunState.RUNNING:
            pass
        run.refresh_from_db()
        assert (run.new, run.changed, run.same, run.withdrawn) == (25, 5, 17, 8)
        assert run.position == run.total == 47
        assert state() == wanted
        assert not ImportPiece.objects.exists()


def test_a_newer_import_stops_an_older_one(tmp_path):
    source = making.source()
    older, table = running.look(source, making.file(making.table(BEFORE)), name="a.csv")
    going_on.begin(older)
    steps = running.Writer(older, table).steps()
    next(steps)
    newer, _table = running.look(source, making.file(making.table(AFTER)), name="b.csv")
    going_on.begin(newer, may_vanish=True)
    with pytest.raises(running.Stopped):
        next(steps)
    going_on.go_on(newer.pk)
    older.refresh_from_db()
    assert older.state == RunState.STOPPED
    assert Listing.objects.published().count() == len(AFTER)
