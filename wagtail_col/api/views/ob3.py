"""The Open Badges 3.0 API, below ``/ims/ob/v3p0`` (section 6)."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from rest_framework.request import Request
from rest_framework.response import Response

from wagtail_col.api import credentials, errors, profiles, scopes
from wagtail_col.api.base import ApiView, check_type, json_of, parsed, text_of
from wagtail_col.api.openapi import document
from wagtail_col.api.paging import page_of, since_of
from wagtail_col.badges.importing import NotImportable
from wagtail_col.badges.views.serving import DOCUMENT_LIFETIME, open_document

JSON_TYPES = ("application/json", "application/vc+ld+json", "application/vc", "application/ld+json")
TOKEN_TYPES = ("text/plain",)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@open_document
def discovery(request: HttpRequest) -> HttpResponse:
    """The service description document (section 6.3): OpenAPI 3.0, open to everybody."""
    response = JsonResponse(document.service_description())
    response.headers["Cache-Control"] = f"public, max-age={DOCUMENT_LIFETIME}"
    return response


class Ob3View(ApiView):
    say = errors.imsx


# A badge is checked with its issuer's host, which takes seconds.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CredentialsView(Ob3View):
    """A learner's badges: a page of them, and one more."""

    scopes = {"GET": scopes.CREDENTIALS_READ, "POST": scopes.CREDENTIALS_WRITE}

    def get(self, request: Request) -> Response:
        page = page_of(request)
        found = credentials.page_of_credentials(request.user, page, since_of(request))
        return Response(found.as_json(), headers=page.headers(request, found.total))

    def post(self, request: Request) -> Response:
        """Keep it, or keep it in place of an earlier one; echo what came."""
        media_type = check_type(request, *JSON_TYPES, *TOKEN_TYPES)
        text = text_of(request)
        if media_type in TOKEN_TYPES and not _TOKEN.fullmatch(text.strip()):
            raise errors.Refused(400, "unreadable", "text/plain has to be a compact JWS.")
        if media_type in JSON_TYPES:
            _check_shape(parsed(text))
        try:
            is_new = credentials.put(request.user, text.strip())
        except NotImportable as error:
            raise errors.Refused(400, error.code, error.message) from error
        echoed = "text/plain; charset=utf-8" if media_type in TOKEN_TYPES else media_type
        return Response(text, status=201 if is_new else 200, content_type=echoed)


def _check_shape(document: dict[str, Any]) -> None:
    """Refuse (400) what is no AchievementCredential on its face: it is echoed as one."""
    types = document.get("type")
    types = types if isinstance(types, list) else [types]
    if not (types and all(isinstance(each, str) for each in types)):
        raise errors.Refused(400, "unreadable", "The type is a word, or a list of words.")
    if not isinstance(document.get("id", ""), str):
        raise errors.Refused(400, "unreadable", "The id is a text.")
    if not {"issuer", "credentialSubject"} <= document.keys():
        raise errors.Refused(400, "unreadable", "A badge has an issuer and a credentialSubject.")


class ProfileView(Ob3View):
    """Who the learner is, as far as they allowed it."""

    scopes = {"GET": scopes.PROFILE_READ, "PUT": scopes.PROFILE_WRITE}

    def get(self, request: Request) -> Response:
        return Response(profiles.profile(request.auth.connection))

    def put(self, request: Request) -> Response:
        return Response(profiles.update(request.auth.connection, json_of(request)))
