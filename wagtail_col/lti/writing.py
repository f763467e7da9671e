"""New rows of what every launch and every score writes, without what ``Model.save`` does besides.

No signals are sent and no SQL is composed anew (see ``lookups``). Only for tables that are this
floor's own affair: tickets and the launch log.
"""

from __future__ import annotations

from functools import cache

from django.db import connections, router
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Write ``row``, which is new. One query, like ``row.save(force_insert=True)``."""
    alias = router.db_for_write(type(row))
    connection = connections[alias]
    sql, fields = _statement(type(row), alias)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0] if cursor.description else cursor.lastrowid
    row._state.db, row._state.adding = alias, False


@cache
def _statement(model: type[Model], alias: str) -> tuple[str, tuple[Field, ...]]:
    connection = connections[alias]
    quoted = connection.ops.quote_name
    meta = model._meta
    fields = tuple(field for field in meta.local_concrete_fields if field is not meta.pk)
    columns = ", ".join(quoted(field.column) for field in fields)
    marks = ", ".join("%s" for _field in fields)
    # Names of a model of ours, and nothing that somebody sent.
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    # SQLite knows it since 3.35; before, the cursor knows the key.
    if connection.features.can_return_columns_from_insert:
        sql += f" RETURNING {quoted(meta.pk.column)}"
    return sql, fields
