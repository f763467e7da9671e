"""Run by ``tests/test_without_courses.py`` in a process of its own, with its own settings."""

import sys
import uuid

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from tests import factories
from wagtail_col.learning import journey
from wagtail_col.learning.models import Enrolment, Playlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(db):
    """What is left when a site takes its online courses out again: their keys in its pages."""
    city = factories.territory_page()
    workshop = factories.opportunity_page(city, title="Workshop", course=uuid.uuid4())
    steps = [
        {"course": uuid.uuid4(), "title": "First aid"},
        {"listing": workshop},
        {"link": "https://example.org/", "title": "Read"},
    ]
    return factories.playlist_page(city, steps, achievement=factories.AchievementFactory())


def test_nothing_asks_for_the_floors_that_are_not_there():
    call_command("check", "--fail-level", "WARNING")
    # The settings of the suite read the one module that has nothing but values in it.
    left_out = {"wagtail_col.api", "wagtail_col.api.defaults"}
    prefixes = ("wagtail_col.lti", "wagtail_col.api")
    loaded = {name for name in sys.modules if name.startswith(prefixes)}
    assert loaded <= left_out
    for name in ("connected", "token", "credentials"):
        with pytest.raises(NoReverseMatch):
            reverse(f"col_api:{name}")
    for name in ("open_course", "open_listing_course", "review_course", "course_provider"):
        with pytest.raises(NoReverseMatch):
            reverse(f"col_learning:{name}", args=[uuid.uuid4()])


def test_a_line_with_a_course_is_shown_and_can_be_travelled(client, line):
    learner = factories.UserFactory()
    playlist = Playlist.objects.get()
    assert client.get(line.url).status_code == 200
    journey.join(learner, playlist)
    client.force_login(learner)
    content = client.get(line.url).content.decode()
    assert "First aid" in content
    assert "Not offered at present" in content
    assert "Open the course" not in content
    assert client.get(reverse("col_learning:mine")).status_code == 200
    assert client.get(reverse("col_learning:progress", args=[playlist.key])).status_code == 200
    joined = client.post(reverse("col_learning:join", args=[playlist.key]), follow=True)
    assert joined.status_code == 200
    Enrolment.objects.get().delete()


def test_an_opportunity_with_a_course_is_shown(client, line):
    page = line.get_parent().get_children().get(title="Workshop")
    response = client.get(page.url)
    assert response.status_code == 200
    assert "Open the course" not in response.content.decode()
