from __future__ import annotations

from django.db import models


class PastLearners(models.Model):
    """How many were on a playlist, and finished it, whose account is gone: two numbers."""

    playlist = models.OneToOneField(
        "col_learning.Playlist", on_delete=models.CASCADE, related_name="past_learners"
    )
    joined = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.playlist_id}: {self.joined}, {self.finished}"
