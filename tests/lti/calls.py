"""Calls of our services as a tool makes them, for the tests of this floor."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import Client
from django.urls import reverse

from tests.lti import build
from wagtail_col.lti import granting, keys
from wagtail_col.lti.addresses import issuer, token_url
from wagtail_col.lti.models import LineItem, Tool
from wagtail_col.lti.platform import scopes, tokens

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"


def claims(tool: Tool, **changes: Any) -> dict[str, Any]:
    """What a client assertion says; a change to None leaves the claim out."""
    now = int(time.time())
    said = {
        "iss": tool.client_id,
        "sub": tool.client_id,
        "aud": token_url(),
        "iat": now - 5,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def form(tool: Tool, asked: Iterable[str] = scopes.ALL, **changes: Any) -> dict[str, Any]:
    """A request for an access token; a change to None leaves the parameter out."""
    said = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": build.sign_as_tool(claims(tool)),
        "scope": " ".join(asked),
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def ask(data: dict[str, Any]):
    """The answer of the token endpoint to a form."""
    return Client().post(
        reverse("col_lti:token"),
        urlencode(data, doseq=True),
        content_type="application/x-www-form-urlencoded",
    )


def access_token(tool: Tool, asked: Iterable[str] = scopes.ALL, **changes: Any) -> str:
    """An access token as the platform issues one, without asking for it."""
    said = {
        "issuer": issuer(),
        "audience": granting.audience(),
        "client_id": tool.client_id,
        "deployment_id": tool.deployment_id,
        "scopes": list(asked),
        "now": int(time.time()),
    } | changes
    return tokens.issue(keys.active_key(), **said)


class Caller:
    """A tool that calls our services with a token for these scopes."""

    def __init__(self, tool: Tool, asked: Iterable[str] = scopes.ALL) -> None:
        self.token = access_token(tool, asked)
        self.client = Client()

    def get(self, url: str, **query: Any):
        return self.client.get(path_of(url), query or None, headers=self.headers)

    def post(self, url: str, value: Any, content_type: str = "application/json"):
        return self.client.post(
            path_of(url), as_text(value), content_type=content_type, headers=self.headers
        )

    def put(self, url: str, value: Any, content_type: str = ITEM_TYPE):
        return self.client.put(
            path_of(url), as_text(value), content_type=content_type, headers=self.headers
        )

    def delete(self, url: str):
        return self.client.delete(path_of(url), headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def as_text(value: Any) -> str | bytes:
    return value if isinstance(value, str | bytes) else json.dumps(value)


def path_of(url: str) -> str:
    """Path and query of an address of ours."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def service_url(name: str, key: uuid.UUID) -> str:
    return reverse(f"col_lti:{name}", args=[key])


def placed(tool: Tool | None = None, context=None, **values: Any) -> LineItem:
    """The line item of a course that is placed in a context."""
    course = build.make_course(tool, **values)
    return build.make_line_item(build.make_link(course, context))
