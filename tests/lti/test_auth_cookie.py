"""The authorization endpoint without our cookie, and what else it lets in."""

import pytest
from django.test import Client

from tests.lti.opening import (
    AUTH,
    Visitor,
    asked,
    claims_of,
    error_of,
    form_of,
    is_our_page,
    last_entry,
)
from wagtail_col.lti.models import (
    LogEntry,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Visitor()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_request_without_our_cookie_is_posted_once_more_from_our_own_page(visitor, method):
    params = asked(visitor.begin())
    response = getattr(Client(), method)(AUTH, params)
    action, fields = form_of(response)
    assert action == AUTH
    assert "form-action 'self'" in response["Content-Security-Policy"]
    assert {name: fields[name] for name in params} == params
    assert not LogEntry.objects.exists()
    # From our own page the browser sends the cookie.
    assert claims_of(visitor.browser.post(action, fields))["sub"]


def test_it_is_posted_once_more_only_once(visitor):
    stranger = Client()
    _action, fields = form_of(stranger.post(AUTH, asked(visitor.begin())))
    assert error_of(stranger.post(AUTH, fields)) == "login_required"
    assert last_entry().requirement == "ticket-login"


def test_no_session_begins_on_the_way(visitor):
    response = Client().post(AUTH, asked(visitor.begin()))
    assert not response.cookies


def test_a_wrong_redirect_uri_is_not_posted_once_more(visitor):
    response = Client().post(AUTH, asked(visitor.begin(), redirect_uri="https://evil.example/"))
    is_our_page(response, "login-redirect-uri")


def test_other_sites_may_post_here_without_our_form_token(visitor):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = visitor.browser.cookies
    assert claims_of(browser.post(AUTH, asked(visitor.begin())))


@pytest.mark.parametrize("method", ["put", "delete", "head", "patch", "options"])
def test_only_get_and_post_are_answered(visitor, method):
    assert getattr(visitor.browser, method)(AUTH).status_code == 405


def test_scripts_on_another_host_are_let_in_by_the_policy(visitor, settings):
    settings.STATIC_URL = "https://static.example.org/files/"
    policy = visitor.answer()["Content-Security-Policy"]
    assert "script-src 'self' https://static.example.org;" in policy
