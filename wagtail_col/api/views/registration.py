"""Where wallets register themselves (RFC 7591). No log-in, no cookie; counted by network."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wagtail_col.api import registering
from wagtail_col.api.networks import network_of
from wagtail_col.badges.openbadges.errors import UnreadableError
from wagtail_col.badges.openbadges.strictjson import read_object

MAX_BYTES = 64 * 1024


# A registration is counted even when the rest of the request is rolled back.
@transaction.non_atomic_requests
@csrf_exempt
@never_cache
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Take a wallet's metadata: 201 with its client id and its secret, or an error of RFC 7591."""
    try:
        registering.count_try(network_of(request))
        metadata = _metadata(request)
        return JsonResponse(registering.register(registering.read(metadata)), status=201)
    except registering.TooMany as error:
        response = _error("temporarily_unavailable", str(error), 429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except registering.NotRegistered as error:
        return _error(error.code, error.message, 400)


def _metadata(request: HttpRequest) -> dict:
    if request.content_type != "application/json":
        raise registering.NotRegistered("invalid_client_metadata", "Send application/json.")
    # Not all of what may be a gigabyte.
    source = request.read(MAX_BYTES + 1)
    try:
        return read_object(source, max_bytes=MAX_BYTES)
    except UnreadableError as error:
        raise registering.NotRegistered("invalid_client_metadata", error.message) from error


def _error(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": code, "error_description": message}, status=status)
