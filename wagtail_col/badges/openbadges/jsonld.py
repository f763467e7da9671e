"""From a JSON-LD document to the canonical statements that are signed (RDFC-1.0).

PyLD does the work; this module feeds it shipped contexts only and bounds what a stranger's
document can make it do.
"""

import json
import re
import threading
from functools import cache
from importlib import resources
from math import factorial

from frozendict import frozendict
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from .errors import Reason, UnsignableError
from .signable import check_signable

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
# Other issuers name it, though the first one above says the same about proofs.
_DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"

_FILES = {
    CREDENTIALS: "credentials-v2.json",
    OPEN_BADGES: "ob-v3p0-context-3.0.3.json",
    EXTENSIONS: "ob-v3p0-extensions.json",
    _DATA_INTEGRITY: "security-data-integrity-v2.json",
}

# Relative references are resolved against this, which makes them recognisable afterwards:
# a document from nowhere in particular must not contain any.
_BASE = "relative-reference://here/"
# An absolute IRI without the characters that N-Quads would have to escape (RFC 3987). No space of
# any kind: PyLD leaves out, silently, what is said about an identifier with one.
IRI = re.compile(r"(?!relative-reference:)[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|^`\\\x7f]+")

# What is kept of contexts inside of contexts. A badge needs about 15; a stranger's document, in
# which types are nested in whatever order, can ask for any number.
_MOST_SCOPED = 200

# Telling look-alike nameless objects apart takes factorial time. A real badge needs less than 50
# steps; this many take well under a second.
_MAX_STEPS = 1500


@cache
def _context(url: str) -> dict:
    file = resources.files(__package__) / "contexts" / _FILES[url]
    return json.loads(file.read_text(encoding="utf-8"))


def load_document(url: str, options: dict | None = None) -> dict:
    """A PyLD document loader that serves the shipped contexts and refuses everything else."""
    if url not in _FILES:
        raise _unknown_context(url)
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _context(url),
        # Lets PyLD keep the parsed context.
        "tag": "static",
    }


def check_contexts(document: dict) -> None:
    """Raises ``UnsignableError`` unless ``@context`` is a list of contexts shipped here.

    The list starts with the credentials context and names each one once (VC Data Model 2.0, 4.3).
    """
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS:
        raise UnsignableError(
            f"“@context” must be a list that starts with {CREDENTIALS}.",
            Reason.UNKNOWN_CONTEXT,
            context=_shown(contexts[0] if isinstance(contexts, list) and contexts else contexts),
        )
    for position, url in enumerate(contexts):
        if not isinstance(url, str) or url not in _FILES or url in contexts[:position]:
            raise _unknown_context(_shown(url))


def canonicalise(document: dict) -> str:
    """The document as sorted canonical N-Quads (RDFC-1.0, also known as URDNA2015).

    Raises ``UnsignableError`` for a document that says anything these statements leave out; a
    term that no context defines is named in the message.
    """
    check_contexts(document)
    check_signable(document)
    options = {
        "base": _BASE,
        "documentLoader": load_document,
        "contextResolver": _local.resolver,
        "processingMode": "json-ld-1.1",
    }
    try:
        dataset = _StrictProcessor().to_rdf(document, options)
    except JsonLdError as error:
        raise UnsignableError(
            "This is not a usable JSON-LD document.", Reason.UNUSUAL_SPELLING
        ) from error
    return _BoundedCanonicaliser().main(dataset, {"format": "application/n-quads"})


class _Local(threading.local):
    """PyLD's caches are not safe to share between threads: each thread has its own."""

    def __init__(self):
        self.resolver = ContextResolver({}, load_document)
        self.scoped: dict[tuple, tuple] = {}


_local = _Local()


class _StrictProcessor(JsonLdProcessor):
    """Refuses what expansion would drop or resolve on its own."""

    def __init__(self):
        super().__init__(on_property_dropped=_refuse_term)

    def _process_context(self, active_ctx, local_ctx, options, **how):
        """What a type's or a term's own context means where it is used is worked out once.

        PyLD does it anew for every object: half of the time that a badge takes. ``how`` is empty
        for a context that stands in the document itself, and has ``cycles`` while one is read.
        """
        if not how or "cycles" in how or not isinstance(active_ctx, frozendict):
            return super()._process_context(active_ctx, local_ctx, options, **how)
        known = _local.scoped
        key = (id(active_ctx), id(local_ctx), tuple(sorted(how.items())))
        if key not in known:
            found = super()._process_context(active_ctx, local_ctx, options, **how)
            if len(known) >= _MOST_SCOPED:
                known.clear()
            # Kept together with what the key names, so that no other object gets its place.
            known[key] = (found, active_ctx, local_ctx)
            return found
        return known[key][0]

    def expand(self, input_, options):
        expanded = super().expand(input_, options)
        _check_expanded(expanded)
        return expanded


def _check_expanded(value) -> None:
    if isinstance(value, list):
        for item in value:
            _check_expanded(item)
    elif isinstance(value, dict):
        if value.get("@type") == "@json":
            raise UnsignableError(
                "This contains free JSON, which badges do not use.", Reason.UNUSUAL_SPELLING
            )
        for key, inner in value.items():
            if key == "@id":
                _check_iri(inner)
            elif key == "@type":
                for name in inner if isinstance(inner, list) else [inner]:
                    _check_type(name)
            elif key != "@value":
                _check_expanded(inner)


def _check_iri(iri) -> None:
    if not isinstance(iri, str) or not IRI.fullmatch(iri):
        shown = _shown(iri).removeprefix(_BASE)
        raise UnsignableError(
            f"“{shown}” is not a complete web address or identifier.",
            Reason.BAD_IDENTIFIER,
            id=shown,
        )


def _check_type(iri) -> None:
    if not isinstance(iri, str) or not IRI.fullmatch(iri):
        _refuse_term(_shown(iri).removeprefix(_BASE))


def _refuse_term(name) -> None:
    raise UnsignableError(
        f"No context defines “{_shown(name)}”, so a signature would not cover it.",
        Reason.UNDEFINED_TERM,
        member=_shown(name),
    )


class _BoundedCanonicaliser(URDNA2015):
    """Stops when telling nameless objects apart takes more steps than any real badge needs."""

    def __init__(self):
        super().__init__()
        self.steps = 0

    def create_hash_to_related(self, id_, issuer):
        related = super().create_hash_to_related(id_, issuer)
        self.steps += 1
        for group in related.values():
            # Every order of a group is tried; 8! is beyond the limit already.
            self.steps += factorial(min(len(group), 8))
        if self.steps > _MAX_STEPS:
            raise UnsignableError(
                "Too many parts of this document look alike.",
                Reason.TOO_COMPLEX,
                limit=_MAX_STEPS,
            )
        return related


def _unknown_context(url: str) -> UnsignableError:
    return UnsignableError(
        f"The context “{url[:200]}” is not one that is known here.",
        Reason.UNKNOWN_CONTEXT,
        context=url[:200],
    )


def _shown(value) -> str:
    return str(value)[:200]
