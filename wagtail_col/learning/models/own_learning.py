from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class OwnLearning(models.Model):
    """Something a learner learned elsewhere and wrote down themselves: nobody has checked it, and
    it is never signed as a badge."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_own_learning"
    )
    title = models.CharField(_("what you learned or did"), max_length=200)
    words = models.TextField(_("more about it"), blank=True, max_length=2000)
    link = models.URLField(
        _("a link to it"),
        max_length=2000,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    ended_on = models.DateField(_("when it was, or when it ended"), null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-ended_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class Reflection(models.Model):
    """What a learner takes with them from a step: for them alone."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_reflections"
    )
    step = models.ForeignKey(
        "col_learning.Step", on_delete=models.CASCADE, related_name="reflections"
    )
    text = models.TextField(_("what you take with you"), max_length=5000)
    written_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "step"], name="col_one_reflection_a_step")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.step_id}"
