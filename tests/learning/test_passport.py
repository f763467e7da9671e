"""The passport: everything that is one's own, nothing of anybody else's."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.badges.build import badge, brought
from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from tests.learning.build import line, link, steps_of
from wagtail_col.badges import sharing
from wagtail_col.badges.awarding import revoke, suspend
from wagtail_col.badges.models import AchievementSkill, Award, Requirement, Skill, SkillName
from wagtail_col.learning import journey
from wagtail_col.learning.models import Evidence, ReviewState, Submission

pytestmark = pytest.mark.django_db
URL = "/col/passport/"
PATHS = (URL, "/col/passport/record/", "/col/passport/badges.json")


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def named(name, **values):
    achievement = AchievementFactory(text=None, **values)
    AchievementTextFactory(achievement=achievement, name=name)
    return achievement


def skill(name, framework="own"):
    made = Skill.objects.create(framework=framework)
    SkillName.objects.create(skill=made, language="en", name=name)
    return made


def shows(achievement, *skills):
    for one in skills:
        AchievementSkill.objects.create(achievement=achievement, skill=one)


@pytest.mark.parametrize("path", PATHS)
def test_needs_logging_in_and_is_kept_nowhere(client, learner, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url == f"{reverse('login')}?next={path}"
    client.force_login(learner)
    assert client.get(path)["Cache-Control"] == "private, no-store"
    assert client.post(path).status_code == 405


def test_who_has_nothing_is_led_on(as_learner):
    response = as_learner.get(URL)
    assert "Your first badge is at the end of a line" in words(response)
    assert reverse("col_learning:claim") in response.text
    assert "Under way" not in words(response)
    assert "You have no badge yet" in words(as_learner.get("/col/passport/record/"))


class TestBadges:
    def test_ours_and_brought_ones_with_where_they_come_from(self, as_learner, learner):
        badge(learner, named("Explorer"))
        brought(learner, "Swimmer", issuer_name="City pool")
        brought(learner, "Diver", verdict="unknown")
        brought(learner, "Rower", is_own=None)
        for path in PATHS[:2]:
            said = words(as_learner.get(path))
            for part in ("Explorer", "Test site", "Swimmer", "City pool", "From elsewhere"):
                assert part in said
            assert "Checked: it is real" in said
            assert "Not verified" in said
            assert "whose it is was not checked" in said

    def test_what_does_not_hold_says_so_in_words(self, as_learner, learner):
        revoke(badge(learner, named("One")), "Mistake")
        suspend(badge(learner, named("Two")), "Looking into it")
        old = badge(learner, named("Three"), valid_until=timezone.now() + timezone.timedelta(1))
        Award.objects.filter(pk=old.pk).update(valid_until=timezone.now())
        brought(learner, "Four", valid_until=timezone.now() - timezone.timedelta(1))
        said = words(as_learner.get(URL))
        assert said.count("Taken back") == said.count("Suspended for now") == 1
        assert said.count("Expired") == 2

    def test_only_ones_own(self, as_learner):
        other = UserFactory()
        badge(other, named("Theirs"))
        brought(other, "Theirs too")
        for path in PATHS:
            assert "Theirs" not in as_learner.get(path).text

    def test_open_links_are_counted(self, as_learner, learner):
        one = badge(learner)
        share = sharing.share(learner, [one])
        theirs = badge()
        sharing.share(theirs.learner, [theirs])
        assert "1 open link" in words(as_learner.get(URL))
        sharing.stop(share)
        assert "open link" not in words(as_learner.get(URL))


class TestUnderWay:
    def test_lines(self, as_learner, learner):
        journey.join(learner, line(link("Write"), link("Record"), title="Podcast"))
        done = line(link(), title="Radio")
        journey.join(learner, done)
        journey.complete(learner, steps_of(done)[0], Evidence.SELF)
        said = words(as_learner.get(URL))
        assert "Podcast" in said and "0 of 2 stations" in said
        assert "Radio" not in said

    def test_badges_of_badges(self, as_learner, learner):
        one, two, three = named("One"), named("Two"), named("Three")
        whole = named("Whole", needed=2)
        for required in (one, two, three):
            Requirement.objects.create(achievement=whole, required=required)
        assert "Whole" not in words(as_learner.get(URL))
        badge(learner, one)
        said = words(as_learner.get(URL))
        assert "Whole" in said and "1 of 2 badges" in said
        assert "You can still earn: Two, Three" in said

    def test_a_brought_badge_counts_when_it_is_verified(self, as_learner, learner):
        whole = named("Whole")
        address = "https://elsewhere.example/badge"
        Requirement.objects.create(achievement=whole, required=named("One"))
        Requirement.objects.create(achievement=whole, elsewhere=address, name="Swimmer")
        one = brought(learner, achievement_id=address, is_own=False)
        assert "Whole" not in words(as_learner.get(URL))
        one.is_own = True
        one.save()
        assert "1 of 2 badges" in words(as_learner.get(URL))

    def test_what_was_taken_back_does_not_count(self, as_learner, learner):
        one = named("One")
        whole = named("Whole")
        for required in (one, named("Two")):
            Requirement.objects.create(achievement=whole, required=required)
        revoke(badge(learner, one), "Mistake")
        assert "Whole" not in words(as_learner.get(URL))

    def test_what_was_sent_in(self, as_learner, learner):
        waiting, back = named("Photographer"), named("Poet")
        Submission.objects.create(learner=learner, achievement=waiting, text="Look")
        Submission.objects.create(
            learner=learner,
            achievement=back,
            text="Roses",
            state=ReviewState.REFUSED,
            reason="One more verse, please.",
        )
        said = words(as_learner.get(URL))
        assert "Photographer" in said and "Somebody is going to look at it" in said
        assert "Poet" in said and "One more verse, please." in said
        assert "Roses" not in said


class TestSkills:
    def test_each_with_the_badges_that_show_it(self, as_learner, learner):
        talking, listening = skill("Talking", "esco"), skill("Listening", "lifecomp")
        one, two = named("One"), named("Two")
        shows(one, talking, listening)
        shows(two, talking)
        for achievement in (one, two):
            badge(learner, achievement)
        for path in PATHS[:2]:
            text = as_learner.get(path).text
            assert "ESCO" in text and "LifeComp" in text
            items = re.findall(r"<li><strong>(\w+)</strong>(.*?)</li>", text, re.DOTALL)
            shown = {name: set(re.findall(r">(One|Two)<", rest)) for name, rest in items}
            assert shown == {"Talking": {"One", "Two"}, "Listening": {"One"}}

    def test_of_a_badge_that_does_not_hold(self, as_learner, learner):
        one = named("One")
        shows(one, skill("Talking"))
        given = badge(learner, one)
        assert "Talking" in words(as_learner.get(URL))
        revoke(given, "Mistake")
        assert "Talking" not in words(as_learner.get(URL))


class TestEverything:
    def test_holds_each_badge_as_it_was_signed(self, as_learner, learner):
        one, two = badge(learner, named("One")), badge(learner, named("Two"))
        brought(learner, source='{"id": "x", "n": 1e-7}')
        brought(learner, form="ob3-jwt", source="a.b.c")
        brought(learner, form="ob2", source="d.e.f")
        response = as_learner.get(PATHS[2])
        assert response["Content-Disposition"] == 'attachment; filename="badges.json"'
        assert response["Content-Type"] == "application/json"
        for part in (one.credential, two.credential, '{"id": "x", "n": 1e-7}'):
            assert part in response.text
        document = json.loads(response.content)
        assert [each["id"] for each in document["awarded"]] == [
            json.loads(each.credential)["id"] for each in (one, two)
        ]
        assert [each["badge"] for each in document["brought"]] == [
            {"id": "x", "n": 1e-7},
            "a.b.c",
            "d.e.f",
        ]

    def test_of_who_has_nothing(self, as_learner):
        document = as_learner.get(PATHS[2]).json()
        assert (document["awarded"], document["brought"]) == ([], [])


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_queries_is_constant(as_learner, learner, path):
    """Whatever there is of: badges, skills, brought ones, lines, what is under way."""
    numbers = []
    for count in (2, 9):
        for n in range(count):
            one, whole = named(f"One {count} {n}"), named(f"Whole {count} {n}")
            shows(one, skill(f"Skill {n}"), skill(f"Other {n}", "esco"))
            for required in (one, named(f"Two {count} {n}")):
                Requirement.objects.create(achievement=whole, required=required)
            given = badge(learner, one)
            sharing.share(learner, [given])
            brought(learner, f"Brought {n}")
            journey.join(learner, line(link(f"A{n}"), link(f"B{n}"), title=f"Line {count} {n}"))
            Submission.objects.create(learner=learner, achievement=named(f"Sent {count} {n}"))
        as_learner.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert as_learner.get(path).status_code == 200
        numbers.append(len(caught))
    assert numbers[0] == numbers[1]
