"""A file goes in from end to end; a second time only what changed is written."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.catalogue import making as records
from tests.catalogue.importing import making
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    ImportRun,
    ImportSource,
    Listing,
    MapPoint,
    RunState,
)

pytestmark = pytest.mark.django_db

#: In the shape of Madrid's open data, with made-up events.
MADRID_LIKE = """ID-EVENTO;TITULO;PRECIO;GRATUITO;LARGA-DURACION;DIAS-SEMANA;DIAS-EXCLUIDOS;FECHA;\
FECHA-FIN;HORA;DESCRIPCION;CONTENT-URL;NOMBRE-INSTALACION;ACCESIBILIDAD-INSTALACION;\
CLASE-VIAL-INSTALACION;NOMBRE-VIA-INSTALACION;NUM-INSTALACION;DISTRITO-INSTALACION;\
CODIGO-POSTAL-INSTALACION;COORDENADA-X;LATITUD;LONGITUD;TIPO;AUDIENCIA
1;"Taller de cerámica para niños";"16 euros";"0";"0";"";"";"2030-10-25 00:00:00.0";\
"2030-10-25 23:59:00.0";"19:00";"Con barro.";"http://www.example.org/1";"Centro Uno";"1,6";\
"CALLE";"MAYOR";"4";"CENTRO";"28025";"437044";"40.4";"-3.7";"/contenido/CursosTalleres";""
2;"Cine los jueves";"";"1";"1";"J";"3/10/2030;";"2030-10-01 00:00:00.0";\
"2030-10-31 23:59:00.0";"18:30";"";"http://www.example.org/2";"";"";"";"";"";"";"";"";"";"";\
"/contenido/Musica/JazzSoul";""
"""


def imported(path, *options) -> int:
    try:
        call_command("import_listings", str(path), *options)
    except SystemExit as end:
        return end.code
    return 0


def written(tmp_path, rows, name="library.csv"):
    path = tmp_path / name
    path.write_text(making.table(rows), encoding="utf-8")
    return path


def test_a_table_in_the_shape_of_a_citys_open_data(tmp_path):
    records.interest("music", en="Music", es="Música")
    city = records.territory("Madrid")
    centre = records.territory("Centro", city, boundary=records.square(-3.8, 40.3, 0.2))
    path = tmp_path / "agenda.csv"
    path.write_bytes(MADRID_LIKE.encode("latin-1"))
    options = ("--territory", "Madrid", "--language", "es", "--attribution", "Ayuntamiento")
    assert imported(path, *options) == 0
    workshop, cinema = Listing.objects.order_by("source_id")
    assert workshop.text.title == "Taller de cerámica para niños"
    assert workshop.text.language == "es"
    assert workshop.text.description == "<p>Con barro.</p>"
    assert (workshop.kind, workshop.price, workshop.is_free) == ("workshop", Decimal(16), False)
    assert workshop.starts_at == datetime(2030, 10, 25, 17, 0, tzinfo=UTC)
    assert workshop.territory == centre
    assert workshop.address == "CALLE MAYOR 4, 28025"
    assert workshop.accessibility == "step-free"
    assert (workshop.attribution, workshop.source_url) == (
        "Ayuntamiento",
        "http://www.example.org/1",
    )
    assert cinema.is_free
    assert [one.starts_at.day for one in cinema.occurrences.all()] == [10, 17, 24, 31]
    assert [interest.slug for interest in cinema.interests.all()] == ["music"]
    assert MapPoint.objects.count() == 1


@pytest.mark.skipif(not making.MADRID.exists(), reason="Madrid's raw file is not here")
def test_the_raw_file_of_madrid_goes_in_without_preparation(capsys):
    assert imported(making.MADRID, "--language", "es") == 0
    run = ImportRun.objects.get()
    assert (run.state, run.total, run.faulty) == (RunState.DONE, 1001, 0)
    # Some are there twice: the same title, time and place with another number.
    assert (run.new, run.twins) == (996, 5)
    assert Listing.objects.published().count() == 996
    assert MapPoint.objects.count() > 850
    before = CatalogueRevision.current()
    assert imported(making.MADRID, "--language", "es") == 0
    again = ImportRun.objects.first()
    assert (again.new, again.changed, again.same, again.withdrawn) == (0, 0, 996, 0)
    assert CatalogueRevision.current() == before


def test_run_again_only_changes_are_written_and_what_is_gone_is_withdrawn(tmp_path):
    rows = [making.row(number) for number in range(20)]
    path = written(tmp_path, rows)
    assert imported(path) == 0
    revisions = dict(Listing.objects.values_list("source_id", "revision"))
    rows[3]["title"] = "Changed"
    written(tmp_path, [*rows[:18], making.row(30)])
    assert imported(path) == 0
    run = ImportRun.objects.first()
    assert (run.new, run.changed, run.same, run.withdrawn) == (1, 1, 17, 2)
    now = dict(Listing.objects.values_list("source_id", "revision"))
    changed = {source_id for source_id, revision in revisions.items() if now[source_id] != revision}
    assert changed == {"n-3", "n-18", "n-19"}
    assert Listing.objects.get(source_id="n-3").text.title == "Changed"
    gone = Listing.objects.get(source_id="n-19")
    assert not gone.is_published
    assert not MapPoint.objects.filter(listing=gone).exists()
    # It comes back as what it was.
    written(tmp_path, [*rows, making.row(30)])
    assert imported(path) == 0
    assert Listing.objects.get(source_id="n-19").pk == gone.pk
    assert Listing.objects.published().count() == 21


def test_much_that_vanishes_is_asked_for_first(tmp_path, capsys):
    path = written(tmp_path, [making.row(number) for number in range(20)])
    assert imported(path) == 0
    written(tmp_path, [making.row(number) for number in range(9)])
    assert imported(path) == 2
    assert "11 of 20 items" in capsys.readouterr().out
    assert Listing.objects.published().count() == 20
    assert imported(path, "--withdraw-many") == 0
    assert Listing.objects.published().count() == 9


def test_refusals_end_with_two_and_change_nothing(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x1f\x8b" + b"0" * 100)
    assert imported(path) == 2
    assert imported("https://127.0.0.1/a.csv") == 2
    path.write_text("colour,size\nred,1\n")
    assert imported(path) == 2
    said = capsys.readouterr().out
    for words in ("compressed", "private network", "No column is the title"):
        assert words in said
    # No source is left of it, so none is in the editors' list.
    assert not ImportSource.objects.exists()
    assert not Listing.objects.exists()
    with pytest.raises(CommandError) as refusal:
        call_command("import_listings", str(tmp_path / "nothing.csv"))
    assert refusal.value.returncode == 2


def test_a_mapping_is_remembered_for_the_source(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Was,Wo genau\nTöpfern,Keller\n", encoding="utf-8")
    assert imported(path) == 2
    assert imported(path, "--map", "Was=title", "--map", "Wo genau=venue") == 0
    assert imported(path) == 0
    assert Listing.objects.get().venue == "Keller"
    with pytest.raises(CommandError):
        call_command("import_listings", str(path), "--map", "Was=nothing")


def test_looking_writes_nothing(tmp_path, capsys):
    path = written(tmp_path, [making.row(1)])
    assert imported(path, "--check") == 0
    assert "1 rows: 1 new" in capsys.readouterr().out
    assert not Listing.objects.exists()
    assert not ImportSource.objects.exists()
    # Nor what is said of a source that is known.
    records.territory("Madrid")
    assert imported(path) == 0
    known = ImportSource.objects.values().get()
    options = ("--territory", "Madrid", "--language", "es", "--map", "description=")
    assert imported(path, *options, "--check") == 0
    assert "1 changed" in capsys.readouterr().out
    assert ImportSource.objects.values().get() == known
    assert ImportRun.objects.count() == 1


def test_what_is_there_from_elsewhere_is_left_out(tmp_path):
    row = making.row(1)
    assert imported(written(tmp_path, [row, making.row(2)], "one.csv")) == 0
    twin = making.row(1, id="other", title=row["title"].upper() + "!")
    assert imported(written(tmp_path, [twin, making.row(3)], "two.csv")) == 0
    run = ImportRun.objects.first()
    assert (run.new, run.twins) == (1, 1)
    found = ImportSource.objects.get(name="two").twins.get()
    assert (found.listing.source_id, found.row, found.verdict) == ("n-1", 2, "")
    # Somebody says that it is something else.
    found.verdict = "other"
    found.save()
    assert imported(tmp_path / "two.csv") == 0
    assert Listing.objects.published().filter(source_id="other").exists()


def test_an_identity_of_another_source_is_not_taken_over(tmp_path):
    theirs = records.listing("Theirs", canonical_uri="https://elsewhere.example/1")
    path = tmp_path / "a.csv"
    path.write_text(
        "title,uri\nOurs,https://elsewhere.example/1\nB,urn:x:2\nC,urn:x:3\nC again,urn:x:3\n"
    )
    assert imported(path, "--good-rows") == 1
    assert [one["code"] for one in ImportRun.objects.get().faults] == ["taken", "twice"]
    theirs.refresh_from_db()
    assert theirs.text.title == "Theirs"
    assert Listing.objects.count() == 3


def test_rows_without_a_number_are_known_by_what_they_are(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("title,date,venue,price\nA,2030-01-01,X,1\nB,2030-01-01,X,1\n")
    assert imported(path) == 0
    path.write_text("title,date,venue,price\nB,2030-01-01,X,1\nA,2030-01-01,X,9\n")
    assert imported(path) == 0
    run = ImportRun.objects.first()
    assert (run.changed, run.same) == (1, 1)


def test_the_number_of_queries_does_not_grow_with_the_number_of_rows(tmp_path):
    def queries(name, count):
        # Each time others, so that none is there already.
        rows = [making.row(number) for number in range(count * 10, count * 11)]
        path = written(tmp_path, rows, f"{name}.csv")
        with CaptureQueriesContext(connection) as captured:
            assert imported(path) == 0
        return len(captured)

    queries("warm", 3)
    few = queries("few", 8)
    # On SQLite statements have few sizes; these are two of them.
    assert queries("many", 64) <= few
