"""The JSON that is sent and answered."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from wagtail_col.api import issuing, registering
from wagtail_col.api.scopes import LEARNERS, SYSTEMS

TEXT = {"type": "string"}
UUID = {"type": "string", "format": "uuid"}
MOMENT = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL = {**MOMENT, "nullable": True}
URI = {"type": "string", "format": "uri"}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def members(
    properties: dict[str, Any], required: list[str] | None = None, *, closed: bool = True
) -> dict[str, Any]:
    """An object; all of its members are there unless ``required`` names those that are."""
    required = list(properties) if required is None else required
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    if closed:
        schema["additionalProperties"] = False
    return schema


def schemas() -> dict[str, Any]:
    """``components.schemas``."""
    return {**_open_badges(), **_oauth(), **_issuing()}


def _open_badges() -> dict[str, Any]:
    status = members(
        {
            "error": {"type": "string", "nullable": True},
            "statusCode": {"type": "integer", "minimum": 1},
            "statusText": {
                "type": "string",
                "enum": [
                    "OK",
                    "BAD_REQUEST",
                    "UNAUTHENTICATED",
                    "PERMISSION_DENIED",
                    "NOT_FOUND",
                    "METHOD_NOT_ALLOWED",
                ],
            },
        }
    )
    types = {"oneOf": [TEXT, listed(TEXT, minItems=1)]}
    return {
        "AchievementCredential": members(
            {"id": TEXT, "type": types, "issuer": {}, "credentialSubject": {}},
            ["type", "issuer", "credentialSubject"],
            closed=False,
        ),
        "CompactJws": {
            "type": "string",
            "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$",
        },
        "GetOpenBadgeCredentialsResponse": members(
            {
                "credential": listed(ref("AchievementCredential")),
                "compactJwsString": listed(ref("CompactJws")),
            }
        ),
        "Profile": members(
            {
                "@context": {"oneOf": [URI, listed(URI)]},
                "id": URI,
                "type": types,
                "name": TEXT,
                "givenName": TEXT,
                "familyName": TEXT,
                "email": TEXT,
            },
            ["id", "type"],
            closed=False,
        ),
        "Imsx_StatusInfo": members(
            {
                "imsx_codeMajor": {
                    "type": "string",
                    "enum": ["success", "processing", "failure", "unsupported"],
                },
                "imsx_severity": {"type": "string", "enum": ["status", "warning", "error"]},
                "imsx_description": TEXT,
                "imsx_codeMinor": members(
                    {
                        "imsx_codeMinorField": listed(
                            members(
                                {
                                    "imsx_codeMinorFieldName": TEXT,
                                    "imsx_codeMinorFieldValue": {
                                        "type": "string",
                                        "enum": [
                                            "forbidden",
                                            "internal_server_error",
                                            "invalid_data",
                                            "invalid_query_parameter",
                                            "unauthorizedrequest",
                                            "unknown",
                                        ],
                                    },
                                }
                            ),
                            minItems=1,
                        )
                    }
                ),
            }
        ),
        "HostedDocument": members(
            {"@context": {}, "id": URI, "type": types}, ["@context", "id", "type"], closed=False
        ),
        "Status": members({"status": status}),
        "AssertionsResponse": members(
            {"status": status, "results": listed(members({"id": TEXT}, ["id"], closed=False))}
        ),
        "ProfilesResponse": members({"status": status, "results": listed(ref("Profile"))}),
    }


def _oauth() -> dict[str, Any]:
    uri = {**URI, "maxLength": registering.LONGEST_URI}
    text = {"type": "string", "minLength": 1, "maxLength": registering.LONGEST_TEXT}
    metadata = {
        "client_name": {**text, "maxLength": registering.LONGEST_NAME},
        **dict.fromkeys(registering.URIS, uri),
        "software_id": text,
        "software_version": text,
        "redirect_uris": listed(uri, minItems=1, maxItems=registering.MOST_REDIRECTS),
        "scope": {"type": "string", "minLength": 1, "maxLength": registering.LONGEST_URI},
    }
    flow = {
        "token_endpoint_auth_method": {"type": "string", "enum": [registering.AUTH_METHOD]},
        "grant_types": listed({"type": "string", "enum": registering.GRANT_TYPES}),
        "response_types": listed({"type": "string", "enum": registering.RESPONSE_TYPES}),
        "contacts": listed(TEXT, maxItems=registering.MOST_CONTACTS),
    }
    return {
        "ClientMetadata": members({**metadata, **flow}, list(metadata), closed=False),
        "ClientInformation": members(
            {
                "client_id": TEXT,
                "client_secret": TEXT,
                "client_id_issued_at": {"type": "integer"},
                "client_secret_expires_at": {"type": "integer"},
                **metadata,
                **flow,
            }
        ),
        "Token": members(
            {
                "access_token": TEXT,
                "token_type": {"type": "string", "enum": ["Bearer"]},
                "expires_in": {"type": "integer"},
                "scope": TEXT,
                "refresh_token": TEXT,
            },
            ["access_token", "token_type", "expires_in", "scope"],
        ),
        "OAuthError": members(
            {"error": TEXT, "error_description": TEXT, "error_uri": URI, "state": TEXT}, ["error"]
        ),
        "Document": {"type": "object"},
    }


def _issuing() -> dict[str, Any]:
    award = members(
        {
            "key": UUID,
            "achievement": UUID,
            "awarded_at": MOMENT,
            "valid_until": MOMENT_OR_NULL,
            "suspended_at": MOMENT_OR_NULL,
            "revoked_at": MOMENT_OR_NULL,
            "revocation_reason": TEXT,
            "event": TEXT,
        }
    )
    return {
        "Achievement": members(
            {
                "key": UUID,
                "name": TEXT,
                "description": TEXT,
                "languages": listed(TEXT),
                "published": {"type": "boolean"},
                "url": URI,
            }
        ),
        "Achievements": members({"achievements": listed(ref("Achievement"))}),
        "Award": award,
        "Awards": members({"awards": listed(ref("Award"))}),
        "OneAward": members({"award": ref("Award")}),
        "AwardRequest": members(
            {
                "achievement": UUID,
                "email": {"type": "string", "format": "email", "maxLength": 254},
                "narrative": {"type": "string", "maxLength": issuing.LONGEST_NARRATIVE},
                "event": {"type": "string", "maxLength": issuing.LONGEST_EVENT},
                "evidence": {**URI, "maxLength": 2000},
                "language": {"type": "string", "enum": [code for code, _ in settings.LANGUAGES]},
            },
            ["achievement", "email"],
        ),
        "AwardAnswer": members(
            {
                "outcome": {"type": "string", "enum": ["given", "already", "invited"]},
                "award": ref("Award"),
                "invitation": members({"key": UUID}),
            },
            ["outcome"],
        ),
        "RevocationRequest": members(
            {"reason": {"type": "string", "minLength": 1, "maxLength": issuing.LONGEST_REASON}}
        ),
        "Problem": members(
            {
                "type": TEXT,
                "title": TEXT,
                "status": {"type": "integer"},
                "detail": TEXT,
                "code": TEXT,
            }
        ),
    }


def scope_words() -> dict[str, str]:
    """Every scope with what it allows, in the active language."""
    return {scope: str(words) for scope, words in {**LEARNERS, **SYSTEMS}.items()}
