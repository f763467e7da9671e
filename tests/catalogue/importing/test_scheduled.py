"""What is at an address is imported again every day; what was interrupted is ended."""

import gzip
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.catalogue.importing import making
from tests.serving import Server
from wagtail_col.catalogue.importing import going_on, reporting, running
from wagtail_col.catalogue.importing.wholly import import_file
from wagtail_col.catalogue.models import (
    ImportPiece,
    ImportRun,
    ImportSource,
    Listing,
    RunState,
)

pytestmark = pytest.mark.django_db


def answering(rows) -> bytes:
    body = making.table(rows).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body


@pytest.fixture
def library(settings):
    """A library's server with ten things, imported once and to be repeated."""
    server = Server(answering([making.row(number) for number in range(10)]))
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [server.host]}
    address = f"http://{server.host}/agenda.csv"
    call_command("import_listings", address, "--source", "Library", "--daily")
    yield server
    server.listening.close()


def repeated() -> int:
    try:
        call_command("import_scheduled")
    except SystemExit as end:
        return end.code
    return 0


def titles() -> set[str]:
    return set(Listing.objects.published().values_list("texts__title", flat=True))


def test_only_what_changed_is_written_and_what_is_gone_is_withdrawn(library):
    assert repeated() == 0
    assert ImportRun.objects.latest("pk").same == 10
    rows = [making.row(number) for number in range(1, 10)]
    library.answer = answering([*rows[:-1], making.row(9, title="Now in the garden")])
    assert repeated() == 0
    run = ImportRun.objects.latest("pk")
    assert (run.changed, run.same, run.withdrawn) == (1, 8, 1)
    assert len(titles()) == 9 and "Now in the garden" in titles()


def test_half_of_it_gone_is_refused_and_nothing_is_lost(library, capsys):
    library.answer = answering([making.row(1)])
    assert repeated() == 2
    assert len(titles()) == 10
    assert "Library:" in capsys.readouterr().out


def test_faults_leave_all_as_it_was_unless_good_rows_were_asked_for(library):
    before = titles()
    library.answer = answering(
        [making.row(0, start="soon"), making.row(1, title="Anew")]
        + [making.row(number) for number in range(2, 10)]
    )
    assert repeated() == 1
    assert titles() == before
    ImportSource.objects.update(skips_faults=True)
    assert repeated() == 1
    assert len(titles()) == 10 and "Anew" in titles()


def test_a_server_that_is_down_ends_the_others_as_well_as_they_can(library):
    down = f"http://{library.host.partition(':')[0]}:1/a.csv"
    ImportSource.objects.create(name="A", url=down, language="en", is_daily=True)
    library.answer = answering([making.row(number) for number in range(11)])
    assert repeated() == 2
    assert len(titles()) == 11


def test_what_is_not_daily_is_left_alone(library):
    asked = len(library.requests)
    ImportSource.objects.update(is_daily=False)
    assert repeated() == 0
    assert len(library.requests) == asked


def test_daily_is_for_an_address_and_ends_again(library, tmp_path):
    path = tmp_path / "library.csv"
    path.write_text(making.table([making.row(1)]))
    with pytest.raises(CommandError, match="address"):
        call_command("import_listings", str(path), "--daily")
    source = ImportSource.objects.get(name="Library")
    call_command("import_listings", source.url, "--source", "Library", "--no-daily")
    source.refresh_from_db()
    assert not source.is_daily


def looked_at(name: str) -> ImportRun:
    source = ImportSource.objects.create(name=name, language="en")
    file = io.BytesIO(making.table([making.row(50)]).encode())
    return running.look(source, file, name=f"{name}.csv")[0]


def test_what_was_interrupted_is_ended():
    run = looked_at("uploaded")
    running.start(run)
    assert repeated() == 0
    run.refresh_from_db()
    assert run.state == RunState.DONE and run.new == 1
    assert not going_on.unfinished().exists()


def test_files_that_nobody_imported_go_after_a_week():
    old, fresh = looked_at("old"), looked_at("fresh")
    long_ago = timezone.now() - going_on.KEPT - timedelta(hours=1)
    ImportRun.objects.filter(pk=old.pk).update(made_at=long_ago)
    assert repeated() == 0
    assert set(ImportPiece.objects.values_list("run", flat=True)) == {fresh.pk}


def test_a_server_that_compresses_is_not_taken_for_wrong_letters(library, capsys):
    body = gzip.compress(making.table([making.row(1)]).encode())
    library.answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    ) + body
    assert repeated() == 2
    assert "The server compresses its answer" in capsys.readouterr().out
    # The letters have words of their own.
    source = ImportSource(name="A", language="en", encoding="utf-8")
    run = import_file(source, making.file(b"title\n\xe9\n"), name="a.csv", only_look=True)
    assert "letters of the file" in next(reporting.lines(run))
