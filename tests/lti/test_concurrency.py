"""Server processes over one database: many requests at the same moment, and a killed server."""

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line
from tests.lti import build, processes
from wagtail_col.badges.models import Award
from wagtail_col.learning import journey
from wagtail_col.learning.facts import StepFacts
from wagtail_col.learning.models import Completion, Enrolment
from wagtail_col.lti import members, placing
from wagtail_col.lti.models import LineItem, Result, Score, SeenToken, ToolUser
from wagtail_col.lti.platform import scopes
from wagtail_col.lti.platform.tokens import ASSERTION_TYPE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # On one worker: the servers are forked from one process, which takes seconds to start.
    pytest.mark.xdist_group("lti-servers"),
]
TIMES = 20


@pytest.fixture
def servers(settings):
    """Two processes behind one address."""
    with ExitStack() as stack:
        first = stack.enter_context(processes.server())
        second = stack.enter_context(processes.server(url=first.url))
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": first.url}
        yield [first, second]


class Course:
    """A learner on a line whose one required step is an online course, with a badge at its end."""

    def __init__(self, server) -> None:
        self.tool = build.make_tool()
        course = build.make_course(self.tool)
        step = StepFacts(key=uuid.uuid4(), texts={"en": ("", "")}, course=course.key)
        self.playlist = line(step, achievement=AchievementFactory())
        self.step = self.playlist.steps.get()
        self.learner = UserFactory()
        journey.join(self.learner, self.playlist)
        link = placing.place(course, self.playlist.key, "Line")
        self.line_item = LineItem.objects.get(resource_link=link)
        self.tool_user = build.make_tool_user(self.tool, self.learner)
        members.enter(self.tool_user, link.context, "learner")
        self.token = access_token(server, self.tool)

    def score(self, **members) -> dict:
        return {
            "userId": str(self.tool_user.sub),
            "timestamp": datetime.now(UTC).isoformat(),
            "scoreGiven": 100,
            "scoreMaximum": 100,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        } | members

    def send(self, server, score: dict) -> int:
        """The status of the answer."""
        return requests.post(
            f"{server.url}/col/lti/lineitems/{self.line_item.key}/scores",
            data=json.dumps(score),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/vnd.ims.lis.v1.score+json",
            },
            timeout=60,
        ).status_code

    def finished_once(self) -> None:
        """One completion, one badge, one result: whatever happened."""
        assert Completion.objects.filter(learner=self.learner, step=self.step).count() == 1
        assert Award.objects.filter(learner=self.learner).count() == 1
        assert Result.objects.get(line_item=self.line_item).activity_progress == "Completed"
        assert Enrolment.objects.get(learner=self.learner).completed_at


def access_token(server, tool) -> str:
    answer = ask_for_access(server, form=token_request(server, tool))
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def token_request(server, tool) -> dict:
    """A form of the tool's, with an assertion that is good for one time."""
    now = int(time.time())
    claims = {
        "iss": tool.client_id,
        "sub": tool.client_id,
        "aud": f"{server.url}/col/lti/token",
        "iat": now,
        "exp": now + 60,
        "jti": uuid.uuid4().hex,
    }
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": build.sign_as_tool(claims),
        "scope": scopes.SCORE,
    }


def ask_for_access(server, *, form: dict) -> requests.Response:
    return requests.post(f"{server.url}/col/lti/token", data=form, timeout=60)


def at_once(call, servers, **arguments):
    """``call(server, **arguments)`` for each at the same moment; what each gave."""
    barrier = threading.Barrier(len(servers))

    def wait_and_call(server):
        barrier.wait()
        return call(server, **arguments)

    with ThreadPoolExecutor(len(servers)) as pool:
        return list(pool.map(wait_and_call, servers))


