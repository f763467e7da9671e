"""Endorsements: an organisation says, signed, that it stands by a badge, an issuer or an award.

Source: Open Badges 3.0, B.1 (EndorsementCredential, EndorsementSubject, Profile).
"""

from dataclasses import dataclass
from datetime import datetime

from .credential import Profile, profile_document
from .dates import write_moment
from .errors import FieldError, Reason
from .jsonld import CREDENTIALS, EXTENSIONS, IRI, OPEN_BADGES
from .structure import check_endorsement

SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json"
)


@dataclass(frozen=True, slots=True)
class Endorser:
    """Who stands by it. ``official`` is the person who speaks for the organisation, in words."""

    profile: Profile
    official: str = ""


def build(
    credential_id: str,
    *,
    endorser: Endorser,
    of: str,
    comment: str,
    name: str,
    valid_from: datetime,
    description: str = "",
    status: dict | None = None,
) -> dict:
    """An unsigned EndorsementCredential as JSON values, ready for ``proof.sign``.

    ``of`` is the ``id`` of what is endorsed: an achievement, an issuer or a credential.
    ``comment`` and ``name`` are needed; ``description`` says how it came about; ``status`` is an
    entry from ``status.entry``. Raises ``FieldError`` when something is missing or impossible.
    """
    document = {
        "@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS],
        "id": _iri(credential_id, "id"),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": _text(name, "name"),
    }
    if description:
        document["description"] = description
    document["issuer"] = _issuer(endorser)
    try:
        document["validFrom"] = write_moment(valid_from)
    except ValueError as error:
        raise _bad("validFrom", "needs a time zone") from error
    document["credentialSubject"] = {
        "id": _iri(of, "credentialSubject.id"),
        "type": ["EndorsementSubject"],
        "endorsementComment": _text(comment, "endorsementComment"),
    }
    if status:
        document["credentialStatus"] = dict(status)
    document["credentialSchema"] = [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    check_endorsement(document)
    return document


def _issuer(endorser: Endorser) -> dict:
    issuer = profile_document(endorser.profile)
    del issuer["@context"]
    if endorser.official:
        issuer["official"] = endorser.official
    return issuer


def _text(value: str, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _bad(field, "is missing")
    return value


def _iri(value: str, field: str) -> str:
    if not isinstance(value, str) or not IRI.fullmatch(value):
        raise _bad(field, "must be a complete web address or identifier")
    return value


def _bad(field: str, what: str) -> FieldError:
    return FieldError(f"“{field}” {what}.", Reason.BAD_FIELD, member=field)
