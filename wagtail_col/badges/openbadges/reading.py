"""What somebody hands over as a badge: JSON, a token, or a picture with one of them inside.

Nothing is proven here; what comes out is only known to be readable, and of which standard.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from . import jwt
from .baking import unbake_png
from .errors import Reason, UnreadableError
from .strictjson import read_object
from .svg_baking import looks_like_svg, unbake_svg

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Where an Open Badges 2.0 document says that it is one.
OLDER_CONTEXT = "https://w3id.org/openbadges/v2"
OLDER_WORDS = "https://w3id.org/openbadges#"
MAX_ADDRESS = 2000

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_CREDENTIALS = ("https://www.w3.org/ns/credentials/", "https://www.w3.org/2018/credentials/")
_OLDER_TYPES = ("Assertion", "BadgeClass", "Issuer", "Profile", "Endorsement", "AlignmentObject")


class Form(StrEnum):
    """Of which standard it is, and how it is secured."""

    OB3_JSON = "ob3-json"
    OB3_JWT = "ob3-jwt"
    OB2_HOSTED = "ob2-hosted"
    OB2_SIGNED = "ob2-signed"


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed over. ``text`` is the JSON or the token as it came; ``document`` its
    content, for a token that of its payload; ``token`` is None for JSON."""

    form: Form
    text: str
    document: dict
    token: jwt.Token | None = None


def is_address(text: str) -> bool:
    """Whether ``text`` is a web address and nothing else."""
    return len(text) <= MAX_ADDRESS and _ADDRESS.fullmatch(text) is not None


def is_picture(data: bytes) -> bool:
    """Whether ``data`` is to be read as a picture rather than as text."""
    return data.startswith(PNG_SIGNATURE) or looks_like_svg(data)


def text_inside(source: bytes | str) -> str:
    """The text of ``source``, which may be a picture, without white space around it.

    It may turn out to be an address: pictures of Open Badges 2.0 may hold no more than that.
    Raises ``BakingError`` and ``UnreadableError``.
    """
    if isinstance(source, bytes):
        if source.startswith(PNG_SIGNATURE):
            source = unbake_png(source)
        elif looks_like_svg(source):
            source = unbake_svg(source)
        else:
            try:
                source = source.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise UnreadableError("This is not UTF-8 text.", Reason.NOT_TEXT) from error
    return source.removeprefix("\ufeff").strip(" \t\r\n")


def read(text: str) -> Given:
    """A badge from its text. Raises ``UnreadableError``."""
    if jwt.looks_like_token(text):
        token = jwt.read(text)
        older = not _is_credential(token.payload)
        form = Form.OB2_SIGNED if older else Form.OB3_JWT
        return Given(form, text, token.payload, token)
    document = read_object(text)
    older = not _is_credential(document) and _is_older(document)
    return Given(Form.OB2_HOSTED if older else Form.OB3_JSON, text, document)


def _is_credential(document: dict) -> bool:
    """Whether it is, or tries to be, a verifiable credential. A token may hold it as ``vc``."""
    if isinstance(document.get("vc"), dict):
        return True
    types = _listed(document.get("type"))
    contexts = _listed(document.get("@context"))
    return "VerifiableCredential" in types or any(
        isinstance(context, str) and context.startswith(_CREDENTIALS) for context in contexts
    )


def _is_older(document: dict) -> bool:
    types, contexts = _listed(document.get("type")), _listed(document.get("@context"))
    return (
        OLDER_CONTEXT in contexts
        or any(name in types for name in _OLDER_TYPES)
        # A copy of the standard's context, written out.
        or any(isinstance(each, dict) and each.get("obi") == OLDER_WORDS for each in contexts)
    )


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
