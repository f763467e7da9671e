from datetime import datetime, timedelta

import pytest

from wagtail_col.badges.openbadges import credential, dates
from wagtail_col.badges.openbadges.errors import FieldError
from wagtail_col.badges.openbadges.structure import check_badge

from .samples import AWARDED, SITE, achievement


def test_identity_hash_of_the_standard():
    # The example in the definition of IdentityHash.
    assert credential.identity_hash("a@example.com", "Kosher") == (
        "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    )


def test_a_full_credential_has_the_form_of_the_standard(issuer):
    document = issuer.unsigned()
    check_badge(document)
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ]
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["validFrom"] == "2026-05-04T10:20:30Z"
    subject = document["credentialSubject"]
    assert subject["identifier"] == [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": credential.identity_hash("learner@city.example", "Kosher"),
            "identityType": "emailAddress",
            "salt": "Kosher",
        }
    ]
    assert "learner@" not in str(document)
    claim = subject["achievement"]
    assert claim["related"] == [
        {"id": f"{SITE}/en/achievements/7", "type": ["Related"], "inLanguage": "en"}
    ]
    assert [item["targetName"] for item in claim["alignment"]] == ["water sampling", "team work"]
    assert [item["type"] for item in document["evidence"]] == [["Evidence"], ["Evidence"]]
    assert document["credentialStatus"]["statusListIndex"] == "94567"
    assert document["credentialSchema"][0]["type"] == "1EdTechJsonSchemaValidator2019"


def test_nothing_empty_is_written(issuer):
    document = issuer.unsigned(
        issuer=credential.Profile(issuer.did, "Madrid"),
        achievement=credential.AchievementClaim(f"{SITE}/a", "Name", "Text", "Do it."),
        subject=credential.Subject(id="urn:uuid:1"),
        valid_until=None,
        evidence=(),
        status=None,
    )
    check_badge(document)

    def walk(value):
        assert value not in (None, "", [], {})
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, dict | list):
                walk(inner)
            else:
                assert inner not in (None, "")

    walk(document)
    assert not {"validUntil", "evidence", "credentialStatus"} & set(document)
    assert issuer.verify(issuer.sign(document)).ok


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credential_id": "credentials/1"}, "id"),
        ({"valid_from": datetime(2026, 5, 4)}, "validFrom"),  # noqa: DTZ001
        ({"valid_until": AWARDED}, "validUntil"),
        ({"valid_until": AWARDED - timedelta(days=1)}, "validUntil"),
        ({"subject": credential.Subject()}, "credentialSubject"),
        ({"subject": credential.Subject(email="a@b.c")}, "credentialSubject.salt"),
        ({"subject": credential.Subject(id="me")}, "credentialSubject.id"),
        ({"issuer": credential.Profile("did:web:x", " ")}, "issuer.name"),
        ({"issuer": credential.Profile("did:web:x", "X", url="x.example")}, "issuer.url"),
        ({"achievement": achievement(name="")}, "name"),
        ({"achievement": achievement(criteria="")}, "criteria"),
        ({"achievement": achievement(image="/a.png")}, "image"),
        ({"achievement": achievement(language="español!")}, "inLanguage"),
        ({"achievement": achievement(tags=("a", " "))}, "tag"),
        ({"evidence": (credential.EvidenceItem(""),)}, "evidence.narrative"),
    ],
)
def test_impossible_values(issuer, changes, field):
    with pytest.raises(FieldError) as caught:
        issuer.unsigned(**changes)
    assert caught.value.data["member"] == field


@pytest.mark.parametrize(
    "text",
    ["2026-05-04", "2026-05-04T10:20:30", "2026-05-04 10:20:30Z", "2026-13-04T10:20:30Z",
     "2026-05-04T10:20:30+2", "٢٠٢٦-05-04T10:20:30Z", "2026-05-04T10:20:30Z\n", "", None, 5,
     "0000-01-01T00:00:00Z", "2026-05-04T10:20:61Z"],
)  # fmt: skip
def test_moments_that_are_none(text):
    with pytest.raises(ValueError):
        dates.read_moment(text)


def test_moments_are_written_in_utc():
    moment = dates.read_moment("2026-05-04T12:20:30.123456789+02:00")
    assert dates.write_moment(moment) == "2026-05-04T10:20:30Z"
