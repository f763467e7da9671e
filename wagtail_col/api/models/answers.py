from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """What a request with an Idempotency-Key was answered: the same request gets it again."""

    application = models.ForeignKey(
        "col_api.Application", on_delete=models.CASCADE, related_name="kept_answers"
    )
    key = models.CharField(max_length=255)
    #: SHA-256 of method, path and body.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key"], name="col_one_answer_an_idempotency_key"
            )
        ]

    def __str__(self) -> str:
        return self.key
