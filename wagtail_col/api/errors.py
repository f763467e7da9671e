"""How each of our APIs says that something went wrong.

Open Badges 3.0: ``Imsx_StatusInfo`` (section B.4). Open Badges 2.1: ``status`` (section 4.3).
The issuing API: Problem Details (RFC 9457).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import APIException

_MINOR = {
    401: "unauthorizedrequest",
    403: "forbidden",
    500: "internal_server_error",
}
_V2_TEXT = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
}


class Refused(APIException):
    """What was sent is not taken. ``code`` is for programs."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message, code)
        self.status_code = status
        self.code = code


class BadParameter(Refused):
    """A parameter of the address makes no sense; ``code`` is its name."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(400, name, message)


def said(error: APIException) -> str:
    """One sentence."""
    return str(getattr(error, "detail", "") or error)


def imsx(error: APIException) -> dict[str, Any]:
    value = _MINOR.get(error.status_code)
    if value is None:
        bad = isinstance(error, BadParameter)
        value = "invalid_query_parameter" if bad else _minor_of(error.status_code)
    name = error.code if isinstance(error, Refused) else "TargetEndSystem"
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": said(error),
        "imsx_codeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": name, "imsx_codeMinorFieldValue": value}
            ]
        },
    }


def _minor_of(status: int) -> str:
    return "invalid_data" if status in (400, 413, 415, 422) else "unknown"


def v2_status(error: APIException) -> dict[str, Any]:
    return {
        "status": {
            "error": said(error),
            "statusCode": error.status_code,
            "statusText": _V2_TEXT.get(error.status_code, "BAD_REQUEST"),
        }
    }


def problem(error: APIException) -> dict[str, Any]:
    code = getattr(error, "code", None) or error.default_code
    return {
        "type": f"about:blank#{code}",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": said(error),
        "code": code,
    }
