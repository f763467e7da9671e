"""Who asks, by the access token in the Authorization header (RFC 6750), and whether they may.

A token in the address or in a form is not looked at: it would stay in logs and histories.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.contrib.auth.models import AnonymousUser
from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from wagtail_col.api import connecting
from wagtail_col.api.models import Connection

REALM = "badges"
#: b64token (RFC 6750, section 2.1).
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class NoToken(AuthenticationFailed):
    """401 without an error code: nothing was tried (RFC 6750, section 3.1)."""

    default_detail = "Send an access token in the Authorization header."
    default_code = "no_token"
    auth_header = f'Bearer realm="{REALM}"'


class InvalidToken(AuthenticationFailed):
    default_detail = "The access token is unknown, was taken back, or has expired."
    default_code = "invalid_token"
    auth_header = f'Bearer realm="{REALM}", error="invalid_token"'


class TokenInAddress(AuthenticationFailed):
    default_detail = "An access token belongs into the Authorization header, never into an address."
    default_code = "invalid_request"
    auth_header = f'Bearer realm="{REALM}", error="invalid_request"'


class InsufficientScope(PermissionDenied):
    """403 with the scope that is missing (RFC 6750, section 3.1)."""

    default_code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"The access token does not have the scope {scope}.")
        self.auth_header = f'Bearer realm="{REALM}", error="insufficient_scope", scope="{scope}"'


class BearerAuthentication(BaseAuthentication):
    """``request.user``: the learner (nobody for a provider's system); ``request.auth``: the token.

    A learner's token gets ``connection`` as well: without one it does not work, however it came.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        if "access_token" in request.query_params:
            raise TokenInAddress
        scheme, _space, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            raise NoToken
        token = _find(raw.strip())
        if token is None or token.is_expired() or not token.application.is_usable(request):
            raise InvalidToken
        if token.application.is_system:
            connecting.note_use_by_system(token.application)
            return AnonymousUser(), token
        token.connection = _connection(token)
        connecting.note_use(token.connection)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return NoToken.auth_header


class HasScope(BasePermission):
    """The view's ``scopes``: the one that each method needs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scope is None:
            # No such method here: the view answers that itself.
            return True
        if not request.auth.allow_scopes([scope]):
            raise InsufficientScope(scope)
        return True


def _find(raw: str) -> Any:
    if not _TOKEN.fullmatch(raw):
        return None
    return (
        get_access_token_model()
        .objects.select_related("application__issuer", "user")
        .filter(token_checksum=hashlib.sha256(raw.encode()).hexdigest())
        .exclude(application=None)
        .first()
    )


def _connection(token: Any) -> Connection:
    if token.user is None or not token.user.is_active:
        raise InvalidToken
    connection = connecting.find(token.user, token.application)
    if connection is None:
        raise InvalidToken
    return connection
