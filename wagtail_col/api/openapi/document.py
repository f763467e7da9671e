"""Two documents: one of everything we offer, and the one that Open Badges 3.0 asks for."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from wagtail_col.api.addresses import absolute, privacy_url, terms_url
from wagtail_col.api.openapi import oauth, systems, wallets
from wagtail_col.api.openapi.parts import LEARNER, SYSTEM
from wagtail_col.api.openapi.schemas import schemas, scope_words
from wagtail_col.api.scopes import LEARNERS, OFFLINE, SYSTEMS, V3
from wagtail_col.badges.keys import shown_issuer
from wagtail_col.conf import base_url

OPENAPI = "3.0.3"
OB3_BASE = "/ims/ob/v3p0"


def everything() -> dict[str, Any]:
    """The description of all addresses; in English, as programmers read it."""
    with translation.override("en"):
        return {
            "openapi": OPENAPI,
            "info": _info("1"),
            "servers": [{"url": base_url()}],
            "paths": paths(),
            "components": {
                "securitySchemes": {
                    LEARNER: _wallets_scheme(tuple(LEARNERS)),
                    SYSTEM: _systems_scheme(),
                    "ClientSecret": {"type": "http", "scheme": "basic"},
                },
                "schemas": schemas(),
            },
        }


def paths() -> dict[str, Any]:
    """All addresses with what can be done there."""
    ob3 = {OB3_BASE + path: operations for path, operations in wallets.ob3().items()}
    return {
        **oauth.paths(),
        **ob3,
        **wallets.ob2(),
        **wallets.hosted(),
        **systems.issuing(),
        "/col/api/openapi.json": {"get": _itself()},
    }


def service_description() -> dict[str, Any]:
    """The ``ServiceDescriptionDocument`` of Open Badges 3.0 (section 6.3)."""
    with translation.override("en"):
        needed = (
            "AchievementCredential",
            "CompactJws",
            "Document",
            "GetOpenBadgeCredentialsResponse",
            "Imsx_StatusInfo",
            "Profile",
        )
        return {
            "openapi": OPENAPI,
            "info": _info("3.0"),
            "servers": [{"url": base_url() + OB3_BASE}],
            "paths": wallets.ob3(),
            "components": {
                "securitySchemes": {LEARNER: _wallets_scheme((*V3, OFFLINE))},
                "schemas": {name: schema for name, schema in schemas().items() if name in needed},
            },
        }


def _info(version: str) -> dict[str, Any]:
    return {
        "title": shown_issuer().name,
        "version": version,
        "termsOfService": terms_url(),
        "x-imssf-privacyPolicyUrl": privacy_url(),
    }


def _wallets_scheme(scopes: tuple[str, ...]) -> dict[str, Any]:
    words = scope_words()
    return {
        "type": "oauth2",
        "description": "OAuth 2.0 authorization code grant, with PKCE (S256)",
        "x-imssf-name": shown_issuer().name,
        "x-imssf-registrationUrl": absolute("register"),
        "x-imssf-privacyPolicyUrl": privacy_url(),
        "x-imssf-termsOfServiceUrl": terms_url(),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": absolute("authorize"),
                "tokenUrl": absolute("token"),
                "refreshUrl": absolute("token"),
                "scopes": {scope: words[scope] for scope in scopes},
            }
        },
    }


def _systems_scheme() -> dict[str, Any]:
    words = scope_words()
    return {
        "type": "oauth2",
        "description": "OAuth 2.0 client credentials grant",
        "flows": {
            "clientCredentials": {
                "tokenUrl": absolute("token"),
                "scopes": {scope: words[scope] for scope in SYSTEMS},
            }
        },
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "getDescription",
        "summary": "This description",
        "tags": ["OAuth 2.0"],
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.0.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }
