"""SVG: read as data, and only what is known to be harmless is written anew.

Shapes, gradients, clips, masks and words stay. Scripts, events, links, pictures inside the
picture, filters, animations, copies (``use``, which can be nested without end) and everything
from another place are left out. A document type, and with it entities, is refused.

Source: SVG 2, sections 5, 8 to 14; Extensible Markup Language 1.0, sections 2.8 and 4.
"""

from __future__ import annotations

import re
from html import escape
from xml.parsers import expat

from django.utils.translation import gettext as _

from .refusing import NotAPicture
from .styles import Styles, allowed_declarations, allowed_value

#: Width and height that the picture asks for, in pixels; it is sharp at any other as well.
SIDE = 512
_MOST_BYTES = 512 * 1024
_MOST_ELEMENTS = 5000
_DEEPEST = 60

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_WORDS = frozenset({"title", "desc", "text", "tspan"})
_ELEMENTS = _WORDS | {
    "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask",
}  # fmt: skip
_DRAWN = frozenset(
    {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text"}
)  # fmt: skip

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}")
_CLASSES = re.compile(r"[A-Za-z0-9_ -]{0,200}")
_NUMBERS = re.compile(r"[-+0-9.,eE\s]*")
_PATH = re.compile(r"[-+0-9.,eE\sMmZzLlHhVvCcSsQqTtAa]*")
_TRANSFORM = re.compile(
    r"(?:\s*,?\s*(?:matrix|translate|scale|rotate|skewX|skewY)\s*\([-+0-9.,eE\s]*\))*\s*"
)
_LENGTH = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?(?:px|pt|pc|mm|cm|in|em|%)?")
_UNITS = re.compile(r"userSpaceOnUse|objectBoundingBox")
_SPREAD = re.compile(r"pad|reflect|repeat")

#: Letters in an attribute's value, but for those that are as long as the drawing is rich.
_LONGEST, _LONG = 1000, frozenset({"d", "points"})
#: What an attribute may hold; those about looks are in ``styles``.
_ATTRIBUTES = {
    "id": _ID, "d": _PATH, "points": _NUMBERS, "viewBox": _NUMBERS,
    "transform": _TRANSFORM, "gradientTransform": _TRANSFORM,
    "gradientUnits": _UNITS, "clipPathUnits": _UNITS, "maskUnits": _UNITS,
    "maskContentUnits": _UNITS, "spreadMethod": _SPREAD, "pathLength": _LENGTH,
    **dict.fromkeys(
        ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr",
         "width", "height", "offset", "dx", "dy", "textLength"), _LENGTH,
    ),
}  # fmt: skip


