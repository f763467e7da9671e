"""Wallets register themselves: what is kept, what is refused, and how often."""

import hashlib
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.api import build
from wagtail_col.api import registering, scopes
from wagtail_col.api.models import Application, RegistrationTry

pytestmark = pytest.mark.django_db


def test_everything_is_kept_and_told_back():
    answer = build.register()
    assert answer.status_code == 201, answer.content
    assert "no-store" in answer["Cache-Control"]
    said = answer.json()
    assert {name: said[name] for name in build.metadata()} == build.metadata()
    assert said["client_secret_expires_at"] == 0
    application = Application.objects.get()
    assert said["client_id"] == application.client_id
    assert said["client_id_issued_at"] == int(application.created.timestamp())
    assert (application.host, application.is_system) == ("wallet.example.org", False)


def test_the_secret_is_said_once_and_stored_as_a_hash():
    secret = build.register().json()["client_secret"]
    assert len(secret) >= 64
    stored = Application.objects.get()
    assert stored.client_secret == hashlib.sha256(secret.encode()).hexdigest()
    stored.save()
    stored.refresh_from_db()
    assert stored.client_secret == hashlib.sha256(secret.encode()).hexdigest(), "hashed once"


@pytest.mark.parametrize(
    "name",
    [
        "client_name",
        "client_uri",
        "logo_uri",
        "tos_uri",
        "policy_uri",
        "software_id",
        "software_version",
        "redirect_uris",
        "scope",
    ],
)
def test_each_member_the_standard_asks_for_is_needed(name):
    answer = build.register(**{name: None})
    assert answer.status_code == 400
    assert name in answer.json()["error_description"]
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uris": ["http://wallet.example.org/callback"]},
        {"redirect_uris": ["https://other.example.org/callback"]},
        {"redirect_uris": [build.CALLBACK, "https://evil.example/"]},
        {"redirect_uris": ["https://wallet.example.org/#code"]},
        {"redirect_uris": ["https://user@wallet.example.org/callback"]},
        {"redirect_uris": ["https://wallet.example.org\\@evil.example/"]},
        {"redirect_uris": ["https://wallet.example.org:port/"]},
        {"redirect_uris": ["https://wallet.example.org/a b"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": ["data:text/html,hello"]},
        {"redirect_uris": ["/callback"]},
        {"redirect_uris": ["https:///callback"]},
        {"redirect_uris": []},
        {"redirect_uris": "https://wallet.example.org/callback"},
        {"redirect_uris": [7]},
        {"redirect_uris": [f"https://wallet.example.org/{n}" for n in range(11)]},
        {"client_uri": "https://wallet.exаmple.org/"},
        {"client_uri": "https://phishing.example/"},
        {"logo_uri": "http://wallet.example.org/logo.png"},
        {"client_name": "two\nlines"},
        {"client_name": "turned \u202e around"},
        {"client_name": " "},
        {"client_name": "long" * 100},
        {"scope": "openid everything"},
        {"scope": scopes.ISSUE},
        {"token_endpoint_auth_method": "none"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"grant_types": ["client_credentials"]},
        {"grant_types": ["authorization_code", "password"]},
        {"grant_types": []},
        {"response_types": ["token"]},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_what_cannot_be_trusted_is_refused(changes):
    answer = build.register(**changes)
    assert answer.status_code == 400, answer.content
    wanted = "invalid_redirect_uri" if "redirect_uris" in changes else "invalid_client_metadata"
    assert answer.json()["error"] == wanted
    assert not Application.objects.exists()


def test_a_loopback_address_is_taken_on_ones_own_machine_alone(settings):
    local = dict.fromkeys(registering.URIS, "http://127.0.0.1:8765/")
    local["redirect_uris"] = ["http://127.0.0.1:8765/callback"]
    assert build.register(**local).status_code == 201
    settings.OAUTH2_PROVIDER = {
        **settings.OAUTH2_PROVIDER,
        "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    }
    assert build.register(**local).status_code == 400


def test_scopes_we_do_not_know_are_left_out():
    said = build.register(scope=f"openid {scopes.CREDENTIALS_READ} {scopes.OFFLINE}").json()
    assert said["scope"] == f"{scopes.CREDENTIALS_READ} {scopes.OFFLINE}"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"a": 1, "a": 2}', "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 10_000, "application/json"),
        (b'{"client_name": "' + b"x" * 70_000 + b'"}', "application/json"),
        (b"client_name=Wallet", "application/x-www-form-urlencoded"),
    ],
    ids=["broken", "list", "twice", "no-text", "deep", "large", "form"],
)
def test_what_is_no_json_object_is_refused(client, body, media_type):
    answer = client.post("/col/oauth/register", body, media_type)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_client_metadata"


def test_only_posted(client):
    assert client.get("/col/oauth/register").status_code == 405


def limited(settings, most=3):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "REGISTRATIONS_PER_HOUR_AND_ADDRESS": most}


def test_a_network_registers_so_many_an_hour_whatever_it_says_it_is(settings):
    limited(settings)
    for number in range(3):
        client = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"})
        assert build.register(client).status_code == 201
    answer = build.register(Client(headers={"X-Forwarded-For": "203.0.113.99"}))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert Application.objects.count() == 3
    assert build.register(Client(REMOTE_ADDR="198.51.100.7")).status_code == 201


def test_refused_registrations_are_counted_as_well(settings):
    limited(settings, 1)
    assert build.register(scope=None).status_code == 400
    assert build.register().status_code == 429


def test_one_customers_ipv6_addresses_are_one_network(settings):
    limited(settings, 1)
    assert build.register(Client(REMOTE_ADDR="2001:db8:1:2::1")).status_code == 201
    assert build.register(Client(REMOTE_ADDR="2001:db8:1:2:ffff::9")).status_code == 429
    assert build.register(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 201


def test_no_network_address_is_stored():
    build.register(Client(REMOTE_ADDR="198.51.100.7"))
    assert "198.51.100.7" not in RegistrationTry.objects.get().address


def test_a_site_may_not_count(settings):
    limited(settings, None)
    assert build.register().status_code == 201
    assert not RegistrationTry.objects.exists()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


class TestAnything(TestCase):
    @given(name=st.sampled_from(sorted(build.metadata())), value=ANYTHING)
    @settings(max_examples=150, deadline=None)
    def test_any_value_is_taken_whole_or_refused_with_a_reason(self, name, value):
        try:
            read = registering.read(build.metadata() | {name: value})
        except registering.NotRegistered as refused:
            assert refused.code.startswith("invalid_")
            assert refused.message
        else:
            hosts = {urlsplit(each).hostname for each in read.redirect_uris}
            assert hosts == {"wallet.example.org"}


@pytest.mark.parametrize("host", ["a.example;sandbox", "a.example,b.example", "a.example%2f.b"])
def test_a_host_name_that_says_more_than_a_name_is_refused(host):
    names = ("client_uri", "logo_uri", "tos_uri", "policy_uri")
    address = f"https://{host}/"
    answer = build.register(redirect_uris=[address], **dict.fromkeys(names, address))
    assert answer.status_code == 400
