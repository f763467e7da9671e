"""The issuing API, below ``/col/api/v1``: for systems of organisations that give badges."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils.decorators import method_decorator
from rest_framework.request import Request
from rest_framework.response import Response

from wagtail_col.api import answering, errors, issuing, scopes
from wagtail_col.api.base import ApiView, json_of
from wagtail_col.api.errors import BadParameter
from wagtail_col.api.paging import page_of, since_of
from wagtail_col.badges.models import Issuer

MAX_BYTES = 64 * 1024


# Each request's own transaction decides; an outer one would hide what two at once see.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class IssuingView(ApiView):
    say = errors.problem
    says = "application/problem+json"

    @property
    def issuer(self) -> Issuer:
        return self.request.auth.application.issuer

    def once(self, request: Request, sent: dict, do: Callable[[], answering.Answer]) -> Response:
        """Done once for each Idempotency-Key."""
        body = hashlib.sha256(repr(sorted(sent.items())).encode()).digest()
        (status, values), is_again = answering.once(
            request.auth.application,
            request.META.get("HTTP_IDEMPOTENCY_KEY"),
            answering.fingerprint(request.method, request.path, body),
            do,
        )
        response = Response(values, status=status)
        if is_again:
            response.headers["Idempotency-Replayed"] = "true"
        return response


class AchievementsView(IssuingView):
    """The organisation's own badges, drafts as well."""

    scopes = {"GET": scopes.ISSUE}

    def get(self, request: Request) -> Response:
        page = page_of(request)
        own = issuing.own_achievements(self.issuer).prefetch_related("texts").order_by("-pk")
        total = own.count()
        values = [issuing.achievement_values(each) for each in own[page.slice]]
        return Response({"achievements": values}, headers=page.headers(request, total))


class AwardsView(IssuingView):
    """The badges the organisation has given; give one more."""

    scopes = {"GET": scopes.ISSUE, "POST": scopes.ISSUE}

    def get(self, request: Request) -> Response:
        page, since = page_of(request), since_of(request)
        own = issuing.own_awards(self.issuer).order_by("-awarded_at", "-pk")
        if since is not None:
            own = own.filter(awarded_at__gt=since)
        if (achievement := _key(request, "achievement")) is not None:
            own = own.filter(achievement__key=achievement)
        total = own.count()
        values = [issuing.award_values(each) for each in own[page.slice]]
        return Response({"awards": values}, headers=page.headers(request, total))

    def post(self, request: Request) -> Response:
        sent = json_of(request, MAX_BYTES)
        values = issuing.checked(issuing.AwardRequest(data=sent))
        return self.once(request, sent, lambda: issuing.give(request.auth.application, values))


class AwardView(IssuingView):
    """One badge that the organisation has given."""

    scopes = {"GET": scopes.ISSUE}

    def get(self, request: Request, key: str) -> Response:
        return Response({"award": issuing.award_values(issuing.find_award(self.issuer, key))})


class RevocationView(IssuingView):
    """Take one back."""

    scopes = {"POST": scopes.ISSUE}

    def post(self, request: Request, key: str) -> Response:
        sent = json_of(request, MAX_BYTES)
        reason = issuing.checked(issuing.RevocationRequest(data=sent))["reason"]
        return self.once(request, sent, lambda: issuing.take_back(self.issuer, key, reason))


def _key(request: Request, name: str) -> UUID | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        key = UUID(text)
    except ValueError:
        key = None
    if key is None or str(key) != text:
        raise BadParameter(name, f"{name} has to be a UUID.")
    return key
