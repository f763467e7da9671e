"""Where tools register themselves (Dynamic Registration 1.0, sections 3.4 to 3.6).

Most post from their server, some from the page in the coordinator's browser: so scripts of other
websites may post here. Who may register is said by the token alone.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import translation

from wagtail_col.lti import registering
from wagtail_col.lti.platform import registration
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.views.opened import from_anywhere


@from_anywhere("POST")
def register(request: HttpRequest) -> HttpResponse:
    """200 with what was registered, or an error as RFC 7591, section 3.2.2, says it."""
    try:
        # No more is read than may be; what comes of it with a wrong token is not looked at.
        body = request.read(registration.MOST_BYTES + 1)
        response = JsonResponse(registering.register(_token(request), body))
    except Refused as refused:
        response = _error(refused)
    except UnreadablePostError:
        response = _error(Refused(registration.JSON, "broken off"))
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response


def _token(request: HttpRequest) -> str:
    """The token of ``Authorization: Bearer …`` (RFC 6750, section 2.1), or ""."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _error(refused: Refused) -> HttpResponse:
    requirement = refused.requirement
    # For the people who write the tool.
    with translation.override("en"):
        says = str(requirement.says)
    description = f"{says} {refused.detail}".strip()
    response = JsonResponse(
        {"error": requirement.error, "error_description": description}, status=requirement.status
    )
    if requirement.status == 401:
        response["WWW-Authenticate"] = f'Bearer error="{requirement.error}"'
    return response
