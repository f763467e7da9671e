from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AgeBand(models.Model):
    """Whether somebody agrees for themselves: two bands, never a birthday."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_age_band"
    )
    is_under = models.BooleanField(_("below the age of consent"))
    #: What is shown in place of a name while they are below it.
    pseudonym = models.CharField(_("pseudonym"), max_length=60, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("age band")
        verbose_name_plural = _("age bands")

    def __str__(self) -> str:
        return f"{self.person_id}"


class Guardian(models.Model):
    """A parent or guardian, known by an e-mail address alone. A link in e-mails is theirs."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    #: The link's secret is derived and never stored; here is its hash.
    secret_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=20)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")

    def __str__(self) -> str:
        return str(self.key)


class GuardianConsent(models.Model):
    """What one guardian allows one child: a list of purposes, empty until they answer."""

    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="consents")
    child = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_guardian_consents"
    )
    purposes = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    #: When they last said what they allow. Null: not yet.
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("guardian’s consent")
        verbose_name_plural = _("guardians’ consents")
        constraints = [
            models.UniqueConstraint(fields=["guardian", "child"], name="col_one_guardian_a_child")
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} / {self.child_id}"
