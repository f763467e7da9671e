"""The members an Open Badges 3.0 credential must have, and the JSON form of those it may have.

Source: Open Badges 3.0, section B.1, and the JSON schemas published with it.
"""

from .dates import read_moment
from .errors import Reason, StructureError, UnsignableError
from .jsonld import check_contexts

_NAMES = {str: "a text", dict: "an object", list: "a list", bool: "true or false"}

# JSON-LD would let these be written in several forms that sign alike; readers expect one.
_TEXTS = (
    "achievementType",
    "audience",
    "description",
    "email",
    "encodedList",
    "endorsementComment",
    "genre",
    "id",
    "identityHash",
    "identityType",
    "inLanguage",
    "name",
    "narrative",
    "official",
    "salt",
    "statusListCredential",
    "statusPurpose",
    "targetCode",
    "targetDescription",
    "targetFramework",
    "targetName",
    "targetType",
    "targetUrl",
    "url",
    "validFrom",
    "validUntil",
    "version",
)
_LISTS = ("alignment", "evidence", "related", "tag")
_OBJECTS = ("achievement", "credentialSubject", "criteria")
_FORMS: dict[str, type] = {
    **dict.fromkeys(_TEXTS, str),
    **dict.fromkeys(_LISTS, list),
    **dict.fromkeys(_OBJECTS, dict),
    "hashed": bool,
}


_BADGES = ("OpenBadgeCredential", "AchievementCredential")


def check_badge(document: dict, *, any_context: bool = False) -> None:
    """Raises ``StructureError`` when this is not an Open Badges 3.0 credential."""
    check_credential(document, _BADGES, any_context=any_context)
    _member(document, "id", str)
    issuer = _member(document, "issuer", dict)
    _member(issuer, "id", str, "issuer.")
    _typed(issuer, ("Profile",), "issuer.")
    subject = _member(document, "credentialSubject", dict)
    _typed(subject, ("AchievementSubject",), "credentialSubject.")
    if not subject.get("id") and not subject.get("identifier"):
        raise _missing("credentialSubject.id")
    achievement = _member(subject, "achievement", dict, "credentialSubject.")
    _typed(achievement, ("Achievement",), "achievement.")
    for name in ("id", "name", "description"):
        _member(achievement, name, str, "achievement.")
    criteria = _member(achievement, "criteria", dict, "achievement.")
    if not criteria.get("id") and not criteria.get("narrative"):
        raise _missing("achievement.criteria.narrative")


def check_endorsement(document: dict, *, any_context: bool = False) -> None:
    """Raises ``StructureError`` when this is not an Open Badges 3.0 EndorsementCredential."""
    check_credential(document, ("EndorsementCredential",), any_context=any_context)
    _member(document, "id", str)
    _member(document, "name", str)
    issuer = _member(document, "issuer", dict)
    _member(issuer, "id", str, "issuer.")
    _typed(issuer, ("Profile",), "issuer.")
    subject = _member(document, "credentialSubject", dict)
    _typed(subject, ("EndorsementSubject",), "credentialSubject.")
    _member(subject, "id", str, "credentialSubject.")


def is_endorsement(document: dict) -> bool:
    """Whether ``document`` says of itself that it is an endorsement, and not a badge."""
    types = document.get("type")
    types = types if isinstance(types, list) else [types]
    return "EndorsementCredential" in types and not any(name in types for name in _BADGES)


def check_credential(document: dict, types: tuple[str, ...], *, any_context: bool = False) -> None:
    """Raises ``StructureError`` unless this is a credential of one of ``types``, with dates.

    ``any_context``: of a token the text is signed and not what it means as JSON-LD, so its
    contexts change nothing.
    """
    if not any_context:
        try:
            check_contexts(document)
        except UnsignableError as error:
            raise StructureError(error.message, error.code, **error.data) from error
    _typed(document, ("VerifiableCredential",))
    _typed(document, types)
    _check_forms(document)
    _moment(document, "validFrom")
    if "validUntil" in document:
        _moment(document, "validUntil")


def _check_forms(value) -> None:
    if isinstance(value, list):
        for item in value:
            _check_forms(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            form = _FORMS.get(name)
            if form and not isinstance(inner, form):
                raise _wrong(name, form)
            _check_forms(inner)


def _member(parent: dict, name: str, form: type, path: str = ""):
    value = parent.get(name)
    if value is None or value == "":
        raise _missing(path + name)
    if not isinstance(value, form):
        raise _wrong(path + name, form)
    return value


def _typed(parent: dict, wanted: tuple[str, ...], path: str = "") -> None:
    types = parent.get("type")
    if types is None:
        raise _missing(f"{path}type")
    types = types if isinstance(types, list) else [types]
    if not any(name in types for name in wanted):
        raise StructureError(
            f"“{path}type” does not say {wanted[0]}.", Reason.WRONG_MEMBER, member=f"{path}type"
        )


def _moment(document: dict, name: str) -> None:
    try:
        read_moment(_member(document, name, str))
    except ValueError as error:
        raise StructureError(
            f"“{name}” is not a date and time with a zone.", Reason.WRONG_MEMBER, member=name
        ) from error


def _missing(name: str) -> StructureError:
    return StructureError(f"“{name}” is missing.", Reason.MISSING_MEMBER, member=name)


def _wrong(name: str, form: type) -> StructureError:
    return StructureError(f"“{name}” is not {_NAMES[form]}.", Reason.WRONG_MEMBER, member=name)
