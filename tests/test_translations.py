"""What the package and the example site say, they say in every language they promise."""

import ast
import html
import re
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils.translation.template import templatize
from wagtail.models import Locale

from tests import factories

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "sl")
SITES = ("wagtail_col", "example_site")

PLURALS = {"es": 3, "sl": 4}
#: Functions of gettext: how many of their first arguments are context, then texts.
CALLS = {
    "gettext": (0, 1),
    "ngettext": (0, 2),
    "pgettext": (1, 1),
    "npgettext": (1, 2),
}
#: English words that are no words of Slovene, as our own pages use them.
ENGLISH = """
all any badge badges choose clear code codes day days done earn enter everything filters free from
here interest join kind language learn letters line lines map minutes more next nothing numbers
organiser page place remove results search show station stations step steps that the there these
thing things this tomorrow today until was week what when where with you your
"""


def read_po(path: Path) -> dict[tuple[str, ...], list[str]]:
    """By ``(context, text)`` or ``(context, one, many)``: the translations, one for each form."""
    messages = {}
    for block in re.split(r"\n{2,}", path.read_text().strip()):
        assert "#, fuzzy" not in block and "#~" not in block, f"{path}: {block}"
        parts, keyword = {}, None
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                keyword, line = line.split(" ", 1)
                parts[keyword] = ""
            parts[keyword] += ast.literal_eval(line)
        key = [parts.get("msgctxt", ""), parts["msgid"]]
        key += [parts["msgid_plural"]] if "msgid_plural" in parts else []
        assert tuple(key) not in messages, f"{path}: {key} is there twice"
        messages[tuple(key)] = [text for word, text in parts.items() if word.startswith("msgstr")]
    return messages


def read_mo(path: Path) -> dict[str, str]:
    """The messages of a compiled catalogue, written as the file writes them."""
    data = path.read_bytes()
    magic, _version, count, originals, translations = struct.unpack_from("<5I", data)
    assert magic == 0x950412DE

    def text(table: int, number: int) -> str:
        length, start = struct.unpack_from("<2I", data, table + 8 * number)
        return data[start : start + length].decode()

    return {text(originals, n): text(translations, n) for n in range(count)}


def catalogue(site: str, language: str) -> Path:
    return ROOT / site / "locale" / language / "LC_MESSAGES" / "django.po"


def said_in_python(source: str) -> set[tuple[str, ...]]:
    """The keys of the texts that calls of gettext mark in Python source."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = "gettext" if node.func.id == "_" else node.func.id.removesuffix("_lazy")
        if name not in CALLS:
            continue
        contexts, texts = CALLS[name]
        said = [argument.value for argument in node.args[: contexts + texts]]
        found.add(tuple(said if contexts else ["", *said]))
    return found


def said_in_template(source: str) -> set[tuple[str, ...]]:
    """The same of a template. Django writes its tags as calls; all around them is noise."""
    string = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    calls = rf"\b(?:n?p?gettext|_)\((?:{string})(?:, (?:{string}))*(?:, count)?\)"
    found = set()
    for call in re.findall(calls, templatize(source)):
        found |= said_in_python(call)
    return found


def said(site: str) -> set[tuple[str, ...]]:
    found = set()
    for path in (ROOT / site).rglob("*"):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found |= said_in_python(path.read_text())
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            found |= said_in_template(path.read_text())
    return found


def placeholders(text: str) -> list[str]:
    """What is filled in or is markup, so has to be there in every language."""
    return sorted(re.findall(r"%%|%\(\w+\)[a-z]|%[sd]|__[A-Z]+__|</?\w+>", text))


def test_the_reader_of_sources_finds_every_way_to_mark_a_text():
    python = """
_("a"); gettext_lazy("b"
  "c"); ngettext("%(n)s d", "%(n)s ds", 3); pgettext("day", "D"); other("no")
