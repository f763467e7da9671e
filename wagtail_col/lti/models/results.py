from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Result(models.Model):
    """The last score of one learner for one line item (AGS 2.0, section 3.3)."""

    line_item = models.ForeignKey(
        "col_lti.LineItem", on_delete=models.CASCADE, related_name="results"
    )
    tool_user = models.ForeignKey(
        "col_lti.ToolUser", on_delete=models.CASCADE, related_name="results"
    )
    #: When the tool says it happened: an older score changes nothing.
    timestamp = models.DateTimeField()
    activity_progress = models.CharField(max_length=20)
    grading_progress = models.CharField(max_length=20)
    score_given = models.FloatField(null=True, blank=True)
    score_maximum = models.FloatField(null=True, blank=True)
    comment = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.UniqueConstraint(fields=["line_item", "tool_user"], name="col_one_result")
        ]

    def __str__(self) -> str:
        return f"{self.line_item_id} / {self.tool_user_id}"


class Score(models.Model):
    """A score as it came, and what it meant here. Never changed afterwards."""

    line_item = models.ForeignKey(
        "col_lti.LineItem", on_delete=models.CASCADE, related_name="scores"
    )
    tool_user = models.ForeignKey(
        "col_lti.ToolUser", on_delete=models.CASCADE, related_name="scores"
    )
    received_at = models.DateTimeField(auto_now_add=True)
    timestamp = models.DateTimeField()
    payload = models.JSONField()
    #: Short codes of what it led to, from who listens to ``signals.score_received``.
    meaning = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("score as it came")
        verbose_name_plural = _("scores as they came")
        indexes = [models.Index(fields=["line_item", "tool_user"], name="col_score_of_user")]

    def __str__(self) -> str:
        return f"{self.line_item_id} / {self.tool_user_id} {self.timestamp:%Y-%m-%d %H:%M:%S}"
