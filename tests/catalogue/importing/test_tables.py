"""Files become tables, told by their own bytes; or are refused, with the reason."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.importing import making
from wagtail_col.catalogue.importing.mapping import completed, guess
from wagtail_col.catalogue.importing.opening import fetch_file, open_table
from wagtail_col.catalogue.importing.refusing import REFUSALS, ImportRefused
from wagtail_col.catalogue.importing.sniffing import TOO_MANY_BYTES

TEXT = "Título;Día\nJardín;2026-10-31\nNiños;2026-11-01\n"


def read(data: bytes, **values) -> list:
    return list(open_table(io.BytesIO(data), **values).rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("divider", [";", ",", "\t", "|"])
def test_encoding_and_divider_are_told_by_the_file(encoding, divider):
    data = TEXT.replace(";", divider).encode(encoding)
    table = open_table(io.BytesIO(data))
    assert table.columns == ["Título", "Día"]
    assert list(table.rows()) == [(2, ["Jardín", "2026-10-31"]), (3, ["Niños", "2026-11-01"])]
    # It can be read again.
    assert len(list(table.rows())) == 2


def test_windows_dashes_and_another_encoding_by_word():
    assert read("a;b\n“x” – y;1\n".encode("cp1252"))[0][1][0] == "“x” – y"
    assert read("a;b\nČaša;1\n".encode("cp1250"), encoding="cp1250")[0][1][0] == "Čaša"
    with pytest.raises(ImportRefused, match="do not fit"):
        read("a;b\né;1\n".encode("latin-1"), encoding="utf-8")


def test_excels_line_about_dividers_and_empty_rows():
    assert read(b"sep=;\ntitle;day\nA;1\n\n;\nB;2\n") == [(2, ["A", "1"]), (5, ["B", "2"])]


def test_cells_with_dividers_quotes_and_lines():
    assert read(b'title,text\n"A, ""b""","one\ntwo"\n') == [(2, ['A, "b"', "one\ntwo"])]


def zipped() -> bytes:
    """A megabyte of nothing in a few bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 1_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (gzip.compress(b"0" * 1_000_000, mtime=0), "compressed"),
        (zipped(), "compressed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-text"),
        (b"%PDF-1.7\n\x00\x01", "not-text"),
        (b"title,day\nA\x00,1\n", "not-text"),
        (b"title,title\nA,1\n", "no-columns"),
        (b"\n\n", "no-columns"),
        (b"a,b\n" + b'"' + b"x" * 300_000, "broken-table"),
    ],
    ids=["nothing", "gzip", "zip", "png", "pdf", "zero", "twice", "no-names", "unclosed"],
)
def test_what_is_refused_and_why(data, code):
    with pytest.raises(ImportRefused) as refusal:
        read(data)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_fifty_megabytes_are_too_many():
    class Large(io.BytesIO):
        def seek(self, offset, whence=0):
            return TOO_MANY_BYTES if whence == io.SEEK_END else super().seek(offset, whence)

    with pytest.raises(ImportRefused, match="50 MB"):
        open_table(Large(b"title\nA\n"))
    assert open_table(Large(b"title\nA\n"), most_bytes=None).columns == ["title"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/a.csv", "address"),
        ("https://[::1]/a.csv", "address"),
        ("https://10.0.0.1/a.csv", "address"),
        ("http://example.org/a.csv", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("https://user:secret@example.org/", "userinfo"),
    ],
)
def test_addresses_that_are_not_reached_into(url, code):
    with pytest.raises(ImportRefused) as refusal:
        fetch_file(url)
    assert refusal.value.code == code
    assert str(refusal.value) != code


def test_every_refusal_has_words():
    assert all(str(text) for text in REFUSALS.values())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(data):
    try:
        table = open_table(io.BytesIO(data))
        list(table.rows())
    except ImportRefused as refusal:
        assert refusal.code in REFUSALS
        return
    assert any(table.columns)


def test_columns_are_known_by_their_names_in_several_languages():
    assert guess(["Naslov", "Začetek", "Ura", "Prizorišče", "Cena"]) == {
        "Naslov": "title",
        "Začetek": "start",
        "Ura": "start_time",
        "Prizorišče": "venue",
        "Cena": "price",
    }
    assert guess(["Título", "Fecha", "Lugar"]) == {
        "Título": "title",
        "Fecha": "start",
        "Lugar": "venue",
    }
    assert guess(["Title", "Name", "x"]) == {"Title": "title"}
    assert set(guess(making.COLUMNS)) == set(making.COLUMNS)


def test_what_an_editor_said_of_a_column_stands():
    known = {"Name": "venue", "Title": "", "Gone": "price"}
    assert completed(known, ["Title", "Name", "Date"]) == {"Name": "venue", "Date": "start"}
