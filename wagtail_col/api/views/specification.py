"""The description of all our APIs, for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from wagtail_col.api.openapi import document
from wagtail_col.badges.views.serving import DOCUMENT_LIFETIME, open_document


@open_document
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.0."""
    response = JsonResponse(document.everything())
    response.headers["Cache-Control"] = f"public, max-age={DOCUMENT_LIFETIME}"
    return response
