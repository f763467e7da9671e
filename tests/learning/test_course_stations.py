"""A playlist's page with online courses, and an opportunity's: what they say, and to whom."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.learning.coursework import opened, report
from tests.lti import build
from wagtail_col.learning import journey
from wagtail_col.learning.coursework import opens_in_words, result_in_words
from wagtail_col.learning.models import Completion, Playlist
from wagtail_col.learning.scoring import Reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return factories.territory_page(title="Madrid")


@pytest.fixture
def course():
    return build.make_course(build.make_tool(name="Red Cross"), minutes=90)


@pytest.fixture
def line(city, course):
    steps = [
        {"course": course, "pass_percent": 80},
        {"link": "https://example.org", "title": "Read"},
    ]
    return factories.playlist_page(city, steps, achievement=factories.AchievementFactory())


def playlist_of(page) -> Playlist:
    return Playlist.objects.get(key=page.translation_key)


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def opening_of(page) -> str:
    step = playlist_of(page).steps.published().first()
    return reverse("col_learning:open_course", args=[step.key])


def test_anybody_reads_what_the_course_is(client, line):
    response = client.get(line.url)
    said = words(response)
    for expected in ("First aid", "Red Cross", "1 h 30 min", "Done at 80 %", "Online"):
        assert expected in said
    content = response.content.decode()
    assert opening_of(line) not in content
    assert "data-col-watch" not in content
    assert "progress.js" not in content


def test_who_is_on_the_line_opens_it_in_a_new_window(as_learner, learner, line):
    journey.join(learner, playlist_of(line))
    response = as_learner.get(line.url)
    content = response.content.decode()
    # At the station, and in reach of the thumb.
    links = re.findall(rf'<a [^>]*href="{opening_of(line)}\?lang=en"[^>]*>', content)
    assert len(links) == 2
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert "It opens in a new window." in words(response)
    assert "What Red Cross knows about you" in words(response)
    assert "I have done this" not in words(response).split("Step 2")[0]
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", content)


def test_a_framed_course_opens_in_the_same_window(as_learner, learner, line, course):
    course.tool.opens_in = "frame"
    course.tool.save()
    journey.join(learner, playlist_of(line))
    response = as_learner.get(line.url)
    assert opening_of(line) in response.content.decode()
    assert "new window" not in words(response)


def test_progress_is_said_in_words(as_learner, learner, line, course):
    journey.join(learner, playlist_of(line))
    line_item = opened(course, learner, playlist_of(line))
    assert "points" not in words(as_learner.get(line.url))
    report(line_item, learner, 45, "InProgress")
    assert "In progress · 45 of 100 points" in words(as_learner.get(line.url))
    report(line_item, learner, None, "Submitted", "PendingManual")
    assert "Handed in, waiting for a mark" in words(as_learner.get(line.url))
    report(line_item, learner, 90)
    said = words(as_learner.get(line.url))
    assert "Finished · 90 of 100 points" in said
    assert "Step 1 of 2, done on" in said
    # It can be opened again.
    assert opening_of(line) in as_learner.get(line.url).content.decode()


def test_nobody_sees_the_progress_of_others(client, learner, line, course):
    journey.join(learner, playlist_of(line))
    report(opened(course, learner, playlist_of(line)), learner, 45, "InProgress")
    other = factories.UserFactory()
    journey.join(other, playlist_of(line))
    client.force_login(other)
    assert "45 of 100" not in words(client.get(line.url))


def test_what_was_handed_in_can_be_looked_at(as_learner, learner, line, course):
    course.submission_review = {"reviewableStatus": ["Submitted"]}
    course.save()
    journey.join(learner, playlist_of(line))
    line_item = opened(course, learner, playlist_of(line))
    report(line_item, learner, 10, "InProgress")
    assert "See what you handed in" not in words(as_learner.get(line.url))
    report(line_item, learner, 20, "Submitted", "PendingManual")
    assert "See what you handed in" in words(as_learner.get(line.url))


@pytest.mark.parametrize("gone", ["suspended", "pending", "deleted"])
def test_a_course_that_is_not_offered_is_closed(as_learner, learner, line, course, gone):
    journey.join(learner, playlist_of(line))
    if gone == "deleted":
        course.delete()
    else:
        course.tool.state = gone
        course.tool.save()
    response = as_learner.get(line.url)
    assert "Not offered at present" in words(response)
    assert opening_of(line) not in response.content.decode()
    # What can be done is named first.
    assert "Step 2 of 2, you are here" in words(response)


def test_a_course_that_opens_later_says_when(as_learner, learner, line, course):
    course.available_from = timezone.now() + timedelta(days=30)
    course.save()
    journey.join(learner, playlist_of(line))
    response = as_learner.get(line.url)
    assert "Opens on" in words(response)
    assert opening_of(line) not in response.content.decode()


def test_a_course_cannot_be_done_by_saying_so(as_learner, learner, line):
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    done = reverse("col_learning:done", args=[playlist.steps.published().first().key])
    response = as_learner.post(done, follow=True)
    assert "done when the online course reports that it is" in words(response)
    assert not Completion.objects.exists()


def test_a_workshop_with_a_course_has_both_ways(as_learner, learner, city, course):
    workshop = factories.opportunity_page(city, title="First aid evening", course=course.key)
    line = factories.playlist_page(city, [{"listing": workshop}])
    journey.join(learner, playlist_of(line))
    said = words(as_learner.get(line.url))
    assert "Open the course" in said
    assert "Enter your code" in said
    assert "Done when the course says so" in said


def test_an_online_opportunity_with_a_course_is_done_by_the_course(
    as_learner, learner, city, course
):
    webinar = factories.opportunity_page(
        city, title="Webinar", course=course.key, is_online=True, is_local=False, dates=0
    )
    line = factories.playlist_page(city, [{"listing": webinar}])
    journey.join(learner, playlist_of(line))
    said = words(as_learner.get(line.url))
    assert "Open the course" in said
    assert "Enter your code" not in said
    assert "I have done this" not in said
    report(opened(course, learner, playlist_of(line)), learner, 45, "InProgress")
    assert "In progress · 45 of 100 points" in words(as_learner.get(line.url))


def test_the_page_watches_for_progress(as_learner, learner, line, course):
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    content = as_learner.get(line.url).content.decode()
    (state,) = re.findall(r'data-col-state="(\w+)"', content)
    url = reverse("col_learning:progress", args=[playlist.key])
    assert f'data-col-watch="{url}"' in content
    assert as_learner.get(url).json() == {"state": state}
    report(opened(course, learner, playlist), learner, 45, "InProgress")
    assert as_learner.get(url).json() != {"state": state}


def test_a_line_without_courses_watches_for_nothing(as_learner, learner, city):
    line = factories.playlist_page(city, [{"link": "https://example.org", "title": "Read"}])
    journey.join(learner, playlist_of(line))
    assert "data-col-watch" not in as_learner.get(line.url).content.decode()


def test_my_learning_shows_courses_as_any_station(as_learner, learner, line, course):
    journey.join(learner, playlist_of(line))
    mine = reverse("col_learning:mine")
    assert "Next: First aid" in words(as_learner.get(mine))
    report(opened(course, learner, playlist_of(line)), learner, 90)
    assert "Next: Read" in words(as_learner.get(mine))


def test_an_opportunity_shows_its_course_to_everybody(client, city, course):
    page = factories.opportunity_page(city, title="First aid", course=course.key)
    response = client.get(page.url)
    opening = reverse("col_learning:open_listing_course", args=[page.translation_key])
    assert f'href="{opening}?lang=en" target="_blank" rel="noopener"' in response.content.decode()
    assert "An online course by Red Cross. It opens in a new window." in words(response)


@pytest.mark.parametrize("why", ["suspended", "deleted", "later"])
def test_an_opportunity_whose_course_is_not_open(client, city, course, why):
    page = factories.opportunity_page(city, title="First aid", course=course.key)
    if why == "deleted":
        course.delete()
    elif why == "later":
        course.available_from = timezone.now() + timedelta(days=30)
        course.save()
    else:
        course.tool.state = why
        course.tool.save()
    response = client.get(page.url)
    opening = reverse("col_learning:open_listing_course", args=[page.translation_key])
    assert response.status_code == 200
    assert opening not in response.content.decode()
    assert ("Opens on" in words(response)) is (why == "later")


@pytest.mark.parametrize(
    ("report_", "expected"),
    [
        (("Initialized", "NotReady", None, None), "Opened"),
        (("Started", "NotReady", None, None), "In progress"),
        (("InProgress", "Pending", 4.5, 10.0), "In progress · 4.5 of 10 points"),
        (("Submitted", "Pending", 4.0, 10.0), "Handed in, waiting for a mark"),
        (("Submitted", "FullyGraded", 4.0, 10.0), "Handed in · 4 of 10 points"),
        (("Completed", "FullyGraded", 0.333333, 1.0), "Finished · 0.33 of 1 point"),
        (("Completed", "NotReady", None, None), "Finished"),
        (("Completed", "Failed", 4.0, 10.0), "There could be no mark. Ask the course provider."),
    ],
)
def test_how_a_result_is_said(report_, expected):
    assert result_in_words(Reported(*report_)) == expected


def test_when_a_course_is_open():
    now = timezone.now()
    day = timedelta(days=1)
    assert opens_in_words(None, None, now) == ""
    assert opens_in_words(now - day, now + day, now) == ""
    assert opens_in_words(now + day, None, now).startswith("Opens on")
    assert opens_in_words(None, now - day, now).startswith("Closed since")


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_queries_does_not_depend_on_the_number_of_courses(
    client, city, learner, count
):
    tool = build.make_tool()
    courses = [build.make_course(tool, title=f"Course {n}") for n in range(count)]
    line = factories.playlist_page(
        city, [{"course": course} for course in courses], achievement=factories.AchievementFactory()
    )
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    for course in courses:
        report(opened(course, learner, playlist), learner, 45, "InProgress")
    report(opened(courses[0], learner, playlist), learner, 100)
    client.force_login(learner)
    counted = []
    cache.clear()
    for _time in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(line.url).status_code == 200
        counted.append(len(caught))
    assert counted == [32, 18]
