"""Badges given to many: the list that was pasted, and who was invited for want of an account."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable


class AwardList(models.Model):
    """A list of e-mail addresses to which a badge is given, with how far that has come."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    achievement = models.ForeignKey(
        "col_badges.Achievement", on_delete=models.CASCADE, related_name="award_lists"
    )
    event = models.CharField(
        _("for what"),
        max_length=200,
        blank=True,
        validators=[check_signable],
        help_text=_("The course or event, for example “Robotics camp, July 2026”."),
    )
    language = models.CharField(max_length=20)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    #: Null: looked at, not given yet.
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.key)


class Outcome(models.TextChoices):
    WAITING = "waiting", _("to do")
    GIVEN = "given", _("badge given")
    INVITED = "invited", _("invited by e-mail")
    ALREADY = "already", _("had it already")
    FAILED = "failed", _("not given")


class ListedLearner(models.Model):
    """One line of the list."""

    award_list = models.ForeignKey(AwardList, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    email = models.EmailField(max_length=254)
    narrative = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    #: Why it was not given, for the organiser.
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["award_list", "email"], name="col_one_row_an_address")
        ]

    def __str__(self) -> str:
        return f"{self.award_list_id} / {self.position}"


class Invitation(models.Model):
    """A badge that waits for somebody who has no account yet: a link in an e-mail claims it.

    The link's secret is derived and never stored (``learning`` does the same with codes); here is
    its hash. Who opens it and signs in gets the badge, whatever address their account has.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    achievement = models.ForeignKey(
        "col_badges.Achievement", on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    narrative = models.TextField(blank=True)
    because = models.JSONField(default=dict)
    language = models.CharField(max_length=20)
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "email"],
                condition=models.Q(claimed_at__isnull=True, withdrawn_at__isnull=True),
                name="col_one_open_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
