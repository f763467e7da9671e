"""Opening a course the way a browser and a tool do it, as the tests of launches need it."""

from __future__ import annotations

import uuid
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from tests.factories import UserFactory
from tests.lti import build
from wagtail_col.lti import keys, launching
from wagtail_col.lti.models import LogEntry, Outcome, Role, TicketKind
from wagtail_col.lti.platform import jwt

AUTH = "/col/lti/auth"
REDIRECT_URI = f"{build.TOOL_HOST}/launch"


class Visitor:
    """Somebody logged in, with a browser, and a tool with a course."""

    def __init__(self, *, tool=None, course=None, user=None, **tool_values) -> None:
        build.make_platform_key()
        self.tool = tool or (course.tool if course else build.make_tool(**tool_values))
        self.course = course or build.make_course(self.tool)
        self.user = user or UserFactory(first_name="Ana", last_name="Novak")
        self.context_key = uuid.uuid4()
        self.browser = Client()
        self.browser.force_login(self.user)

    def begin(self, kind: str = TicketKind.RESOURCE_LINK, **values) -> launching.Opening:
        picks = kind == TicketKind.DEEP_LINKING
        return launching.begin(
            kind,
            **{
                "tool": self.tool,
                "user": self.user,
                "context_key": self.context_key,
                "context_title": "Podcast from zero",
                "role": Role.EDITOR if picks else Role.LEARNER,
                "session_key": self.browser.session.session_key,
                "language": "sl",
                "return_path": "/en/podcast/",
                "course": None if picks else self.course,
                **values,
            },
        )

    def answer(self, opening: launching.Opening | None = None, **changes) -> HttpResponse:
        """What the authorization endpoint answers in this browser."""
        return self.browser.post(AUTH, asked(opening or self.begin(), **changes))


def asked(opening: launching.Opening, **changes) -> dict:
    """The authentication request a tool makes of a login; None leaves a field out."""
    told = parse_qs(urlsplit(opening.url).query)
    params = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": told["client_id"][0],
        "redirect_uri": REDIRECT_URI,
        "login_hint": told["login_hint"][0],
        "lti_message_hint": told["lti_message_hint"][0],
        "state": "state-1",
        "nonce": "nonce-1",
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.method = self.action = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.method, self.action = values["method"], values["action"]
        elif tag == "input":
            self.fields[values["name"]] = values["value"]


def form_of(response: HttpResponse) -> tuple[str, dict[str, str]]:
    """Where the page's form goes and what it holds."""
    form = _Form()
    form.feed(response.content.decode())
    if form.method != "post":
        raise AssertionError(f"There is no form:\n{response.content.decode()[:3000]}")
    return form.action, form.fields


def claims_of(response: HttpResponse) -> dict:
    """The claims of the id_token in the page, verified with our published keys."""
    _action, fields = form_of(response)
    if "id_token" not in fields:
        raise AssertionError(fields)
    return jwt.verify(fields["id_token"], keys.public_jwks())


def error_of(response: HttpResponse) -> str | None:
    """The error in the page that is posted to the tool."""
    action, fields = form_of(response)
    if action != REDIRECT_URI or "id_token" in fields:
        raise AssertionError((action, list(fields)))
    return fields["error"]


def last_entry() -> LogEntry:
    return LogEntry.objects.first()


def is_our_page(response, code: str, status: int = 400) -> None:
    """Nothing is posted anywhere, and the page says which rule it was."""
    page = response.content.decode()
    entry = last_entry()
    seen = (response.status_code, entry.outcome, entry.requirement)
    if seen != (status, Outcome.REFUSED, code) or "<form" in page or code not in page:
        raise AssertionError((seen, page[:3000]))
