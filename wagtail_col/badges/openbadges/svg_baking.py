"""Credentials inside SVG pictures: an element of the standard's namespace at the beginning.

Sources: Open Badges 3.0, section 5.3.2; Open Badges Baking Specification 2.0, "SVG".
The picture is read by a parser that expands nothing and asks for nothing, and written by putting
the element between its bytes: the picture itself stays as it was.
"""

import re
from dataclasses import dataclass, field
from pyexpat import ErrorString, ExpatError, ParserCreate

from .baking import MAX_CREDENTIAL_BYTES, MAX_IMAGE_BYTES
from .errors import BakingError, Reason
from .jwt import looks_like_token

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
ELEMENT = "credential"
#: Open Badges 2.0.
OLDER_NAMESPACE = "http://openbadges.org"
OLDER_ELEMENT = "assertion"

_SVG = "http://www.w3.org/2000/svg"
_PREFIX = "openbadges"
_MAX_ELEMENTS = 50_000
_MAX_DEPTH = 100
_ATTRIBUTES = rb"""(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*"""
_START_TAG = re.compile(rb"<[^\s/>]+" + _ATTRIBUTES + rb"(/?)>")
_PREFIX_DECLARED = re.compile(rb"\sxmlns:" + _PREFIX.encode() + rb"\s*=")
# What XML cannot carry, not even escaped (XML 1.0, 2.2).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def bake_svg(svg: bytes, credential: bytes | str, *, older: bool = False) -> bytes:
    """The picture (UTF-8) with the credential inside, in place of any of the same standard.

    ``credential`` is JSON or a compact JWS; ``older`` bakes it as Open Badges 2.0 does. Raises
    ``BakingError``.
    """
    if isinstance(credential, bytes):
        try:
            credential = credential.decode()
        except UnicodeDecodeError as error:
            raise BakingError("The credential is not a text.", Reason.NOT_TEXT) from error
    if len(credential) > MAX_CREDENTIAL_BYTES or len(credential.encode()) > MAX_CREDENTIAL_BYTES:
        raise _too_large(MAX_CREDENTIAL_BYTES)
    if _NOT_XML.search(credential):
        raise BakingError("The credential holds a control character.", Reason.NOT_TEXT)
    try:
        svg.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _broken() from error
    read = _read(svg)
    namespace, name = (OLDER_NAMESPACE, OLDER_ELEMENT) if older else (NAMESPACE, ELEMENT)
    for found in reversed(read.found):
        if found.namespace == namespace:
            svg = svg[: found.start] + svg[found.end :]
    opening = _START_TAG.match(svg, read.root_start)
    if opening is None or opening[1]:
        # Nothing inside: there is no picture.
        raise _broken()
    return b"".join(
        (
            svg[: opening.end() - 1],
            *_declaration(opening[0], namespace),
            b">",
            _element(credential, namespace, name, opening[0]).encode(),
            svg[opening.end() :],
        )
    )


def unbake_svg(svg: bytes) -> str:
    """The credential in the picture, of Open Badges 3.0 or else of 2.0: JSON, a JWS, or (2.0)
    the address of a hosted assertion. Raises ``BakingError`` when there is not one."""
    for namespace in (NAMESPACE, OLDER_NAMESPACE):
        found = [each for each in _read(svg).found if each.namespace == namespace]
        if len(found) > 1:
            raise BakingError(
                "This image has more than one badge inside.", Reason.SEVERAL_CREDENTIALS
            )
        if found:
            text = "".join(found[0].pieces).strip()
            credential = found[0].verify.strip()
            # The JSON inside says more than the address of the same.
            if text and not looks_like_token(credential):
                credential = text
            if len(credential.encode()) > MAX_CREDENTIAL_BYTES:
                raise _too_large(MAX_CREDENTIAL_BYTES)
            if credential:
                return credential
    raise BakingError("This image has no badge inside.", Reason.NO_CREDENTIAL)


