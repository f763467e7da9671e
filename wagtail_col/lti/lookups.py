"""Look-ups whose SQL is written once in a process; only the values differ from one to the next.

Django writes the SQL of a query anew whenever it is asked, and for a row that is found by its key
that takes several times as long as finding it. So what every launch and every score asks for is
asked in this way. Nothing that was read is kept: each answer comes from the database.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.lookups import Lookup


class LookUp:
    """``ask`` gives the query, with the values to come as its arguments.

    They are compared with a field as they are (``field=value``, ``field__gt=value``). ``related``:
    paths of what is read in the same query, as for ``select_related``; what stands before the last
    ``__`` of a path has to be named too. ``beside``: what a ``FilteredRelation`` of the query finds
    one of at most, by its name there. Of a query for ``values_list`` the rows are given.
    """

    def __init__(self, ask: Callable[..., QuerySet], *related: str, **beside: type[Model]) -> None:
        self._ask = ask
        self._names = tuple(inspect.signature(ask).parameters)
        self._related = related
        self._beside = beside
        self._written: dict[str, _Written] = {}
        self._model: type[Model] | None = None

    def all(self, **values: Any) -> list[Any]:
        """What is found, in the query's own order. One query."""
        if self._model is None:
            self._model = self._question().model
        alias = router.db_for_read(self._model)
        written = self._written.get(alias)
        if written is None:
            # Two threads may both write it: it is the same.
            written = self._written[alias] = self._write(alias)
        rows = written.rows(values)
        return [written.built(row) for row in rows] if written.parts else rows

    def first(self, **values: Any) -> Any:
        """The first that is found, or None. The query itself says how many are read."""
        return next(iter(self.all(**values)), None)

    def _question(self) -> QuerySet:
        return self._ask(**{name: _Given(name) for name in self._names})

    def _write(self, alias: str) -> _Written:
        question = self._question().using(alias)
        parts = []
        if question.query.values_select == ():
            parts = list(_parts(question.model, self._related, self._beside))
            columns = [name for part in parts for name in part.paths]
            question = question.values_list(*columns)
        compiler = question.query.get_compiler(alias)
        sql, params = compiler.as_sql()
        fields = dict(_compared(question.query.where))
        expressions = [expression for expression, _sql, _alias in compiler.select]
        converted = tuple(compiler.get_converters(expressions))
        return _Written(
            alias=alias,
            sql=sql,
            params=tuple(
                (param.name, fields[param.name]) if isinstance(param, _Given) else (None, param)
                for param in params
            ),
            converted=tuple((index, expressions[index]) for index in converted),
            parts=tuple(parts),
        )


class _Given(Expression):
    """Stands in a query for a value to come."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


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


@dataclass(frozen=True)
class _Written:
    """SQL for one database. ``params``: a name with its field, or None with a value that is always
    the same; ``converted``: which columns are not yet what Python has for them."""

    alias: str
    sql: str
    params: tuple[tuple[str | None, Any], ...]
    converted: tuple[tuple[int, Any], ...]
    parts: tuple[_Part, ...]

    def rows(self, values: dict[str, Any]) -> list[tuple]:
        connection = connections[self.alias]
        params = [
            what if name is None else what.get_db_prep_value(values[name], connection)
            for name, what in self.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if not rows or not self.converted:
            return rows
        # Looked up anew: converters belong to a connection, and that to a thread.
        converters = [
            (
                index,
                expression,
                connection.ops.get_db_converters(expression)
                + expression.get_db_converters(connection),
            )
            for index, expression in self.converted
        ]
        converted = []
        for row in map(list, rows):
            for index, expression, steps in converters:
                for convert in steps:
                    row[index] = convert(row[index], expression, connection)
            converted.append(tuple(row))
        return converted

    def built(self, row: tuple) -> Model:
        """The row's object, with those it is related to."""
        objects: dict[str, Any] = {}
        for part in self.parts:
            values = row[part.start : part.start + len(part.names)]
            parent, _dot, name = part.path.rpartition("__")
            is_there = values[part.names.index(part.model._meta.pk.attname)] is not None
            found = part.model.from_db(self.alias, part.names, values) if is_there else None
            objects[part.path] = found
            if name and objects[parent] is not None:
                setattr(objects[parent], name, found)
        return objects[""]


def _parts(
    model: type[Model], related: tuple[str, ...], beside: dict[str, type[Model]]
) -> Iterator[_Part]:
    models = {"": model}
    for path in related:
        parent, _dot, name = path.rpartition("__")
        models[path] = models[parent]._meta.get_field(name).related_model
    start = 0
    for path, each in {**models, **beside}.items():
        names = tuple(field.attname for field in each._meta.concrete_fields)
        yield _Part(path, each, start, names)
        start += len(names)


def _compared(where: Any) -> Iterator[tuple[str, Field]]:
    """Which field each value to come is compared with: it is brought into that one's form."""
    for child in where.children:
        if hasattr(child, "children"):
            yield from _compared(child)
        elif isinstance(child, Lookup) and isinstance(child.rhs, _Given):
            yield child.rhs.name, child.lhs.output_field
