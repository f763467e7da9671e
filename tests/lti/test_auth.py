"""The authorization endpoint: what a tool sends, what it gets."""

import json
import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.lti import build
from tests.lti.opening import (
    AUTH,
    REDIRECT_URI,
    Visitor,
    asked,
    claims_of,
    error_of,
    form_of,
    is_our_page,
    last_entry,
)
from wagtail_col.lti import tickets
from wagtail_col.lti.models import (
    LaunchTicket,
    LogEntry,
    Membership,
    Message,
    Outcome,
    ResourceLink,
    TicketKind,
    ToolState,
)

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def visitor():
    return Visitor()


# The way that is meant


def test_a_course_opens_with_one_signed_message(visitor):
    response = visitor.answer()
    action, fields = form_of(response)
    assert action == REDIRECT_URI
    assert set(fields) == {"id_token", "state"}
    assert fields["state"] == "state-1"
    claims = claims_of(response)
    assert claims["nonce"] == "nonce-1"
    assert claims["aud"] == visitor.tool.client_id
    assert (last_entry().outcome, last_entry().message) == (Outcome.DONE, Message.LAUNCH)
    assert last_entry().course == visitor.course


def test_the_authentication_request_may_be_a_get(visitor):
    response = visitor.browser.get(AUTH, asked(visitor.begin()))
    assert claims_of(response)["sub"]


def test_the_deployment_id_may_be_sent_back_or_not(visitor):
    deployment = {"lti_deployment_id": visitor.tool.deployment_id}
    assert claims_of(visitor.answer())["sub"]
    assert claims_of(visitor.answer(**deployment))["sub"]


def test_a_post_is_read_from_its_body_whatever_its_query_says(visitor):
    params = asked(visitor.begin())
    response = visitor.browser.post(f"{AUTH}?redirect_uri=https://evil.example/&lang=sl", params)
    assert form_of(response)[0] == REDIRECT_URI
    assert claims_of(response)["sub"]


def test_without_state_none_is_sent_back(visitor):
    assert set(form_of(visitor.answer(state=None))[1]) == {"id_token"}


def test_the_page_is_kept_nowhere_and_shown_in_frames_of_this_site_only(visitor):
    response = visitor.answer()
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert f"form-action {build.TOOL_HOST}" in policy
    assert "frame-ancestors 'self'" in policy
    # With less, browsers say that the form comes from nowhere: "Origin: null".
    assert response["Referrer-Policy"] == "strict-origin"


def test_the_page_works_without_scripts_and_holds_none(visitor):
    page = visitor.answer().content.decode()
    assert '<button class="col-button" type="submit">' in page
    assert page.count("<script") == page.count("<script src=") == 1
    assert "style=" not in page


def test_a_state_with_markup_is_text(visitor):
    state = '"><script>alert(1)</script>'
    response = visitor.answer(state=state)
    assert form_of(response)[1]["state"] == state
    assert "<script>alert" not in response.content.decode()


def test_an_editor_gets_to_the_catalogue():
    visitor = Visitor()
    claims = claims_of(visitor.answer(visitor.begin(TicketKind.DEEP_LINKING)))
    message_type = "https://purl.imsglobal.org/spec/lti/claim/message_type"
    assert claims[message_type] == "LtiDeepLinkingRequest"
    assert last_entry().message == Message.PICK
    assert not Membership.objects.exists()


def test_who_opened_a_course_is_a_member(visitor):
    visitor.answer()
    membership = Membership.objects.get()
    assert membership.tool_user.user == visitor.user
    assert membership.context.key == visitor.context_key


def test_the_launch_log_holds_no_token_name_or_hint(visitor):
    opening = visitor.begin()
    visitor.answer(opening)
    visitor.answer(opening)
    visitor.answer(visitor.begin(), login_hint="forged." + "x" * 40)
    kept = json.dumps(list(LogEntry.objects.values()), default=str)
    hints = asked(opening)
    for secret in ("Novak", "eyJ", hints["login_hint"], hints["lti_message_hint"], "x" * 40):
        assert secret not in kept


