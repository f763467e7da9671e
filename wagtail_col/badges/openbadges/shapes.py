"""The canonical statements of credentials that share their shape, worked out once for all.

Credentials of one achievement differ in few places: who, when, how it was shown, which entry of
the status list. A shape is learned from one credential: ``jsonld.canonicalise`` writes it with
random words in those places. For the next one the words are exchanged for its own texts, nameless
nodes are numbered anew and the statements sorted.

The result is, character for character, what ``jsonld.canonicalise`` writes. That holds because:

- everything outside those places is equal, in value and in type, to what was learned from;
- what is in them is written into a statement as it is: texts without the characters that are
  refused, complete identifiers that begin with the same scheme;
- no identifier is there twice or named elsewhere, so no two nodes become one;
- nameless nodes are told apart by their own statements alone, whose hashes give their numbers
  (RDF Dataset Canonicalization 1.0, 4.4.3 step 5 and 4.6).

Whenever one of these is not so, ``jsonld.canonicalise`` does the work, and refuses what it refuses.
"""

import marshal
import re
import secrets
from collections.abc import Callable
from hashlib import sha256

from pyld.nquads import escape

from .errors import UnsignableError
from .jsonld import IRI, canonicalise
from .signable import check_text

# Shapes that are kept. An achievement has one for each language and form of evidence.
_MOST_SHAPES = 200

_TEXT, _IDENTIFIER = "text", "identifier"
# Where credentials of one achievement differ, and in the options of a proof.
_PLACES: dict = {
    "id": _IDENTIFIER,
    "name": _TEXT,
    "awardedDate": _TEXT,
    "validFrom": _TEXT,
    "validUntil": _TEXT,
    "created": _TEXT,
    "credentialSubject": {
        "id": _IDENTIFIER,
        "identifier": {"identityHash": _TEXT, "salt": _TEXT},
    },
    "evidence": {
        "id": _IDENTIFIER,
        "name": _TEXT,
        "description": _TEXT,
        "narrative": _TEXT,
    },
    "credentialStatus": {
        "id": _IDENTIFIER,
        "statusListIndex": _TEXT,
        "statusListCredential": _IDENTIFIER,
    },
}

_SCHEME = re.compile(r"[^:]+:(?://)?")
_NAMELESS = r"_:c14n[0-9]+"
# One statement of the default graph (RDF 1.1 N-Quads, 7.1), in canonical form.
_STATEMENT = re.compile(
    rf"(<[^>]*>|{_NAMELESS}) (<[^>]*>) "
    rf'(<[^>]*>|{_NAMELESS}|"(?:[^"\\]|\\.)*")(\^\^<[^>]*>|@[A-Za-z0-9-]+)? \.'
)
# PyLD rewrites a text that is one of these (1 becomes 1.0E0).
_DOUBLE = "^^<http://www.w3.org/2001/XMLSchema#double>"

# Takes the kind of a place and its text; returns what stands there in the copy.
_Replace = Callable[[str, str], str]


class Shapes:
    """The shapes seen so far. One object serves one thread."""

    def __init__(self):
        self._known: dict[bytes, _Shape | None] = {}

    def canonicalise(self, document: dict) -> str:
        """What ``jsonld.canonicalise`` returns, or raises, for this document."""
        try:
            shape_key, identifiers, texts = _take_apart(document)
        except _UnlikeOthersError:
            return canonicalise(document)
        if shape_key not in self._known:
            statements = canonicalise(document)
            shape = _learn(document)
            if shape and shape.fill(identifiers, texts) != statements:
                shape = None
            self._remember(shape_key, shape)
            return statements
        shape = self._known[shape_key]
        statements = shape.fill(identifiers, texts) if shape else None
        return canonicalise(document) if statements is None else statements

    def _remember(self, shape_key: bytes, shape: "_Shape | None") -> None:
        if len(self._known) >= _MOST_SHAPES:
            del self._known[next(iter(self._known))]
        self._known[shape_key] = shape


class _UnlikeOthersError(Exception):
    """This document has something in a place that no shape can take."""


class _Shape:
    """Statements with numbered gaps: identifiers, then texts, then nameless nodes."""

    def __init__(self, statements: list["_Statement"], nameless: list[str]):
        self.fixed = sorted(s.plain for s in statements if not s.has_gaps)
        self.gaps = "\n".join(s.template({}) for s in statements if s.has_gaps)
        self.named = frozenset(name for s in statements for name in s.named)
        # For each nameless node its statements, or their hash where that is always the same.
        self.nodes: list[tuple[str, str]] = []
        for node in nameless:
            labels = {other: "_:a" if other == node else "_:z" for other in nameless}
            about = [s for s in statements if node in s.terms]
            lines = "\n".join(s.template(labels) for s in about)
            fixed = not any(s.has_values for s in about)
            self.nodes.append((lines, _hash(lines.format()) if fixed else ""))

    def fill(self, identifiers: list[str], texts: list[str]) -> str | None:
        """The canonical statements with these values, or None when the shape cannot tell."""
        if len(set(identifiers)) < len(identifiers) or not self.named.isdisjoint(identifiers):
            return None
        values = [*identifiers, *map(escape, texts)]
        hashes = [fixed or _hash(lines.format(*values)) for lines, fixed in self.nodes]
        if len(set(hashes)) < len(hashes):
            return None
        ranks = {digest: rank for rank, digest in enumerate(sorted(hashes))}
        labels = [f"_:c14n{ranks[digest]}" for digest in hashes]
        # Line ends in texts are escaped: each of these is one statement.
        lines = self.fixed + self.gaps.format(*values, *labels).split("\n")
        if len(set(lines)) < len(lines):
            return None
        lines.sort()
        return "\n".join(lines) + "\n"


