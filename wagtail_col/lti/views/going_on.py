"""Pages that are left at once: a form that is posted on, or a link out of a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import add_never_cache_headers

from wagtail_col.lti.platform.login import origin_of

TEMPLATE = "wagtail_col/lti/go_on.html"


def post_on(url: str, fields: Mapping[str, str], says: Any, *, status: int = 200) -> HttpResponse:
    """A page that posts ``fields`` to ``url`` by itself, or by its button without scripts."""
    page = render_to_string(TEMPLATE, {"action": url, "fields": fields, "says": says})
    response = HttpResponse(page, status=status)
    return _sealed(response, form_action=f"{origin_of(url)} https:" if "://" in url else "'self'")


def leave_frame(url: str, says: Any) -> HttpResponse:
    """A page in a frame that opens ``url`` in the whole window."""
    response = HttpResponse(render_to_string(TEMPLATE, {"link": url, "says": says}))
    return _sealed(response, form_action="'none'")


def _sealed(response: HttpResponse, *, form_action: str) -> HttpResponse:
    """Never kept, in frames of this site only, and nothing in it but our own script and style.

    Where a form may go includes any https address: a browser asks this policy about the redirects
    that follow too, and many tools send people on to another host of theirs. The referrer is our
    origin: with less the browser says that the form comes from nowhere (``Origin: null``), with
    more it would tell what is in the address.
    """
    own = _own_sources()
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {own}; style-src {own}; img-src {own}; font-src {own}; "
        f"form-action {form_action}; frame-ancestors 'self'; base-uri 'none'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "strict-origin"
    add_never_cache_headers(response)
    return response


def _own_sources() -> str:
    """Where our script and style come from: this site, or the host of its static files."""
    url = static("wagtail_col/js/go_on.js")
    return f"'self' {origin_of(url)}" if "://" in url else "'self'"
