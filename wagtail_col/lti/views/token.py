"""The token endpoint: a tool proves who it is and gets an access token (RFC 6749, section 4.4)."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from wagtail_col.lti import granting, log
from wagtail_col.lti.models import Message
from wagtail_col.lti.platform import bodies, jwt, tokens
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.views.service import description, read_bounded

#: The longest assertion that is read, and the rest of the form.
_MOST_BYTES = jwt.LONGEST + 16 * 1024


# A key fetch takes seconds, and its back-off has to stay whatever is refused.
@transaction.non_atomic_requests
@csrf_exempt
def token(request: HttpRequest) -> JsonResponse:
    if request.method != "POST":
        return _answer({"error": "invalid_request", "error_description": "Use POST."}, 405)
    try:
        form = _form(request)
    except Refused as refused:
        log.refused(None, Message.TOKEN, refused)
        return _refusal(refused, refused.requirement.error)
    try:
        return _answer(granting.grant(form), 200)
    except granting.NotGranted as not_granted:
        return _refusal(not_granted.refused, not_granted.error)


def _form(request: HttpRequest) -> dict[str, list[str]]:
    """The parameters of the body. Those in the address are not looked at."""
    try:
        body = read_bounded(request, _MOST_BYTES)
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except Refused as refused:
        if refused.requirement is bodies.BODY_SIZE:
            raise Refused(tokens.TOKEN_PARAMETERS, refused.detail) from refused
        raise
    except ValueError as error:
        raise Refused(tokens.TOKEN_PARAMETERS, "not a form") from error


def _refusal(refused: Refused, error: str) -> JsonResponse:
    body = {"error": error, "error_description": description(refused)}
    # RFC 7523, section 3.2: 400 for a client too that could not prove who it is by a token.
    return _answer(body, refused.requirement.status if error == "too_large" else 400)


def _answer(body: dict, status: int) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    if status == 405:
        response["Allow"] = "POST"
    return response