class _Statement:
    """One canonical statement, and which of its terms are gaps."""

    def __init__(self, match: re.Match, gaps: dict[str, str]):
        subject, predicate, object_, datatype = match.groups("")
        self.plain = match.string
        self.terms = (subject, object_)
        self.predicate, self.datatype = predicate, datatype
        self.gaps = gaps
        self.has_gaps = any(term in gaps for term in self.terms)
        self.has_values = any(term in gaps and term[0] in '<"' for term in self.terms)
        self.named = [term[1:-1] for term in self.terms if term[0] == "<" and term not in gaps]

    def template(self, labels: dict[str, str]) -> str:
        """For ``str.format``; ``labels`` say how nameless nodes are written."""
        subject, object_ = (
            labels.get(term) or self.gaps.get(term) or _braced(term) for term in self.terms
        )
        return f"{subject} {_braced(self.predicate)} {object_}{_braced(self.datatype)} ."


def _learn(document: dict) -> _Shape | None:
    """The shape of a document that can be canonicalised, or None when it is not a simple one."""
    words: dict[str, list[str]] = {_IDENTIFIER: [], _TEXT: []}

    def replace(kind: str, value: str) -> str:
        word = secrets.token_hex(16)
        if kind == _IDENTIFIER:
            word = _scheme(value) + word
        words[kind].append(word)
        return word

    sample = _replaced(document, _PLACES, replace)
    try:
        lines = canonicalise(sample).removesuffix("\n").split("\n")
    except UnsignableError:
        return None
    marks = [f"<{word}>" for word in words[_IDENTIFIER]] + [f'"{word}"' for word in words[_TEXT]]
    gaps = {mark: f"{mark[0]}{{{number}}}{mark[-1]}" for number, mark in enumerate(marks)}
    matches = [_STATEMENT.fullmatch(line) for line in lines]
    if not all(matches) or len(set(lines)) < len(lines):
        return None
    terms = {term for match in matches for term in match.group(1, 3)}
    nameless = sorted(term for term in terms if term.startswith("_:"))
    gaps |= {node: f"{{{number}}}" for number, node in enumerate(nameless, len(marks))}
    statements = [_Statement(match, gaps) for match in matches]
    return _Shape(statements, nameless) if marks and _is_simple(statements, marks) else None


def _is_simple(statements: list[_Statement], marks: list[str]) -> bool:
    """Whether each word stands alone in its terms, and in nothing that PyLD rewrites."""
    found = set()
    for statement in statements:
        subject, object_ = statement.terms
        found.update(statement.terms)
        if subject == object_ or (statement.has_values and statement.datatype == _DOUBLE):
            return False
        rest = [term for term in statement.terms if term not in statement.gaps]
        rest += [statement.predicate, statement.datatype]
        if any(mark[1:-1] in part for mark in marks for part in rest):
            return False
    return found.issuperset(marks)


def _take_apart(document: dict) -> tuple[bytes, list[str], list[str]]:
    """What is the same in all documents of a shape, and this one's identifiers and texts."""
    identifiers: list[str] = []
    texts: list[str] = []

    def replace(kind: str, value: str) -> str:
        if kind == _TEXT:
            texts.append(value)
            return ""
        identifiers.append(value)
        return _scheme(value)

    rest = _replaced(document, _PLACES, replace)
    try:
        check_text("\n".join((*identifiers, *texts)), "")
        # Equal bytes only for equal values of equal types, which neither == nor JSON promises.
        # Version 2 has no references, so equal values do give equal bytes.
        return marshal.dumps(rest, 2), identifiers, texts
    except (UnsignableError, ValueError) as error:
        raise _UnlikeOthersError from error


def _replaced(members: dict, places: dict, replace: _Replace) -> dict:
    """A copy with ``replace(kind, text)`` in each of ``places``."""
    copy = {}
    for name, value in members.items():
        place = places.get(name)
        if place is None:
            copy[name] = value
        elif isinstance(place, str):
            if type(value) is not str or (place == _IDENTIFIER and not IRI.fullmatch(value)):
                raise _UnlikeOthersError
            copy[name] = replace(place, value)
        elif type(value) is dict:
            copy[name] = _replaced(value, place, replace)
        elif type(value) is list:
            copy[name] = [
                _replaced(item, place, replace) if type(item) is dict else item for item in value
            ]
        else:
            copy[name] = value
    return copy


def _scheme(identifier: str) -> str:
    """``https://``, ``urn:``: what decides how JSON-LD reads the rest (JSON-LD 1.1 API, 5.2)."""
    return _SCHEME.match(identifier).group()


def _hash(lines: str) -> str:
    """Hash First Degree Quads of statements that are filled in (RDFC-1.0, 4.6)."""
    return sha256(("\n".join(sorted(lines.split("\n"))) + "\n").encode()).hexdigest()


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
