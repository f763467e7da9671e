"""What a machine can check of PDF/UA-1 (ISO 14289-1), after the Matterhorn Protocol 1.1.

Each finding begins with the protocol's checkpoint. veraPDF checks more, and needs Java; here are
the points at which a page of text and pictures can fail.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Name

#: Structure types of ISO 32000-1, 14.8.4, that a page of ours may use.
STANDARD = {
    *("Document", "Part", "Sect", "Div", "P", "H1", "H2", "H3", "L", "LI", "Lbl", "LBody"),
    *("Span", "Link", "Figure", "Caption", "Table", "TR", "TH", "TD", "Note", "NonStruct"),
    *("Reference", "Quote", "BlockQuote", "Code", "Em", "Strong"),
}
SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI", "INLINE IMAGE"}


def findings(content: bytes) -> list[str]:
    """What is wrong with the file; empty when nothing was found."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            *_catalog(pdf),
            *_metadata(pdf),
            *_structure(pdf),
            *_fonts(pdf),
            *_pages(pdf),
        ]


def _catalog(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "06-001: the file does not say that it is tagged"
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        yield "07-003: the file says that its tags are doubtful"
    if not str(root.get("/Lang", "")):
        yield "11-006: no language"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "07-002: the window does not show the title"
    if pdf.is_encrypted:
        yield "26-001: encrypted"
    if "/AcroForm" in root:
        yield "25-001: has a form"
    if "/OpenAction" in root or "/AA" in root or "/JavaScript" in root.get("/Names", {}):
        yield "29-001: does something by itself"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "06-002: no metadata"
        return
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "06-003: no title"
        if metadata.get("pdfuaid:part") != "1":
            yield "06-004: does not say that it is PDF/UA-1"


def elements(pdf: pikepdf.Pdf) -> list[tuple[str, pikepdf.Dictionary]]:
    """Every structure element in reading order, with its standard type."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return []
    roles = {str(k): str(v) for k, v in tree.get("/RoleMap", {}).items()}
    found = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            kind = str(node.S)
            found.append((roles.get(kind, kind).lstrip("/"), node))
            walk(node.get("/K"))

    walk(tree.get("/K"))
    return found


def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        yield "01-005: no structure"
        return
    if "/ParentTree" not in tree:
        yield "01-005: marked content does not lead to its tag"
    level = 0
    for kind, node in elements(pdf):
        if kind not in STANDARD:
            yield f"02-001: {kind} is no standard type"
        if kind == "Figure" and not str(node.get("/Alt", "")).strip():
            yield "13-004: a figure without alternative text"
        if kind == "Link" and not str(node.get("/Contents", node.get("/Alt", "x"))):
            yield "28-011: a link without a description"
        if kind.startswith("H") and kind[1:].isdigit():
            if int(kind[1:]) > level + 1:
                yield f"14-003: {kind} after H{level}"
            level = int(kind[1:])
    if not level:
        yield "14-001: no heading"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for font in _all_fonts(pdf):
        name = font.get("/BaseFont")
        if "/ToUnicode" not in font:
            yield f"10-001: {name} does not say which characters its glyphs are"
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor", {})
        if not any(f"/FontFile{suffix}" in descriptor for suffix in ("", "2", "3")):
            yield f"31-009: {name} is not embedded"


def _all_fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    found, seen = [], set()

    def walk(resources: pikepdf.Dictionary) -> None:
        for _name, font in resources.get("/Font", {}).items():
            found.append(font)
        for _name, form in resources.get("/XObject", {}).items():
            if form.objgen not in seen and "/Resources" in form:
                seen.add(form.objgen)
                walk(form.Resources)

    for page in pdf.pages:
        walk(page.get("/Resources", pikepdf.Dictionary()))
    return found


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        if "/Annots" in page and page.get("/Tabs") != Name.S:
            yield f"28-008: page {number} has links and no order for the keyboard"
        for annotation in page.get("/Annots", []):
            if "/StructParent" not in annotation:
                yield f"28-010: page {number} has a link that is in no tag"
            if annotation.get("/Subtype") == Name.Link and not str(annotation.get("/Contents", "")):
                yield f"28-012: page {number} has a link without a description"
        yield from _marked(page, number)


def _marked(page: pikepdf.Page, number: int) -> Iterator[str]:
    """Whether all that is painted is either tagged or declared to be decoration."""
    depth: list[bool] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else None
            is_artifact = operands[0] == Name.Artifact
            is_tagged = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
            if is_artifact and any(depth):
                yield f"01-003: page {number} has decoration inside of a tag"
            depth.append(is_artifact or is_tagged or (bool(depth) and depth[-1]))
        elif name == "EMC":
            depth.pop()
        elif (name in SHOWS_TEXT or name in PAINTS) and not any(depth):
            yield f"01-005: page {number} paints ({name}) what is neither tagged nor decoration"
