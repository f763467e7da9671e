from __future__ import annotations

from django.db import models


class TakenOver(models.Model):
    """What was done on some device is in some account: it is not taken over a second time.

    It says neither which account nor which lines. Kept as long as a device keeps anything.
    """

    #: A digest of the random text by which a device's progress is told from another's.
    device = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.device[:8]


class CarriedProgress(models.Model):
    """Progress on its way from one device to another, under the hash of a short code.

    Gone once it is used, or with the first code made after it ran out. Nobody's name is on it.
    """

    code_hash = models.CharField(max_length=64, unique=True)
    #: Primary keys: of playlists, with those of the steps done on each.
    lines = models.JSONField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code_hash[:8]
