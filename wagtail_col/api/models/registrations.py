from __future__ import annotations

from django.db import models


class RegistrationTry(models.Model):
    """Somebody asked to register a wallet; counted by network, forgotten after an hour."""

    #: The network address hidden by a secret of the site's.
    address = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
