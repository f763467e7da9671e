"""Our own page when a course does not open: what happened, and for who looks after the site why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from wagtail_col.lti.models import Tool
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.shell import render_page


def error_page(
    request: HttpRequest,
    refused: Refused,
    tool: Tool | None = None,
    *,
    lead: Any = "",
    back: str = "/",
) -> HttpResponse:
    """The page for a refusal that no tool is told of.

    ``lead``: one sentence for the person, instead of the usual one. ``back``: a path of this site.
    It may stand in a frame of this site, so its links leave the frame.
    """
    context = {
        "tool": tool,
        "lead": lead,
        "back": back,
        "requirement": refused.requirement,
        "detail": refused.detail,
    }
    status = refused.requirement.status
    response = render_page(request, "wagtail_col/lti/error.html", context, status=status)
    response["X-Frame-Options"] = "SAMEORIGIN"
    # LocaleMiddleware tries the address of a 404 again with a language in front of it, where the
    # site's pages have such addresses. With only our own addresses to look at it does not.
    request.urlconf = "wagtail_col.lti.urls"
    add_never_cache_headers(response)
    return response
