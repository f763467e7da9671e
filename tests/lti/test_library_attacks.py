"""Attacks on a platform, one after another: ``lti1p3platform`` alone falls for each; this site does
not. What the library is asked for is in ``test_library`` and ``test_library_services``."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory
from tests.lti import build, calls
from tests.lti.opening import Visitor, asked, claims_of, error_of
from tests.lti.platform.test_library import launched_by_library
from tests.lti.test_library_services import Config, FetchingConfig, library_grades, library_token
from tests.serving import http, serve
from wagtail_col.lti import picking
from wagtail_col.lti.models import DeepLinkReturn, LaunchTicket, LineItem, LogEntry, Result, Score
from wagtail_col.lti.platform.deep_linking import DL, LTI

pytestmark = pytest.mark.django_db

REDIRECT_URI = "https://tool.example.org/launch"


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/launch",
        f"{REDIRECT_URI}?next=https://evil.example",
        f"{REDIRECT_URI};x",
        "https://tool.example.org@evil.example/launch",
        f"{REDIRECT_URI}#x",
        "javascript:alert(1)",
    ],
)
def test_a_message_for_another_address(redirect_uri):
    taken = launched_by_library(redirect_uri=redirect_uri)
    assert taken["launch_url"] == redirect_uri and taken["id_token"]
    response = Visitor().answer(redirect_uri=redirect_uri)
    assert response.status_code == 400
    assert "id_token" not in response.content.decode()
    assert LaunchTicket.objects.get().used_at is None


def hints_of_another_person():
    ana = Visitor()
    other = Visitor(tool=ana.tool, course=ana.course)
    return other.answer(ana.begin())


def forged_hints():
    return Visitor().answer(login_hint="forged", lti_message_hint="forged")


def message_hint_of_another_tool():
    visitor, another = Visitor(), Visitor(tool=build.make_tool(name="Another"))
    hint = asked(another.begin())["lti_message_hint"]
    return visitor.answer(lti_message_hint=hint)


def expired_hints():
    visitor = Visitor()
    opening = visitor.begin()
    LaunchTicket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return visitor.answer(opening)


def used_hints():
    visitor = Visitor()
    opening = visitor.begin()
    claims_of(visitor.answer(opening))
    return visitor.answer(opening)


def no_hints():
    return Visitor().answer(login_hint=None, lti_message_hint=None)


@pytest.mark.parametrize(
    "ours",
    [
        hints_of_another_person,
        forged_hints,
        message_hint_of_another_tool,
        expired_hints,
        used_hints,
        no_hints,
    ],
)
def test_hints_that_are_not_ones_own(ours):
    """To the library they are all the same: it never looks at them."""
    for hints in ({"login_hint": "x", "lti_message_hint": "y"}, {"login_hint": ""}):
        assert launched_by_library(**hints)["id_token"]
        assert launched_by_library(**hints)["id_token"]
    assert error_of(ours()) in ("access_denied", "invalid_request")


def picked(ticket, **changes) -> dict:
    """A good answer of a catalogue, with changes; ``...`` leaves a claim out."""
    now = int(timezone.now().timestamp())
    said = {
        "iss": ticket.tool.client_id,
        "aud": build.ISSUER,
        "exp": now + 600,
        "iat": now,
        "nonce": uuid.uuid4().hex,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": ticket.tool.deployment_id,
        DL + "content_items": [build.content_item()],
        DL + "data": picking.data_for(ticket),
    } | changes
    return {name: value for name, value in said.items() if value is not ...}


@pytest.fixture
def ticket():
    return build.make_picking_ticket(build.make_tool(), UserFactory(), uuid.uuid4())


def sent(said: dict):
    """What the library makes of it, then our answer."""
    token = build.sign_as_tool(said)
    assert Config().validate_deeplinking_resp({"JWT": token}) == said[DL + "content_items"]
    return Client().post(reverse("col_lti:deep_links"), {"JWT": token})


@pytest.mark.parametrize(
    ("claim", "value", "code"),
    [
        ("aud", "https://elsewhere.example", "picked-aud"),
        ("iss", "nobody", "picked-client"),
        (LTI + "deployment_id", "another", "picked-deployment"),
        ("exp", ..., "picked-exp"),
        ("nonce", ..., "picked-nonce"),
        (DL + "data", "made up", "picked-data"),
        (DL + "content_items", [{"type": "html", "html": "<b>"}], "picked-item-type"),
        (DL + "content_items", [{"type": "link", "url": "javascript:x"}], "picked-item-url"),
        (DL + "content_items", [{"type": "link", "url": "https://t/"}] * 101, "picked-too-many"),
        (DL + "content_items", [{"type": "link", "url": "https://t/"}] * 10_000, "token-size"),
        (DL + "content_items", [{"type": "link", "text": "x" * 5_000_000}], "token-size"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_a_catalogue_never_should_have_answered(ticket, settings, claim, value, code):
    # As large as the site takes a form: then it is our own limit that is met.
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
    response = sent(picked(ticket, **{claim: value}))
    assert response.status_code == 400
    assert LogEntry.objects.latest("pk").requirement == code
    assert not DeepLinkReturn.objects.exists()


def test_the_answer_of_a_catalogue_for_another_editor(ticket):
    other = build.make_picking_ticket(build.make_tool(name="B"), UserFactory(), uuid.uuid4())
    response = sent(picked(ticket, **{DL + "data": picking.data_for(other)}))
    assert response.status_code == 400
    assert LogEntry.objects.latest("pk").requirement == "picked-data"


def test_the_answer_of_a_catalogue_a_second_time(ticket):
    said = picked(ticket)
    assert sent(said).status_code == 303
    assert sent(said).status_code == 400
    assert DeepLinkReturn.objects.count() == 1


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat", "jti"])
def test_an_assertion_without_a_claim(claim):
    tool = build.make_tool()
    said = calls.claims(tool, **{claim: None})
    assert library_token(said)
    data = calls.form(tool, client_assertion=build.sign_as_tool(said))
    assert calls.ask(data).json()["error"] == "invalid_client"


@pytest.fixture
def learner():
    """Somebody who takes the course of ``line_item``."""
    line_item = calls.placed()
    tool_user = build.make_tool_user(line_item.tool)
    build.make_member(line_item.context, tool_user)
    return line_item, tool_user


def score(tool_user, **changes) -> dict:
    return {
        "userId": str(tool_user.sub),
        "scoreGiven": 100,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-05-04T10:20:30Z",
    } | changes


def scored(line_item, body: str):
    """What the library keeps of it, then our answer."""
    service = library_grades(library_token(), "POST", body=body)
    assert service.handle_update_score("1").code == 200
    assert service.kept
    url = calls.service_url("scores", line_item.key)
    return calls.Caller(line_item.tool).post(url, body)


def not_a_member(line_item, tool_user):
    tool_user.memberships.all().delete()


def suspended(line_item, tool_user):
    type(tool_user.user).objects.filter(pk=tool_user.user.pk).update(is_active=False)


def of_another_tool(line_item, tool_user):
    another = build.make_tool(name="Another")
    type(tool_user).objects.filter(pk=tool_user.pk).update(tool=another)


@pytest.mark.parametrize("done", [not_a_member, suspended, of_another_tool])
def test_a_score_for_whom_it_should_not_count(learner, done):
    done(*learner)
    assert scored(learner[0], json.dumps(score(learner[1]))).status_code == 400
    assert not Score.objects.exists()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e308", "-1", "1e999"])
def test_a_score_that_is_no_score(learner, number):
    body = json.dumps(score(learner[1], scoreGiven=424242)).replace("424242", number)
    assert scored(learner[0], body).status_code == 400
    assert not Score.objects.exists()


def test_a_score_that_is_older(learner):
    line_item, tool_user = learner
    assert scored(line_item, json.dumps(score(tool_user))).status_code == 200
    older = score(tool_user, timestamp="2026-05-04T10:20:29Z", scoreGiven=1)
    assert scored(line_item, json.dumps(older)).status_code == 409
    assert Result.objects.get().score_given == 100


def test_a_score_of_ten_megabytes(learner):
    line_item, tool_user = learner
    body = json.dumps(score(tool_user, comment="x" * 10_000_000))
    assert scored(line_item, body).status_code == 413
    assert not Score.objects.exists()


def test_the_line_item_of_another_tool(learner):
    line_item = learner[0]
    service = library_grades(library_token(), "DELETE")
    assert service.handle_delete_lineitem(str(line_item.key)).code == 204
    caller = calls.Caller(build.make_tool(name="Thief"))
    url = calls.service_url("line_item", line_item.key)
    changed = {"label": "Mine", "scoreMaximum": 1}
    for answer in (caller.get(url), caller.put(url, changed), caller.delete(url)):
        assert answer.status_code == 404
    before, after = line_item, LineItem.objects.get()
    assert (after.label, after.score_maximum) == (before.label, before.score_maximum)


def test_a_key_nobody_knows_is_asked_for_again_and_again(settings):
    """The library asks for each token; this site once, and then not for a while."""
    with serve(http(json.dumps(build.jwks()).encode())) as server:
        url = f"http://{server.host}/jwks"
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [server.host]}
        unknown = build.sign_as_tool({}, kid="unknown", key=build.rsa_key("unknown"))
        for _n in range(3):
            with pytest.raises(Exception, match=r"(?i)key"):
                FetchingConfig(url).tool_validate_and_decode(unknown)
        alone = len(server.requests)
        tool = build.make_tool(jwks=None, jwks_url=url)
        for _n in range(5):
            said = calls.claims(tool)
            assertion = build.sign_as_tool(said, kid="unknown", key=build.rsa_key("unknown"))
            answer = calls.ask(calls.form(tool, client_assertion=assertion))
            assert answer.json()["error"] == "invalid_client"
        assert alone == 3
        assert len(server.requests) - alone <= 2


def test_what_the_library_does_right_is_done_right_here_as_well(ticket):
    """No signature, a secret in place of a key, another key: refused by both."""
    said = picked(ticket)
    for token in (
        build.sign_as_tool(said, key="", algorithm="none"),
        build.sign_as_tool(said, key=build.public_jwk()["n"], algorithm="HS256"),
        build.sign_as_tool(said, key=build.rsa_key("another")),
    ):
        with pytest.raises(Exception, match=r"."):
            Config().validate_deeplinking_resp({"JWT": token})
        assert Client().post(reverse("col_lti:deep_links"), {"JWT": token}).status_code == 400
    assert not DeepLinkReturn.objects.exists()
