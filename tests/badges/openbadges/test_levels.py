"""A level in a credential: as the data model has it, and signed like everything else."""

from dataclasses import replace

import pytest

from wagtail_col.badges.openbadges import credential
from wagtail_col.badges.openbadges.bulk import sign_many
from wagtail_col.badges.openbadges.errors import FieldError
from wagtail_col.badges.openbadges.structure import check_badge

from .samples import AWARDED, SITE, achievement

SCALE = credential.Scale(
    "Level",
    (credential.Level("low", "With help"), credential.Level("high", "On one's own")),
    "high",
)


def subject(number):
    return credential.Subject(email=f"l{number}@city.example", salt=f"salt{number}")


def test_the_result_names_the_level_of_the_description(issuer):
    document = issuer.unsigned(achievement=achievement(scale=SCALE))
    check_badge(document)
    claimed = document["credentialSubject"]
    assert claimed["result"] == [
        {
            "type": ["Result"],
            "resultDescription": f"{SITE}/achievements/7#level",
            "achievedLevel": f"{SITE}/achievements/7#level-high",
        }
    ]
    [description] = claimed["achievement"]["resultDescription"]
    assert description["id"] == f"{SITE}/achievements/7#level"
    assert description["requiredLevel"] == f"{SITE}/achievements/7#level-high"
    assert [level["name"] for level in description["rubricCriterionLevel"]] == [
        "With help",
        "On one's own",
    ]
    assert issuer.verify(issuer.sign(document)).ok


def test_another_level_is_another_badge(issuer):
    document = issuer.signed(achievement=achievement(scale=SCALE))
    document["credentialSubject"]["result"][0]["achievedLevel"] += "er"
    assert not issuer.verify(document).ok


def test_many_are_signed_as_one(issuer):
    documents = [
        issuer.unsigned(
            credential_id=f"{SITE}/credentials/{number}",
            achievement=achievement(scale=SCALE),
            subject=subject(number),
        )
        for number in range(5)
    ]
    signed = sign_many(documents, issuer.private_key, issuer.method, AWARDED)
    assert list(signed) == [issuer.sign(document) for document in documents]


@pytest.mark.parametrize(
    "scale",
    [
        replace(SCALE, reached="highest"),
        replace(SCALE, levels=()),
        replace(SCALE, name=" "),
        replace(SCALE, levels=(credential.Level("high", ""),)),
        replace(SCALE, levels=(credential.Level("hi gh", "x"),), reached="hi gh"),
    ],
    ids=["none-of-them", "no-levels", "no-name", "unnamed-level", "no-identifier"],
)
def test_a_scale_that_cannot_be(issuer, scale):
    with pytest.raises(FieldError):
        issuer.unsigned(achievement=achievement(scale=scale))


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("pt-br", "pt-BR"),
        ("zh-hans", "zh-Hans"),
        ("SR-LATN-RS", "sr-Latn-RS"),
        ("es-419", "es-419"),
    ],
)
def test_languages_are_written_as_bcp_47_recommends(tag, written):
    document = credential.achievement_document(achievement(language=tag))
    assert document["inLanguage"] == written
