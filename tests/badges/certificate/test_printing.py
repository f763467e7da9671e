"""The PDF itself: accessible, faithful to what was given, closed to everything else."""

import io
import re
import resource
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.badges.certificate import pdfua
from wagtail_col.badges.art import drawing
from wagtail_col.badges.art.drawing import BadgeArt
from wagtail_col.badges.certificate.printing import (
    CannotPrintError,
    Certificate,
    Fact,
    Step,
    Words,
    print_pdf,
)

AT = datetime(2026, 10, 24, 12, tzinfo=UTC)
CODE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
PICTURE = drawing.svg(BadgeArt(name="Explorer", colour="teal", icon="star")).encode()
ADDRESS = "https://learning.example.org/col/badges/shared/ddb737c8-1ebe-4b25-8a90-c22766832210/"
WORDS = Words(
    title="Certificate: Explorer, Ana",
    kind="Certificate",
    earned="earned the badge",
    criteria="How it is earned",
    shown="How it was shown",
    verify="Verify it at",
    scan="Scan the code.",
    picture="Badge: Explorer",
    code="QR code with the address",
)
PLAIN = Certificate(
    language="en",
    line="#00756F",
    who="Ana",
    name="Explorer",
    description="Knows the way around.",
    criteria="Did all the required steps.",
    issuer="City of Learning",
    done=("Finished the line “Podcast”.",),
    steps=(Step("Record it", "shown with the organiser’s code"),),
    facts=(Fact("Given by", "City of Learning"),),
    address=ADDRESS,
    words=WORDS,
)


def printed(picture=PICTURE, **values) -> bytes:
    return print_pdf(replace(PLAIN, **values), picture, CODE, AT)


