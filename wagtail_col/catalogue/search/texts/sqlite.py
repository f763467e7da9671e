"""Words on SQLite: a full-text index (FTS5) over the texts' own table, kept by triggers.

``ascii`` takes every character that is not ASCII for a letter, so words are just what stands
between spaces: another table of letters than Python's would take some of them apart.

The index holds no text of its own ("external content"), which keeps it a third of the size. The
triggers are made again after every migration: Django makes a table anew to change it, and what
was tied to the old one is gone then.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

TABLE = "col_catalogue_words"
#: All values of ``key`` as one text, with commas.
JOINED = "group_concat(key)"
_TEXTS = "col_catalogue_listingtext"

_CREATE = f"""
CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(
    folded, content='{_TEXTS}', content_rowid='id', tokenize='ascii', prefix='2 3 4',
    detail='none'
)
"""
_ADD = f"INSERT INTO {TABLE}(rowid, folded) VALUES (new.id, new.folded);"  # noqa: S608
_REMOVE = (
    f"INSERT INTO {TABLE}({TABLE}, rowid, folded) "  # noqa: S608
    "VALUES ('delete', old.id, old.folded);"
)
_TRIGGERS = {
    "added": f"AFTER INSERT ON {_TEXTS} BEGIN {_ADD} END",
    "removed": f"AFTER DELETE ON {_TEXTS} BEGIN {_REMOVE} END",
    "changed": f"AFTER UPDATE OF id, folded ON {_TEXTS} BEGIN {_REMOVE} {_ADD} END",
}


def matching(alternatives: list[tuple[tuple[str, ...], tuple[str, ...]]], selected: str) -> RawSQL:
    """See ``texts.matching``; for each word that was typed, beginnings and whole words."""
    asked = " AND ".join(
        "(" + " OR ".join([*(f'"{one}"*' for one in begun), *(f'"{one}"' for one in whole)]) + ")"
        for begun, whole in alternatives
    )
    sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    if selected != "id":
        # The index alone knows the texts; looking up each of them is most of the time.
        sql = f"SELECT {selected} FROM {_TEXTS} WHERE id IN ({sql})"  # noqa: S608
    return RawSQL(sql, [asked], output_field=BigIntegerField())  # noqa: S611


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index. Cheap when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{TABLE}%"])
        there = {name for (name,) in cursor.fetchall()}
        names = {f"{TABLE}_{moment}": body for moment, body in _TRIGGERS.items()}
        if TABLE in there and names.keys() <= there:
            return
        cursor.execute(_CREATE)
        for name, body in names.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
    rebuild(connection)


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Index every text anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')")  # noqa: S608


def is_true(connection: BaseDatabaseWrapper) -> bool:
    """Whether the index says what the texts say. Reads all of both."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            )
    except DatabaseError:
        return False
    return True
