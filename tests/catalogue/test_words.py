from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.catalogue.words import fold, root, searchable, words


def test_folding():
    assert fold("Žena  ÑANDÚ\n") == "zena nandu"
    assert fold("Straße Łódź ŒUVRE") == "strasse lodz oeuvre"
    assert words("¡Taller de «Radio»! (3ª edición)") == ["taller", "de", "radio", "3a", "edicion"]
    assert searchable("l'art") == " l art"
    assert searchable("…") == ""


@given(st.text())
def test_what_is_found_is_found_however_it_is_typed(text):
    for word in words(text):
        assert f" {word}" in searchable(text)
    assert fold(fold(text)) == fold(text) or not text.isascii()
    assert "\x00" not in searchable(text)


def test_roots():
    assert root("guitarras", "es") == root("guitarra", "es-MX") == "es0guitarr"
    assert root("bees", "en") == "en0bee"
    assert root("knjige", "sl") == ""
    assert root("3d", "en") == root("go", "en") == ""
    assert searchable("Bees, bees", "en") == " bees en0bee"
