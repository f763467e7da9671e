"""The pictures of achievements."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from wagtail_col.badges import pictures
from wagtail_col.badges.models import Achievement, ImportedBadge, Picture, PictureType
from wagtail_col.badges.views.finding import find_achievement, missing
from wagtail_col.badges.views.serving import PICTURE_POLICY, picture_response

SVG, PNG = "image/svg+xml", "image/png"


@require_safe
def achievement_svg(request: HttpRequest, key: UUID) -> HttpResponse:
    """The achievement's picture, its name in the visitor's language or ``?lang=``."""
    found = _achievement(request, key)
    response = picture_response(request, pictures.svg_of(found, _language(request)), SVG)
    if found.picture is not None and found.picture.media_type == PictureType.PNG:
        # The uploaded PNG is inside the SVG.
        response["Content-Security-Policy"] = f"{PICTURE_POLICY}; img-src data:"
    return response


@require_safe
def achievement_png(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as PNG, without a credential."""
    found = _achievement(request, key)
    return picture_response(request, pictures.png_of(found, _language(request)), PNG)


@require_safe
def picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """An uploaded picture by its own key, which only those know who work with the badge.

    A picture that a learner brought with a badge from elsewhere has another address, which asks
    who is looking.
    """
    found = (
        Picture.objects.filter(key=key)
        .exclude(Exists(ImportedBadge.objects.filter(picture=OuterRef("pk"))))
        .first()
    )
    if found is None:
        raise missing(request)
    response = picture_response(request, bytes(found.content), found.media_type)
    name = "badge.svg" if found.media_type == PictureType.SVG else "badge.png"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _achievement(request: HttpRequest, key: UUID) -> Achievement:
    found = find_achievement(key)
    if found is None:
        raise missing(request)
    return found


def _language(request: HttpRequest) -> str | None:
    wanted = request.GET.get("lang")
    if wanted in dict(settings.LANGUAGES):
        return wanted
    return translation.get_language()
