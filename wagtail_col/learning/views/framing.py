"""A course inside a page of ours, with a bar above it that leads back."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wagtail_col.lti.launching import Opening

_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9.:_-]+")


def framed(
    request: HttpRequest, opening: Opening, *, title: str, back: str, colour: str = ""
) -> HttpResponse:
    """The page around a course. ``back``: where its bar leads, and where the course closes to;
    ``colour``: of the line."""
    origins = origins_of(opening)
    context = {
        "opening": opening,
        "title": title,
        "back": back,
        "colour": colour,
        "origins": " ".join(origins),
    }
    response = render(request, "wagtail_col/learning/course_frame.html", context)
    response.headers["Content-Security-Policy"] = policy(origins)
    return response


def origins_of(opening: Opening) -> list[str]:
    """Where the provider's pages come from: what the coordinator approved, and nothing else."""
    tool = opening.tool
    urls = [tool.login_url, tool.launch_url, *tool.redirect_uris]
    return sorted(set(filter(None, map(origin, urls))))


def origin(url: str) -> str:
    """Scheme, host and port as browsers write them; empty when the URL has none.

    It goes into a header: of what a provider calls its address nothing else may get there.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        return ""
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == _PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{port}"


def policy(origins: list[str]) -> str:
    """The content security policy of the page: the provider in a frame, everything else our own.

    A site's own policy cannot know its course providers; this page stands alone, without the
    site's template, so it needs nothing else.
    """
    own = ["'self'"]
    if static := origin(settings.STATIC_URL or ""):
        own.append(static)
    directives = {
        "default-src": ["'none'"],
        "script-src": own,
        "style-src": own,
        "img-src": own,
        "frame-src": ["'self'", *origins],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
