"""Open Badges 3.0 credentials before signing: what they say, as dataclasses, and as JSON.

Source: Open Badges 3.0, sections B.1 (data models); VC Data Model 2.0, section 4.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from .dates import write_moment
from .errors import FieldError, Reason
from .jsonld import CREDENTIALS, EXTENSIONS, OPEN_BADGES

SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|^`\\\x7f]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Profile:
    """Who issues: ``id`` is the issuer's DID, ``url`` and ``image`` are web addresses."""

    id: str
    name: str
    url: str = ""
    description: str = ""
    email: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A skill in a framework that the achievement answers to (ESCO, DigComp…)."""

    target_name: str
    target_url: str
    target_framework: str = ""
    target_code: str = ""
    target_description: str = ""
    target_type: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a scale: ``key`` is a word that makes its identifier, ``name`` is for people."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Scale:
    """At which level the holder can do it, of which ones there are (low to high).

    ``name`` says what is measured. ``reached`` is the key of one of ``levels``.
    """

    name: str
    levels: tuple[Level, ...]
    reached: str


@dataclass(frozen=True, slots=True)
class AchievementClaim:
    """What the badge says its holder can do or has done.

    ``criteria`` is text (Markdown); ``criteria_id`` a page that shows it. ``image`` is a web
    address. ``language`` is a BCP 47 tag; ``other_languages`` are pairs of such a tag and the
    web address of the same achievement in that language.
    """

    id: str
    name: str
    description: str
    criteria: str
    criteria_id: str = ""
    image: str = ""
    achievement_type: str = "Badge"
    alignments: tuple[Alignment, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    other_languages: tuple[tuple[str, str], ...] = ()
    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Who earned it: an identifier, a hashed e-mail address, or both.

    The standard wants at least one. A learner who shares neither gets an ``id`` that says
    nothing, such as ``urn:uuid:…``. ``salt`` is random text kept with the award.
    """

    id: str = ""
    email: str = ""
    salt: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """What was done and how it was shown, in words; ``id`` is a web page that shows it."""

    narrative: str
    name: str = ""
    id: str = ""


def identity_hash(identifier: str, salt: str) -> str:
    """``sha256$…``: lower-case hex SHA-256 of identifier and salt (Open Badges 3.0, B.2.11)."""
    return "sha256$" + hashlib.sha256((identifier + salt).encode()).hexdigest()


