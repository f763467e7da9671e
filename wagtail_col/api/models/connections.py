from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Connection(models.Model):
    """A learner let a wallet do something. Without it no token of theirs works."""

    #: What the wallet knows the learner by; another one for each wallet.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_connections"
    )
    application = models.ForeignKey(
        "col_api.Application", on_delete=models.CASCADE, related_name="connections"
    )
    #: Separated by spaces: what the learner allowed.
    scope = models.TextField()
    since = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    #: Badges the wallet took as Open Badges 2: their addresses are open while it is connected,
    #: since others verify such a badge by its address alone.
    hosted = models.ManyToManyField("col_badges.Award", related_name="hosted_for")

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "application"], name="col_one_connection_an_application"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
