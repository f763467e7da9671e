from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Alert(models.Model):
    """A search that a learner saved, to be told by e-mail of what is new in it.

    ``search`` is the search's address with its scope (``scoping.written``), ``seen`` what the
    learner knows already (``alerts.seen``): what the search found when it was saved, and what was
    told since. All alerts of one learner have the same ``due_at``, so that they go into one e-mail.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_alerts"
    )
    search = models.CharField(max_length=1000)
    #: The language the learner read the site in.
    language = models.CharField(max_length=20)
    seen = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    #: The earliest moment at which the learner may be written to.
    due_at = models.DateTimeField(db_index=True)
    #: When the learner was last written to about this search.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "search"], name="col_one_alert_a_learner_and_search"
            )
        ]

    def __str__(self) -> str:
        return self.search
