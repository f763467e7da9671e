"""Where other systems get tokens and give them back (RFC 6749, section 3.2; RFC 7009)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from oauth2_provider.views.mixins import OAuthLibMixin

_outside = [csrf_exempt, never_cache, sensitive_post_parameters()]


@method_decorator(_outside, name="dispatch")
class TokenView(OAuthLibMixin, View):
    """A code, a refresh token or a system's own credentials for an access token."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        _url, headers, body, status = self.create_token_response(request)
        return _answer(body, headers, status)


@method_decorator(_outside, name="dispatch")
class RevokeView(OAuthLibMixin, View):
    """Take a token back; 200 also for one that is not known (RFC 7009, section 2.2)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        _url, headers, body, status = self.create_revocation_response(request)
        return _answer(body, headers, status)


def _answer(body: str | None, headers: dict, status: int) -> HttpResponse:
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        response.headers[name] = value
    return response
