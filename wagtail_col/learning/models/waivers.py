from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .taking import Taken


class WaiverState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    GRANTED = "granted", _("let go")
    REFUSED = "refused", _("not let go")


class Waiver(Taken):
    """A learner cannot do a step any more and asks the organiser to let it go.

    Asked again after it was refused, it is a new row.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_waivers"
    )
    step = models.ForeignKey("col_learning.Step", on_delete=models.CASCADE, related_name="waivers")
    #: What the learner has done instead, or would do.
    instead = models.ForeignKey(
        "col_catalogue.Listing", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    words = models.TextField(_("why you ask"))
    #: The learner's: the answer's e-mail, and a badge it leads to, are written in it.
    language = models.CharField(max_length=20)
    state = models.CharField(
        max_length=10, choices=WaiverState.choices, default=WaiverState.WAITING
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    #: Why it was let go or not: shown to the learner.
    reason = models.TextField(_("your answer"), blank=True)
    #: When the learner was told by e-mail (or turned out to have no address).
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "step"],
                condition=Q(state="waiting"),
                name="col_one_waiting_waiver",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
