"""Opening a course: who may, what they are asked first, and what is shown when it does not open."""

import json
import re
import uuid
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.learning import build as lines
from tests.learning.coursework import opened, report
from tests.lti import build
from wagtail_col.learning import journey
from wagtail_col.learning.models import Enrolment
from wagtail_col.lti import registering
from wagtail_col.lti.models import LaunchTicket, LogEntry, Role, ToolUser
from wagtail_col.pages.admin.tools_changing import move
from wagtail_col.pages.views.playlist import PlaylistView

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool():
    return build.make_tool(name="Red Cross", policy_url="https://tool.example.org/privacy")


@pytest.fixture
def course(tool):
    return build.make_course(tool)


@pytest.fixture
def playlist(course):
    return lines.line(lines.course(course), title="Helping others")


@pytest.fixture
def step(playlist):
    return lines.steps_of(playlist)[0]


@pytest.fixture
def joined(learner, playlist):
    journey.join(learner, playlist)


@pytest.fixture
def agreed(learner, tool):
    return build.make_tool_user(tool, learner)


def url_of(step, name="open_course") -> str:
    return reverse(f"col_learning:{name}", args=[step.key])


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def mentor():
    user = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="mentor_learners"))
    return user


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


# What they are asked first


def question_at(response) -> str:
    assert response.status_code == 302
    assert response.url.startswith("/col/course-providers/")
    return response.url


def test_before_the_first_course_one_is_asked(as_learner, learner, step, joined):
    ask = question_at(as_learner.get(url_of(step)))
    assert not LaunchTicket.objects.exists()
    response = as_learner.get(ask)
    said = words(response)
    assert "Red Cross gets a number that stands for you" in said
    assert "your name and e-mail address only if you want it" in said
    assert "Open with my name and e-mail" in said
    assert "Open without them" in said
    assert 'href="https://tool.example.org/privacy"' in response.content.decode()
    # Looking decides nothing.
    assert not ToolUser.objects.exists()


@pytest.mark.parametrize(("share", "shares"), [("name email", True), ("no", False)])
def test_the_answer_is_kept_and_the_course_opens(as_learner, step, joined, share, shares):
    ask = question_at(as_learner.get(url_of(step)))
    response = as_learner.post(ask, {"share": share})
    # No redirect: a policy for forms would follow it to the provider.
    assert response.status_code == 200
    content = response.content.decode()
    assert f'<meta http-equiv="refresh" content="0; url={url_of(step)}">' in content
    assert f'href="{url_of(step)}"' in content
    known = ToolUser.objects.get()
    assert (known.shares_name, known.shares_email) == (shares, shares)
    assert as_learner.get(url_of(step)).url.startswith(build.TOOL_HOST)


def test_what_the_provider_may_not_have_is_not_offered(as_learner, step, joined, tool):
    tool.may_names = tool.may_emails = False
    tool.save()
    ask = question_at(as_learner.get(url_of(step)))
    response = as_learner.get(ask)
    said = words(response)
    assert "not your name and not your e-mail address" in said
    assert response.content.decode().count('name="share"') == 1
    as_learner.post(ask, {"share": "name email"})
    known = ToolUser.objects.get()
    assert (known.shares_name, known.shares_email) == (None, None)
    assert as_learner.get(url_of(step)).url.startswith(build.TOOL_HOST)


def test_a_question_that_became_another_one_is_not_answered_with_the_first(
    as_learner, step, joined, tool
):
    tool.may_emails = False
    tool.save()
    ask = question_at(as_learner.get(url_of(step)))
    assert 'value="name"' in as_learner.get(ask).content.decode()
    tool.may_emails = True
    tool.save()
    as_learner.post(ask, {"share": "name"})
    known = ToolUser.objects.get()
    assert (known.shares_name, known.shares_email) == (True, False)


def test_the_question_is_shown_in_no_frame(as_learner, step, joined):
    response = as_learner.get(question_at(as_learner.get(url_of(step))))
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("share", ["", "maybe", "yes"])
def test_no_answer_is_no_answer(as_learner, step, joined, share):
    ask = question_at(as_learner.get(url_of(step)))
    assert "Open without them" in words(as_learner.post(ask, {"share": share}))
    assert not ToolUser.objects.exists()