def test_the_completing_score_twenty_times_at_once_gives_one_badge(servers):
    course = Course(servers[0])
    score = course.score()
    answers = at_once(course.send, servers * (TIMES // 2), score=score)
    assert set(answers) <= {200, 201, 204, 409}, answers
    assert any(answer < 300 for answer in answers)
    course.finished_once()


def test_different_scores_at_once_end_with_the_latest(servers):
    course = Course(servers[0])
    scores = iter(
        course.score(timestamp=f"2026-05-01T10:00:{n:02}+00:00", scoreGiven=n * 5)
        for n in range(TIMES)
    )
    orders = [(server, next(scores)) for server in servers * (TIMES // 2)]
    answers = at_once(lambda order: course.send(*order), orders)
    assert set(answers) <= {200, 201, 204, 409}, answers
    assert Result.objects.get(line_item=course.line_item).score_given == (TIMES - 1) * 5
    course.finished_once()


@pytest.mark.parametrize("place", ["score", "answer"])
def test_a_server_killed_over_a_score_leaves_one_badge_when_it_is_sent_again(servers, place):
    """Killed inside the transaction nothing has happened; killed after it all has."""
    course = Course(servers[0])
    score = course.score()
    with processes.server(stop_at=place, url=servers[0].url) as doomed:
        thread = threading.Thread(target=ignore_the_end, args=(course.send, doomed, score))
        thread.start()
        doomed.stopped()
        doomed.kill()
        thread.join()
    before = 0 if place == "score" else 1
    assert Completion.objects.count() == Award.objects.count() == before
    assert Score.objects.count() == before
    assert course.send(servers[0], score) in (200, 201, 204, 409)
    course.finished_once()


def test_a_server_killed_at_any_moment_loses_nothing(servers):
    """Twenty at once, and the server dies among them: sent again, all is as it should be."""
    for delay in (0.01, 0.05, 0.15):
        course = Course(servers[0])
        score = course.score()
        with processes.server(url=servers[0].url) as doomed:
            senders = [
                threading.Thread(target=ignore_the_end, args=(course.send, doomed, score))
                for _n in range(TIMES)
            ]
            for sender in senders:
                sender.start()
            time.sleep(delay)
            doomed.kill()
            for sender in senders:
                sender.join()
        assert course.send(servers[1], score) in (200, 201, 204, 409)
        course.finished_once()


def ignore_the_end(send, *arguments) -> None:
    with suppress(requests.RequestException):
        send(*arguments)


def test_the_same_authentication_request_at_once_gives_one_message(servers):
    course = Course(servers[0])
    session = SessionStore()
    log_in(session, course.learner)
    for _round in range(5):
        url = login_of(course, servers[0], session)
        parameters = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": course.tool.client_id,
            "redirect_uri": course.tool.redirect_uris[0],
            "state": "s",
            "nonce": uuid.uuid4().hex,
            **{name: parse_qs(urlsplit(url).query)[name][0] for name in HINTS},
        }
        texts = at_once(authenticate, servers * 2, session=session, params=parameters)
        assert sum('name="id_token"' in text for text in texts) == 1


HINTS = ("login_hint", "lti_message_hint")


def log_in(session: SessionStore, user) -> None:
    """What ``django.contrib.auth.login`` writes, for the cookie of a real request."""
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()


def cookies(session: SessionStore) -> dict[str, str]:
    return {django_settings.SESSION_COOKIE_NAME: session.session_key}


def login_of(course: Course, server, session: SessionStore) -> str:
    """Where the learner's button leads: the tool's login."""
    answer = open_course(server, course=course, session=session)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def open_course(server, *, course: Course, session: SessionStore) -> requests.Response:
    return requests.get(
        f"{server.url}/col/steps/{course.step.key}/course/",
        cookies=cookies(session),
        allow_redirects=False,
        timeout=60,
    )


def authenticate(server, *, session: SessionStore, params: dict) -> str:
    """What our authentication endpoint answers."""
    return requests.get(
        f"{server.url}/col/lti/auth", params=params, cookies=cookies(session), timeout=60
    ).text


def test_one_assertion_at_once_to_two_processes_gives_one_token(servers):
    tool = build.make_tool()
    for _round in range(5):
        form = token_request(servers[0], tool)
        answers = at_once(ask_for_access, servers * 2, form=form)
        assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
        errors = {answer.json()["error"] for answer in answers if answer.status_code == 400}
        assert errors == {"invalid_client"}
    assert SeenToken.objects.filter(tool=tool).count() == 5


def test_a_learner_opening_a_course_in_two_windows_at_once_is_one_person(servers):
    course = Course(servers[0])
    ToolUser.objects.all().delete()
    session = SessionStore()
    log_in(session, course.learner)
    answers = at_once(open_course, servers * 2, course=course, session=session)
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert ToolUser.objects.filter(user=course.learner).count() <= 1
