"""SQL that Django has written once, to be used again with other values.

Django writes the SQL of a query anew whenever it is asked, and for a row that is found by its key
that takes several times as long as finding it. ``lookups`` and ``lti.writing`` stand on this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.lookups import Lookup
from django.db.models.sql import Query


class Given(Expression):
    """Stands in a query for a value to come."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


@dataclass(frozen=True)
class Statement:
    """SQL for one database. ``params``: a name with its field, or None with what never differs."""

    alias: str
    sql: str
    params: tuple[tuple[str | None, Any], ...]

    @classmethod
    def written(cls, compiler: Any, fields: dict[str, Field]) -> Statement:
        """``fields``: which field each value to come belongs to: it is brought into its form."""
        sql, params = compiler.as_sql()
        return cls(
            alias=compiler.using,
            sql=sql,
            params=tuple(
                (param.name, fields[param.name]) if isinstance(param, Given) else (None, param)
                for param in params
            ),
        )

    def execute(self, cursor: Any, values: dict[str, Any]) -> None:
        connection = connections[self.alias]
        cursor.execute(
            self.sql,
            [
                what if name is None else what.get_db_prep_value(values[name], connection)
                for name, what in self.params
            ],
        )


def question(ask: Callable[..., QuerySet]) -> QuerySet:
    """``ask`` with something that stands for each of its arguments."""
    return ask(**{name: Given(name) for name in inspect.signature(ask).parameters})


def compared(query: Query) -> dict[str, Field]:
    """The field that each value to come is compared with."""
    return dict(_compared(query.where))


def _compared(where: Any) -> Iterator[tuple[str, Field]]:
    for child in where.children:
        if hasattr(child, "children"):
            yield from _compared(child)
        elif isinstance(child, Lookup) and isinstance(child.rhs, Given):
            yield child.rhs.name, child.lhs.output_field
