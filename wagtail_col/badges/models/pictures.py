from __future__ import annotations

import uuid

from django.db import models


class PictureType(models.TextChoices):
    SVG = "image/svg+xml", "SVG"
    PNG = "image/png", "PNG"


class Picture(models.Model):
    """An uploaded picture of a badge, after cleaning; never what was uploaded.

    Its bytes are in the database: no web server hands them out by a path, so they only leave
    through our view, with headers under which nothing in them can run.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    media_type = models.CharField(max_length=20, choices=PictureType.choices)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)
