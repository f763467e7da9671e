"""Searches as open data: one address a form, with the filters of the Find page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from wagtail_col.catalogue.api import open_headers
from wagtail_col.catalogue.conditional import same_for_everyone
from wagtail_col.catalogue.exporting import as_csv, as_geojson, as_icalendar
from wagtail_col.catalogue.openapi import document
from wagtail_col.catalogue.scoping import scoped_query
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.language import in_chosen_language

Writer = Callable[[Query], Iterator[str | bytes]]


def _export(write: Writer, media_type: str, name: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view that streams what ``write`` says of a search; a refusal is 400 as JSON."""

    @require_safe
    @in_chosen_language
    @same_for_everyone
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            query = scoped_query(request.GET, request.catalogue_revision)
        except BadQuery as refusal:
            said = {"parameter": refusal.parameter, "detail": refusal.message}
            return JsonResponse(said, status=400, headers=open_headers())
        headers = {"Content-Disposition": f'attachment; filename="{name}"', **open_headers()}
        if request.method == "HEAD":
            return HttpResponse(content_type=media_type, headers=headers)
        parts = _spoken(write(query), translation.get_language())
        return StreamingHttpResponse(parts, content_type=media_type, headers=headers)

    return view


def _spoken(parts: Iterator[str | bytes], language: str | None) -> Iterator[str | bytes]:
    """The parts are made after the view has returned, and its language is no longer active."""
    with translation.override(language):
        yield from parts


listings_csv = _export(as_csv, "text/csv; charset=utf-8", "opportunities.csv")
listings_geojson = _export(as_geojson, "application/geo+json", "opportunities.geojson")
listings_icalendar = _export(as_icalendar, "text/calendar; charset=utf-8", "opportunities.ics")


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """What these addresses take and answer, as OpenAPI 3.1."""
    response = JsonResponse(document(), headers={"Access-Control-Allow-Origin": "*"})
    patch_cache_control(response, public=True, max_age=300)
    return response
