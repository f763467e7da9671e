from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """A secret address under which a calendar program reads one learner's dates.

    The address is derived from a secret in the settings and this row's key; the database holds its
    hash. Without the row it leads nowhere.
    """

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_calendar_feed"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(max_length=20)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.learner_id)


class Reminders(models.Model):
    """The learner wants an e-mail before a date; without the row they get none."""

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_reminders"
    )
    #: Part of the link that stops them; it dies with the row.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(max_length=20)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "reminders"

    def __str__(self) -> str:
        return str(self.learner_id)


class SentReminder(models.Model):
    """A learner was reminded of this date: once."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    listing = models.ForeignKey("col_catalogue.Listing", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "listing", "starts_at"], name="col_one_reminder_a_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.listing_id}"
