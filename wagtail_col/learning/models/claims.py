from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CodeSheet(models.Model):
    """Cards printed together, each with a code that works once."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    achievement = models.ForeignKey(
        "col_badges.Achievement", on_delete=models.CASCADE, related_name="code_sheets"
    )
    event = models.CharField(_("for what"), max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    def __str__(self) -> str:
        return str(self.key)


class ClaimCode(models.Model):
    """A code an organiser shows. For a listing: who enters it has been there. For a badge: who
    enters it gets the badge.

    The code itself is derived from a secret and this row's key and never stored: the database
    holds its hash alone, and the organiser's page can still show it again.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey(
        "col_catalogue.Listing",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="claim_codes",
    )
    achievement = models.ForeignKey(
        "col_badges.Achievement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="claim_codes",
    )
    #: The event at which it is shown: part of why a badge was given.
    event = models.CharField(_("for what"), max_length=200, blank=True)
    sheet = models.ForeignKey(
        CodeSheet, on_delete=models.CASCADE, null=True, blank=True, related_name="codes"
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    #: A keyed digest of the first four letters: a wrong code that begins like this one was aimed
    #: at what this one is for. It says nothing without the secret in the settings.
    opening = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
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
            ),
            models.CheckConstraint(
                condition=Q(listing__isnull=False, achievement__isnull=True)
                | Q(listing__isnull=True, achievement__isnull=False),
                name="col_claim_code_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class CodeUse(models.Model):
    """A learner used a code: counted once, however often it is entered."""

    code = models.ForeignKey(ClaimCode, on_delete=models.CASCADE, related_name="used_by")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "learner"], name="col_one_code_use_a_learner")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.code_id}"


class FailedClaim(models.Model):
    """Somebody entered a code that does not exist. Kept a minute, to slow down guessing."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    #: A keyed digest of the network address: enough to count by, and not the address.
    address = models.CharField(max_length=64, blank=True)
    #: The badge or opportunity one of whose codes begins like this one; empty: none does.
    aimed_at = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["learner", "at"], name="col_failed_claim_by_learner"),
            models.Index(fields=["address", "at"], name="col_failed_claim_by_address"),
            models.Index(fields=["aimed_at", "at"], name="col_failed_claim_by_aim"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.at:%H:%M:%S}"
