"""Words on PostgreSQL: a column that the database computes from ``folded``, with a GIN index.

The words are folded and their roots are in the text already, the same on each database, so no
parser and no dictionary of the server has a say: words are just what stands between spaces.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

#: All values of ``key`` as one text, with commas.
JOINED = "string_agg(key::text, ',')"
_TEXTS = "col_catalogue_listingtext"
_COLUMN = "words"
_INDEX = "col_listing_text_words"


def matching(alternatives: list[tuple[tuple[str, ...], tuple[str, ...]]], selected: str) -> RawSQL:
    """See ``texts.matching``; for each word that was typed, beginnings and whole words."""
    asked = " & ".join(
        "(" + " | ".join([*(f"'{one}':*" for one in begun), *(f"'{one}'" for one in whole)]) + ")"
        for begun, whole in alternatives
    )
    sql = f"SELECT {selected} FROM {_TEXTS} WHERE {_COLUMN} @@ %s::tsquery"  # noqa: S608
    return RawSQL(sql, [asked], output_field=BigIntegerField())  # noqa: S611


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index. Cheap when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [_INDEX])
        if cursor.fetchone()[0]:
            return
        cursor.execute(
            f"ALTER TABLE {_TEXTS} ADD COLUMN IF NOT EXISTS {_COLUMN} tsvector "
            "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(folded), ' '))) STORED"
        )
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {_INDEX} ON {_TEXTS} USING gin ({_COLUMN})")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Build the index anew, while the site is read and written."""
    with connection.cursor() as cursor:
        cursor.execute(f"REINDEX INDEX CONCURRENTLY {_INDEX}")


def is_true(connection: BaseDatabaseWrapper) -> bool:
    """Whether the index is there and whole: PostgreSQL keeps it true by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [_INDEX]
        )
        found = cursor.fetchone()
    return bool(found and found[0])
