from __future__ import annotations

from django.db import models, transaction
from django.db.models import F


class CatalogueRevision(models.Model):
    """One row that counts every change to what the public can see.

    A record keeps the number it was last written with; an answer computed at one number may be
    reused as long as the number stands, so nothing withdrawn is ever served from a cache.
    """

    number = models.PositiveBigIntegerField(default=0)

    ROW = 1

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def next(cls, changes: int = 1) -> int:
        """Count changes and return the last one's number. Call it inside their transaction."""
        with transaction.atomic():
            if not cls.objects.filter(pk=cls.ROW).update(number=F("number") + changes):
                cls.objects.get_or_create(pk=cls.ROW, defaults={"number": 0})
                cls.objects.filter(pk=cls.ROW).update(number=F("number") + changes)
            return cls.objects.values_list("number", flat=True).get(pk=cls.ROW)

    @classmethod
    def current(cls) -> int:
        """The number of the last change; 0 before the first."""
        return cls.objects.filter(pk=cls.ROW).values_list("number", flat=True).first() or 0
