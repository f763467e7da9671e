"""What a badge's credential says beside its texts: skills, level, pictures, languages, why."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges import skills
from wagtail_col.badges.awarding import award
from wagtail_col.badges.certifying import claim_of
from wagtail_col.badges.models import AchievementSkill, Level, Picture, Skill, SkillName
from wagtail_col.badges.openbadges.verification import CheckCode
from wagtail_col.badges.verifying import verify_text

from .build import BECAUSE, badge, slovene

pytestmark = pytest.mark.django_db

#: What the official JSON schema demands of a language.
LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
#: A file with the official schema (ob_v3p0_achievementcredential_schema.json), which may not be
#: copied into this project.
SCHEMA = os.environ.get("OPEN_BADGES_SCHEMA", "")


def rich(**values):
    """An achievement that says all there is to say."""
    made = AchievementFactory(level="intermediate", lasts_months=24, **values)
    slovene(made)
    AchievementTextFactory(achievement=made, language="pt-br", name="Explorador")
    esco = Skill.objects.create(framework="esco", uri="http://data.europa.eu/esco/skill/1")
    SkillName.objects.create(skill=esco, language="en", name="work in teams")
    own = Skill.objects.create(code="B 7")
    SkillName.objects.create(skill=own, language="en", name="repair bicycles")
    SkillName.objects.create(skill=own, language="sl", name="popravljati kolesa")
    for skill in (own, esco):
        AchievementSkill.objects.create(achievement=made, skill=skill)
    return made


def said(given) -> dict:
    return json.loads(given.credential)


def claim(given) -> dict:
    return said(given)["credentialSubject"]["achievement"]


class TestSkills:
    def test_stand_in_the_credential_in_the_learners_language(self):
        made = rich()
        own, esco = (one.skill for one in made.skills.order_by("pk"))
        assert claim(badge(achievement=made, language="sl"))["alignment"] == [
            {
                "type": ["Alignment"],
                "targetName": "popravljati kolesa",
                "targetUrl": f"http://testserver/col/badges/skills/{own.pk}/",
                "targetCode": "B 7",
                "targetType": "ext:Skill",
            },
            {
                "type": ["Alignment"],
                "targetName": "work in teams",
                "targetUrl": esco.uri,
                "targetFramework": "ESCO",
                "targetType": "ext:Skill",
            },
        ]

    def test_a_target_type_is_one_the_schema_knows(self):
        assert re.fullmatch(r"(ext:)[a-z|A-Z|0-9|.|-|_]+", skills.TARGET_TYPE)

    def test_without_a_name_is_left_out(self):
        made = AchievementFactory()
        AchievementSkill.objects.create(achievement=made, skill=Skill.objects.create())
        assert "alignment" not in claim(badge(achievement=made))

    def test_of_an_own_framework_have_a_page(self, client):
        made = rich()
        own, esco = (one.skill for one in made.skills.order_by("pk"))
        page = client.get(f"/col/badges/skills/{own.pk}/?lang=sl").text
        assert "Popravljati kolesa" in page and "Raziskovalka" in page
        page = client.get(f"/col/badges/skills/{esco.pk}/").text
        assert esco.uri in page and "ESCO" in page
        assert client.get("/col/badges/skills/999999/").status_code == 404


class TestLoading:
    def test_is_the_same_however_often(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(10):
            new = skills.load()
        assert new == Skill.objects.count() == 95 + 26 + 9
        name = SkillName.objects.get(name="work in teams")
        name.name = "work with others"
        name.save()
        SkillName.objects.create(skill=name.skill, language="sl", name="delati v skupini")
        assert skills.load() == 0
        assert {one.name for one in name.skill.names.all()} == {
            "work with others",
            "delati v skupini",
        }

    def test_what_is_shipped_can_be_named(self):
        skills.load()
        for skill in Skill.objects.prefetch_related("names"):
            assert skill.uri.startswith(("http://data.europa.eu/esco/skill/", "https://doi.org/"))
            assert str(skill) == str(skill).strip() != ""
            assert skill.framework in ("esco", "digcomp", "lifecomp")
            skill.full_clean()
        assert Skill.objects.get(code="2.6").names.get().name == "manage digital identity"


class TestLevel:
    def test_is_said_with_all_there_are(self):
        given = badge(achievement=rich())
        [description] = claim(given)["resultDescription"]
        assert description["resultType"] == "RubricCriterionLevel"
        levels = description["rubricCriterionLevel"]
        assert [level["level"] for level in levels] == ["1", "2", "3", "4"]
        assert [level["id"].rpartition("-")[2] for level in levels] == Level.values[1:]
        [result] = said(given)["credentialSubject"]["result"]
        assert result["resultDescription"] == description["id"]
        assert result["achievedLevel"] == description["requiredLevel"] == levels[1]["id"]

    def test_is_left_out_where_there_is_none(self):
        given = badge()
        assert "resultDescription" not in claim(given)
        assert "result" not in said(given)["credentialSubject"]


class TestLanguages:
    def test_the_learners_and_the_others_as_related(self):
        found = claim(badge(achievement=rich(), language="sl"))
        assert found["inLanguage"] == "sl"
        assert [one["inLanguage"] for one in found["related"]] == ["en", "pt-BR"]

    @pytest.mark.parametrize("language", ["en", "sl", "pt-br", "zh-hans", "es-419", "sr-latn-rs"])
    def test_are_written_as_the_schema_demands(self, language):
        made = AchievementFactory(text__language=language)
        from wagtail_col.badges.openbadges.credential import achievement_document

        found = achievement_document(claim_of(made, language))["inLanguage"]
        assert LANGUAGE.fullmatch(found)
        assert found.lower() == language


class TestPicture:
    @pytest.mark.parametrize(
        ("media_type", "name"), [("image/png", "badge.png"), ("image/svg+xml", "badge.svg")]
    )
    def test_an_uploaded_one_is_named_as_what_it_is(self, media_type, name):
        picture = Picture.objects.create(media_type=media_type, content=b"x", width=512, height=512)
        given = badge(achievement=AchievementFactory(picture=picture))
        image = claim(given)["image"]["id"]
        assert image.split("?")[0].endswith(f"/{name}")


class TestWhy:
    def test_holds_what_the_organiser_wrote_and_who_assessed(self):
        given, _new = award(
            AchievementFactory(),
            UserFactory(),
            because={**BECAUSE, "by": "evidence", "assessed": "peer"},
            language="en",
            narrative="Ran the whole workshop.",
        )
        [evidence] = said(given)["evidence"]
        assert evidence["narrative"].startswith("Ran the whole workshop.\n\n")
        assert "Somebody who has this badge looked at it." in evidence["narrative"]
        assert evidence["type"] == ["Evidence"]


class TestAsAWhole:
    def test_verifies(self):
        report = verify_text(badge(achievement=rich(), narrative="Well done.").credential)
        assert report.ok
        assert {check.code for check in report.checks} >= {CheckCode.SIGNATURE, CheckCode.STATUS}

    def test_lists_are_lists_and_there_is_one_status(self):
        document = said(badge(achievement=rich()))

        def walk(value):
            if isinstance(value, dict):
                if value.get("type") not in (None, "Image", "IdentityObject") and (
                    set(value) & {"targetUrl", "criteria", "resultType", "level", "narrative"}
                ):
                    assert value.get("type") is None or isinstance(value["type"], list)
                for inner in value.values():
                    walk(inner)
            elif isinstance(value, list):
                for inner in value:
                    walk(inner)

        walk(document)
        assert isinstance(document["credentialStatus"], dict)
        assert document["validUntil"] > document["validFrom"]

    @pytest.mark.skipif(not SCHEMA, reason="OPEN_BADGES_SCHEMA names no file with the schema")
    @pytest.mark.parametrize("language", ["en", "sl", "pt-br"])
    @pytest.mark.parametrize("has_email", [True, False])
    def test_passes_the_official_schema(self, language, has_email):
        from jsonschema import Draft201909Validator, FormatChecker

        schema = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
        validator = Draft201909Validator(schema, format_checker=FormatChecker())
        learner = UserFactory(**({} if has_email else {"email": ""}))
        given = badge(learner, rich(), language=language, narrative="Well done.")
        assert [error.message for error in validator.iter_errors(said(given))] == []
        assert validator.is_valid(said(badge()))
        assert not validator.is_valid(said(given) | {"credentialStatus": []})
