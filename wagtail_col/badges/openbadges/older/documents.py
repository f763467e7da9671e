"""What the documents of Open Badges 2.0 must have: assertion, badge class, issuer, key, list.

Source: Open Badges 2.0, "Data Classes". They are read as plain JSON: a document whose words could
mean something else by a context of its own is not read.
"""

from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ..dates import CLOCK_TOLERANCE
from ..errors import OpenBadgesError, Reason, StructureError
from ..jwk import PublicKey
from ..reading import OLDER_CONTEXT, OLDER_WORDS
from ..summary import moment

#: The classes of the standard, by the names its context gives them.
CLASSES = frozenset(
    (
        "AlignmentObject",
        "Assertion",
        "BadgeClass",
        "Criteria",
        "CryptographicKey",
        "Endorsement",
        "Evidence",
        "Extension",
        "FrameValidation",
        "IdentityObject",
        "Image",
        "Issuer",
        "Profile",
        "RevocationList",
        "TypeValidation",
        "VerificationObject",
    )
)
HOSTED, SIGNED = ("HostedBadge", "hosted"), ("SignedBadge", "signed")
MOST_TYPES = 10


def listed(value: object) -> list:
    """``value`` as a list: nothing, one or many, as JSON-LD has it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def check_assertion(document: dict) -> None:
    """Raises ``StructureError`` when this is not an assertion: a badge that was given."""
    check_context(document)
    types = check_types(document)
    if "Assertion" not in types:
        raise StructureError(
            "This describes something about badges; it is not one that somebody was given.",
            Reason.NOT_AN_AWARD,
            member=str(types[0])[:80],
        )
    _text(document, "id")
    if not isinstance(document.get("badge"), str | dict):
        raise _missing("badge")
    _check_recipient(document.get("recipient"))
    if verification_type(document) is None:
        raise _wrong("verification.type")
    if moment(document.get("issuedOn")) is None:
        raise _missing("issuedOn") if "issuedOn" not in document else _wrong("issuedOn")
    if "expires" in document and moment(document["expires"]) is None:
        raise _wrong("expires")
    for image in listed(document.get("image")):
        address = image.get("id") if isinstance(image, dict) else image
        if not is_web_address(address):
            # Only a badge class may hold its picture itself.
            raise _wrong("image")


def check_badge_class(document: dict) -> None:
    check_context(document)
    _check_class(document, ("BadgeClass",), "badge")
    for name in ("name", "description"):
        _text(document, name, "badge.")
    if not isinstance(document.get("criteria"), str | dict | list):
        raise _missing("badge.criteria")
    if not isinstance(document.get("issuer"), str | dict):
        raise _missing("badge.issuer")


def check_issuer(document: dict) -> None:
    check_context(document)
    _check_class(document, ("Issuer", "Profile"), "issuer")
    _text(document, "name", "issuer.")


def check_context(document: dict) -> None:
    """Raises ``StructureError`` unless the words of ``document`` are those of the standard.

    Extensions have a context of their own inside; one beside the standard's could give any word
    another meaning. A context that is written out is accepted where it is the standard's own.
    """
    contexts = listed(document.get("@context"))
    own = [each for each in contexts if isinstance(each, dict) and _is_standards_own(each)]
    if not contexts or (OLDER_CONTEXT not in contexts and not own) or len(contexts) > 1:
        shown = next((each for each in contexts if each != OLDER_CONTEXT), contexts)
        raise StructureError(
            f"“@context” is not {OLDER_CONTEXT} alone.",
            Reason.UNKNOWN_CONTEXT,
            context=str(shown)[:200],
        )


def check_types(document: dict) -> list[str]:
    """The types of ``document``. Raises ``StructureError`` for none, and for one that is neither
    the standard's nor a complete address."""
    types = listed(document.get("type"))
    if not types:
        raise _missing("type")
    for name in types[:MOST_TYPES]:
        if not isinstance(name, str) or not (
            name in CLASSES or is_web_address(name) or name.startswith("extensions:")
        ):
            raise _wrong("type")
    return types


def verification_type(document: dict) -> str | None:
    """``"hosted"``, ``"signed"``, or None. Open Badges 1.1 called the member ``verify``."""
    verification = document.get("verification", document.get("verify"))
    types = listed(verification.get("type")) if isinstance(verification, dict) else []
    if any(name in HOSTED for name in types):
        return "hosted"
    return "signed" if any(name in SIGNED for name in types) else None


def check_dates(document: dict, now: datetime) -> None:
    """Raises ``OpenBadgesError`` outside issuedOn…expires (both already checked for form)."""
    start, end = moment(document.get("issuedOn")), moment(document.get("expires"))
    if start is None:
        raise _missing("issuedOn")
    if end is not None and end < start:
        raise OpenBadgesError(
            "This ends before it begins.", Reason.ENDS_BEFORE_START, date=end.isoformat()
        )
    if start > now + CLOCK_TOLERANCE:
        raise OpenBadgesError(
            "This is not valid yet.", Reason.NOT_YET_VALID, date=start.isoformat()
        )
    if end is not None and end < now:
        raise OpenBadgesError("This has expired.", Reason.EXPIRED, date=end.isoformat())


def public_key(document: dict) -> PublicKey:
    """The key of a CryptographicKey. Raises ``StructureError``."""
    if "CryptographicKey" not in listed(document.get("type")):
        raise _wrong("publicKey.type")
    pem = document.get("publicKeyPem")
    if not isinstance(pem, str):
        raise _missing("publicKeyPem")
    try:
        return load_pem_public_key(pem.encode("utf-8", "replace"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise StructureError("The key cannot be read.", Reason.BAD_KEY) from error


def is_web_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def id_of(value: object) -> str:
    """The identifier of what is referred to, which may stand there as a whole; "" for none."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def _is_standards_own(context: dict) -> bool:
    """A copy of the standard's context names its vocabulary, and keeps the two special words."""
    return (
        context.get("obi") == OLDER_WORDS
        and context.get("id") == "@id"
        and context.get("type") == "@type"
    )


def _check_class(document: dict, names: tuple[str, ...], where: str) -> None:
    types = check_types(document)
    if not any(name in types for name in names):
        raise _wrong(f"{where}.type")


def _check_recipient(recipient: object) -> None:
    if not isinstance(recipient, dict):
        raise _missing("recipient")
    _text(recipient, "identity", "recipient.")
    _text(recipient, "type", "recipient.")
    if not isinstance(recipient.get("hashed", False), bool):
        raise _wrong("recipient.hashed")


def _text(parent: dict, name: str, path: str = "") -> None:
    value = parent.get(name)
    if value is None or value == "":
        raise _missing(path + name)
    if not isinstance(value, str):
        raise _wrong(path + name)


def _missing(name: str) -> StructureError:
    return StructureError(f"“{name}” is missing.", Reason.MISSING_MEMBER, member=name)


def _wrong(name: str) -> StructureError:
    return StructureError(f"“{name}” is not what it should be.", Reason.WRONG_MEMBER, member=name)
