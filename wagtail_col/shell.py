"""What every page of ours needs of the site around it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wagtail_col.conf import settings


def shell_context(request: HttpRequest) -> dict[str, Any]:
    """Context for ``wagtail_col/base.html``: the site's own base template."""
    return {"col_base_template": settings.BASE_TEMPLATE}


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render one of our own pages inside the site's base template."""
    return render(request, template, {**shell_context(request), **(context or {})}, status=status)
