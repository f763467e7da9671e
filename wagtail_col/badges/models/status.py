from __future__ import annotations

import uuid

from django.db import models


class StatusList(models.Model):
    """A published list with one bit an award: set means revoked (Bitstring Status List 1.0).

    ``credential`` holds the signed bytes that are served; it is signed again, in the same
    transaction, whenever a bit changes.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issuer = models.ForeignKey(
        "col_badges.Issuer", on_delete=models.PROTECT, related_name="status_lists"
    )
    size = models.PositiveIntegerField(default=131072)
    credential = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.key)