# Our own page: nothing is posted


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example.org/launch",
        f"{REDIRECT_URI}?next=https://evil.example.org",
        f"{REDIRECT_URI};x",
        "https://tool.example.org@evil.example.org/launch",
        "https://user:pw@tool.example.org/launch",
        f"{REDIRECT_URI}#fragment",
        "javascript:alert(document.domain)",
        f"{REDIRECT_URI}\x00",
        "",
        None,
    ],
)
def test_a_wrong_redirect_uri_is_400_on_our_page_and_nothing_is_posted(visitor, redirect_uri):
    response = visitor.answer(redirect_uri=redirect_uri)
    is_our_page(response, "login-redirect-uri")
    assert "evil.example.org/launch" not in response.get("Content-Security-Policy", "")
    assert LaunchTicket.objects.get().used_at is None


def test_errors_are_not_posted_to_a_wrong_redirect_uri_either(visitor):
    response = visitor.answer(redirect_uri="https://evil.example.org/", scope="profile")
    is_our_page(response, "login-redirect-uri")


@pytest.mark.parametrize("client_id", ["unknown", "", None, "x\x00", "x" * 5000])
def test_an_unknown_client_is_refused_on_our_page(visitor, client_id):
    is_our_page(visitor.answer(client_id=client_id), "login-client")


def test_a_client_id_sent_twice_is_refused_on_our_page(visitor):
    params = list(asked(visitor.begin()).items())
    body = urlencode([*params, ("client_id", "other")])
    is_our_page(visitor.browser.post(AUTH, body, content_type=FORM), "login-client")


@pytest.mark.parametrize("state", [ToolState.SUSPENDED, ToolState.PENDING, ToolState.REFUSED])
def test_a_tool_that_is_not_in_use_gets_nothing(visitor, state):
    opening = visitor.begin()
    visitor.tool.state = state
    visitor.tool.save()
    is_our_page(visitor.answer(opening), "tool-not-in-use", status=403)
    assert LaunchTicket.objects.get().used_at is None


def test_our_page_tells_a_coordinator_the_field_and_how_to_mend_it(visitor):
    page = visitor.answer(redirect_uri="https://other.example.org/launch").content.decode()
    assert "The course did not open" in page
    assert "<code>redirect_uri</code>" in page
    assert "<code>https://other.example.org/launch</code>" in page
    assert "letter by letter" in page


# Errors the tool is told


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"scope": "profile"}, "invalid_scope", "login-scope"),
        ({"scope": None}, "invalid_scope", "login-scope"),
        ({"response_type": "code"}, "unsupported_response_type", "login-response-type"),
        ({"response_mode": "query"}, "invalid_request", "login-response-mode"),
        ({"prompt": "login"}, "invalid_request", "login-prompt"),
        ({"nonce": None}, "invalid_request", "login-nonce"),
        ({"login_hint": None}, "invalid_request", "login-hint"),
        ({"lti_message_hint": None}, "invalid_request", "login-message-hint"),
        ({"login_hint": "forged"}, "invalid_request", "ticket-login-hint"),
        ({"lti_message_hint": "forged"}, "invalid_request", "ticket-message-hint"),
        ({"login_hint": "ž\x00"}, "invalid_request", "ticket-login-hint"),
        ({"scope": "a\x00\nb"}, "invalid_scope", "login-scope"),
        ({"nonce": "n" * 20_000}, "invalid_request", "login-too-long"),
    ],
)
def test_a_wrong_request_is_answered_with_its_error_at_the_redirect_uri(
    visitor, changes, error, code
):
    response = visitor.answer(**changes)
    action, fields = form_of(response)
    assert action == REDIRECT_URI
    assert fields["error"] == error
    assert fields["state"] == "state-1"
    assert "id_token" not in fields
    assert (last_entry().outcome, last_entry().requirement) == (Outcome.REFUSED, code)
    assert LaunchTicket.objects.get().used_at is None


def test_an_error_is_described_in_plain_ascii_whatever_the_language(visitor):
    response = visitor.browser.post(
        AUTH, asked(visitor.begin(), prompt="login"), headers={"accept-language": "sl"}
    )
    description = form_of(response)[1]["error_description"]
    assert description.isascii()
    assert description.startswith("prompt: The course provider")


def test_a_field_that_is_sent_twice_is_told_to_the_tool(visitor):
    params = list(asked(visitor.begin()).items())
    body = urlencode([*params, ("nonce", "other")])
    response = visitor.browser.post(AUTH, body, content_type=FORM)
    assert error_of(response) == "invalid_request"
    assert last_entry().requirement == "login-repeated"


