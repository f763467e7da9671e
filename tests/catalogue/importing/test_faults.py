"""Faults are named by row and column, all of them; and nothing goes in by halves."""

import pytest
from django.core.management import call_command

from tests.catalogue import making as records
from tests.catalogue.importing import making
from wagtail_col.catalogue.importing.refusing import FAULTS
from wagtail_col.catalogue.importing.wholly import import_file
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    ImportedItem,
    ImportRun,
    ImportSource,
    Listing,
)

pytestmark = pytest.mark.django_db

#: Number of the row (the first after the headings is 2), what is wrong with it, where.
TWELVE = {
    7: ({"title": " "}, "title", "no-title"),
    12: ({"title": "x" * 300}, "title", "too-long"),
    23: ({"start": "soon"}, "start", "date"),
    34: ({"time": "25:00"}, "time", "time"),
    45: ({"end": "2020-01-01"}, "end", "ends-before-start"),
    56: ({"lat": "91"}, "lat", "coordinates"),
    67: ({"lon": ""}, "lon", "half-a-point"),
    78: ({"price": "abc"}, "price", "price"),
    89: ({"url": "javascript:alert(1)"}, "url", "address"),
    90: ({"description": "=HYPERLINK(A1)"}, "description", "formula"),
    101: ({"age min": "40"}, "age max", "ages"),
    150: ({"id": "n-5"}, "id", "twice"),
}


@pytest.fixture
def path(tmp_path):
    rows = [making.row(number, **TWELVE.get(number, ({},))[0]) for number in range(2, 202)]
    path = tmp_path / "library.csv"
    path.write_text(making.table(rows), encoding="utf-8")
    return path


def imported(path, *options) -> int:
    try:
        call_command("import_listings", str(path), *options)
    except SystemExit as end:
        return end.code
    return 0


def faults(path) -> list[dict]:
    with path.open("rb") as file:
        source = ImportSource(name="Library", language="en")
        return import_file(source, file, name=path.name, only_look=True).faults


def test_twelve_kinds_of_fault_are_twelve_messages_and_nothing_goes_in(path, capsys):
    records.listing("There before")
    before = CatalogueRevision.current()
    assert imported(path) == 1
    assert [(one["row"], one["column"], one["code"]) for one in faults(path)] == [
        (row, column, code) for row, (_values, column, code) in TWELVE.items()
    ]
    first, *said, last = capsys.readouterr().out.splitlines()
    assert first == "Source: library (new)"
    assert "is not kept" in last
    assert len(said) == 13
    for (row, (_values, column, _code)), line in zip(TWELVE.items(), said, strict=False):
        assert line.startswith(f"Row {row}, {column}: ")
    assert "Nothing was changed" in said[-1]
    assert CatalogueRevision.current() == before
    assert Listing.objects.count() == 1
    assert not ImportedItem.objects.exists()


def test_the_good_rows_go_in_when_somebody_says_so(path, capsys):
    assert imported(path, "--good-rows") == 1
    assert Listing.objects.published().count() == 188
    assert ImportedItem.objects.count() == 188
    titles = set(Listing.objects.values_list("source_id", flat=True))
    assert titles == {f"n-{number}" for number in range(2, 202) if number not in TWELVE}
    assert "188 new" in capsys.readouterr().out
    # What is put right goes in; what is there already is left as it is.
    rows = [making.row(number) for number in range(2, 202)]
    path.write_text(making.table(rows), encoding="utf-8")
    assert imported(path) == 0
    run = ImportRun.objects.first()
    assert (run.new, run.same, run.faulty) == (12, 188, 0)


@pytest.mark.parametrize(
    ("values", "column", "code"),
    [
        ({"end": "x"}, "end", "date"),
        ({"start": "", "end": "2030-01-01"}, "end", "no-start"),
        ({"lat": "north"}, "lat", "number"),
        ({"languages": "Klingonese"}, "languages", "language"),
        ({"age min": "old"}, "age min", "age"),
        ({"price": "-4"}, "price", "price"),
        ({"time": "10:00", "end": "2030-01-01", "start": "2030-01-01", "end time": "9:00"},
         "end", "ends-before-start"),
    ],
)  # fmt: skip
def test_other_faults(tmp_path, values, column, code):
    path = tmp_path / "a.csv"
    path.write_text(making.table([making.row(1), making.row(2, **values)]))
    assert imported(path) == 1
    [fault] = faults(path)
    assert (fault["row"], fault["column"], fault["code"]) == (3, column, code)


def test_a_row_with_several_faults_says_all_of_them(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(making.table([making.row(1, title="", price="abc", start="x")]))
    assert imported(path, "--check") == 1
    assert {one["code"] for one in faults(path)} == {"no-title", "price", "date"}


def test_a_row_that_is_faulty_now_keeps_what_it_said_before(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(making.table(making.row(number) for number in range(9)))
    assert imported(path) == 0
    rows = [making.row(number, **({"price": "abc"} if number == 4 else {})) for number in range(9)]
    path.write_text(making.table(rows))
    assert imported(path, "--good-rows") == 1
    assert Listing.objects.published().count() == 9


def test_every_fault_has_words():
    assert all(str(text) for text in FAULTS.values())
