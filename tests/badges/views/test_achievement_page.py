"""The page of an achievement: skills, level, how long, and the badges it asks for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.badges.build import badge, slovene
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import about_achievement
from wagtail_col.badges.models import AchievementSkill, Requirement, Skill, SkillName

pytestmark = pytest.mark.django_db

FAR = "https://far.example/badges/7"


def named(name, **values):
    return AchievementFactory(text__name=name, **values)


def asking(*required, elsewhere=(), **values):
    made = named("City explorer", **values)
    for one in required:
        Requirement.objects.create(achievement=made, required=one)
    for address in elsewhere:
        Requirement.objects.create(achievement=made, elsewhere=address, name="Far badge")
    return made


class TestRoute:
    def test_shows_nobody_what_is_asked_for(self, client):
        made = asking(named("Sky"), named("Books"), named("Birds"), needed=2)
        response = client.get(made.get_absolute_url())
        html = response.text
        assert "any 2 of these 3 badges" in html
        assert all(name in html for name in ("Sky", "Books", "Birds"))
        assert "You have" not in html
        assert "no-store" not in response.headers.get("Cache-Control", "")

    def test_shows_a_learner_how_far_they_are_and_no_cache(self, client):
        parts = [named("Sky"), named("Books"), named("Birds")]
        made, learner = asking(*parts, needed=2), UserFactory()
        badge(learner, parts[0])
        client.force_login(learner)
        response = client.get(made.get_absolute_url())
        assert "You have 1 of 2." in response.text
        assert response.text.count("col-station--done") == 1
        assert "private" in response["Cache-Control"] and "no-store" in response["Cache-Control"]
        badge(learner, parts[1])
        assert "You have this badge." in client.get(made.get_absolute_url()).text
        client.logout()
        assert "You have" not in client.get(made.get_absolute_url()).text

    def test_one_from_elsewhere_says_so(self, client):
        html = client.get(asking(elsewhere=[FAR]).get_absolute_url()).text
        assert f'href="{FAR}"' in html and "A badge from elsewhere" in html
        assert "when you have this badge" in html

    def test_a_draft_that_is_asked_for_is_named_without_a_link(self, client):
        draft = named("Not yet", live=False)
        html = client.get(asking(draft).get_absolute_url()).text
        assert "Not yet" in html and "Not given at the moment" in html
        assert str(draft.key) not in html

    def test_queries_do_not_grow(self, client):
        client.force_login(UserFactory())

        def queries(count):
            made = asking(*[named(f"B{n}") for n in range(count)])
            for number in range(count):
                skill = Skill.objects.create()
                SkillName.objects.create(skill=skill, language="en", name=f"skill {number}")
                AchievementSkill.objects.create(achievement=made, skill=skill)
            client.get(made.get_absolute_url())
            with CaptureQueriesContext(connection) as seen:
                assert client.get(made.get_absolute_url()).status_code == 200
            return len(seen)

        assert queries(2) == queries(9)


class TestFacts:
    def test_skills_level_and_how_long(self, client):
        made = named("Explorer", level="advanced", lasts_months=24, assessment="peer")
        slovene(made)
        skill = Skill.objects.create(framework="esco", uri="https://esco.example/1")
        SkillName.objects.create(skill=skill, language="en", name="work in <teams>")
        AchievementSkill.objects.create(achievement=made, skill=skill)
        html = client.get(made.get_absolute_url()).text
        assert "Work in &lt;teams&gt;" in html and "https://esco.example/1" in html
        assert "Advanced: on one" in html and "2 years" in html
        assert "Somebody who has this badge" in html
        html = client.get(made.get_absolute_url(), {"lang": "sl"}).text
        assert 'lang="en">Work in &lt;teams&gt;' in html

    @pytest.mark.parametrize(
        ("months", "said"),
        [(None, ""), (1, "1 month"), (12, "1 year"), (18, "18 months"), (24, "2 years")],
    )
    def test_how_long_in_words(self, months, said):
        made = AchievementFactory.build(lasts_months=months, text=None)
        assert about_achievement.of_draft(made)["lasts"] == said

    def test_a_plain_badge_says_no_more_than_before(self, client):
        html = client.get(named("Plain").get_absolute_url()).text
        for word in ("Skills you show", "Level", "Valid for", "by itself"):
            assert word not in html