def test_the_hint_of_another_user_is_refused():
    ana, another = Visitor(), Visitor()
    opening = ana.begin()
    other = Visitor(tool=ana.tool, course=ana.course, user=another.user)
    assert error_of(other.answer(opening)) == "access_denied"
    assert last_entry().requirement == "ticket-person"
    assert LaunchTicket.objects.get(pk=opening.ticket.pk).used_at is None


def test_the_login_hint_of_one_and_the_message_hint_of_another_login_are_refused(visitor):
    first, second = visitor.begin(), visitor.begin()
    response = visitor.answer(first, lti_message_hint=asked(second)["lti_message_hint"])
    assert error_of(response) == "invalid_request"
    assert last_entry().requirement == "ticket-message-hint"


def test_one_hint_in_the_place_of_the_other_is_refused(visitor):
    hints = asked(visitor.begin())
    response = visitor.answer(login_hint=hints["lti_message_hint"])
    assert last_entry().requirement == "ticket-login-hint"
    assert error_of(response) == "invalid_request"


def test_the_hints_of_another_tool_are_refused(visitor):
    thief = build.make_tool(name="Thief")
    response = visitor.answer(client_id=thief.client_id)
    assert error_of(response) == "unauthorized_client"
    assert last_entry().requirement == "ticket-tool"
    assert last_entry().tool == thief
    assert LaunchTicket.objects.get().used_at is None


def test_a_hint_of_more_than_five_minutes_is_refused(visitor, monkeypatch):
    opening = visitor.begin()
    later = timezone.now() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    assert error_of(visitor.answer(opening)) == "access_denied"
    assert last_entry().requirement == "ticket-expired"


def test_a_ticket_of_more_than_five_minutes_is_refused(visitor):
    opening = visitor.begin()
    LaunchTicket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert error_of(visitor.answer(opening)) == "access_denied"
    assert last_entry().requirement == "ticket-expired"


def test_a_ticket_that_was_cleaned_up_is_refused(visitor):
    opening = visitor.begin()
    LaunchTicket.objects.all().delete()
    assert error_of(visitor.answer(opening)) == "access_denied"


def test_a_course_taken_out_while_its_ticket_is_read_is_refused(visitor, monkeypatch):
    opening = visitor.begin()
    find = tickets.find

    def taken_out_before(hinted, tool):
        ResourceLink.objects.all().delete()
        return find(hinted, tool)

    monkeypatch.setattr(tickets, "find", taken_out_before)
    assert error_of(visitor.answer(opening)) == "access_denied"
    assert last_entry().requirement == "ticket-expired"


def test_the_same_person_in_another_session_is_refused(visitor):
    opening = visitor.begin()
    elsewhere = Visitor(tool=visitor.tool, course=visitor.course, user=visitor.user)
    assert error_of(elsewhere.answer(opening)) == "access_denied"
    assert last_entry().requirement == "ticket-session"


def test_the_same_request_a_second_time_gets_no_message(visitor):
    opening = visitor.begin()
    assert claims_of(visitor.answer(opening))
    assert error_of(visitor.answer(opening)) == "access_denied"
    assert last_entry().requirement == "ticket-used"
    assert LogEntry.objects.filter(outcome=Outcome.DONE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once_gets_one_message():
    visitor = Visitor()
    params = asked(visitor.begin())
    cookies = visitor.browser.cookies
    together = threading.Barrier(8)
    answers = []

    def ask() -> None:
        browser = Client()
        browser.cookies = cookies
        together.wait()
        try:
            answers.append(form_of(browser.post(AUTH, params))[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("id_token" in fields for fields in answers) == [False] * 7 + [True]
    assert {fields.get("error") for fields in answers} == {None, "access_denied"}


def test_somebody_whose_account_was_closed_does_not_launch(visitor):
    opening = visitor.begin()
    visitor.user.is_active = False
    visitor.user.save()
    # They count as logged out: asked once more, then refused.
    assert form_of(visitor.answer(opening))[0] == AUTH
    assert error_of(visitor.answer(opening, col_again="1")) == "login_required"
    assert LaunchTicket.objects.get().used_at is None


def test_a_login_backend_that_lets_closed_accounts_in_does_not_launch_them(visitor, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    person = Visitor(tool=visitor.tool, course=visitor.course)
    opening = person.begin()
    person.user.is_active = False
    person.user.save()
    assert error_of(person.answer(opening)) == "access_denied"
    assert last_entry().requirement == "person-not-active"