def text_of(content: bytes) -> str:
    """Every text in the file, by the characters its glyphs stand for."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            letters = {
                name: _letters(font.ToUnicode.read_bytes().decode())
                for name, font in page.Resources.Font.items()
            }
            current = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = letters[str(operands[0])]
                elif str(operator) in ("Tj", "TJ"):
                    parts = operands[0] if str(operator) == "TJ" else operands
                    for part in parts:
                        if isinstance(part, pikepdf.String):
                            raw = bytes(part)
                            codes = [raw[i : i + 2] for i in range(0, len(raw), 2)]
                            found += [current.get(code.hex(), "\ufffd") for code in codes]
    return "".join(found)


def _letters(cmap: str) -> dict[str, str]:
    letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, meant in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            letters[code.lower()] = bytes.fromhex(meant).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, meant in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for offset in range(int(high, 16) - int(low, 16) + 1):
                number = int(meant, 16) + offset
                letters[f"{int(low, 16) + offset:0{len(low)}x}"] = chr(number)
    return letters


def images_in(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sum(
            isinstance(one, pikepdf.Stream) and one.get("/Subtype") == pikepdf.Name.Image
            for one in pdf.objects
        )


class TestAccessible:
    def test_nothing_is_found_by_the_checks_of_pdf_ua(self):
        assert pdfua.findings(printed()) == []

    @pytest.mark.parametrize("language", ["en", "sl", "es", "pt-br"])
    def test_in_every_language(self, language):
        content = printed(language=language)
        assert pdfua.findings(content) == []
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert str(pdf.Root.Lang).lower().startswith(language.split("-")[0])

    def test_long_ones_over_several_pages(self):
        content = printed(
            criteria="Did it. " * 500,
            steps=tuple(Step(f"Step {n} " * 20, "confirmed") for n in range(40)),
        )
        assert pdfua.findings(content) == []
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert 1 < len(pdf.pages) < 5

    def test_is_read_in_the_order_of_the_page(self):
        with pikepdf.open(io.BytesIO(printed())) as pdf:
            found = pdfua.elements(pdf)
            kinds = [kind for kind, _node in found if kind in ("Figure", "H1", "H2", "L", "Link")]
            assert kinds == ["Figure", "H1", "H2", "H2", "L", "Link", "Figure"]
            alternatives = [str(node.Alt) for kind, node in found if kind == "Figure"]
            assert alternatives == [WORDS.picture, WORDS.code]
            with pdf.open_metadata() as metadata:
                assert metadata["dc:title"] == WORDS.title

    def test_the_checks_find_what_is_wrong(self):
        with pikepdf.open(io.BytesIO(printed())) as pdf:
            del pdf.Root.MarkInfo, pdf.Root.Lang, pdf.Root.ViewerPreferences
            for kind, node in pdfua.elements(pdf):
                if kind == "Figure":
                    del node.Alt
            page = pdf.pages[0]
            page.contents_add(b"0 0 9 9 re f", prepend=True)
            page.Annots[0].Contents = pikepdf.String("")
            changed = io.BytesIO()
            pdf.save(changed)
        found = {finding.split(":")[0] for finding in pdfua.findings(changed.getvalue())}
        assert found == {"06-001", "11-006", "07-002", "13-004", "01-005", "28-012"}


class TestContents:
    @pytest.mark.parametrize(
        "name", ["Žofka Čuk Šiška", "Núñez ß Łódź", "Αθήνα Ψ", "Київ Ђорђе", "O’Neill–Ćosić"]
    )
    def test_letters_of_europe(self, name):
        assert name in text_of(printed(who=name))

    def test_a_letter_that_no_font_has(self):
        with pytest.raises(CannotPrintError) as caught:
            printed(who="\U0010fffd")
        assert caught.value.code == "letters"

    @pytest.mark.parametrize(
        "attack",
        [
            '#read("/etc/passwd")',
            "$x$ *b* _i_ `c` @x <l> = h",
            '#import "@preview/cetz:0.2.0"',
            "\\#strong[x]",
            '"); #panic("x") //',
        ],
    )
    def test_what_people_write_is_text(self, attack):
        content = printed(who=attack, name=attack, criteria=attack, issuer=attack)
        assert text_of(content).count(attack.replace('"', '"')) >= 4

    @given(
        st.text(
            alphabet=st.characters(min_codepoint=32, max_codepoint=0x17E, exclude_categories=["C"]),
            max_size=60,
        )
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_any_text_comes_out_or_is_refused(self, words):
        try:
            content = printed(who=words, name=words or "x", criteria=words)
        except CannotPrintError as error:
            assert error.code == "letters"
            return
        assert content.startswith(b"%PDF-")

    def test_the_same_values_give_the_same_file(self):
        assert printed() == printed()


class TestClosed:
    @pytest.mark.parametrize("form", ["{}", "file://{}", "../../../../../../../..{}"])
    def test_a_picture_brings_no_file_along(self, form, tmp_path):
        secret = tmp_path / "secret.png"
        Image.new("RGB", (3, 3), "red").save(secret)
        address = form.format(secret)
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 9 9"><image href="{address}" xlink:href="{address}" width="9" '
            'height="9"/><path d="M0 0h9v9z"/></svg>'
        ).encode()
        inside = b64encode(secret.read_bytes()).decode()
        carried = picture.replace(address.encode(), f"data:image/png;base64,{inside}".encode())
        assert images_in(printed(picture=carried)) == 1
        try:
            assert images_in(printed(picture=picture)) == 0
        except CannotPrintError as error:
            assert error.code == "page"

    def test_a_broken_picture_is_refused(self):
        with pytest.raises(CannotPrintError) as caught:
            printed(picture=b"<svg")
        assert caught.value.code == "page"

    def test_a_book_does_not_become_one(self):
        long = "word " * 200_000
        content = printed(criteria=long, description=long, done=(long,) * 500)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) < 20
        assert len(content) < 500_000

    def test_memory_does_not_grow_with_the_number(self):
        printed()
        for n in range(50):
            printed(who=f"Ana {n}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for n in range(200):
            printed(who=f"Eva {n}")
        # Kilobytes.
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
