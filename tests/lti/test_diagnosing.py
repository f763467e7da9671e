"""“Test connection”, against servers that are really there."""

from __future__ import annotations

import json
import threading
from datetime import UTC, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from tests.lti import build
from wagtail_col import connecting
from wagtail_col.lti import diagnosing, keys
from wagtail_col.lti.diagnosing import Verdict
from wagtail_col.lti.models import LogEntry, Message

pytestmark = pytest.mark.django_db


class Provider(ThreadingHTTPServer):
    """A course provider's server: what it answers, by path; ``ahead``: how wrong its clock is."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {
            "/login": (400, "text/plain", b"no such platform"),
            "/jwks": (200, "application/json", json.dumps(build.jwks()).encode()),
        }
        self.ahead: timedelta | None = timedelta()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        status, kind, body = self.server.answers.get(self.path, (404, "text/plain", b""))
        self.send_response_only(status)
        if self.server.ahead is not None:
            date = timezone.now() + self.server.ahead
            self.send_header("Date", format_datetime(date.astimezone(UTC), usegmt=True))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def provider(settings):
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {
        "FETCH_PRIVATE_HOSTS": ["127.0.0.1", "testserver"]
    }
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def make(provider, **values):
    url = provider.url
    return build.make_tool(
        **{
            "login_url": f"{url}/login",
            "launch_url": f"{url}/launch",
            "deep_linking_url": f"{url}/pick",
            "redirect_uris": [f"{url}/launch"],
            "jwks": None,
            "jwks_url": f"{url}/jwks",
        }
        | values
    )


def found(tool) -> dict[str, diagnosing.Check]:
    return {check.code: check for check in diagnosing.diagnose(tool)}


def test_a_connection_that_works(provider):
    tool = make(provider)
    checks = found(tool)
    assert list(checks) == [
        "login-url",
        "key-set",
        "redirect-urls",
        "deep-linking-url",
        "clock",
        "own-address",
        "own-keys",
    ]
    verdicts = {code: check.verdict for code, check in checks.items()}
    # On a machine of one's own the site's address is none that others reach.
    assert verdicts.pop("own-address") is Verdict.NOTE
    assert set(verdicts.values()) == {Verdict.OK}
    assert "400" in checks["login-url"].says
    tool.refresh_from_db()
    assert tool.fetched_jwks["keys"]
    assert LogEntry.objects.get().message == Message.KEYS


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.OK),
        (401, Verdict.OK),
        (405, Verdict.OK),
        (404, Verdict.NOTE),
        (500, Verdict.FAILED),
        (503, Verdict.FAILED),
    ],
)
def test_any_answer_of_the_login_url_below_500_counts(provider, status, verdict):
    provider.answers["/login"] = (status, "text/html", b"<p>")
    check = found(make(provider))["login-url"]
    assert check.verdict is verdict
    assert bool(check.mend) == (verdict is not Verdict.OK)
    if status != 200:
        assert str(status) in check.says


def test_a_login_url_where_nothing_answers(provider):
    check = found(make(provider, login_url="http://127.0.0.1:1/login"))["login-url"]
    assert check.failed
    assert check.says == "The server does not answer."
    assert "firewall" in check.mend


def test_a_login_url_inside_a_private_network_is_not_asked(provider, settings):
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"FETCH_PRIVATE_HOSTS": []}
    checks = found(make(provider, login_url="https://127.0.0.1/login"))
    assert checks["login-url"].failed
    assert "private network" in checks["login-url"].says
    assert checks["key-set"].failed
    assert checks["redirect-urls"].failed


SMALL = build.public_jwk(key=build.rsa_key("small", 1024))
BAD_KEYS = {
    "no JSON": b"<html>",
    "no key set": b"[]",
    "no keys": b'{"keys": []}',
    "no name": json.dumps({"keys": [build.public_jwk() | {"kid": ""}]}).encode(),
    "another use": json.dumps({"keys": [build.public_jwk(use="enc")]}).encode(),
    "too small": json.dumps(
        {"keys": [build.public_jwk(key=build.rsa_key("small", 1024))]}
    ).encode(),
}


@pytest.mark.parametrize("case", BAD_KEYS)
def test_a_key_set_without_a_key_that_can_be_used(provider, case):
    provider.answers["/jwks"] = (200, "application/json", BAD_KEYS[case])
    check = found(make(provider))["key-set"]
    assert check.failed
    assert "no key set" in check.says
    assert "RSA" in check.mend


def test_a_key_set_that_cannot_be_fetched(provider):
    provider.answers["/jwks"] = (500, "text/html", b"secret <b>words</b> of a server")
    tool = make(provider)
    check = found(tool)["key-set"]
    assert check.failed
    assert "(500)" in check.says
    assert "secret" not in check.says + check.mend
    tool.refresh_from_db()
    assert tool.keys_error


@pytest.mark.parametrize(
    ("jwks", "verdict"), [(build.jwks(), Verdict.OK), (None, Verdict.FAILED), ({}, Verdict.FAILED)]
)
def test_pasted_keys(provider, jwks, verdict):
    check = found(make(provider, jwks_url="", jwks=jwks))["key-set"]
    assert check.verdict is verdict


@pytest.mark.parametrize(
    ("uris", "verdict", "words"),
    [
        ([], Verdict.FAILED, "none"),
        (["http://tool.example.org/"], Verdict.FAILED, "https://"),
        (["https://tool.example.org/#x"], Verdict.FAILED, "after #"),
        (["javascript:alert(1)"], Verdict.FAILED, "https://"),
        (["https://tool.example.org/other"], Verdict.NOTE, "not among them"),
    ],
)
def test_redirect_urls_that_cannot_work(provider, uris, verdict, words):
    check = found(make(provider, redirect_uris=uris))["redirect-urls"]
    assert check.verdict is verdict
    assert words in check.says
    assert check.mend


@pytest.mark.parametrize(
    ("url", "verdict"),
    [("", Verdict.NOTE), ("http://tool.example.org/", Verdict.FAILED)],
)
def test_a_deep_linking_url_that_cannot_work(provider, url, verdict):
    assert found(make(provider, deep_linking_url=url))["deep-linking-url"].verdict is verdict


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(300, "seconds ahead of ours"), (-90, "seconds behind ours")],
)
def test_a_clock_that_is_wrong_is_said_with_its_number(provider, seconds, words):
    provider.ahead = timedelta(seconds=seconds)
    check = found(make(provider))["clock"]
    assert check.failed
    assert words in check.says
    number = int("".join(filter(str.isdigit, check.says)))
    assert abs(number - abs(seconds)) < 30


@pytest.mark.parametrize("seconds", [30, -30])
def test_some_seconds_do_not_matter(provider, seconds):
    provider.ahead = timedelta(seconds=seconds)
    assert found(make(provider))["clock"].ok


def test_a_clock_that_nobody_reads(provider):
    provider.ahead = None
    assert found(make(provider))["clock"].verdict is Verdict.NOTE


@pytest.mark.parametrize(
    ("url", "addresses", "verdict"),
    [
        ("https://city.example.org", ["93.184.216.34"], Verdict.OK),
        ("https://city.example.org", ["10.0.0.7"], Verdict.NOTE),
        ("https://city.example.org", [], Verdict.FAILED),
        ("http://city.example.org", ["93.184.216.34"], Verdict.FAILED),
    ],
)
def test_this_sites_own_address(provider, settings, monkeypatch, url, addresses, verdict):
    real = connecting.resolve

    def resolve(host, port, deadline):
        if host != "city.example.org":
            return real(host, port, deadline)
        if not addresses:
            raise connecting.Unconnected("unresolved")
        return addresses

    monkeypatch.setattr(connecting, "resolve", resolve)
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"BASE_URL": url}
    check = found(make(provider))["own-address"]
    assert check.verdict is verdict
    assert bool(check.mend) == (verdict is Verdict.FAILED) or verdict is Verdict.NOTE


def test_this_sites_own_keys_that_cannot_be_read(provider, settings):
    tool = make(provider)
    assert found(tool)["own-keys"].ok
    keys._loaded.cache_clear()
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"KEYS": ["another-secret-" + "b" * 32]}
    check = found(tool)["own-keys"]
    assert check.failed
    assert "KEYS" in check.says
    assert check.mend
