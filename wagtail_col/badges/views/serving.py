"""How files are served: kept as long as they may be, of one type only, and the documents to every
other website."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response, patch_cache_control

#: Seconds. A key that was changed or a badge that was taken back is known everywhere after that.
DOCUMENT_LIFETIME = 300
PICTURE_LIFETIME = 3600

#: Nothing in a picture runs or is loaded, even when it is opened as a page of its own.
PICTURE_POLICY = "default-src 'none'; sandbox"


def open_document(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: scripts of any other website may read this document, and nothing else."""

    @wraps(view)
    def opened(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Allow"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "*"
            response["Access-Control-Max-Age"] = "86400"
        elif request.method in ("GET", "HEAD"):
            response = view(request, *args, **kwargs)
        else:
            response = HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return opened


def checked_each_time(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """``content`` of what is shared for now: a browser that has it asks whether it still is, and
    nobody between keeps it."""
    response = _tagged(content, content_type)
    patch_cache_control(response, private=True, no_cache=True)
    response["X-Robots-Tag"] = "noindex"
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response


def file_response(
    request: HttpRequest, content: bytes, content_type: str, lifetime: int
) -> HttpResponse:
    """``content`` with an ETag, or 304 for who has it already. ``lifetime``: seconds."""
    response = _tagged(content, content_type)
    patch_cache_control(response, public=True, max_age=lifetime)
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response


def picture_response(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """A picture that can do nothing, even when it is opened as a page of its own."""
    response = file_response(request, content, content_type, PICTURE_LIFETIME)
    response["Content-Security-Policy"] = PICTURE_POLICY
    return response


def as_download(response: HttpResponse, name: str) -> HttpResponse:
    """Saved as a file of this (ASCII) name instead of shown."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _tagged(content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
