"""What the views of all our APIs share. Built on Django REST framework."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings as django_settings
from django.http import Http404
from rest_framework.exceptions import APIException, MethodNotAllowed, NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from wagtail_col.api import errors
from wagtail_col.api.authentication import BearerAuthentication, HasScope
from wagtail_col.badges.openbadges.errors import UnreadableError
from wagtail_col.badges.openbadges.strictjson import MAX_BYTES, read_object


class AsItIs(BaseRenderer):
    """Text goes out as it is, byte for byte; values as JSON."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type=None, renderer_context=None) -> bytes:
        if data is None:
            return b""
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        return text.encode()


class AsDesigned(BaseContentNegotiation):
    """Each answer has one form. ``Accept`` may be disregarded (RFC 9110, section 12.4.1)."""

    def select_parser(self, request: Request, parsers: list) -> None:
        return None

    def select_renderer(self, request: Request, renderers: list, format_suffix=None) -> tuple:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """``scopes``: by method, what a token needs. ``say``: how an error is written, as ``says``."""

    authentication_classes = (BearerAuthentication,)
    permission_classes = (HasScope,)
    renderer_classes = (AsItIs,)
    parser_classes = ()
    content_negotiation_class = AsDesigned
    scopes: ClassVar[dict[str, str]] = {}
    say: ClassVar[Callable[[APIException], Any]]
    says = "application/json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # A method that is not there is no question of tokens.
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)

    @property
    def allowed_methods(self) -> list[str]:
        return [method for method in super().allowed_methods if method != "OPTIONS"]

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Http404):
            exc = NotFound()
        if not isinstance(exc, APIException):
            self.raise_uncaught_exception(exc)
        set_rollback()
        response = Response(type(self).say(exc), status=exc.status_code, content_type=self.says)
        if header := getattr(exc, "auth_header", None):
            response.headers["WWW-Authenticate"] = header
        response.exception = True
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        # One person's own, or one organisation's.
        response.headers["Cache-Control"] = "no-store"
        # LocaleMiddleware would try a 404 again with a language in front; it looks at this.
        request._request.urlconf = "wagtail_col.api.urls"
        return response


def body_of(request: Request, most: int = MAX_BYTES) -> bytes:
    """The body as it came. Raises Refused (413) when it is larger than ``most`` bytes."""
    limit = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    most = most if limit is None else min(most, limit)
    body = request._request.read(most + 1)
    if len(body) > most:
        raise errors.Refused(413, "too_large", f"At most {most} bytes are taken.")
    return body


def text_of(request: Request, most: int = MAX_BYTES) -> str:
    """The body as text. Raises Refused (400, 413)."""
    try:
        return body_of(request, most).decode()
    except UnicodeDecodeError as error:
        raise errors.Refused(400, "unreadable", "This is not UTF-8 text.") from error


def json_of(request: Request, most: int = MAX_BYTES) -> dict[str, Any]:
    """The JSON object in the body. Raises Refused (400, 413, 415)."""
    check_type(request, "application/json")
    return parsed(text_of(request, most), most)


def parsed(text: str, most: int = MAX_BYTES) -> dict[str, Any]:
    """The JSON object in a text. Raises Refused (400)."""
    try:
        return read_object(text, max_bytes=most)
    except UnreadableError as error:
        raise errors.Refused(400, "unreadable", error.message) from error


def check_type(request: Request, *media_types: str) -> str:
    """The body's media type, which has to be one of these. Raises Refused (415)."""
    sent = request._request.content_type or ""
    if sent not in media_types:
        raise errors.Refused(415, "media_type", f"Send {' or '.join(media_types)}.")
    return sent
