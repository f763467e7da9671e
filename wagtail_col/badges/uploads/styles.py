"""The part of CSS that drawings use for their looks: colours, lines, letters.

Drawing programs write looks as attributes, as ``style`` or as rules for classes. All three become
attributes here, so that no style sheet is left.

Source: SVG 2, section 6.6 (presentation attributes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?"
_COLOUR = r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,30}|(?:rgb|hsl)a?\(\s*[0-9.,%\s/deg]{1,60}\)"
#: Only something in the same file.
_HERE = r"url\(\s*(?P<q>[\"']?)#[A-Za-z_][A-Za-z0-9_.-]{0,80}(?P=q)\s*\)"

_PAINT = re.compile(rf"(?:{_COLOUR})|{_HERE}(?:\s+(?:{_COLOUR}))?")
_REFERENCE = re.compile(rf"none|{_HERE}")
_LENGTH = re.compile(rf"{_NUMBER}(?:px|pt|em|%)?")
_LENGTHS = re.compile(r"[0-9.,\s]{1,200}|none")
_WORD = re.compile(r"[A-Za-z-]{1,30}")
_FONT = re.compile(r"[A-Za-z0-9 ,'\"-]{1,200}")
_WEIGHT = re.compile(r"[A-Za-z]{1,10}|[0-9]{3}")
_SELECTOR = re.compile(r"\.?[A-Za-z_][A-Za-z0-9_-]{0,80}")
#: Letters of a value: none of these needs more, and no expression above gets slow on it.
_LONGEST = 250

_PROPERTIES = {
    "fill": _PAINT, "stroke": _PAINT, "stop-color": _PAINT, "color": _PAINT,
    "clip-path": _REFERENCE, "mask": _REFERENCE,
    "stroke-dasharray": _LENGTHS, "font-family": _FONT, "font-weight": _WEIGHT,
    **dict.fromkeys(
        ("fill-opacity", "stroke-opacity", "stop-opacity", "opacity", "stroke-width",
         "stroke-miterlimit", "stroke-dashoffset", "font-size", "letter-spacing"), _LENGTH,
    ),
    **dict.fromkeys(
        ("fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin", "font-style",
         "text-anchor", "dominant-baseline", "display", "visibility"), _WORD,
    ),
}  # fmt: skip


def allowed_value(name: str, value: str) -> bool:
    """Whether an attribute is one of those about looks, with a value that only looks."""
    allowed = _PROPERTIES.get(name)
    if allowed is None or len(value) > _LONGEST:
        return False
    return allowed.fullmatch(value.strip()) is not None


def allowed_declarations(text: str) -> dict[str, str]:
    """Of ``fill: red; filter: url(...)`` those that are allowed, by property."""
    allowed = {}
    for declaration in text.split(";"):
        name, _colon, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if allowed_value(name, value):
            allowed[name] = value
    return allowed


class Styles:
    """The rules of a style sheet that name a class or a kind of element; no others count."""

    def __init__(self, sheet: str) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        for rule in _without_comments(sheet).split("}"):
            selectors, _brace, declarations = rule.partition("{")
            looks = allowed_declarations(declarations)
            for selector in selectors.split(","):
                if looks and _SELECTOR.fullmatch(selector.strip()):
                    self._rules.setdefault(selector.strip(), {}).update(looks)

    def of(self, element: str, classes: Iterable[str]) -> dict[str, str]:
        """What the rules say of an element with these classes; a class counts for more."""
        looks = dict(self._rules.get(element, {}))
        for name in classes:
            looks |= self._rules.get(f".{name}", {})
        return looks


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)
