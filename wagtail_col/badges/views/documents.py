"""What machines read: DID documents, achievements, issuers, status lists."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from wagtail_col.badges import endorsing, keys
from wagtail_col.badges.addresses import did_of
from wagtail_col.badges.certifying import claim_of, profile_of
from wagtail_col.badges.files import CREDENTIAL
from wagtail_col.badges.models import Achievement, Issuer, StatusList
from wagtail_col.badges.openbadges import credential as credentials
from wagtail_col.badges.openbadges.did import did_document
from wagtail_col.badges.views.finding import find_achievement, missing
from wagtail_col.badges.views.serving import DOCUMENT_LIFETIME, file_response, open_document
from wagtail_col.language import in_chosen_language


@open_document
def site_did(request: HttpRequest) -> HttpResponse:
    """The site's own DID document (did:web)."""
    return _did(request, "")


@open_document
def issuer_did(request: HttpRequest, slug: str) -> HttpResponse:
    """The DID document of another issuer of this site."""
    return _did(request, slug)


def _did(request: HttpRequest, slug: str) -> HttpResponse:
    issuer = Issuer.objects.filter(slug=slug).first()
    public = keys.public_keys(issuer) if issuer else []
    if not public:
        raise missing(request)
    document = did_document(did_of(issuer), public)
    return file_response(request, _json(document), "application/did+json", DOCUMENT_LIFETIME)


@open_document
def status_list(request: HttpRequest, key: UUID) -> HttpResponse:
    """The signed list that says which badges were taken back, exactly as it was stored."""
    stored = StatusList.objects.filter(key=key).values_list("credential", flat=True).first()
    if stored is None:
        raise missing(request)
    return file_response(request, stored.encode(), CREDENTIAL, DOCUMENT_LIFETIME)


@open_document
@in_chosen_language
def achievement(request: HttpRequest, key: UUID) -> HttpResponse:
    """The achievement as Open Badges 3.0 writes it, in the visitor's language or ``?lang=``."""
    found = find_achievement(key)
    if found is None or found.text is None:
        raise missing(request)
    document = credentials.achievement_document(claim_of(found, translation.get_language() or ""))
    return _with_endorsements(request, document, found)


@open_document
def site_profile(request: HttpRequest) -> HttpResponse:
    """The site's own issuer as Open Badges 3.0 writes it."""
    return issuer_profile(request, "")


@open_document
def issuer_profile(request: HttpRequest, slug: str) -> HttpResponse:
    """An issuer as Open Badges 3.0 writes it."""
    issuer = keys.shown_issuer(slug)
    if issuer is None:
        raise missing(request)
    document = credentials.profile_document(profile_of(issuer))
    return _with_endorsements(request, document, issuer)


def _with_endorsements(
    request: HttpRequest, document: dict, thing: Achievement | Issuer
) -> HttpResponse:
    if endorsements := endorsing.documents_for(thing):
        document = {**document, "endorsement": endorsements}
    return file_response(request, _json(document), "application/ld+json", DOCUMENT_LIFETIME)


def _json(document: dict) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
