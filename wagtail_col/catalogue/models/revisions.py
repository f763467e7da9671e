from __future__ import annotations

import uuid

from django.db import connection, models, transaction
from django.db.models import F


class CatalogueRevision(models.Model):
    """One row that counts every change to what the public can see.

    A record keeps the number it was last written with; an answer computed at one number may be
    reused as long as the number stands, so nothing withdrawn is ever served from a cache.
    """

    number = models.PositiveBigIntegerField(default=0)
    #: Another one at each change: a number comes again when a transaction was undone, this never.
    stamp = models.UUIDField(default=uuid.uuid4)

    ROW = 1

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def next(cls, changes: int = 1) -> int:
        """Count changes and return the last one's number. Call it inside their transaction."""
        with transaction.atomic():
            connection.col_catalogue_written_in = connection.atomic_blocks[0]
            row = cls.objects.filter(pk=cls.ROW)
            counted = {"number": F("number") + changes, "stamp": uuid.uuid4()}
            if not row.update(**counted):
                cls.objects.get_or_create(pk=cls.ROW, defaults={"number": 0})
                row.update(**counted)
            return row.values_list("number", flat=True).get()

    @classmethod
    def current(cls) -> int:
        """The number of the last change; 0 before the first."""
        return cls.state()[0]

    @classmethod
    def state(cls) -> tuple[int, str]:
        """The number of the last change and its stamp; ``(0, "")`` before the first."""
        # Asked before every answer, so it is not put together anew each time.
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT number, stamp FROM {cls._meta.db_table} WHERE id = %s",  # noqa: S608
                [cls.ROW],
            )
            found = cursor.fetchone()
        return (found[0], str(found[1]).replace("-", "")) if found else (0, "")

    @classmethod
    def is_unsettled(cls) -> bool:
        """Whether this very transaction has changed the catalogue: it may still be undone."""
        written_in = getattr(connection, "col_catalogue_written_in", None)
        return bool(connection.atomic_blocks) and connection.atomic_blocks[0] is written_in
