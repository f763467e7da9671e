from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DataCopy(models.Model):
    """A copy of all that is held about a person, made in the background because it is large."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_data_copy"
    )
    language = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    #: Null: not yet.
    made_at = models.DateTimeField(null=True, blank=True)
    #: In the database: no web server hands it out by a path.
    content = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("copy of somebody’s data")
        verbose_name_plural = _("copies of people’s data")

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at:%Y-%m-%d}"