def build(
    credential_id: str,
    *,
    issuer: Profile,
    achievement: AchievementClaim,
    subject: Subject,
    valid_from: datetime,
    valid_until: datetime | None = None,
    evidence: tuple[EvidenceItem, ...] = (),
    status: dict | list[dict] | None = None,
    name: str = "",
) -> dict:
    """An unsigned OpenBadgeCredential as JSON values, ready for ``proof.sign``.

    ``credential_id`` is where the credential is served; ``status`` an entry from
    ``status.entry``, or several, which the official schema does not allow; ``name`` stands for
    the achievement's own name. Dates are aware.
    Raises ``FieldError`` when something required is missing or impossible.
    """
    document = {
        "@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS],
        "id": _iri(credential_id, "id"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _text(name or achievement.name, "name"),
        "issuer": _issuer(issuer),
        **_validity(valid_from, valid_until),
        "credentialSubject": _subject(subject, achievement),
    }
    if evidence:
        document["evidence"] = [_evidence(item) for item in evidence]
    if status:
        document["credentialStatus"] = status
    document["credentialSchema"] = [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    return document


def achievement_document(claim: AchievementClaim) -> dict:
    """The achievement alone, as its own address serves it. Raises ``FieldError``."""
    return {"@context": [CREDENTIALS, OPEN_BADGES], **_achievement(claim)}


def profile_document(profile: Profile) -> dict:
    """The issuer's profile alone. Raises ``FieldError``."""
    return {"@context": [CREDENTIALS, OPEN_BADGES], **_issuer(profile)}


def _validity(valid_from: datetime, valid_until: datetime | None) -> dict:
    try:
        validity = {"validFrom": write_moment(valid_from)}
        if valid_until is not None:
            validity["validUntil"] = write_moment(valid_until)
    except ValueError as error:
        raise _bad("validFrom", "needs a time zone") from error
    if valid_until is not None and valid_until <= valid_from:
        raise _bad("validUntil", "is not after the start")
    return validity


def _issuer(profile: Profile) -> dict:
    issuer = {
        "id": _iri(profile.id, "issuer.id"),
        "type": ["Profile"],
        "name": _text(profile.name, "issuer.name"),
    }
    if profile.url:
        issuer["url"] = _iri(profile.url, "issuer.url")
    if profile.description:
        issuer["description"] = profile.description
    if profile.email:
        issuer["email"] = profile.email
    if profile.image:
        issuer["image"] = _image(profile.image)
    return issuer


def _subject(subject: Subject, achievement: AchievementClaim) -> dict:
    members: dict = {"type": ["AchievementSubject"]}
    if subject.id:
        members["id"] = _iri(subject.id, "credentialSubject.id")
    if subject.email:
        if not subject.salt:
            raise _bad("credentialSubject.salt", "is needed to hide an e-mail address")
        members["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": identity_hash(subject.email, subject.salt),
                "identityType": "emailAddress",
                "salt": subject.salt,
            }
        ]
    if len(members) == 1:
        raise _bad("credentialSubject", "needs an identifier or an e-mail address")
    members["achievement"] = _achievement(achievement)
    if achievement.scale:
        members["result"] = [
            {
                "type": ["Result"],
                "resultDescription": _scale_id(achievement),
                "achievedLevel": _level_id(achievement, achievement.scale.reached),
            }
        ]
    return members


def _achievement(claim: AchievementClaim) -> dict:
    criteria = {"narrative": _text(claim.criteria, "criteria")}
    if claim.criteria_id:
        criteria["id"] = _iri(claim.criteria_id, "criteria.id")
    members = {
        "id": _iri(claim.id, "achievement.id"),
        "type": ["Achievement"],
        "name": _text(claim.name, "achievement.name"),
        "description": _text(claim.description, "achievement.description"),
        "criteria": criteria,
    }
    if claim.achievement_type:
        members["achievementType"] = claim.achievement_type
    if claim.image:
        members["image"] = _image(claim.image)
    if claim.alignments:
        members["alignment"] = [_alignment(item) for item in dict.fromkeys(claim.alignments)]
    if claim.tags:
        members["tag"] = [_text(tag, "tag") for tag in dict.fromkeys(claim.tags)]
    if claim.language:
        members["inLanguage"] = _language(claim.language)
    if claim.other_languages:
        members["related"] = [
            {
                "id": _iri(address, "related.id"),
                "type": ["Related"],
                "inLanguage": _language(language),
            }
            for language, address in claim.other_languages
        ]
    if claim.scale:
        members["resultDescription"] = [_result_description(claim, claim.scale)]
    return members


def _result_description(claim: AchievementClaim, scale: Scale) -> dict:
    """The level as the classes ResultDescription and RubricCriterionLevel of B.1 have it."""
    if scale.reached not in {level.key for level in scale.levels}:
        raise _bad("achievedLevel", "is none of the levels")
    return {
        "id": _iri(_scale_id(claim), "resultDescription.id"),
        "type": ["ResultDescription"],
        "name": _text(scale.name, "resultDescription.name"),
        "resultType": "RubricCriterionLevel",
        "requiredLevel": _level_id(claim, scale.reached),
        "rubricCriterionLevel": [
            {
                "id": _iri(_level_id(claim, level.key), "rubricCriterionLevel.id"),
                "type": ["RubricCriterionLevel"],
                "name": _text(level.name, "rubricCriterionLevel.name"),
                "level": str(number),
            }
            for number, level in enumerate(scale.levels, 1)
        ],
    }


def _scale_id(claim: AchievementClaim) -> str:
    return f"{claim.id}#level"


def _level_id(claim: AchievementClaim, key: str) -> str:
    return f"{claim.id}#level-{key}"


def _alignment(alignment: Alignment) -> dict:
    members = {
        "type": ["Alignment"],
        "targetName": _text(alignment.target_name, "alignment.targetName"),
        "targetUrl": _iri(alignment.target_url, "alignment.targetUrl"),
    }
    for term, value in (
        ("targetFramework", alignment.target_framework),
        ("targetCode", alignment.target_code),
        ("targetDescription", alignment.target_description),
        ("targetType", alignment.target_type),
    ):
        if value:
            members[term] = value
    return members


def _evidence(item: EvidenceItem) -> dict:
    members: dict = {"type": ["Evidence"]}
    if item.id:
        members["id"] = _iri(item.id, "evidence.id")
    if item.name:
        members["name"] = item.name
    members["narrative"] = _text(item.narrative, "evidence.narrative")
    return members


def _image(address: str) -> dict:
    return {"id": _iri(address, "image"), "type": "Image"}


def _text(value: str, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _bad(field, "is missing")
    return value


def _iri(value: str, field: str) -> str:
    if not isinstance(value, str) or not _ABSOLUTE.fullmatch(value):
        raise _bad(field, "must be a complete web address or identifier")
    return value


def _language(value: str) -> str:
    """The tag as BCP 47 recommends to write it, which the schema demands: pt-BR, zh-Hans-TW."""
    if not _LANGUAGE.fullmatch(value):
        raise _bad("inLanguage", "is not a language tag")
    first, *others = value.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cased.get(len(part), str.lower)(part) for part in others)])


def _bad(field: str, what: str) -> FieldError:
    return FieldError(f"“{field}” {what}.", Reason.BAD_FIELD, member=field)
