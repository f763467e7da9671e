"""What learners are asked before a course opens for the first time, and how they change it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.learning.course_pages.visiting import url_of, words
from tests.lti import build
from wagtail_col.lti.models import LaunchTicket, ToolUser

pytestmark = pytest.mark.django_db


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
