from __future__ import annotations

from django.conf import settings
from django.db import models


class Taken(models.Model):
    """Something that waits for an answer, and who has said that they look at it."""

    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
