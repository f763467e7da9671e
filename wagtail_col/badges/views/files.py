"""The files of one badge: for its learner, and for everybody while it is shared."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_col.badges import sharing
from wagtail_col.badges.files import FORMS
from wagtail_col.badges.models import ImportedBadge
from wagtail_col.badges.views.finding import find_award, find_signed, kept_by_nobody, no_file
from wagtail_col.badges.views.serving import (
    PICTURE_POLICY,
    as_download,
    checked_each_time,
    open_document,
)


@open_document
def credential(request: HttpRequest, key: UUID) -> HttpResponse:
    """The signed credential, exactly as it was stored. ``?download`` saves it."""
    return _file(request, key, "credential")


@open_document
def credential_jwt(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as VC-JWT."""
    return _file(request, key, "credential_jwt")


@open_document
def badge_png(request: HttpRequest, key: UUID) -> HttpResponse:
    """The picture with the signed credential inside."""
    return _file(request, key, "badge_png")


@open_document
def badge_svg(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as SVG."""
    return _file(request, key, "badge_svg")


@require_safe
def imported_picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """The picture that came with a badge from elsewhere, cleaned when it was brought."""
    found = (
        ImportedBadge.objects.select_related("picture")
        .defer("source")
        .filter(key=key, picture__isnull=False)
        .first()
    )
    if found is None or not sharing.may_be_seen_by(request.user, found):
        return no_file(request, key)
    response = checked_each_time(request, bytes(found.picture.content), found.picture.media_type)
    response["Content-Security-Policy"] = PICTURE_POLICY
    return response


def _file(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    form = FORMS[name]
    is_picture = form.media_type.startswith("image/")
    award = find_award(key) if is_picture else find_signed(key)
    is_shared = award is not None and sharing.is_shared(award)
    if award is None or not (is_shared or sharing.is_own(request.user, award)):
        return no_file(request, key)
    if is_shared:
        response = checked_each_time(request, form.make(award), form.media_type)
    else:
        response = kept_by_nobody(HttpResponse(form.make(award), content_type=form.media_type))
        response["X-Content-Type-Options"] = "nosniff"
    if is_picture:
        response["Content-Security-Policy"] = PICTURE_POLICY
    return as_download(response, form.name) if "download" in request.GET else response
