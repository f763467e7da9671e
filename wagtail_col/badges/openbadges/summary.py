"""What a badge says, as plain text for people, from whichever standard it is written in.

Nothing is checked here, and nothing is trusted: every text is cut to a length, every address is
one of the web or left out.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

MOST_NAME = 500
MOST_TEXT = 10_000
MOST_ADDRESS = 2000
# Control characters that no page can show, and the ones that turn the direction of a text.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Summary:
    """Who says what about whom. Texts may be empty; moments are aware."""

    identifier: str = ""
    name: str = ""
    description: str = ""
    criteria: str = ""
    criteria_url: str = ""
    achievement_id: str = ""
    issuer_id: str = ""
    issuer_name: str = ""
    issuer_url: str = ""
    awarded_at: datetime | None = None
    valid_until: datetime | None = None
    narrative: str = ""
    image: str = ""
    is_endorsement: bool = False
    alignments: tuple[tuple[str, str], ...] = field(default=())


def of_credential(document: dict) -> Summary:
    """From an Open Badges 3.0 credential, whatever is in it."""
    subject = an_object(document.get("credentialSubject"))
    achievement = an_object(subject.get("achievement"))
    issuer = document.get("issuer")
    issuer = issuer if isinstance(issuer, dict) else {"id": issuer}
    criteria = an_object(achievement.get("criteria"))
    is_endorsement = "endorsementComment" in subject
    return Summary(
        identifier=identifier(document.get("id")),
        name=name(achievement.get("name")) or name(document.get("name")),
        description=text(
            subject.get("endorsementComment") if is_endorsement else achievement.get("description")
        ),
        criteria=text(criteria.get("narrative")),
        criteria_url=web_address(criteria.get("id")),
        achievement_id=identifier(achievement.get("id")),
        issuer_id=identifier(issuer.get("id")),
        issuer_name=name(issuer.get("name")),
        issuer_url=web_address(issuer.get("url")),
        awarded_at=moment(document.get("awardedDate"))
        or moment(document.get("validFrom"))
        or moment(document.get("issuanceDate")),
        valid_until=moment(document.get("validUntil")) or moment(document.get("expirationDate")),
        narrative=text(subject.get("narrative")),
        image=address_of_image(achievement.get("image")),
        is_endorsement=is_endorsement,
        alignments=_alignments(achievement.get("alignment")),
    )


def of_assertion(assertion: dict, badge: dict, issuer: dict) -> Summary:
    """From an Open Badges 2.0 assertion with its badge class and issuer, as far as known."""
    criteria = badge.get("criteria")
    criteria_object = an_object(criteria)
    return Summary(
        identifier=identifier(assertion.get("id")),
        name=name(badge.get("name")),
        description=text(badge.get("description")),
        criteria=text(criteria_object.get("narrative")),
        criteria_url=web_address(criteria if isinstance(criteria, str) else criteria_object["id"])
        if isinstance(criteria, str) or "id" in criteria_object
        else "",
        achievement_id=identifier(badge.get("id")),
        issuer_id=identifier(issuer.get("id")),
        issuer_name=name(issuer.get("name")),
        issuer_url=web_address(issuer.get("url")),
        awarded_at=moment(assertion.get("issuedOn")),
        valid_until=moment(assertion.get("expires")),
        narrative=text(assertion.get("narrative")),
        image=address_of_image(badge.get("image")),
        alignments=_alignments(badge.get("alignment")),
    )


def name(value: object) -> str:
    """One line."""
    return " ".join(text(value).split())[:MOST_NAME]


def text(value: object) -> str:
    """A text in one language; of a text in many the first one."""
    if isinstance(value, dict):
        value = next((each for each in value.values() if isinstance(each, str)), "")
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, str)), "")
    return _UNSHOWN.sub("", value)[:MOST_TEXT].strip() if isinstance(value, str) else ""


def identifier(value: object) -> str:
    return _UNSHOWN.sub("", value)[:MOST_ADDRESS] if isinstance(value, str) else ""


def web_address(value: object) -> str:
    """``value`` when it is an address of the web, else nothing: it may become a link."""
    value = identifier(value)
    return value if value.startswith(("https://", "http://")) else ""


def address_of_image(value: object) -> str:
    """Where a picture is, or the picture itself as a ``data:`` address."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str) and value.startswith("data:image/"):
        return value
    return web_address(value)


def moment(value: object) -> datetime | None:
    """A moment, aware; written as ISO 8601 in any of its forms, or in seconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            found = datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", value))
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def an_object(value: object) -> dict:
    """``value`` as an object: of a list the first one, of anything else an empty one."""
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, dict)), {})
    return value if isinstance(value, dict) else {}


def _alignments(value: object) -> tuple[tuple[str, str], ...]:
    listed = value if isinstance(value, list) else [value]
    pairs = [
        (name(each.get("targetName")), web_address(each.get("targetUrl")))
        for each in listed[:50]
        if isinstance(each, dict)
    ]
    return tuple(pair for pair in pairs if pair[0])
