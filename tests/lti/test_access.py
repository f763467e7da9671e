"""What an access token opens: the matrix of scopes and operations, and tokens that open nothing."""

import time

import jwt as pyjwt
import pytest
from django.test import Client
from django.utils import timezone

from tests.lti import build, calls
from wagtail_col.lti import keys
from wagtail_col.lti.models import LineItem, LogEntry, Result, Score, Tool, ToolState
from wagtail_col.lti.platform import jwt, scopes

pytestmark = pytest.mark.django_db

ITEM = {"label": "Quiz", "scoreMaximum": 10}


class World:
    """A tool with a placed course, a line item of its own making, and a learner."""

    def __init__(self):
        self.tool = build.make_tool()
        self.line_item = calls.placed(self.tool)
        self.context = self.line_item.context
        self.made = build.make_line_item(self.line_item.resource_link, by_tool=True)
        self.learner = build.make_tool_user(self.tool)
        build.make_member(self.context, self.learner)

    def score(self):
        return {
            "userId": str(self.learner.sub),
            "timestamp": timezone.now().isoformat(),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": 1,
            "scoreMaximum": 1,
        }

    def do(self, operation, caller):
        context, item = self.context.key, self.made.key
        return {
            "list line items": lambda: caller.get(calls.service_url("line_items", context)),
            "create line item": lambda: caller.post(calls.service_url("line_items", context), ITEM),
            "read line item": lambda: caller.get(calls.service_url("line_item", item)),
            "change line item": lambda: caller.put(calls.service_url("line_item", item), ITEM),
            "delete line item": lambda: caller.delete(calls.service_url("line_item", item)),
            "post score": lambda: caller.post(calls.service_url("scores", item), self.score()),
            "read results": lambda: caller.get(calls.service_url("results", item)),
            "read members": lambda: caller.get(calls.service_url("members", context)),
        }[operation]()


@pytest.fixture
def world(db):
    return World()


#: Each operation with the scopes that allow it, and the status of the answer then.
MATRIX = {
    "list line items": ({scopes.LINE_ITEM, scopes.LINE_ITEM_READ}, 200),
    "create line item": ({scopes.LINE_ITEM}, 201),
    "read line item": ({scopes.LINE_ITEM, scopes.LINE_ITEM_READ}, 200),
    "change line item": ({scopes.LINE_ITEM}, 200),
    "delete line item": ({scopes.LINE_ITEM}, 204),
    "post score": ({scopes.SCORE}, 200),
    "read results": ({scopes.RESULT_READ}, 200),
    "read members": ({scopes.MEMBERS_READ}, 200),
}


def rows():
    """Everything that a call could have changed."""
    return (
        list(LineItem.objects.order_by("pk").values()),
        list(Result.objects.values()),
        list(Score.objects.values()),
    )


def unauthorized(answer, error):
    assert answer.status_code == 401, answer.content
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert (f'error="{error}"' in answer["WWW-Authenticate"]) is bool(error)
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("scope", scopes.ALL)
@pytest.mark.parametrize("operation", MATRIX)
def test_each_scope_allows_its_operations_and_no_other(world, operation, scope):
    allowed_by, status = MATRIX[operation]
    before = rows()
    answer = world.do(operation, calls.Caller(world.tool, [scope]))
    if scope in allowed_by:
        assert answer.status_code == status, answer.content
        return
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    assert any(needed in answer["WWW-Authenticate"] for needed in allowed_by)
    assert answer.json()["error"] == "insufficient_scope"
    assert rows() == before
    entry = LogEntry.objects.first()
    assert (entry.tool, entry.requirement) == (world.tool, "access-scope")


@pytest.mark.parametrize("operation", MATRIX)
def test_a_token_for_everything_does_everything(world, operation):
    assert world.do(operation, calls.Caller(world.tool)).status_code == MATRIX[operation][1]


@pytest.mark.parametrize("operation", MATRIX)
def test_without_a_token_nothing_is_answered(world, operation):
    caller = calls.Caller(world.tool)
    caller.token = ""
    before = rows()
    unauthorized(world.do(operation, caller), "")
    assert rows() == before


@pytest.mark.parametrize("operation", MATRIX)
def test_the_token_of_another_tool_reaches_nothing_of_this_one(world, operation):
    other = build.make_tool(name="Other")
    calls.placed(other)
    before = rows()
    answer = world.do(operation, calls.Caller(other))
    assert answer.status_code == 404
    assert rows() == before


def test_a_tool_that_shares_the_place_reaches_only_its_own_line_items(world):
    other = build.make_tool(name="Other")
    theirs = calls.placed(other, world.context)
    answer = calls.Caller(other).get(calls.service_url("line_items", world.context.key))
    assert [item["id"] for item in answer.json()] == [
        f"http://testserver{calls.service_url('line_item', theirs.key)}"
    ]
    for operation in ("read line item", "change line item", "delete line item", "post score"):
        assert world.do(operation, calls.Caller(other)).status_code == 404


