from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ClaimCode(models.Model):
    """A code an organiser shows at a listing; who enters it has been there.

    The code itself is derived from a secret and this row's key and never stored: the database
    holds its hash alone, and the organiser's page can still show it again.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey(
        "col_catalogue.Listing", on_delete=models.CASCADE, related_name="claim_codes"
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    most_uses = models.PositiveIntegerField(
        _("how many learners may use it"), null=True, blank=True
    )
    uses = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("attendance code")
        verbose_name_plural = _("attendance codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(most_uses__isnull=True) | Q(uses__lte=F("most_uses")),
                name="col_claim_code_not_overused",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class FailedClaim(models.Model):
    """Somebody entered a code that does not exist. Kept a minute, to slow down guessing."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    #: A keyed digest of the network address: enough to count by, and not the address.
    address = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["learner", "at"], name="col_failed_claim_by_learner"),
            models.Index(fields=["address", "at"], name="col_failed_claim_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.at:%H:%M:%S}"
