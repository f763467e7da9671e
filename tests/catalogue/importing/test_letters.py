"""The letters of Excel files that do not say their encoding: from the west, or from the middle."""

import pytest

from tests.catalogue.importing import making
from wagtail_col.catalogue.importing import opening, sniffing
from wagtail_col.catalogue.importing.mapping import guess

SLOVENE = (
    "naziv;opis;začetek;konec;prizorišče;povezava\n"
    "Šivanje za začetnike;Naučimo se šivati, čez dan in zvečer.;12. 10. 2030;;Knjižnica Šiška;\n"
    "Večer poezije;Željko bere črtice.;13. 10. 2030;;Župančičeva jama;\n"
)
SPANISH = (
    "título;descripción;fecha;fin;lugar;enlace\n"
    "Cerámica para niños;¿Quién quiere jugar con barro? «Sí».;12/10/2030;;Sala 2ª, 1º piso;\n"
    "El pingüino;Año nuevo en otoño, según España.;13/10/2030;;Logroño;\n"
)
OTHERS = {
    "cp1250": [
        "naslov;opis\nĐačka šetnja;Ćevapi i čaj na Žitnjaku\n",
        "název;popis\nPříběh;Děti a jejich kůň, řeka Úpa\n",
        "nazwa;opis\nZażółć gęślą jaźń;Źródło ciepła\n",
        "cím;leírás\nŐszi tűz;Fűtött udvar, ünnepi műsor\n",
    ],
    "cp1252": [
        "titre;description\nÀ la bibliothèque;Où êtes-vous ? Ça et là, le cœur français\n",
        "titolo;descrizione\nCittà;Perché no? È così, più giù\n",
        "título;descrição\nCoração;São três irmãs e um avô à mesa\n",
        "titel;beschreibung\nMärchen;Schöne Grüße – für alle\n",
        "titel;tekst\nBlåbærgrød;Åben for små børn\n",
    ],
}


def found(text: str, encoding: str) -> str:
    return sniffing.encoding_of(making.file(text, encoding))


def test_slovene_from_excel():
    table = opening.open_table(making.file(SLOVENE, "cp1250"))
    assert table.encoding == "cp1250"
    assert set(guess(table.columns).values()) == {
        "title", "description", "start", "end", "venue", "url"
    }  # fmt: skip
    rows = [cells for _number, cells in table.rows()]
    assert rows[0][0] == "Šivanje za začetnike"
    assert rows[1][4] == "Župančičeva jama"
    # As another office program writes it.
    assert opening.open_table(making.file(SLOVENE, "iso8859-2")).columns == table.columns


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "latin-1"), ("latin-1", "latin-1")])
def test_spanish_stays_as_it_is(encoding, name):
    assert found(SPANISH, encoding) == name
    # Windows has dashes where Latin-1 has nothing.
    assert found(SPANISH + "A – B;;;;;\n", "cp1252") == "cp1252"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(encoding, text) for encoding, texts in OTHERS.items() for text in texts],
)
def test_other_languages(encoding, text):
    raw = text.encode(encoding)
    assert raw.decode(sniffing.encoding_of(making.file(raw))) == text


def test_a_name_from_elsewhere_changes_nothing():
    for foreign in ("Špela Žagar", "Beyoncé, Françoise, Jürgen"):
        raw = f"{SPANISH}{foreign};;;;;\n".encode("cp1252")
        assert "niños" in raw.decode(sniffing.encoding_of(making.file(raw)))
    raw = f"{SLOVENE}Jürgen Müller, José;;;;;\n".encode("cp1250")
    assert "začetek" in raw.decode(sniffing.encoding_of(making.file(raw)))


def test_where_the_letters_do_not_tell_known_headings_do():
    # One byte that is “č” or “è”.
    assert found("naziv;začetek\nA;1. 1. 2030\n", "cp1250") == "cp1250"
    assert found("titre;thème\nA;B\n", "cp1252") == "latin-1"


@pytest.mark.skipif(not making.MADRID.exists(), reason="Madrid's raw file is not here")
def test_the_raw_file_of_madrid_stays_as_it_is():
    with making.MADRID.open("rb") as file:
        assert sniffing.encoding_of(file) == "latin-1"
