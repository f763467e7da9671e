"""What every launch and every score writes, by SQL that is written once (see ``statements``).

No signals are sent: only for tables that are this floor's own affair, tickets and the launch log.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.db import connections, router
from django.db.models import Field, Model, QuerySet
from django.db.models.sql import UpdateQuery

from wagtail_col.statements import Given, Statement, compared, question


def insert(row: Model) -> None:
    """Write ``row``, which is new. One query, like ``row.save(force_insert=True)``."""
    alias = router.db_for_write(type(row))
    connection = connections[alias]
    sql, fields = _insertion(type(row), alias)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0] if cursor.description else cursor.lastrowid
    row._state.db, row._state.adding = alias, False


class Change:
    """A change of the rows that ``ask`` finds, like ``QuerySet.update``.

    The values to come are the arguments of ``ask``. ``fields``: the name of the one that each field
    is set to.
    """

    def __init__(self, ask: Callable[..., QuerySet], **fields: str) -> None:
        self._ask = ask
        self._fields = fields
        self._written: dict[str, Statement] = {}
        self._model: type[Model] | None = None

    def make(self, **values) -> int:
        """How many rows it changed. One query."""
        if self._model is None:
            self._model = question(self._ask).model
        alias = router.db_for_write(self._model)
        statement = self._written.get(alias)
        if statement is None:
            statement = self._written[alias] = self._write(alias)
        with connections[alias].cursor() as cursor:
            statement.execute(cursor, values)
            return cursor.rowcount

    def _write(self, alias: str) -> Statement:
        query = question(self._ask).query.chain(UpdateQuery)
        query.add_update_values({field: Given(name) for field, name in self._fields.items()})
        meta = self._model._meta
        fields = {name: meta.get_field(field) for field, name in self._fields.items()}
        return Statement.written(query.get_compiler(alias), fields | compared(query))


@cache
def _insertion(model: type[Model], alias: str) -> tuple[str, tuple[Field, ...]]:
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
