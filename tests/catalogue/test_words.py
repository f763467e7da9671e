from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.catalogue.words import fold, roots, searchable, words


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
    assert roots("guitarras", "es") == roots("guitarra", "es-MX") == ("es0guitarr",)
    assert roots("bees", "en") == ("en0bee",)
    assert roots("knjige", "sl") == ()
    assert roots("3d", "en") == roots("go", "en") == ()
    assert searchable("Bees, bees", "en") == " bees en0bee"


def test_short_roots_are_of_a_kind():
    assert roots("git", "es") == ("es00git",)
    assert roots("gitara", "es") == ("es0git",)
    assert roots("panes", "es") == ("es0pan", "es00pan")
    assert roots("sew", "en") == roots("sewing", "en") == ("en0sew",)
