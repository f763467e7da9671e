"""The pictures of badges."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from wagtail_col.badges import pictures
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.badges.views.finding import find_achievement, find_award, missing
from wagtail_col.badges.views.serving import as_download, picture_response

SVG, PNG = "image/svg+xml", "image/png"


@require_safe
def achievement_svg(request: HttpRequest, key: UUID) -> HttpResponse:
    """The achievement's picture, its name in the visitor's language or ``?lang=``."""
    art = pictures.art_of(_achievement(request, key), _language(request))
    return picture_response(request, pictures.svg(art), SVG)


@require_safe
def achievement_png(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as PNG, without a credential."""
    art = pictures.art_of(_achievement(request, key), _language(request))
    return picture_response(request, pictures.png(art), PNG)


@require_safe
def badge_svg(request: HttpRequest, key: UUID) -> HttpResponse:
    """The picture of a badge that somebody has. ``?download`` saves it."""
    award = _award(request, key)
    art = pictures.art_of(award.achievement, _language(request, award.language))
    return _offered(request, picture_response(request, pictures.svg(art), SVG), "badge.svg")


@require_safe
def badge_png(request: HttpRequest, key: UUID) -> HttpResponse:
    """The picture with the signed credential inside. ``?download`` saves it."""
    picture = pictures.baked_png(_award(request, key))
    return _offered(request, picture_response(request, picture, PNG), "badge.png")


def _achievement(request: HttpRequest, key: UUID) -> Achievement:
    found = find_achievement(key)
    if found is None:
        raise missing(request)
    return found


def _award(request: HttpRequest, key: UUID) -> Award:
    found = find_award(key)
    if found is None:
        raise missing(request)
    return found


def _language(request: HttpRequest, otherwise: str | None = None) -> str | None:
    wanted = request.GET.get("lang")
    if wanted in dict(settings.LANGUAGES):
        return wanted
    return otherwise or translation.get_language()


def _offered(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return as_download(response, name) if "download" in request.GET else response
