"""The addresses for learners' wallets: Open Badges 3.0, 2.1, and hosted 2.0."""

from __future__ import annotations

from typing import Any

from wagtail_col.api import scopes
from wagtail_col.api.openapi.parts import (
    JSON,
    JSON_LD,
    KEY,
    LEARNER,
    PAGE,
    SINCE,
    answers,
    needs,
    sends,
)
from wagtail_col.api.openapi.schemas import ref

_CREDENTIAL = {
    **{
        media_type: {"schema": ref("AchievementCredential")}
        for media_type in (JSON, "application/vc+ld+json", "application/vc", JSON_LD)
    },
    "text/plain": {"schema": ref("CompactJws")},
}
_SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
}
_NOT_JSON = (413, 415)


def ob3() -> dict[str, Any]:
    """Below ``/ims/ob/v3p0``."""
    refused = (400, 401, 403)
    return {
        "/discovery": {
            "get": {
                "operationId": "getServiceDescription",
                "summary": "What this API is and where clients register",
                "tags": ["Open Badges 3.0"],
                "security": [],
                "responses": answers({200: "Document"}, (), "Imsx_StatusInfo"),
            }
        },
        "/credentials": {
            "get": {
                "operationId": "getCredentials",
                "summary": "A learner's badges",
                "tags": ["Open Badges 3.0"],
                "parameters": [*PAGE, SINCE],
                "security": needs(LEARNER, scopes.CREDENTIALS_READ),
                "responses": answers(
                    {200: "GetOpenBadgeCredentialsResponse"},
                    refused,
                    "Imsx_StatusInfo",
                    paged=True,
                ),
            },
            "post": {
                "operationId": "upsertCredential",
                "summary": "Keep a badge in the learner's passport, or replace it",
                "tags": ["Open Badges 3.0"],
                "security": needs(LEARNER, scopes.CREDENTIALS_WRITE),
                "requestBody": {"required": True, "content": _CREDENTIAL},
                "responses": answers(
                    {200: _CREDENTIAL, 201: _CREDENTIAL},
                    (*refused, *_NOT_JSON),
                    "Imsx_StatusInfo",
                ),
            },
        },
        "/profile": {
            "get": {
                "operationId": "getProfile",
                "summary": "Who the learner is",
                "tags": ["Open Badges 3.0"],
                "security": needs(LEARNER, scopes.PROFILE_READ),
                "responses": answers({200: "Profile"}, (401, 403), "Imsx_StatusInfo"),
            },
            "put": {
                "operationId": "putProfile",
                "summary": "Change the learner's name",
                "tags": ["Open Badges 3.0"],
                "security": needs(LEARNER, scopes.PROFILE_WRITE),
                "requestBody": sends("Profile"),
                "responses": answers({200: "Profile"}, (*refused, *_NOT_JSON), "Imsx_StatusInfo"),
            },
        },
    }


def ob2() -> dict[str, Any]:
    refused = (400, 401, 403)
    tags = {"tags": ["Open Badges 2.1"]}
    return {
        "/.well-known/badgeconnect.json": {
            "get": {
                "operationId": "getManifest",
                "summary": "Where the Badge Connect API is",
                **tags,
                "security": [],
                "responses": answers({200: "Document"}, (), "Status"),
            }
        },
        "/ims/ob/v2p1/assertions": {
            "get": {
                "operationId": "getAssertions",
                "summary": "A learner's badges as Open Badges 2.0",
                **tags,
                "parameters": [*PAGE, SINCE],
                "security": needs(LEARNER, scopes.V2_ASSERTIONS_READ),
                "responses": answers({200: "AssertionsResponse"}, refused, "Status", paged=True),
            },
            "post": {
                "operationId": "postAssertion",
                "summary": "Keep a badge in the learner's passport, or replace it",
                **tags,
                "security": needs(LEARNER, scopes.V2_ASSERTIONS_WRITE),
                "requestBody": sends("HostedDocument"),
                "responses": answers(
                    {200: "AssertionsResponse", 201: "AssertionsResponse"},
                    (*refused, *_NOT_JSON),
                    "Status",
                ),
            },
        },
        "/ims/ob/v2p1/profile": {
            "get": {
                "operationId": "getV2Profile",
                "summary": "Who the learner is",
                **tags,
                "security": needs(LEARNER, scopes.V2_PROFILE_READ),
                "responses": answers({200: "ProfilesResponse"}, (401, 403), "Status"),
            },
            "post": {
                "operationId": "postV2Profile",
                "summary": "Taken, and nothing of it is kept: this version has one name only",
                **tags,
                "security": needs(LEARNER, scopes.V2_PROFILE_WRITE),
                "requestBody": sends("Profile"),
                "responses": answers({200: "ProfilesResponse"}, (*refused, *_NOT_JSON), "Status"),
            },
        },
    }


def hosted() -> dict[str, Any]:
    """Open Badges 2.0 documents at their own addresses."""
    nothing = {"text/html": {"schema": {"type": "string"}}}

    def get(name: str, summary: str, parameters: list, more: dict | None = None) -> dict[str, Any]:
        good = {200: "HostedDocument", 404: nothing, **(more or {})}
        if not parameters:
            good.pop(404)
        return {
            "get": {
                "operationId": name,
                "summary": summary,
                "tags": ["Open Badges 2.0"],
                "parameters": parameters,
                "security": [],
                "responses": answers(good, (), "Status", JSON_LD),
            }
        }

    return {
        "/col/badges/{key}/assertion.json": get(
            "hostedAssertion",
            "A badge that is shared, or that a connected wallet has",
            [KEY],
            {410: "HostedDocument"},
        ),
        "/col/badges/achievements/{key}/badgeclass.json": get(
            "hostedBadgeClass", "What a badge says", [KEY]
        ),
        "/col/badges/issuer/issuer.json": get("hostedSiteIssuer", "Who gives badges", []),
        "/col/badges/issuers/{slug}/issuer.json": get(
            "hostedIssuer", "Another organisation that gives badges", [_SLUG]
        ),
    }
