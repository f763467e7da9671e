from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable


class Award(models.Model):
    """A badge given to one learner, once. The signed bytes are stored and served as they are."""

    #: Unguessable, and no permission: others see the badge only while a ``Share`` shows it.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    achievement = models.ForeignKey(
        "col_badges.Achievement", on_delete=models.PROTECT, related_name="awards"
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_awards"
    )
    awarded_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    #: Why: what was done, how each part was shown and in which role it was assessed, as it was
    #: when the badge was earned (``badges.reasons``); never a name or an address.
    because = models.JSONField(default=dict)
    #: What the organiser wrote about this learner's work: part of the signed badge.
    narrative = models.TextField(blank=True, validators=[check_signable])
    #: Who gave it, for the organisation's own records; not part of the badge.
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    language = models.CharField(max_length=20)
    credential = models.TextField()
    #: The same as VC-JWT, made when it is first asked for and kept.
    compact = models.TextField(blank=True)
    #: Kept with the award so that the learner can prove the e-mail address inside is theirs.
    salt = models.CharField(max_length=64)
    status_list = models.ForeignKey(
        "col_badges.StatusList", on_delete=models.PROTECT, related_name="awards"
    )
    status_index = models.PositiveIntegerField()
    suspension_list = models.ForeignKey(
        "col_badges.StatusList",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suspendable",
    )
    suspension_index = models.PositiveIntegerField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspension_reason = models.TextField(blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revocation_reason = models.TextField(blank=True)
    #: When the learner was told by e-mail (or turned out to have no address).
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-awarded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "learner"], name="col_one_award_a_learner"
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="col_one_award_a_status_index"
            ),
            models.UniqueConstraint(
                fields=["suspension_list", "suspension_index"],
                name="col_one_award_a_suspension_index",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def get_absolute_url(self) -> str:
        return reverse("col_badges:badge", args=[self.key])

    @property
    def issuer(self):
        """Who signed it; the achievement may have another issuer by now."""
        return self.status_list.issuer

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.now()


class PastEdition(models.Model):
    """The credential of an award before it was renewed: it keeps verifying until it expires."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="past_editions")
    credential = models.TextField()
    compact = models.TextField(blank=True)
    awarded_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    status_list = models.ForeignKey(
        "col_badges.StatusList", on_delete=models.PROTECT, related_name="+"
    )
    status_index = models.PositiveIntegerField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.award_id} {self.awarded_at:%Y-%m-%d}"
