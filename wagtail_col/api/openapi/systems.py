"""The addresses for systems of organisations that give badges."""

from __future__ import annotations

from typing import Any

from wagtail_col.api import scopes
from wagtail_col.api.openapi.parts import (
    IDEMPOTENCY_KEY,
    KEY,
    PAGE,
    PROBLEM,
    SINCE,
    SYSTEM,
    answers,
    needs,
    sends,
)
from wagtail_col.api.openapi.schemas import UUID

_ACHIEVEMENT = {"name": "achievement", "in": "query", "schema": UUID}


def issuing() -> dict[str, Any]:
    def operation(name: str, summary: str, good: dict, bad: tuple[int, ...], **more) -> dict:
        paged = more.pop("paged", False)
        return {
            "operationId": name,
            "summary": summary,
            "tags": ["Issuing"],
            "security": needs(SYSTEM, scopes.ISSUE),
            "responses": answers(good, bad, "Problem", error_type=PROBLEM, paged=paged),
            **more,
        }

    return {
        "/col/api/v1/achievements": {
            "get": operation(
                "listAchievements",
                "The organisation's badges",
                {200: "Achievements"},
                (400, 401, 403),
                parameters=PAGE,
                paged=True,
            )
        },
        "/col/api/v1/awards": {
            "get": operation(
                "listAwards",
                "The badges it has given",
                {200: "Awards"},
                (400, 401, 403),
                parameters=[*PAGE, SINCE, _ACHIEVEMENT],
                paged=True,
            ),
            "post": operation(
                "giveAward",
                "Give a badge, or invite somebody to claim it",
                {200: "AwardAnswer", 201: "AwardAnswer"},
                (400, 401, 403, 404, 409, 413, 415, 422),
                parameters=[IDEMPOTENCY_KEY],
                requestBody=sends("AwardRequest"),
            ),
        },
        "/col/api/v1/awards/{key}": {
            "get": operation(
                "getAward",
                "One badge it has given",
                {200: "OneAward"},
                (401, 403, 404),
                parameters=[KEY],
            )
        },
        "/col/api/v1/awards/{key}/revocation": {
            "post": operation(
                "revokeAward",
                "Take it back",
                {200: "OneAward"},
                (400, 401, 403, 404, 413, 415, 422),
                parameters=[KEY, IDEMPOTENCY_KEY],
                requestBody=sends("RevocationRequest"),
            )
        },
    }