def clean(data: bytes) -> bytes:
    """The drawing as a new SVG document, square. Raises ``NotAPicture``."""
    if len(data) > _MOST_BYTES:
        raise NotAPicture(
            "too-large",
            _("This SVG is larger than %(kilobytes)s kB. Simplify it, or save it as PNG.")
            % {"kilobytes": _MOST_BYTES // 1024},
        )
    reader = _Reader()
    try:
        # Whatever the document says of itself, it is read as UTF-8.
        data.decode()
        reader.read(data)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise NotAPicture(
            "damaged", _("This SVG cannot be read. Save it again as “plain SVG”.")
        ) from error
    if reader.root is None or reader.drawn == 0:
        raise NotAPicture(
            "empty",
            _(
                "Nothing is left of this SVG that can be shown: it has only parts that could do "
                "harm or pictures inside it. Save it as PNG instead."
            ),
        )
    return _written(reader.root, Styles("".join(reader.styles))).encode()


class _Node:
    """An element that stays, with its attributes as they came."""

    __slots__ = ("attributes", "children", "name")

    def __init__(self, name: str, attributes: dict[str, str]):
        self.name = name
        self.attributes = attributes
        self.children: list[_Node | str] = []


class _Reader:
    """Takes in what may stay, and steps over the rest."""

    def __init__(self) -> None:
        self.root: _Node | None = None
        self.styles: list[str] = []
        self.drawn = 0
        self._open: list[_Node] = []
        self._skipping = 0
        self._in_style = False
        self._elements = 0

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate("UTF-8", "|")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._declares
        parser.EntityDeclHandler = self._declares
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)

    def _declares(self, *_what: object) -> None:
        raise NotAPicture(
            "declares",
            _("This SVG begins with a document type (“DOCTYPE”). Save it as “plain SVG”."),
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS or len(self._open) + self._skipping > _DEEPEST:
            raise NotAPicture(
                "too-complex", _("This SVG has too many parts. Simplify it, or save it as PNG.")
            )
        space, _bar, local = name.rpartition("|")
        if self._skipping or space != _SVG or (local == "svg") != (self.root is None):
            self._skipping += 1
            self._in_style = self._skipping == 1 and (space, local) == (_SVG, "style")
            return
        if local not in _ELEMENTS:
            self._skipping = 1
            self._in_style = local == "style"
            return
        node = _Node(local, attributes)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self.drawn += local in _DRAWN

    def _end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            self._in_style = False
        else:
            self._open.pop()

    def _text(self, text: str) -> None:
        if self._in_style:
            self.styles.append(text)
        elif not self._skipping and self._open and self._open[-1].name in _WORDS:
            self._open[-1].children.append(text)


def _written(root: _Node, styles: Styles) -> str:
    left, top, width, height = _view(root.attributes)
    side = max(width, height)
    view = f"{left - (side - width) / 2:g} {top - (side - height) / 2:g} {side:g} {side:g}"
    looks = _looks(root, styles)
    inside = "".join(_inside(root, styles))
    return (
        f'<svg xmlns="{_SVG}" viewBox="{view}" width="{SIDE}" height="{SIDE}"{_listed(looks)}>'
        f"{inside}</svg>\n"
    )


def _inside(node: _Node, styles: Styles) -> list[str]:
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(escape(child))
            continue
        kept = _kept(child) | _looks(child, styles)
        parts.append(f"<{child.name}{_listed(kept)}>")
        parts += _inside(child, styles)
        parts.append(f"</{child.name}>")
    return parts


def _kept(node: _Node) -> dict[str, str]:
    kept = {
        name: value
        for name, value in node.attributes.items()
        if name in _ATTRIBUTES
        and (len(value) < _LONGEST or name in _LONG)
        and _ATTRIBUTES[name].fullmatch(value)
    }
    # Gradients may take their colours from another one in the same file.
    link = node.attributes.get("href") or node.attributes.get(f"{_XLINK}|href") or ""
    if node.name.endswith("Gradient") and _ID.fullmatch(link.removeprefix("#")):
        kept |= {"href": link} if link.startswith("#") else {}
    return kept


def _looks(node: _Node, styles: Styles) -> dict[str, str]:
    """Colours, lines, letters: attributes, then rules for the element, then its own style."""
    classes = node.attributes.get("class", "")
    return (
        {name: value for name, value in node.attributes.items() if allowed_value(name, value)}
        | styles.of(node.name, classes.split() if _CLASSES.fullmatch(classes) else [])
        | allowed_declarations(node.attributes.get("style", ""))
    )


def _listed(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _view(attributes: dict[str, str]) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is shown, in the drawing's own units."""
    box = attributes.get("viewBox", "").replace(",", " ").split()
    if not box:
        box = ["0", "0", *(attributes.get(side, "").removesuffix("px") for side in _SIDES)]
    try:
        left, top, width, height = (float(number) for number in box)
    except ValueError:
        left = top = width = height = 0.0
    if not (0 < width < 1e6 and 0 < height < 1e6 and abs(left) < 1e6 and abs(top) < 1e6):
        raise NotAPicture(
            "no-size", _("This SVG does not say how large it is. Save it again as “plain SVG”.")
        )
    return left, top, width, height


_SIDES = ("width", "height")
