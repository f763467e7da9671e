"""What we say about ourselves to tools that register (Dynamic Registration 1.0, section 3.3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control

from wagtail_col.lti import registering
from wagtail_col.lti.views.opened import from_anywhere


@from_anywhere("GET", "HEAD")
def openid_configuration(request: HttpRequest) -> HttpResponse:
    """The same for everybody: what it says can be read in the documentation as well."""
    response = JsonResponse(registering.configuration())
    patch_cache_control(response, public=True, max_age=300)
    return response
