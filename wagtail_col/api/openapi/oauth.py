"""The addresses of OAuth 2.0."""

from __future__ import annotations

from typing import Any

from wagtail_col.api.openapi.parts import FORM, answers, sends
from wagtail_col.api.openapi.schemas import TEXT, URI

_TAGS = {"tags": ["OAuth 2.0"]}
_TOKEN_FORM = {
    "type": "object",
    "properties": {
        "grant_type": {
            "type": "string",
            "enum": ["authorization_code", "refresh_token", "client_credentials"],
        },
        **dict.fromkeys(["code", "redirect_uri", "code_verifier", "refresh_token", "scope"], TEXT),
    },
    "required": ["grant_type"],
}
_REVOKE_FORM = {
    "type": "object",
    "properties": {
        "token": TEXT,
        "token_type_hint": {"type": "string", "enum": ["access_token", "refresh_token"]},
    },
    "required": ["token"],
}
_PAGE = {"text/html": {"schema": TEXT}}


def paths() -> dict[str, Any]:
    return {
        "/.well-known/oauth-authorization-server": {
            "get": {
                "operationId": "getAuthorizationServer",
                "summary": "Where tokens are got (RFC 8414)",
                **_TAGS,
                "security": [],
                "responses": answers({200: "Document"}, (), "OAuthError"),
            }
        },
        "/col/oauth/register": {
            "post": {
                "operationId": "registerClient",
                "summary": "Register a wallet (RFC 7591)",
                **_TAGS,
                "security": [],
                "requestBody": sends("ClientMetadata"),
                "responses": answers({201: "ClientInformation"}, (400, 429), "OAuthError"),
            }
        },
        "/col/oauth/authorize": {
            "get": {
                "operationId": "authorize",
                "summary": "Ask a learner, in their browser (RFC 6749, section 4.1.1; RFC 7636)",
                **_TAGS,
                "security": [],
                "parameters": [
                    {"name": name, "in": "query", "required": True, "schema": schema}
                    for name, schema in {
                        "response_type": {"type": "string", "enum": ["code"]},
                        "client_id": TEXT,
                        "redirect_uri": URI,
                        "scope": TEXT,
                        "state": TEXT,
                        "code_challenge": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
                        "code_challenge_method": {"type": "string", "enum": ["S256"]},
                    }.items()
                ],
                "responses": answers({200: _PAGE, 302: {}, 400: _PAGE}, (), "OAuthError"),
            }
        },
        "/col/oauth/token": {
            "post": {
                "operationId": "getToken",
                "summary": "Get an access token (RFC 6749, section 3.2)",
                **_TAGS,
                "security": [{"ClientSecret": []}],
                "requestBody": {"required": True, "content": {FORM: {"schema": _TOKEN_FORM}}},
                "responses": answers({200: "Token"}, (400, 401), "OAuthError"),
            }
        },
        "/col/oauth/revoke": {
            "post": {
                "operationId": "revokeToken",
                "summary": "Give a token back (RFC 7009)",
                **_TAGS,
                "security": [{"ClientSecret": []}],
                "requestBody": {"required": True, "content": {FORM: {"schema": _REVOKE_FORM}}},
                "responses": answers({200: {}}, (400, 401), "OAuthError"),
            }
        },
    }
