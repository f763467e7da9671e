"""Wallets that register themselves: OAuth 2.0 Dynamic Client Registration (RFC 7591) as Open Badges
3.0, section 7.1.1.2, and Open Badges 2.1, section 6, want it: without an initial token."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.settings import oauth2_settings

from wagtail_col.api.models import Application, RegistrationTry
from wagtail_col.api.scopes import learners_scopes
from wagtail_col.conf import settings

WINDOW = timedelta(hours=1)
MOST_REDIRECTS = 10
MOST_CONTACTS = 10
LONGEST_URI = 2000
LONGEST_NAME = 100
LONGEST_TEXT = 255

LOOPBACK = ("127.0.0.1", "::1", "localhost")
URIS = ("client_uri", "logo_uri", "tos_uri", "policy_uri")
GRANT_TYPES = ["authorization_code", "refresh_token"]
RESPONSE_TYPES = ["code"]
AUTH_METHOD = "client_secret_basic"
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


class NotRegistered(Exception):
    """The metadata is not taken. ``code``: an error of RFC 7591, section 3.2.2."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TooMany(Exception):
    """Too many registrations from one network. ``retry_after``: seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many registrations, wait {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Registration:
    """Client metadata that was checked, under the names of RFC 7591, section 2."""

    client_name: str
    client_uri: str
    logo_uri: str
    tos_uri: str
    policy_uri: str
    software_id: str
    software_version: str
    redirect_uris: list[str]
    scope: str
    contacts: list[str]


def count_try(network: str) -> None:
    """Count a registration before it is looked at. Raises TooMany; that one is not counted.

    Written first and counted after, so that many at once are all counted. Call it outside of any
    transaction that may be rolled back.
    """
    now = timezone.now()
    RegistrationTry.objects.filter(at__lte=now - WINDOW).delete()
    most = settings.REGISTRATIONS_PER_HOUR_AND_ADDRESS
    if most is None:
        return
    counted = RegistrationTry.objects.create(address=network, at=now)
    newest = list(
        RegistrationTry.objects.filter(address=network, at__gt=now - WINDOW)
        .order_by("-at")
        .values_list("at", flat=True)[: most + 1]
    )
    if len(newest) > most:
        counted.delete()
        raise TooMany(max(1, math.ceil((newest[-1] + WINDOW - now).total_seconds())))


def read(metadata: dict[str, Any]) -> Registration:
    """The metadata as we take it; scopes we do not know are left out. Raises NotRegistered."""
    _check_flow(metadata)
    uris = {name: _uri(name, metadata.get(name)) for name in URIS}
    redirects = _strings("redirect_uris", metadata.get("redirect_uris"), MOST_REDIRECTS)
    for each in redirects:
        _uri("redirect_uris", each)
    host = urlsplit(uris["client_uri"]).hostname
    for name, each in [*uris.items(), *(("redirect_uris", each) for each in redirects)]:
        if urlsplit(each).hostname != host:
            raise _refused(name, "all addresses have to be under one host name")
    scope = learners_scopes(_text("scope", metadata.get("scope"), LONGEST_URI))
    if not scope:
        raise _refused("scope", "none of these scopes is offered")
    contacts = metadata.get("contacts", [])
    return Registration(
        client_name=_text("client_name", metadata.get("client_name"), LONGEST_NAME),
        software_id=_text("software_id", metadata.get("software_id"), LONGEST_TEXT),
        software_version=_text("software_version", metadata.get("software_version"), LONGEST_TEXT),
        redirect_uris=redirects,
        scope=" ".join(scope),
        contacts=_strings("contacts", contacts, MOST_CONTACTS) if contacts else [],
        **uris,
    )


def register(registration: Registration) -> dict[str, Any]:
    """Store the wallet. The answer of RFC 7591, section 3.2.1: the only time the secret is said."""
    secret = generate_client_secret()
    values = asdict(registration)
    application = Application.objects.create(
        name=values.pop("client_name"),
        redirect_uris=" ".join(values.pop("redirect_uris")),
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        registration_source=Application.RegistrationSource.DCR,
        **values,
    )
    return {
        "client_id": application.client_id,
        "client_secret": secret,
        "client_id_issued_at": int(application.created.timestamp()),
        # It does not expire (RFC 7591, section 3.2.1).
        "client_secret_expires_at": 0,
        **asdict(registration),
        "token_endpoint_auth_method": AUTH_METHOD,
        "grant_types": GRANT_TYPES,
        "response_types": RESPONSE_TYPES,
    }


def _check_flow(metadata: dict[str, Any]) -> None:
    if metadata.get("token_endpoint_auth_method", AUTH_METHOD) != AUTH_METHOD:
        raise _refused("token_endpoint_auth_method", f"it has to be {AUTH_METHOD}")
    grant_types = metadata.get("grant_types", GRANT_TYPES)
    if (
        not isinstance(grant_types, list)
        or "authorization_code" not in grant_types
        or any(each not in GRANT_TYPES for each in grant_types)
    ):
        raise _refused("grant_types", "it has to be authorization_code, with refresh_token or not")
    if metadata.get("response_types", RESPONSE_TYPES) != RESPONSE_TYPES:
        raise _refused("response_types", "it has to be code")


def _text(name: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(name, "it is missing")
    # One line, and nothing in it that turns text around or hides: people read it.
    if not value.isprintable() or len(value) > longest:
        raise _refused(name, f"it has to be one line of at most {longest} characters")
    return value.strip()


def _strings(name: str, value: Any, most: int) -> list[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise _refused(name, f"it has to be a list of 1 to {most} texts")
    return list(dict.fromkeys(_text(name, each, LONGEST_URI) for each in value))


def _uri(name: str, value: Any) -> str:
    uri = _text(name, value, LONGEST_URI)
    for fault in _faults(uri):
        raise _refused(name, fault)
    return uri


def _faults(uri: str) -> Iterator[str]:
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        yield "it is no web address (RFC 3986)"
        return
    if not uri.isascii() or any(each in uri for each in ' \\"<>{}|^`'):
        yield "it is no web address (RFC 3986)"
    local = "http" in oauth2_settings.ALLOWED_REDIRECT_URI_SCHEMES and host in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        yield "it has to begin with https://"
    if not host:
        yield "it names no host"
    elif not _HOST.fullmatch(host):
        # It is shown to learners and stands in a header of the page that asks them.
        yield "its host name is none"
    if "@" in parts.netloc:
        yield "there may be no name and no password in it"
    if "#" in uri:
        yield "there may be no fragment in it"


def _refused(name: str, fault: str) -> NotRegistered:
    code = "invalid_redirect_uri" if name == "redirect_uris" else "invalid_client_metadata"
    return NotRegistered(code, f"{name}: {fault}.")