def test_one_token_is_good_for_another_place_of_the_same_tool(world):
    second = calls.placed(world.tool, build.make_context("Another"))
    build.make_member(second.context, world.learner)
    caller = calls.Caller(world.tool)
    for line_item in (world.line_item, second):
        answer = caller.post(calls.service_url("scores", line_item.key), world.score())
        assert answer.status_code == 200


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer ", "Token abc"])
def test_a_header_without_a_bearer_token_is_refused(world, header):
    url = calls.service_url("line_items", world.context.key)
    unauthorized(Client().get(url, headers={"Authorization": header}), "")


@pytest.mark.parametrize("token", ["abc", "a.b.c", "a b", "é", "x" * 300_000, "..", "e30.e30.e30"])
def test_a_token_that_is_none_is_refused(world, token):
    url = calls.service_url("line_items", world.context.key)
    answer = Client().get(url, headers={"Authorization": f"Bearer {token}"})
    unauthorized(answer, "invalid_token")


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "http://testserver"},
        {"audience": "somebody"},
        {"issuer": "https://elsewhere.example"},
        {"now": 1_700_000_000},
        {"client_id": "nobody"},
        {"deployment_id": "another"},
    ],
)
def test_a_token_of_ours_for_something_else_is_refused(world, changes):
    caller = calls.Caller(world.tool)
    caller.token = calls.access_token(world.tool, **changes)
    unauthorized(world.do("list line items", caller), "invalid_token")


def test_a_message_of_ours_is_no_access_token(world):
    now = int(time.time())
    claims = {"iss": build.ISSUER, "aud": world.tool.client_id, "sub": "somebody", "exp": now + 60}
    caller = calls.Caller(world.tool)
    for audience in (world.tool.client_id, "http://testserver/col/lti/services"):
        caller.token = jwt.sign({**claims, "aud": audience}, keys.active_key())
        unauthorized(world.do("list line items", caller), "invalid_token")


def test_a_token_somebody_else_signed_is_refused(world):
    _header, claims = jwt.read_unverified(calls.access_token(world.tool))
    kid = keys.active_key().kid
    caller = calls.Caller(world.tool)
    for key, algorithm in ((build.rsa_key("somebody"), "RS256"), ("0" * 64, "HS256"), ("", "none")):
        headers = {"kid": kid, "typ": "at+jwt"}
        caller.token = pyjwt.encode(claims, key, algorithm, headers=headers)
        unauthorized(world.do("list line items", caller), "invalid_token")


def test_a_token_in_the_address_or_the_body_is_not_looked_at(world):
    token = calls.access_token(world.tool)
    url = calls.service_url("line_items", world.context.key)
    unauthorized(Client().get(url, {"access_token": token}), "")
    unauthorized(Client().post(url, {"access_token": token}), "")


def test_a_session_is_no_access_token(world, admin_client):
    unauthorized(admin_client.get(calls.service_url("line_items", world.context.key)), "")


@pytest.mark.parametrize("state", [ToolState.SUSPENDED, ToolState.REFUSED, ToolState.PENDING])
def test_a_tool_taken_out_of_use_is_out_at_once(world, state):
    caller = calls.Caller(world.tool)
    assert world.do("list line items", caller).status_code == 200
    Tool.objects.update(state=state)
    unauthorized(world.do("list line items", caller), "invalid_token")


def test_a_permission_that_is_taken_back_ends_at_once(world):
    caller = calls.Caller(world.tool)
    Tool.objects.update(may_grades=False)
    assert world.do("post score", caller).status_code == 403
    assert world.do("read members", caller).status_code == 200
    Tool.objects.update(may_grades=True, may_rosters=False)
    assert world.do("post score", caller).status_code == 200
    assert world.do("read members", caller).status_code == 403


def test_a_token_is_good_after_the_key_was_rotated_and_not_after_it_leaked(world):
    caller = calls.Caller(world.tool)
    keys.rotate(at_once=True)
    assert world.do("list line items", caller).status_code == 200
    keys.rotate(leaked=True)
    unauthorized(world.do("list line items", caller), "invalid_token")


@pytest.mark.parametrize(
    ("name", "method", "allowed"),
    [
        ("scores", "get", "POST"),
        ("results", "post", "GET"),
        ("members", "post", "GET"),
        ("line_items", "put", "GET, POST"),
        ("line_item", "post", "GET, PUT, DELETE"),
        ("line_item", "patch", "GET, PUT, DELETE"),
    ],
)
def test_a_method_that_a_service_does_not_know_is_refused(world, name, method, allowed):
    answer = getattr(Client(), method)(calls.service_url(name, world.made.key))
    assert (answer.status_code, answer["Allow"]) == (405, allowed)
    assert answer.json()["status"] == 405


def test_no_log_entry_holds_a_token_or_a_name(world):
    caller = calls.Caller(world.tool)
    world.do("post score", caller)
    world.do("read members", caller)
    caller.token = "x.y.z"
    world.do("post score", caller)
    text = str(list(LogEntry.objects.values()))
    for secret in ("Novak", "x.y.z", world.learner.user.email, str(world.learner.sub)):
        assert secret not in text


def test_the_log_says_which_course_a_score_was_about(world):
    caller = calls.Caller(world.tool)
    world.do("post score", caller)
    assert LogEntry.objects.first().course == world.line_item.resource_link.course
    caller.post(calls.service_url("scores", world.made.key), {})
    entry = LogEntry.objects.first()
    assert (entry.course, entry.outcome) == (world.line_item.resource_link.course, "refused")