def looks_like_svg(data: bytes) -> bool:
    """Whether ``data`` is XML rather than JSON, a token or a PNG; no check that it is a picture."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


@dataclass(slots=True)
class _Found:
    """A credential's element: where it is in the bytes, and what it holds."""

    namespace: str
    start: int
    verify: str
    end: int = 0
    pieces: list[str] = field(default_factory=list)


class _Reader:
    """Walks through the picture once; refuses what a picture of a badge does not need."""

    def __init__(self, svg: bytes) -> None:
        self.svg = svg
        self.found: list[_Found] = []
        self.root_start = 0
        self.open: _Found | None = None
        self.depth = self.elements = 0
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._refuse
        self.parser.SkippedEntityHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def read(self) -> "_Reader":
        try:
            self.parser.Parse(self.svg, True)
        except ExpatError as error:
            message = f"This SVG image is damaged ({ErrorString(error.code)})."
            raise BakingError(message, Reason.BROKEN_SVG) from error
        except (ValueError, LookupError) as error:
            # An encoding that is not known.
            raise _broken() from error
        return self

    def _doctype(self, name, system_id, public_id, has_internal_subset) -> None:
        # Old drawing programs name SVG's DTD, which nobody reads; one inside is never needed.
        if has_internal_subset:
            raise _broken()

    def _refuse(self, *args) -> None:
        raise _broken()

    def _start(self, name: str, attributes: dict) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > _MAX_ELEMENTS or self.depth > _MAX_DEPTH:
            raise BakingError("This SVG image has too many parts.", Reason.TOO_COMPLEX)
        at = self.parser.CurrentByteIndex
        if self.elements == 1:
            if name != f"{_SVG} svg":
                raise BakingError("This is not an SVG image.", Reason.NOT_SVG)
            self.root_start = at
        if self.open is not None:
            # Nothing stands inside a credential but text.
            raise _broken()
        for namespace, element in ((NAMESPACE, ELEMENT), (OLDER_NAMESPACE, OLDER_ELEMENT)):
            if name == f"{namespace} {element}":
                self.open = _Found(namespace, at, attributes.get("verify", ""))
                self.found.append(self.open)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.open is None:
            return
        opening = _START_TAG.match(self.svg, self.open.start)
        if opening and opening[1]:
            self.open.end = opening.end()
        else:
            self.open.end = self.svg.find(b">", self.parser.CurrentByteIndex) + 1
        self.open = None

    def _text(self, text: str) -> None:
        if self.open is not None:
            self.open.pieces.append(text)


def _read(svg: bytes) -> _Reader:
    if len(svg) > MAX_IMAGE_BYTES:
        raise _too_large(MAX_IMAGE_BYTES)
    return _Reader(svg).read()


def _declaration(root: bytes, namespace: str) -> tuple[bytes, ...]:
    """The prefix on the root, as the standard shows it, when the root does not have it yet."""
    if _PREFIX_DECLARED.search(root):
        return ()
    return (f' xmlns:{_PREFIX}="{namespace}"'.encode(),)


def _element(credential: str, namespace: str, name: str, root: bytes) -> str:
    declared = ""
    if _PREFIX_DECLARED.search(root):
        # Whatever the root means by the prefix.
        declared = f' xmlns:{_PREFIX}="{namespace}"'
    tag = f"{_PREFIX}:{name}"
    if looks_like_token(credential):
        # Base64url and dots: nothing in it needs to be escaped.
        return f'<{tag}{declared} verify="{credential}"></{tag}>'
    text = credential.replace("]]>", "]]]]><![CDATA[>")
    return f"<{tag}{declared}><![CDATA[{text}]]></{tag}>"


def _broken() -> BakingError:
    return BakingError("This SVG image is damaged, or not made as pictures are.", Reason.BROKEN_SVG)


def _too_large(limit: int) -> BakingError:
    return BakingError(f"This is larger than {limit} bytes.", Reason.TOO_LARGE, limit=limit)
