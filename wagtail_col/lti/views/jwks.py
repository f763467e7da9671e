"""Our public keys, for tools to check what we sign."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control

from wagtail_col.lti import keys
from wagtail_col.lti.views.opened import from_anywhere

#: Seconds. A new key is published long before it signs, so this may be short or long.
LIFETIME = 300


@from_anywhere("GET", "HEAD")
def jwks(request: HttpRequest) -> HttpResponse:
    """The key set (RFC 7517, section 5)."""
    # Some readers of key sets take nothing but application/json.
    response = JsonResponse(keys.public_jwks())
    patch_cache_control(response, public=True, max_age=LIFETIME)
    return response
