"""Look-ups whose SQL is written once in a process; only the values differ from one to the next.

For what is asked again and again, as by each launch of an online course (see ``statements``).
Nothing that was read is kept: each answer comes from the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, router
from django.db.models import Model, QuerySet

from wagtail_col.statements import Statement, compared, question


class LookUp:
    """``ask`` gives the query, with the values to come as its arguments.

    They are compared with a field as they are (``field=value``, ``field__gt=value``). ``related``:
    paths of what is read in the same query, as for ``select_related``; what stands before the last
    ``__`` of a path has to be named too. Columns that a model calls ``SELDOM`` are left to be read
    if they are asked for. Of a query for ``values_list`` the rows are given.
    """

    def __init__(self, ask: Callable[..., QuerySet], *related: str) -> None:
        self._ask = ask
        self._related = related
        self._written: dict[str, _Written] = {}
        self._question: QuerySet | None = None

    def all(self, **values: Any) -> list[Any]:
        """What is found, in the query's own order. One query."""
        # Two threads may both be first: what they write is the same.
        if self._question is None:
            self._question = question(self._ask)
        alias = self._alias(self._question)
        written = self._written.get(alias)
        if written is None:
            written = self._written[alias] = self._write(self._question.using(alias))
        rows = written.rows(values)
        return [written.built(row) for row in rows] if written.parts else rows

    def first(self, **values: Any) -> Any:
        """The first that is found, or None. The query itself says how many are read."""
        return next(iter(self.all(**values)), None)

    @staticmethod
    def _alias(asked: QuerySet) -> str:
        if asked.query.select_for_update:
            return router.db_for_write(asked.model)
        return router.db_for_read(asked.model)

    def _write(self, asked: QuerySet) -> _Written:
        parts = ()
        if not asked.query.values_select:
            parts = tuple(_parts(asked.model, self._related))
            asked = asked.values_list(*(path for part in parts for path in part.paths))
        compiler = asked.query.get_compiler(asked.db)
        statement = Statement.written(compiler, compared(asked.query))
        expressions = [expression for expression, _sql, _alias in compiler.select]
        converted = compiler.get_converters(expressions)
        return _Written(statement, tuple((n, expressions[n]) for n in converted), parts)


@dataclass(frozen=True)
class _Part:
    """A model whose columns stand in each row from ``start`` on. ``path``: whence it is reached."""

    path: str
    model: type[Model]
    start: int
    names: tuple[str, ...]

    @property
    def paths(self) -> list[str]:
        return [f"{self.path}__{name}" if self.path else name for name in self.names]


class _Steps(threading.local):
    """How columns are converted. It belongs to a connection, and that to a thread."""

    connection: Any = None
    steps: tuple[tuple[int, Any, Callable], ...] = ()

    def of(self, connection: Any, columns: tuple[tuple[int, Any], ...]) -> tuple:
        if self.connection is not connection:
            self.steps = tuple(
                (n, expression, convert)
                for n, expression in columns
                for convert in (
                    *connection.ops.get_db_converters(expression),
                    *expression.get_db_converters(connection),
                )
            )
            self.connection = connection
        return self.steps


@dataclass(frozen=True)
class _Written:
    """``converted``: the columns that are not yet what Python has for them."""

    statement: Statement
    converted: tuple[tuple[int, Any], ...]
    parts: tuple[_Part, ...]
    steps: _Steps = field(default_factory=lambda: _Steps(), compare=False)

    def rows(self, values: dict[str, Any]) -> list[tuple]:
        connection = connections[self.statement.alias]
        with connection.cursor() as cursor:
            self.statement.execute(cursor, values)
            rows = cursor.fetchall()
        return self._converted(rows, connection) if rows and self.converted else rows

    def _converted(self, rows: list[tuple], connection: Any) -> list[tuple]:
        steps = self.steps.of(connection, self.converted)
        converted = [list(row) for row in rows]
        for row in converted:
            for n, expression, convert in steps:
                row[n] = convert(row[n], expression, connection)
        return [tuple(row) for row in converted]

    def built(self, row: tuple) -> Model:
        """The row's object, with those it is related to."""
        alias, objects = self.statement.alias, {}
        for part in self.parts:
            values = row[part.start : part.start + len(part.names)]
            is_there = values[part.names.index(part.model._meta.pk.attname)] is not None
            objects[part.path] = part.model.from_db(alias, part.names, values) if is_there else None
            parent, _dot, name = part.path.rpartition("__")
            if name and objects[parent] is not None:
                setattr(objects[parent], name, objects[part.path])
        return objects[""]


def _parts(model: type[Model], related: tuple[str, ...]) -> Iterator[_Part]:
    models = {"": model}
    for path in related:
        parent, _dot, name = path.rpartition("__")
        models[path] = models[parent]._meta.get_field(name).related_model
    start = 0
    for path, each in models.items():
        seldom = getattr(each, "SELDOM", ())
        columns = (field.attname for field in each._meta.concrete_fields)
        names = tuple(column for column in columns if column not in seldom)
        yield _Part(path, each, start, names)
        start += len(names)