"""
    assert said_in_python(python) == {
        ("", "a"),
        ("", "bc"),
        ("", "%(n)s d", "%(n)s ds"),
        ("day", "D"),
    }
    template = """{% load i18n %}{% translate "It's" %} {% translate 'b' context "c" %}
{% blocktranslate trimmed count counter=n %}One "{{ x }}"
  day{% plural %}{{ counter }} days{% endblocktranslate %}{{ x|default:_("None") }}"""
    assert said_in_template(template) == {
        ("", "It's"),
        ("c", "b"),
        ("", 'One "%(x)s" day', "%(counter)s days"),
        ("", "None"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", SITES)
class TestCatalogues:
    def test_it_holds_what_the_code_says_and_nothing_else(self, site, language):
        in_code, listed = said(site), set(read_po(catalogue(site, language))) - {("", "")}
        # A text that is both alone and one of a count is one message; the count brings it.
        alone = {key[:2] for key in listed if len(key) == 3}
        assert {key for key in in_code - listed if key not in alone} == set()
        assert listed - in_code == set()

    def test_every_text_is_translated_in_every_form(self, site, language):
        for key, forms in read_po(catalogue(site, language)).items():
            assert all(text.strip() for text in forms), key
            assert len(forms) == (PLURALS[language] if len(key) == 3 else 1), key

    def test_what_is_filled_in_is_the_same(self, site, language):
        messages = read_po(catalogue(site, language))
        messages.pop(("", ""))
        for (_context, *texts), forms in messages.items():
            for text in forms:
                # The form for one may say the number or not, as its original may.
                allowed = [placeholders(texts[-1])]
                allowed += [placeholders(texts[0])] if text == forms[0] else []
                assert placeholders(text) in allowed, text

    def test_the_ends_of_lines_are_the_same(self, site, language):
        for (_context, *texts), forms in read_po(catalogue(site, language)).items():
            for text in forms if texts[0] else ():
                assert text.strip() == text or texts[0].strip() != texts[0], text
                assert text.endswith(".") == texts[0].endswith("."), text
                assert text.endswith(":") == texts[0].endswith(":"), text

    def test_it_counts_as_django_does(self, site, language):
        header = read_po(catalogue(site, language))[("", "")][0]
        assert f"Language: {language}\n" in header
        assert f"nplurals={PLURALS[language]};" in header

    def test_the_compiled_file_says_the_same(self, site, language):
        path = catalogue(site, language)
        expected = {
            (f"{context}\x04" if context else "") + "\0".join(texts): "\0".join(forms)
            for (context, *texts), forms in read_po(path).items()
        }
        assert read_mo(path.with_suffix(".mo")) == expected


def test_the_languages_are_the_ones_we_promise():
    promised = (ROOT / "publiccode.yml").read_text().partition("availableLanguages:")[2]
    promised = re.match(r"(\s+- \w+)+", promised).group().split()[1::2]
    assert sorted(promised) == sorted(["en", *LANGUAGES])
    for site in SITES:
        assert sorted(path.name for path in (ROOT / site / "locale").iterdir()) == list(LANGUAGES)


def words_of(response) -> set[str]:
    """The words of our part of a page that a person reads or hears, in small letters."""
    page = response.content.decode().partition("<main")[2].partition("</main>")[0]
    page = re.sub(r"(?s)<script.*?</script>", "", page)
    spoken = re.findall(r'\b(?:alt|aria-label|placeholder|title|data-say-[\w-]+)="([^"]*)"', page)
    text = html.unescape(re.sub(r"<[^>]*>", " ", page) + " ".join(spoken))
    text = re.sub("__[A-Z]+__", " ", text)
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def english_in(response) -> set[str]:
    assert response.status_code == 200
    return words_of(response) & set(ENGLISH.split())


@pytest.fixture
def slovene(db) -> SimpleNamespace:
    """A small site in Slovene: a territory with what belongs to it."""
    locale = Locale.objects.create(language_code="sl")
    home = factories.root()
    home = home.copy_for_translation(locale)
    home.title = "Domov"
    home.save_revision().publish()
    city = factories.territory_page(home, "Ljubljana", locale=locale, kind="city")
    factories.territory_page(city, "Šiška", locale=locale, kind="district")
    library = factories.provider_page(city, "Knjižnica", locale=locale)
    pots = factories.opportunity_page(
        library, "Lončarstvo", dates=3, locale=locale, kind="workshop", age_min=8, is_free=True
    )
    talk = factories.opportunity_page(library, "Pogovor", locale=locale, kind="event")
    line = factories.playlist_page(
        city, [{"listing": pots}, {"listing": talk, "is_required": False}], "Glina", locale=locale
    )
    return SimpleNamespace(city=city, library=library, pots=pots, line=line)


class TestPagesInSlovene:
    def test_pages_show_no_english(self, client, slovene):
        pages = (slovene.city, slovene.library, slovene.pots, slovene.line)
        assert {page.url: english_in(client.get(page.url)) for page in pages} == {
            page.url: set() for page in pages
        }

    def test_filters_and_no_result_show_no_english(self, client, slovene):
        for query in (
            "q=klavir&free=1",
            "when=week&place=online",
            "from=2030-01-01&to=2030-02-01&age=12",
        ):
            response = client.get(f"{slovene.city.url}?{query}")
            assert english_in(response) == set(), query

    def test_our_other_addresses_show_no_english(self, client, slovene):
        client.force_login(factories.UserFactory())
        for url in ("/col/code/", "/col/mine/", "/col/badges/verify/"):
            assert english_in(client.get(url, {"lang": "sl"})) == set(), url

    def test_english_would_be_noticed(self, client, slovene):
        client.force_login(factories.UserFactory())
        assert {"code", "organiser"} <= english_in(client.get("/col/code/?lang=en"))
