"""Opening a course: who may, what is shown when it does not open, and in a frame."""

import re
import uuid
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.learning import build as lines
from tests.learning.course_pages.visiting import mentor, url_of, words
from tests.lti import build
from wagtail_col.learning import journey
from wagtail_col.learning.models import Enrolment
from wagtail_col.lti.models import LaunchTicket, LogEntry, Role

pytestmark = pytest.mark.django_db


# Who may


def test_one_click_leads_to_the_provider(as_learner, step, joined, agreed, course, playlist):
    response = as_learner.get(url_of(step) + "?lang=sl")
    assert response.status_code == 302
    asked = parse_qs(urlsplit(response.url).query)
    assert response.url.startswith(f"{build.TOOL_HOST}/login?")
    assert asked["target_link_uri"] == [course.url]
    assert asked["client_id"] == [course.tool.client_id]
    ticket = LaunchTicket.objects.get()
    assert (ticket.role, ticket.language) == (Role.LEARNER, "sl")
    assert (ticket.context.key, ticket.context.title) == (playlist.key, "Helping others")
    assert ticket.return_path == playlist.text.url
    assert response.headers["Cache-Control"] == "private, no-store"


def test_opening_remembers_the_language_for_the_badge(as_learner, step, joined, agreed):
    as_learner.get(url_of(step) + "?lang=sl")
    assert Enrolment.objects.get().language == "sl"


def test_who_is_not_logged_in_comes_back_after_logging_in(client, step):
    response = client.get(url_of(step))
    assert response.status_code == 302
    assert response.url == f"{reverse('login')}?next={url_of(step)}"


def test_who_is_not_on_the_line_is_told_to_join(as_learner, step, agreed, playlist):
    response = as_learner.get(url_of(step))
    assert response.status_code == 403
    assert "Join this line first" in words(response)
    assert reverse("col_learning:join", args=[playlist.key]) in response.content.decode()
    assert not LaunchTicket.objects.exists()


def test_a_mentor_opens_it_as_a_mentor(client, step, tool):
    user = mentor()
    build.make_tool_user(tool, user)
    client.force_login(user)
    assert client.get(url_of(step)).status_code == 302
    assert LaunchTicket.objects.get().role == Role.MENTOR


def test_a_group_of_mentors_can_be_made_in_the_admin(admin_client):
    page = admin_client.get(reverse("wagtailusers_groups:add"))
    assert "Can open online courses as a mentor" in page.content.decode()


def test_a_mentor_who_learns_here_opens_it_as_a_learner(client, step, tool, playlist):
    user = mentor()
    build.make_tool_user(tool, user)
    journey.join(user, playlist)
    client.force_login(user)
    client.get(url_of(step))
    assert LaunchTicket.objects.get().role == Role.LEARNER


@pytest.mark.parametrize("method", ["post", "head", "put"])
def test_a_course_opens_by_its_link_alone(as_learner, step, joined, agreed, method):
    assert getattr(as_learner, method)(url_of(step)).status_code == 405
    assert not LaunchTicket.objects.exists()


def test_an_opportunity_opens_its_course(as_learner, course, agreed):
    listing = lines.online("First aid online", course=course.key)
    response = as_learner.get(url_of(listing, "open_listing_course"))
    assert response.status_code == 302
    ticket = LaunchTicket.objects.get()
    assert (ticket.context.key, ticket.context.title) == (listing.key, "First aid online")
    assert ticket.return_path == listing.text.url
    assert ticket.role == Role.LEARNER


def test_an_opportunity_without_a_course_opens_none(as_learner):
    assert (
        as_learner.get(url_of(lines.online(), "open_listing_course"), follow=True).status_code
        == 404
    )


def test_a_step_that_is_an_opportunity_opens_its_course(as_learner, learner, course, agreed):
    playlist = lines.line(lines.step(lines.online(course=course.key)))
    journey.join(learner, playlist)
    assert as_learner.get(url_of(lines.steps_of(playlist)[0])).status_code == 302
    assert LaunchTicket.objects.get().context.key == playlist.key


# When it does not open


@pytest.mark.parametrize("state", ["pending", "suspended", "refused"])
@pytest.mark.parametrize("known", [True, False])
def test_a_provider_that_is_not_in_use_gives_a_page_and_a_log_entry(
    as_learner, learner, step, joined, tool, state, known, playlist
):
    if known:
        build.make_tool_user(tool, learner)
    tool.state = state
    tool.save()
    response = as_learner.get(url_of(step))
    assert response.status_code == 403
    assert "Courses of this provider cannot be opened at the moment." in words(response)
    assert f'href="{playlist.text.url}"' in response.content.decode()
    entry = LogEntry.objects.get()
    assert (entry.tool, entry.requirement) == (tool, "tool-not-in-use")


