"""The Badge Connect API of Open Badges 2.1, below ``/ims/ob/v2p1`` (section 4)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.decorators import method_decorator
from rest_framework.request import Request
from rest_framework.response import Response

from wagtail_col.api import credentials, errors, profiles, scopes
from wagtail_col.api.base import ApiView, check_type, json_of, parsed, text_of
from wagtail_col.api.paging import page_of, since_of
from wagtail_col.badges.importing import NotImportable


class Ob2View(ApiView):
    say = errors.v2_status


# A badge is checked with its issuer's host, which takes seconds.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class AssertionsView(Ob2View):
    """A learner's badges as Open Badges 2.0."""

    scopes = {"GET": scopes.V2_ASSERTIONS_READ, "POST": scopes.V2_ASSERTIONS_WRITE}

    def get(self, request: Request) -> Response:
        page = page_of(request)
        total, found = credentials.page_of_assertions(
            request.auth.connection, page, since_of(request)
        )
        return Response(_results(found), headers=page.headers(request, total))

    def post(self, request: Request) -> Response:
        check_type(request, "application/json")
        text = text_of(request)
        sent = parsed(text)
        try:
            is_new = credentials.put(request.user, text.strip())
        except NotImportable as error:
            raise errors.Refused(400, error.code, error.message) from error
        status = 201 if is_new else 200
        return Response(_results([sent], status), status=status)


class ProfileView(Ob2View):
    """Who the learner is, as far as they allowed it."""

    scopes = {"GET": scopes.V2_PROFILE_READ, "POST": scopes.V2_PROFILE_WRITE}

    def get(self, request: Request) -> Response:
        return Response(_results([profiles.profile_v2(request.auth.connection)]))

    def post(self, request: Request) -> Response:
        """Open Badges 2 has one name only, which is not split into two: nothing of it is kept."""
        profiles.check(request.auth.connection, json_of(request))
        return Response(_results([profiles.profile_v2(request.auth.connection)]))


def _results(found: list[dict[str, Any]], status: int = 200) -> dict[str, Any]:
    return {"status": {"error": None, "statusCode": status, "statusText": "OK"}, "results": found}
