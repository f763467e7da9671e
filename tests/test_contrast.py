"""The style sheet's promises: readable text in both themes, one sheet, nothing inline."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "wagtail_col/static/wagtail_col"
TOKENS = (STATIC / "css/tokens.css").read_text()

LINES = re.findall(r"\.col-line--([a-z]+) \{", TOKENS)
TEXT = ["ink", "quiet", *LINES]
GROUNDS = ["paper", "surface", "sunken"]


def block(pattern):
    """The colour tokens of the first rule whose selector matches: name to #RRGGBB."""
    rule = re.search(pattern + r"[^{]*\{(.*?)\}", TOKENS, re.DOTALL)
    return dict(re.findall(r"--col-([a-z]+): (#[0-9A-F]{6});", rule.group(1)))


THEMES = {
    "light": block(r":where\(\.wagtail-col\) "),
    "dark by system": block(r":where\(\.wagtail-col:not"),
    "dark by switch": block(r":where\(\.wagtail-col\[data-col-theme=\"dark\"\]"),
}


def channels(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def mix(colour, ground, share):
    """What CSS `color-mix(in srgb, colour share, ground)` gives, as #RRGGBB."""
    pairs = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02X}" for a, b in pairs)


def luminance(colour):
    """Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def parts(selector):
    """A selector list at its own commas, not at those inside brackets."""
    found, depth = [""], 0
    for sign in selector:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def test_the_measure_is_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_both_dark_themes_are_the_same():
    assert THEMES["dark by system"] == THEMES["dark by switch"]
    assert THEMES["dark by system"].keys() == THEMES["light"].keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_reads_on_every_ground(theme, ground, text):
    colours = THEMES[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("line", LINES)
def test_text_reads_on_a_line_s_tint(theme, line):
    """Ink and the line's own colour stand on a tint of it."""
    colours = THEMES[theme]
    share = int(re.search(r"--col-tint: color-mix\(in srgb, .*? (\d+)%", TOKENS).group(1))
    tint = mix(colours[line], colours["surface"], share / 100)
    for text in ("ink", "quiet", line):
        assert contrast(colours[text], tint) >= 4.5, text


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_fields_are_seen(theme):
    """WCAG 2.2, 1.4.11: 3 to 1 for what shows where a control is."""
    colours = THEMES[theme]
    for ground in GROUNDS:
        assert contrast(colours["edge"], colours[ground]) >= 3, ground


def test_every_line_has_its_class():
    assert len(LINES) == 12
    for line in LINES:
        assert f".col-line--{line} {{ --col-line: var(--col-{line}); }}" in TOKENS
        assert all(line in colours for colours in THEMES.values())


def test_the_joined_sheet_is_current():
    made = runpy.run_path(str(ROOT / "tools/bundle_css.py"))["bundle"]()
    assert (STATIC / "css/col.css").read_text() == made


def test_the_sheet_styles_nothing_outside_and_loads_nothing():
    css = (STATIC / "css/col.css").read_text()
    assert "@import" not in css
    assert "url(" not in css
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = [text.strip() for text in re.findall(r"([^{};]+)\{", css)]
    for selector in selectors:
        if not selector.startswith("@"):
            for part in parts(selector):
                assert ".wagtail-col" in part or "col-" in part, part


def test_icons_carry_no_script_and_no_style():
    sprite = (STATIC / "icons.svg").read_text()
    names = re.findall(r'<symbol id="([a-z-]+)" viewBox="0 0 24 24"', sprite)
    assert len(names) == len(set(names)) >= 47
    assert "style" not in sprite
    assert "script" not in sprite
    assert "href" not in sprite
