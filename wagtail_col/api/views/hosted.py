"""Open Badges 2.0 documents, each at its own address, to be read by every other website."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from wagtail_col.api import hosted
from wagtail_col.api.addresses import absolute
from wagtail_col.badges import sharing
from wagtail_col.badges.keys import shown_issuer
from wagtail_col.badges.models import Award
from wagtail_col.badges.openbadges import v2
from wagtail_col.badges.views.finding import find_achievement, missing
from wagtail_col.badges.views.serving import DOCUMENT_LIFETIME, file_response, open_document
from wagtail_col.language import in_chosen_language

JSON_LD = "application/ld+json"


@open_document
def assertion(request: HttpRequest, key: UUID) -> HttpResponse:
    """A badge while it is shared, or while a connected wallet has it. 410 once it was taken back,
    or its learner's account was deleted."""
    award = Award.objects.select_related("achievement").filter(key=key).first()
    if award is None and sharing.gone(key) is None:
        raise missing(request)
    if award is None or award.is_revoked:
        return _kept_by_nobody(v2.revoked(absolute("hosted_assertion", key)), status=410)
    # This version has no word for "suspended for now".
    if award.is_suspended or not hosted.is_open(award):
        raise missing(request)
    return _kept_by_nobody(hosted.assertion_document(award))


@open_document
@in_chosen_language
def badge_class(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a badge says, in the visitor's language or ``?lang=``."""
    achievement = find_achievement(key)
    if achievement is None or achievement.text is None:
        raise missing(request)
    return _kept(request, hosted.badge_class_document(achievement))


@open_document
def site_issuer(request: HttpRequest) -> HttpResponse:
    """The site's own issuer."""
    return issuer(request, "")


@open_document
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """Another issuer of this site."""
    found = shown_issuer(slug)
    if found is None:
        raise missing(request)
    return _kept(request, hosted.issuer_document(found))


def _kept(request: HttpRequest, document: dict) -> HttpResponse:
    return file_response(request, _json(document), JSON_LD, DOCUMENT_LIFETIME)


def _kept_by_nobody(document: dict, status: int = 200) -> HttpResponse:
    response = HttpResponse(_json(document), content_type=JSON_LD, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _json(document: dict) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
