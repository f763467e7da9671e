"""Endpoints that scripts of any website may use: they know nobody by a cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt


def from_anywhere(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable]:
    """Decorator: these methods, and the preflight a browser asks before (CORS)."""
    allowed = ", ".join((*methods, "OPTIONS"))

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def opened(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
                response["Allow"] = allowed
                response["Access-Control-Allow-Methods"] = allowed
                response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
                response["Access-Control-Max-Age"] = "86400"
            elif request.method in methods:
                response = view(request, *args, **kwargs)
            else:
                response = HttpResponseNotAllowed([*methods, "OPTIONS"])
            response["Access-Control-Allow-Origin"] = "*"
            return response

        return opened

    return decorate
