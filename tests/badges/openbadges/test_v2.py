"""Open Badges 2.0 documents: what they say, and what has to be there."""

from datetime import UTC, datetime

import pytest

from wagtail_col.badges.openbadges import v2
from wagtail_col.badges.openbadges.errors import FieldError

URL = "https://city.example/badges/1"
MOMENT = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)
BADGE = v2.BadgeClass(
    id=URL,
    name="Río limpio",
    description="Measures water.",
    criteria="Three measurements.",
    criteria_url=f"{URL}#criteria",
    image=f"{URL}.png",
    issuer="https://city.example/issuer",
)


def test_an_assertion_has_what_the_standard_asks_for_and_nothing_empty():
    said = v2.assertion(
        f"{URL}/a",
        badge=URL,
        recipient=v2.Recipient("sha256$00", "Kosher"),
        issued_on=MOMENT,
        evidence=(v2.Evidence("Was there."),),
    )
    assert said == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{URL}/a",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": "Kosher",
            "identity": "sha256$00",
        },
        "badge": URL,
        "verification": {"type": "hosted"},
        "issuedOn": "2026-05-04T10:20:30Z",
        "evidence": [{"narrative": "Was there."}],
    }


def test_it_says_when_it_ends():
    said = v2.assertion(
        URL, badge=URL, recipient=v2.Recipient("urn:uuid:x"), issued_on=MOMENT, expires=MOMENT
    )
    assert said["expires"] == "2026-05-04T10:20:30Z"
    assert said["recipient"] == {"type": "id", "hashed": False, "identity": "urn:uuid:x"}


def test_the_recipient_is_the_one_that_was_signed():
    identifier = {"hashed": True, "identityHash": "sha256$00", "salt": "Kosher"}
    subject = {"id": "urn:uuid:x", "identifier": [identifier]}
    assert v2.recipient_of(subject) == v2.Recipient("sha256$00", "Kosher")
    assert v2.recipient_of({"id": "urn:uuid:x"}) == v2.Recipient("urn:uuid:x")
    with pytest.raises(FieldError):
        v2.recipient_of({})


def test_a_badge_class_aligns_with_skills():
    skill = v2.Skill("water sampling", "http://data.europa.eu/esco/skill/1", "ESCO")
    said = v2.badge_class(
        v2.BadgeClass(
            **{name: getattr(BADGE, name) for name in BADGE.__slots__} | {"skills": (skill,)}
        )
    )
    assert said["alignment"] == [
        {
            "targetName": "water sampling",
            "targetUrl": "http://data.europa.eu/esco/skill/1",
            "targetFramework": "ESCO",
        }
    ]
    assert said["criteria"] == {"id": f"{URL}#criteria", "narrative": "Three measurements."}
    assert "@language" not in said


@pytest.mark.parametrize("name", ["id", "name", "description", "image", "issuer"])
def test_what_is_needed_is_needed(name):
    values = {each: getattr(BADGE, each) for each in BADGE.__slots__} | {name: ""}
    with pytest.raises(FieldError, match=name):
        v2.badge_class(v2.BadgeClass(**values))


@pytest.mark.parametrize("name", ["id", "name", "url"])
def test_an_issuer_too(name):
    values = {"id": URL, "name": "City", "url": URL}
    assert v2.issuer(v2.Issuer(**values))["type"] == "Issuer"
    with pytest.raises(FieldError, match=name):
        v2.issuer(v2.Issuer(**values | {name: ""}))


def test_what_was_taken_back_says_only_that():
    said = v2.revoked(URL)
    assert (said["id"], said["revoked"]) == (URL, True)
    assert set(said) == {"@context", "type", "id", "revoked"}
