"""Open Badges 2.0 documents, verified by their address ("hosted"): for older wallets.

Values in, JSON values out. Source: Open Badges 2.0, sections 4 (data classes) and 5.1 (hosted).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .dates import write_moment
from .errors import FieldError, Reason

CONTEXT = "https://w3id.org/openbadges/v2"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: ``id`` is the web address of this document."""

    id: str
    name: str
    url: str
    email: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Skill:
    """What the badge aligns with: a framework's word for it and its address there."""

    name: str
    url: str
    framework: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class BadgeClass:
    """What a badge says. ``id``, ``image``, ``criteria_url`` and ``issuer`` are web addresses."""

    id: str
    name: str
    description: str
    criteria: str
    criteria_url: str
    image: str
    issuer: str
    language: str = ""
    skills: tuple[Skill, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who has it: a salted hash of an e-mail address, or an identifier that says nothing."""

    identity: str
    salt: str = ""

    @property
    def is_hashed(self) -> bool:
        return self.identity.startswith("sha256$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why it was given, in words."""

    narrative: str
    id: str = ""


def issuer(values: Issuer) -> dict:
    """An ``Issuer``. Raises ``FieldError`` when something required is missing."""
    return _whole(
        {
            "@context": CONTEXT,
            "type": "Issuer",
            "id": _needed(values.id, "id"),
            "name": _needed(values.name, "name"),
            "url": _needed(values.url, "url"),
            "email": values.email,
            "description": values.description,
        }
    )


def badge_class(values: BadgeClass) -> dict:
    """A ``BadgeClass``. Raises ``FieldError`` when something required is missing."""
    return _whole(
        {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": _needed(values.id, "id"),
            "name": _needed(values.name, "name"),
            "description": _needed(values.description, "description"),
            "image": _needed(values.image, "image"),
            "criteria": {"id": values.criteria_url, "narrative": values.criteria},
            "issuer": _needed(values.issuer, "issuer"),
            "@language": values.language,
            "alignment": [
                _whole(
                    {
                        "targetName": skill.name,
                        "targetUrl": skill.url,
                        "targetFramework": skill.framework,
                        "targetCode": skill.code,
                    }
                )
                for skill in values.skills
            ],
        }
    )


def assertion(
    assertion_id: str,
    *,
    badge: str,
    recipient: Recipient,
    issued_on: datetime,
    expires: datetime | None = None,
    evidence: tuple[Evidence, ...] = (),
    image: str = "",
) -> dict:
    """A hosted ``Assertion``. ``assertion_id`` is where it is served, ``badge`` the address of its
    BadgeClass; moments are aware. Raises ``FieldError`` when something required is missing."""
    return _whole(
        {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": _needed(assertion_id, "id"),
            "recipient": _recipient(recipient),
            "badge": _needed(badge, "badge"),
            "verification": {"type": "hosted"},
            "issuedOn": write_moment(issued_on),
            "expires": write_moment(expires) if expires else "",
            "image": image,
            "evidence": [_whole({"id": each.id, "narrative": each.narrative}) for each in evidence],
        }
    )


def revoked(assertion_id: str) -> dict:
    """What is served, with 410, in place of an assertion that was taken back (section 5.1)."""
    return {"@context": CONTEXT, "type": "Assertion", "id": assertion_id, "revoked": True}


def recipient_of(subject: Mapping) -> Recipient:
    """The same recipient as in a credential of Open Badges 3.0 (``credentialSubject``).

    Raises ``FieldError`` when it has none.
    """
    for identity in subject.get("identifier") or []:
        if identity.get("hashed"):
            return Recipient(identity["identityHash"], identity.get("salt", ""))
    return Recipient(_needed(subject.get("id", ""), "recipient"))


def _recipient(values: Recipient) -> dict:
    if values.is_hashed:
        return _whole(
            {"type": "email", "hashed": True, "salt": values.salt, "identity": values.identity}
        )
    return {"type": "id", "hashed": False, "identity": values.identity}


def _needed(value: str, name: str) -> str:
    if not value:
        raise FieldError(f"“{name}” is missing.", Reason.BAD_FIELD, member=name)
    return value


def _whole(members: dict) -> dict:
    return {name: value for name, value in members.items() if value not in ("", [], None)}
