from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlatformKey(models.Model):
    """A key that signs our messages. The private half is encrypted (``vault``).

    The newest one is not retired. ``retired_at`` of the one before may lie in the future: until
    then that one signs. A retired one stays in the published key set for a while, so that what it
    signed just before can still be verified.
    """

    kid = models.CharField(max_length=64, unique=True)
    public_jwk = models.JSONField()
    private_encrypted = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("key of this platform")
        verbose_name_plural = _("keys of this platform")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(retired_at=None), name="col_one_active_lti_key"
            )
        ]

    def __str__(self) -> str:
        return self.kid
