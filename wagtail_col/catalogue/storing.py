"""Many rows into one table with one statement through the driver.

Django's ``bulk_create`` makes an object of each row and an expression of each value, which takes
several times as long as the database does. Here a row is a dict and stays one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.db import connection, models

#: Rows that are handed to the driver at once; more take memory and save no more time.
BATCH = 512
#: Rows of one statement on SQLite, which writes its index of words to the disk after each. Few
#: sizes, because the driver keeps the statements it has seen.
_SIZES = (64, 8, 1)


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


@contextmanager
def much_to_write() -> Iterator[None]:
    """Inside, SQLite copies what was written into its file every 64 MB, not every 4: most pages
    of its indexes are written again and again meanwhile. What is committed is as safe."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [before] = cursor.execute("PRAGMA wal_autocheckpoint").fetchone()
        cursor.execute("PRAGMA wal_autocheckpoint=16000").fetchone()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint={int(before)}").fetchone()


def ids(model: type[models.Model], unique: str, values: Iterable[Any]) -> dict[Any, int]:
    """Primary keys of the rows that are there, by their value in a unique column."""
    field = model._meta.get_field(unique)
    adapt = _adapter(field)
    by_said = {adapt(value) if adapt else value: value for value in values}
    if not by_said:
        return {}
    which, asked = _among(field, list(by_said))
    column, table, pk = map(_quoted, (field.column, model._meta.db_table, model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, {pk} FROM {table} WHERE {which}", asked)  # noqa: S608
        return {by_said[value]: key for value, key in cursor.fetchall()}


def delete(model: type[models.Model], name: str, values: Sequence[int]) -> None:
    """Delete the rows with one of these numbers in a column. Only where no row of another table
    belongs to them and nobody waits for the signal: Django would look for both."""
    which, asked = _among(model._meta.get_field(name), values)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {which}", asked)  # noqa: S608


def _write(model: type[models.Model], rows: Sequence[dict[str, Any]], otherwise: str) -> None:
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fields = [fields[name] for name in rows[0]]
    adapters = [_adapter(field) for field in fields]
    columns = ", ".join(_quoted(field.column) for field in fields)
    into = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns})"
    for start in range(0, len(rows), BATCH):
        # Column by column: most columns hold what the driver takes as it is.
        values = [
            [*map(adapt, column)] if adapt else [*column]
            for adapt, column in zip(
                adapters,
                zip(*map(dict.values, rows[start : start + BATCH]), strict=True),
                strict=True,
            )
        ]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # An array for each column: one statement, whatever the number of rows.
                arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
                statement = f"{into} SELECT * FROM unnest({arrays}) {otherwise}"  # noqa: S608
                cursor.execute(statement, values)
            else:
                one = f"({', '.join(['%s'] * len(fields))})"
                for size, some in _divided([*zip(*values, strict=True)]):
                    many = ", ".join([one] * size)
                    cursor.executemany(f"{into} VALUES {many} {otherwise}", some)


def _divided(rows: list[tuple]) -> Iterator[tuple[int, list[list]]]:
    """How many rows there are in a statement, and the values of each statement."""
    most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    start = 0
    for size in _SIZES:
        if size * len(rows[0]) <= most:
            end = start + (len(rows) - start) // size * size
            many = [rows[at : at + size] for at in range(start, end, size)]
            if many:
                yield size, [[*chain.from_iterable(some)] for some in many]
            start = end


def _among(field: models.Field, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """A condition that a column has one of the values, which the driver takes; its parameters."""
    if connection.vendor == "postgresql":
        return f"{_quoted(field.column)} = ANY(%s::{_type(field)}[])", [values]
    said = json.dumps(values)
    return f"{_quoted(field.column)} IN (SELECT value FROM json_each(%s))", [said]  # noqa: S608


def _adapter(field: models.Field) -> Callable[[Any], Any] | None:
    """What makes a value of this field one that the driver takes."""
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.UUIDField):
        return lambda value: None if value is None else value.hex
    if isinstance(field, models.DateTimeField):
        # As Django's own adapter, which looks at each value in several ways first.
        zone = connection.timezone
        return lambda value: (
            None if value is None else str(value.astimezone(zone).replace(tzinfo=None))
        )
    if isinstance(field, models.DecimalField):
        return lambda value: None if value is None else field.get_db_prep_save(value, connection)
    return None


def _type(field: models.Field) -> str:
    """The column's type without its length: cast to that, what is too long would be cut off."""
    return field.db_type(connection).partition("(")[0]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
