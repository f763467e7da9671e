"""Where a catalogue sends what was picked: who may say it, once, and where the editor goes then."""

from __future__ import annotations

import base64
import io
import json
import time
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.lti import build
from wagtail_col.lti import picking, pictures
from wagtail_col.lti.models import DeepLinkReturn, LogEntry, Message, Outcome, ToolState
from wagtail_col.lti.platform.deep_linking import DL, LTI

pytestmark = pytest.mark.django_db

KEY = uuid.uuid4()
URL = "/col/lti/deep-links"


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def editor():
    return UserFactory()


@pytest.fixture
def ticket(tool, editor):
    return build.make_picking_ticket(tool, editor, KEY, return_path="/admin/learning/courses/7/")


def claims(ticket, *items, **changes) -> dict:
    now = int(time.time())
    said = {
        "iss": ticket.tool.client_id,
        "aud": [build.ISSUER],
        "exp": now + 600,
        "iat": now,
        "nonce": uuid.uuid4().hex,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": ticket.tool.deployment_id,
        DL + "content_items": list(items or (build.content_item(),)),
        DL + "data": picking.data_for(ticket),
    } | changes
    return {name: value for name, value in said.items() if value is not ...}


def send(client, said: dict, **signing):
    return client.post(URL, {"JWT": build.sign_as_tool(said, **signing)})


def refusal() -> str:
    """The last refusal in the log: nothing was kept."""
    assert not DeepLinkReturn.objects.exists()
    return LogEntry.objects.filter(outcome=Outcome.REFUSED).latest("pk").requirement


def test_what_was_picked_is_kept_and_the_editor_goes_on(ticket, editor):
    # As a browser sends it: from another site, without a cookie and without a token of ours.
    client = Client(enforce_csrf_checks=True)
    response = send(client, claims(ticket, **{DL + "msg": "Done."}))
    returned = DeepLinkReturn.objects.get()
    assert response.status_code == 303
    assert response.url == reverse("col_lti:picked", args=[returned.key])
    assert returned.ticket == ticket
    assert returned.items == [{"item": build.content_item(), "picture": ""}]
    assert returned.message == "Done."
    entry = LogEntry.objects.get()
    assert (entry.tool, entry.message, entry.outcome) == (
        ticket.tool,
        Message.PICKED,
        Outcome.DONE,
    )
    client.force_login(editor)
    response = client.get(response.url)
    assert response.url == f"/admin/learning/courses/7/?picked={returned.key}"


def test_without_a_session_there_is_a_link_to_go_on(client, ticket):
    response = send(client, claims(ticket))
    page = client.get(response.url)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    returned = DeepLinkReturn.objects.get()
    assert f'href="/admin/learning/courses/7/?picked={returned.key}"' in page.content.decode()
    assert client.get(f"{URL}/{uuid.uuid4()}", follow=True).status_code == 404


def test_an_empty_pick_is_an_answer_too(client, ticket):
    assert send(client, claims(ticket, **{DL + "content_items": []})).status_code == 303
    assert DeepLinkReturn.objects.get().items == []


def test_other_methods_are_not_allowed(client):
    for method in ("get", "put", "delete", "patch", "head"):
        assert getattr(client, method)(URL).status_code == 405


@pytest.mark.parametrize("data", [{}, {"JWT": ["a", "b"]}, {"jwt": "x"}])
def test_a_post_without_one_message_is_refused(client, data):
    response = client.post(URL, data)
    assert response.status_code == 400
    assert refusal() == "picked-jwt"


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", "e30.e30.", "\0", "é.é.é"])
def test_what_is_no_token_is_refused(client, token):
    assert client.post(URL, {"JWT": token}).status_code == 400
    assert refusal() in ("token-form", "picked-client")


def test_a_message_signed_otherwise_is_refused(client, ticket):
    said = claims(ticket)
    none = build.sign_as_tool(said, key="", algorithm="none")
    assert client.post(URL, {"JWT": none}).status_code == 400
    assert refusal() in ("token-algorithm", "token-form")
    secret = build.public_jwk()["n"]
    assert send(client, said, key=secret, algorithm="HS256").status_code == 400
    assert refusal() == "token-algorithm"
    assert send(client, said, kid="another").status_code == 400
    assert refusal() == "unknown-kid"
    assert send(client, said, kid=None).status_code == 400
    assert refusal() == "token-kid"
    assert send(client, said, key=build.rsa_key("other")).status_code == 400
    assert refusal() == "token-signature"


