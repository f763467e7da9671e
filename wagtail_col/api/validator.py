"""Our own part of checking OAuth requests: clients, codes and refresh tokens.

django-oauth-toolkit stores hashes of tokens (``COMPLIANT_BCP_RFC9700_TOKEN_STORAGE``); here are
codes and secrets of clients, and what it leaves open when something is used a second time.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.models import (
    get_access_token_model,
    get_refresh_token_model,
    revoke_access_token,
)
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from wagtail_col.api import connecting
from wagtail_col.api.fields import hashed
from wagtail_col.api.models import Grant
from wagtail_col.api.scopes import OFFLINE

AccessToken = get_access_token_model()
RefreshToken = get_refresh_token_model()


class UsedAgain(Exception):
    """A code or a refresh token came a second time: somebody may have stolen it."""

    def __init__(self, family: UUID | None, token_checksum: str = "") -> None:
        super().__init__("used again")
        self.family = family
        self.token_checksum = token_checksum

    def revoke(self) -> None:
        """Take back whatever came of the first use (RFC 9700, sections 2.1.1 and 4.14.2)."""
        RefreshToken.revoke_family(self.family)
        for token in AccessToken.objects.filter(token_checksum=self.token_checksum):
            revoke_access_token(token)


class Validator(OAuth2Validator):
    """Refuses with oauthlib's errors."""

    def _load_application(self, client_id: str, request: Any) -> Any:
        # PostgreSQL cannot look for everything that can be sent.
        if not client_id or not client_id.isprintable():
            return None
        return super()._load_application(client_id, request)

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return constant_time_compare(hashed(provided_secret), stored_secret)

    def _authenticate_request_body(self, request: Any) -> bool:
        """Only by the header (``client_secret_basic``; Open Badges 3.0, section 7.1.2.3)."""
        return False

    def validate_code(self, client_id, code, client, request, *args, **kwargs) -> bool:
        grant = Grant.objects.filter(code=code, application=client).first()
        if grant is not None and grant.used_at is not None:
            UsedAgain(grant.token_family, grant.token_checksum).revoke()
            return False
        valid = super().validate_code(client_id, code, client, request, *args, **kwargs)
        return valid and self._may_go_on(request.user, client)

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs) -> bool:
        valid = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return valid and self._may_go_on(request.user, client)

    def get_original_scopes(self, refresh_token, request, *args, **kwargs) -> str:
        """What the learner allowed; an access token that was asked for less takes nothing away."""
        return connecting.find(request.user, request.client).scope

    def _may_go_on(self, learner: Any, client: Any) -> bool:
        return learner.is_active and connecting.find(learner, client) is not None

    def invalidate_authorization_code(self, client_id, code, request, *args, **kwargs) -> None:
        """It was taken together with the tokens that were made for it, in one transaction."""

    def save_bearer_token(self, token, request, *args, **kwargs) -> Any:
        try:
            return super().save_bearer_token(token, request, *args, **kwargs)
        except UsedAgain as again:
            # Outside of the transaction that was rolled back.
            again.revoke()
            raise InvalidGrantError(request=request) from again

    def _save_bearer_token(self, token, request, *args, **kwargs) -> None:
        if request.grant_type == "authorization_code":
            grant = self._take_code(request)
            if OFFLINE not in request.scopes:
                token.pop("refresh_token", None)
        elif request.grant_type == "refresh_token":
            self._take_refresh_token(request)
        super()._save_bearer_token(token, request, *args, **kwargs)
        if request.grant_type == "authorization_code":
            self._remember(grant, token)

    def _take_code(self, request: Any) -> Grant:
        """Two requests with one code come one after the other, and the second gets nothing."""
        grants = Grant.objects.filter(code=request.code, application=request.client)
        taken = grants.filter(used_at=None).update(used_at=timezone.now())
        grant = grants.first()
        if grant is None:
            raise InvalidGrantError(request=request)
        if not taken:
            raise UsedAgain(grant.token_family, grant.token_checksum)
        return grant

    def _take_refresh_token(self, request: Any) -> None:
        # The toolkit answers the second of two at once with tokens it no longer knows.
        locked = RefreshToken.objects.select_for_update(of=("self",)).get(
            pk=request.refresh_token_instance.pk
        )
        if locked.revoked is not None:
            raise UsedAgain(locked.token_family)

    def _remember(self, grant: Grant, token: dict) -> None:
        checksum = _checksum(token["access_token"])
        family = (
            RefreshToken.objects.filter(access_token__token_checksum=checksum)
            .values_list("token_family", flat=True)
            .first()
        )
        Grant.objects.filter(pk=grant.pk).update(token_checksum=checksum, token_family=family)


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