def test_a_provider_that_is_down_gives_a_page_with_a_way_on_and_a_log_entry(
    as_learner, step, joined, agreed, tool, playlist, settings
):
    settings.WAGTAIL_COL = {
        **settings.WAGTAIL_COL,
        "COURSE_ANSWER_SECONDS": 2,
        "FETCH_PRIVATE_HOSTS": ["127.0.0.1"],
    }
    tool.login_url = "http://127.0.0.1:1/login"
    tool.save()
    response = as_learner.get(f"{url_of(step)}?lang=sl")
    assert response.status_code == 503
    page = response.content.decode()
    assert f'href="{url_of(step)}?lang=sl"' in page
    assert f'href="{playlist.text.url}"' in page
    entry = LogEntry.objects.get()
    assert (entry.tool, entry.requirement, entry.detail) == (tool, "tool-away", "unreachable")
    # It may be this site that cannot get there.
    all_the_same = f"{url_of(step)}?all_the_same=1&amp;lang=sl"
    assert f'href="{all_the_same}"' in page
    assert as_learner.get(unescape(all_the_same)).url.startswith(tool.login_url)


def test_a_course_that_is_gone_gives_a_page(as_learner, step, joined, course):
    course.delete()
    response = as_learner.get(url_of(step))
    assert response.status_code == 410
    assert "This course is not offered at present." in words(response)
    assert "Back to “Helping others”" in words(response)


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [("available_from", 2, "Opens on"), ("available_until", -2, "Closed since")],
)
def test_a_course_opens_in_its_time_only(client, learner, course, step, tool, name, days, said):
    setattr(course, name, timezone.now() + timedelta(days=days))
    course.save()
    journey.join(learner, step.playlist)
    build.make_tool_user(tool, learner)
    client.force_login(learner)
    response = client.get(url_of(step))
    assert response.status_code == 403
    assert said in words(response)
    # A mentor prepares.
    user = mentor()
    build.make_tool_user(tool, user)
    client.force_login(user)
    assert client.get(url_of(step)).status_code == 302


def test_a_step_that_was_taken_out_does_not_open(as_learner, step, joined, agreed, playlist):
    lines.line(lines.link(), key=playlist.key)
    response = as_learner.get(url_of(step))
    assert response.status_code == 410
    assert "no longer part of the line" in words(response)


def test_a_withdrawn_line_does_not_open(as_learner, step, joined, agreed, playlist):
    from wagtail_col.learning.publishing import withdraw_playlist

    withdraw_playlist(playlist.key)
    response = as_learner.get(url_of(step))
    assert response.status_code == 410
    assert "What you did is kept" in words(response)


def test_a_step_without_a_course_does_not_open(as_learner, learner):
    playlist = lines.line(lines.link())
    journey.join(learner, playlist)
    assert as_learner.get(url_of(lines.steps_of(playlist)[0])).status_code == 410


def test_what_is_not_there_does_not_open(as_learner, db):
    for name in ("open_course", "open_listing_course", "review_course", "course_provider"):
        url = reverse(f"col_learning:{name}", args=[uuid.uuid4()])
        assert as_learner.get(url, follow=True).status_code == 404


# In a frame


@pytest.fixture
def framed(as_learner, step, joined, agreed, tool):
    tool.opens_in = "frame"
    tool.redirect_uris = [
        "https://other.example.org:8443/launch",
        "https://x.example; script-src *",
    ]
    tool.save()
    return as_learner.get(url_of(step))


def test_a_course_opens_inside_a_page_of_ours(framed, playlist):
    content = framed.content.decode()
    assert framed.status_code == 200
    (source,) = re.findall(r'<iframe[^>]* src="([^"]+)"', content)
    asked = parse_qs(urlsplit(unescape(source)).query)
    assert asked["lti_storage_target"] == ["_parent"]
    assert f'href="{playlist.text.url}"' in content
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", content)


def test_only_the_providers_own_addresses_may_be_framed(framed):
    policy = dict(
        part.split(" ", 1) for part in framed.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["frame-src"] == "'self' https://other.example.org:8443 https://tool.example.org"
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
