from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StatusPurpose(models.TextChoices):
    REVOCATION = "revocation", _("taken back")
    SUSPENSION = "suspension", _("suspended for now")


class StatusList(models.Model):
    """A published list with one bit an award (Bitstring Status List 1.0): set means revoked, or
    suspended in a list of that purpose.

    ``credential`` holds the signed bytes that are served; it is signed again, in the same
    transaction, whenever a bit changes.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issuer = models.ForeignKey(
        "col_badges.Issuer", on_delete=models.PROTECT, related_name="status_lists"
    )
    purpose = models.CharField(
        max_length=10, choices=StatusPurpose.choices, default=StatusPurpose.REVOCATION
    )
    size = models.PositiveIntegerField(default=131072)
    credential = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.key)


class RevokedCredential(models.Model):
    """A credential that was taken back and whose learner's account is gone: its id stays in the
    issuer's 1EdTech list. Nothing else about it is kept."""

    issuer = models.ForeignKey(
        "col_badges.Issuer", on_delete=models.PROTECT, related_name="revoked_credentials"
    )
    identifier = models.CharField(max_length=2000)

    def __str__(self) -> str:
        return self.identifier
