from __future__ import annotations

from django.db import models
from oauth2_provider.models import AbstractGrant

from wagtail_col.api.fields import HashedField


class Grant(AbstractGrant):
    """An authorization code: for one minute, for one time.

    It stays after it was used, so that a second use is seen: what came of the first is revoked
    then (RFC 6749, section 4.1.2).
    """

    code = HashedField(unique=True)
    used_at = models.DateTimeField(null=True, blank=True)
    #: What was issued for it: the family of its refresh tokens, or the one access token's hash.
    token_family = models.UUIDField(null=True, blank=True)
    token_checksum = models.CharField(max_length=64, blank=True)
