from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportForm(models.TextChoices):
    """What was brought, after it was taken out of a picture."""

    OB3_JSON = "ob3-json", _("Open Badges 3.0")
    OB3_JWT = "ob3-jwt", _("Open Badges 3.0 (token)")
    OB2 = "ob2", _("Open Badges 2.0")


class ImportedBadge(models.Model):
    """A badge of another issuer that a learner brought: kept as it came, with what was checked."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_imported_badges"
    )
    form = models.CharField(max_length=10, choices=ImportForm.choices)
    #: The credential or assertion exactly as it came (JSON or compact JWS), and its SHA-256.
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    #: The credential's or assertion's own id; empty when it has none.
    identifier = models.CharField(max_length=2000, blank=True)
    achievement_id = models.CharField(max_length=2000, blank=True)
    name = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    criteria = models.TextField(blank=True)
    issuer_id = models.CharField(max_length=2000, blank=True)
    #: What the badge says of itself; anybody can write any name.
    issuer_name = models.CharField(max_length=500, blank=True)
    #: The host whose published keys the signature was checked with; empty: nobody is known by it.
    key_host = models.CharField(max_length=255, blank=True)
    awarded_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    picture = models.ForeignKey(
        "col_badges.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: ``badges.verifying.Verdict`` when it was last checked, and whether it is this learner's.
    verdict = models.CharField(max_length=20)
    is_own = models.BooleanField(null=True)
    checked_at = models.DateTimeField()
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-imported_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "fingerprint"], name="col_imported_once_a_learner"
            )
        ]

    def __str__(self) -> str:
        return self.name