@pytest.mark.parametrize("issuer", ["another", "", "a\0b", "x" * 5000])
def test_a_message_of_nobody_we_know_is_refused(client, ticket, issuer):
    assert send(client, claims(ticket, iss=issuer)).status_code == 400
    assert refusal() == "picked-client"


@pytest.mark.parametrize("issuer", [None, 7, ["x"], {"a": 1}])
def test_an_issuer_that_is_no_text_is_refused(client, ticket, issuer):
    parts = build.sign_as_tool(claims(ticket)).split(".")
    body = json.dumps(claims(ticket, iss=issuer)).encode()
    parts[1] = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    assert client.post(URL, {"JWT": ".".join(parts)}).status_code == 400
    assert refusal() == "picked-client"


@pytest.mark.parametrize("state", [ToolState.PENDING, ToolState.SUSPENDED, ToolState.REFUSED])
def test_a_message_of_a_tool_that_is_not_in_use_is_refused(client, ticket, state):
    said = claims(ticket)
    ticket.tool.state = state
    ticket.tool.save()
    assert send(client, said).status_code == 400
    assert refusal() == "picked-not-in-use"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://elsewhere.example"}, "picked-aud"),
        ({"azp": "another"}, "picked-azp"),
        ({"exp": 1}, "picked-exp"),
        ({"iat": 1}, "picked-iat"),
        ({"nonce": ...}, "picked-nonce"),
        ({LTI + "deployment_id": "another"}, "picked-deployment"),
        ({LTI + "message_type": "LtiResourceLinkRequest"}, "picked-message-type"),
        ({LTI + "version": "1.3"}, "picked-version"),
        ({DL + "data": "made up"}, "picked-data"),
        ({DL + "data": ...}, "picked-data"),
        ({DL + "content_items": [{"type": "html", "html": "<b>"}]}, "picked-item-type"),
        (
            {DL + "content_items": [build.content_item(url="javascript:alert(1)")]},
            "picked-item-url",
        ),
        (
            {DL + "content_items": [build.content_item(lineItem={"scoreMaximum": -1})]},
            "picked-item-maximum",
        ),
    ],
)
def test_a_wrong_answer_is_refused_with_its_reason_and_a_way_back(client, ticket, changes, code):
    response = send(client, claims(ticket, **changes))
    page = response.content.decode()
    assert response.status_code == 400
    assert refusal() == code
    assert "was not taken over" in page
    assert "javascript:alert" not in page
    if not code.endswith("data"):
        assert 'href="/admin/learning/courses/7/"' in page


def test_a_tool_cannot_answer_for_another_tools_ticket(client, ticket):
    other = build.make_tool()
    said = claims(ticket, iss=other.client_id, **{LTI + "deployment_id": other.deployment_id})
    assert send(client, said).status_code == 400
    assert refusal() == "picked-data"


def test_the_same_answer_a_second_time_changes_nothing(client, ticket, tool, editor):
    said = claims(ticket)
    assert send(client, said).status_code == 303
    assert send(client, said).status_code == 400
    assert send(client, said | {"nonce": "new"}).status_code == 400
    again = build.make_picking_ticket(tool, editor, KEY)
    assert send(client, claims(again, nonce=said["nonce"])).status_code == 400
    assert DeepLinkReturn.objects.count() == 1
    codes = LogEntry.objects.filter(outcome=Outcome.REFUSED).values_list("requirement", flat=True)
    assert set(codes) == {"picked-once"}


def test_a_message_that_is_too_long_is_refused(client, ticket):
    items = [build.content_item(text="x" * 3000) for _ in range(90)]
    assert send(client, claims(ticket, *items)).status_code == 400
    assert refusal() in ("token-size", "picked-too-many")


def test_a_picture_is_kept_from_the_provider_and_a_failing_one_is_left_out(
    client, ticket, monkeypatch
):
    from PIL import Image

    from wagtail_col.fetching import Fetched, FetchRefused

    file = io.BytesIO()
    Image.new("RGB", (640, 360)).save(file, "PNG")

    def fetch(url, **kwargs):
        if "good" not in url:
            raise FetchRefused("address")
        return Fetched(url, 200, "image/png", file.getvalue(), {})

    monkeypatch.setattr(pictures, "fetch", fetch)
    icons = [f"{build.TOOL_HOST}/{name}.png" for name in ("good", "bad")]
    items = [build.content_item(icon={"url": url}) for url in icons]
    assert send(client, claims(ticket, *items)).status_code == 303
    good, bad = DeepLinkReturn.objects.get().items
    assert good["picture"].endswith(".jpg")
    assert bad["picture"] == ""