def test_the_answer_can_be_changed_later(as_learner, tool, agreed):
    page = reverse("col_learning:course_provider", args=[tool.key])
    assert "At present you let Red Cross know your name and e-mail address." in words(
        as_learner.get(page)
    )
    response = as_learner.post(page, {"share": "no"}, follow=True)
    assert "Your choice is saved." in words(response)
    assert "At present Red Cross does not get your name or e-mail address." in words(response)
    agreed.refresh_from_db()
    assert (agreed.shares_name, agreed.shares_email) == (False, False)


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "/admin/",
    ],
)
def test_the_answer_leads_to_a_course_and_nowhere_else(as_learner, tool, evil):
    page = reverse("col_learning:course_provider", args=[tool.key])
    response = as_learner.post(f"{page}?next={evil}", {"share": "no"}, follow=True)
    assert 'http-equiv="refresh"' not in response.content.decode()


def test_the_answer_needs_the_token(learner, tool):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    page = reverse("col_learning:course_provider", args=[tool.key])
    assert client.post(page, {"share": "name email"}).status_code == 403
    assert not ToolUser.objects.exists()


@pytest.mark.parametrize("state", ["pending", "suspended", "refused"])
def test_a_provider_that_is_not_in_use_is_nobodys_business(as_learner, tool, state):
    tool.state = state
    tool.save()
    page = reverse("col_learning:course_provider", args=[tool.key])
    assert as_learner.get(page, follow=True).status_code == 404


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


# What was handed in


@pytest.fixture
def handed_in(learner, course, playlist, joined):
    course.submission_review = {"reviewableStatus": ["Submitted", "Completed"]}
    course.save()
    line_item = opened(course, learner, playlist)
    report(line_item, learner, 40, "Submitted", "PendingManual")
    return line_item


def test_one_can_look_at_what_one_handed_in(as_learner, step, handed_in):
    response = as_learner.get(url_of(step, "review_course"))
    assert response.status_code == 302
    ticket = LaunchTicket.objects.get()
    assert (ticket.kind, ticket.line_item) == ("LtiSubmissionReviewRequest", handed_in)


def test_nobody_looks_at_what_others_handed_in(client, step, handed_in):
    client.force_login(factories.UserFactory())
    assert client.get(url_of(step, "review_course"), follow=True).status_code == 404


# Progress that comes in


def progress_of(client, playlist) -> str:
    response = client.get(reverse("col_learning:progress", args=[playlist.key]))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    return json.loads(response.content)["state"]


def test_the_page_is_told_when_progress_comes_in(as_learner, learner, course, playlist, joined):
    before = progress_of(as_learner, playlist)
    line_item = opened(course, learner, playlist)
    assert progress_of(as_learner, playlist) == before
    report(line_item, learner, 40, "InProgress")
    under_way = progress_of(as_learner, playlist)
    report(line_item, learner, 100)
    done = progress_of(as_learner, playlist)
    assert len({before, under_way, done}) == 3
    assert progress_of(as_learner, playlist) == done


def test_progress_is_ones_own(as_learner, course, playlist, joined):
    before = progress_of(as_learner, playlist)
    other = factories.UserFactory()
    journey.join(other, playlist)
    report(opened(course, other, playlist), other, 100)
    assert progress_of(as_learner, playlist) == before


def test_asking_for_progress_is_cheap(as_learner, playlist, joined, django_assert_num_queries):
    # Two for the session and the account, two for the state.
    with django_assert_num_queries(4):
        progress_of(as_learner, playlist)


def test_progress_is_for_who_is_logged_in(client, playlist):
    response = client.get(reverse("col_learning:progress", args=[playlist.key]))
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/json"


def test_what_a_coordinator_changes_is_shown_at_once_on_a_page_that_was_kept(learner, tool, course):
    playlist = lines.line(lines.course(course))

    def shown():
        return PlaylistView(playlist, learner).stations[0].stops[0].stop

    assert shown().can_be_opened
    assert shown().course.in_window
    tool.opens_in = "frame"
    tool.save(update_fields=["opens_in"])
    assert not shown().course.in_window
    move(tool, "suspended", ("active",))
    assert not shown().can_be_opened
    registering.approve(tool)
    assert shown().can_be_opened
    course.title = "Another title"
    course.save()
    assert shown().title == "Another title"
