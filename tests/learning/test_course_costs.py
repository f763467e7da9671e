"""What opening a course and a score cost in queries; and that nothing of it is kept in a process.

Other processes write meanwhile: what they change holds for the very next request.
"""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.learning import build as lines
from tests.learning import coursework
from tests.lti import build, calls
from tests.lti.opening import AUTH, claims_of, error_of
from wagtail_col.learning import journey
from wagtail_col.lti import keys
from wagtail_col.lti.models import (
    Course,
    LaunchTicket,
    LogEntry,
    Membership,
    Tool,
    ToolState,
    ToolUser,
)
from wagtail_col.lti.platform import jwt

pytestmark = pytest.mark.django_db

#: Session and account, which every page of somebody logged in asks for.
ACCOUNT = 2


@pytest.fixture
def tool():
    build.make_platform_key()
    return build.make_tool()


@pytest.fixture
def playlist(tool):
    return lines.line(lines.course(build.make_course(tool)))


@pytest.fixture
def step(playlist):
    return lines.steps_of(playlist)[0]


@pytest.fixture(autouse=True)
def joined(learner, playlist, tool):
    learner.first_name = "Ana"
    learner.save()
    journey.join(learner, playlist)
    build.make_tool_user(tool, learner)


def opened(client, step):
    return client.get(reverse("col_learning:open_course", args=[step.key]))


def request_of(opened) -> dict:
    """What the tool answers when somebody comes to its login."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(opened.url).query).items()}
    return {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": told["client_id"],
        "redirect_uri": f"{build.TOOL_HOST}/launch",
        "login_hint": told["login_hint"],
        "lti_message_hint": told["lti_message_hint"],
        "state": "state-1",
        "nonce": "nonce-1",
    }


def launched(client, step):
    return client.get(AUTH, request_of(opened(client, step)))


def elsewhere(change) -> None:
    """Done by another thread, with its own connection and without any signal."""
    failed = []

    def work() -> None:
        try:
            change()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not failed


def asked(captured) -> list[str]:
    aside = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured if not query["sql"].startswith(aside)]


def test_a_launch_costs_few_queries(as_learner, step):
    launched(as_learner, step)
    with CaptureQueriesContext(connection) as first:
        request = request_of(opened(as_learner, step))
    with CaptureQueriesContext(connection) as second:
        assert "id_token" in as_learner.get(AUTH, request).content.decode()
    # Step, texts, enrolment, course, person, place; the ticket.
    assert len(asked(first)) <= ACCOUNT + 7, asked(first)
    # Ticket, course, line items, key, membership; the ticket used, the log.
    assert len(asked(second)) <= ACCOUNT + 7, asked(second)


def test_a_score_costs_few_queries_and_one_commit(learner, tool, step):
    caller, line_item, sub = reporting(tool, learner, step)
    post(caller, line_item, sub, 0)
    with CaptureQueriesContext(connection) as captured:
        assert post(caller, line_item, sub, 1).status_code == 200
    # Key, tool, line item, member, result twice, score, the log; steps and lines.
    assert len(asked(captured)) <= 10, asked(captured)
    began = [q["sql"] for q in captured if q["sql"].startswith(("BEGIN", "SAVEPOINT"))]
    assert len(began) == 1
    assert "col_lti_logentry" in asked(captured)[-1]


@pytest.mark.django_db(transaction=True)
def test_a_tool_suspended_by_another_process_opens_no_course(as_learner, step, tool):
    launched(as_learner, step)
    request = request_of(opened(as_learner, step))
    elsewhere(lambda: Tool.objects.update(state=ToolState.SUSPENDED))
    tickets = LaunchTicket.objects.count()
    assert opened(as_learner, step).status_code == 403
    assert LaunchTicket.objects.count() == tickets
    answer = as_learner.get(AUTH, request)
    assert answer.status_code == 403
    assert "id_token" not in answer.content.decode()
    elsewhere(lambda: Tool.objects.update(state=ToolState.ACTIVE))
    assert claims_of(launched(as_learner, step))


@pytest.mark.django_db(transaction=True)
def test_a_tool_suspended_by_another_process_reports_no_score(learner, tool, step):
    caller, line_item, sub = reporting(tool, learner, step)
    assert post(caller, line_item, sub, 0).status_code == 200
    elsewhere(lambda: Tool.objects.update(state=ToolState.SUSPENDED))
    assert post(caller, line_item, sub, 1).status_code == 401
    elsewhere(lambda: Tool.objects.update(state=ToolState.ACTIVE, may_grades=False))
    assert post(caller, line_item, sub, 2).status_code == 403
    elsewhere(lambda: Tool.objects.update(may_grades=True))
    elsewhere(lambda: Membership.objects.all().delete())
    assert post(caller, line_item, sub, 3).json()["requirement"] == "score-member"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "take_back",
    [
        lambda: Tool.objects.update(may_names=False),
        lambda: ToolUser.objects.update(shares_name=False),
    ],
)
def test_a_name_is_not_told_once_it_may_not_be(as_learner, step, take_back):
    assert "name" in claims_of(launched(as_learner, step))
    request = request_of(opened(as_learner, step))
    elsewhere(take_back)
    assert "name" not in claims_of(as_learner.get(AUTH, request))


@pytest.mark.django_db(transaction=True)
def test_a_key_that_leaked_signs_nothing_more(as_learner, step):
    launched(as_learner, step)
    request = request_of(opened(as_learner, step))
    elsewhere(lambda: keys.rotate(leaked=True))
    answer = as_learner.get(AUTH, request)
    assert claims_of(answer)
    (published,) = keys.public_jwks()["keys"]
    token = answer.content.decode().partition('name="id_token" value="')[2].partition('"')[0]
    assert jwt.read_unverified(token)[0]["kid"] == published["kid"]


def test_the_ticket_of_one_tool_opens_nothing_for_another(as_learner, step, tool):
    request = request_of(opened(as_learner, step))
    other = build.make_tool()
    answer = as_learner.get(AUTH, request | {"client_id": other.client_id})
    assert error_of(answer) == "unauthorized_client"
    assert LogEntry.objects.latest("pk").tool == other
    assert claims_of(as_learner.get(AUTH, request))


def reporting(tool, learner, step):
    """A tool with its token, the line item of the step's course, and who has opened that."""
    line_item = coursework.opened(Course.objects.get(key=step.course), learner, step.playlist)
    return calls.Caller(tool), line_item, ToolUser.objects.get(user=learner).sub


def post(caller, line_item, sub, minute):
    body = {
        "userId": str(sub),
        "timestamp": f"2026-05-04T11:{minute:02}:00Z",
        "activityProgress": "InProgress",
        "gradingProgress": "Pending",
        "scoreGiven": 5,
        "scoreMaximum": 10,
    }
    return caller.post(calls.service_url("scores", line_item.key), body, calls.SCORE_TYPE)
