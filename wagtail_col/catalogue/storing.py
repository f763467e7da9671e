"""Many rows into one table with one statement through the driver.

Django's ``bulk_create`` makes an object of each row and an expression of each value, which takes
several times as long as the database does. Here a row is a dict and stays one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

#: Rows of one statement; larger ones take memory and save no more time.
BATCH = 500


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows. Each says the same columns in the same order, by ``attname``: every column
    that the database fills in by itself may be left out, and no other.
    """
    _write(model, rows, "")


def upsert(
    model: type[models.Model], rows: Sequence[dict[str, Any]], unique: Sequence[str]
) -> None:
    """Insert rows, or write over those that are there, told apart by their unique columns."""
    if rows:
        kept = ", ".join(map(_quoted, unique))
        changed = ", ".join(
            f"{_quoted(name)} = excluded.{_quoted(name)}" for name in rows[0] if name not in unique
        )
        _write(model, rows, f"ON CONFLICT ({kept}) DO UPDATE SET {changed}")


def insert_new(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that break no unique constraint; the others are left out."""
    _write(model, rows, "ON CONFLICT DO NOTHING")


def _write(model: type[models.Model], rows: Sequence[dict[str, Any]], otherwise: str) -> None:
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fields = [fields[name] for name in rows[0]]
    adapters = [(field.attname, adapt) for field in fields if (adapt := _adapter(field))]
    columns = ", ".join(_quoted(field.column) for field in fields)
    into = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns})"
    for start in range(0, len(rows), BATCH):
        values = [_adapted(row, adapters) for row in rows[start : start + BATCH]]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # An array for each column: one statement, whatever the number of rows.
                arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
                statement = f"{into} SELECT * FROM unnest({arrays}) {otherwise}"  # noqa: S608
                cursor.execute(statement, [list(column) for column in zip(*values, strict=True)])
            else:
                places = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"{into} VALUES ({places}) {otherwise}", values)


def _adapted(
    row: dict[str, Any], adapters: list[tuple[str, Callable[[Any], Any]]]
) -> tuple[Any, ...]:
    if adapters:
        row = {**row, **{name: adapt(row[name]) for name, adapt in adapters}}
    return tuple(row.values())


def _adapter(field: models.Field) -> Callable[[Any], Any] | None:
    """What makes a value of this field one that the driver takes."""
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.UUIDField):
        return lambda value: None if value is None else value.hex
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _type(field: models.Field) -> str:
    """The column's type without its length: cast to that, what is too long would be cut off."""
    return field.db_type(connection).partition("(")[0]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
