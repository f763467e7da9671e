"""From the database into the arrays: all of it once, then what has changed.

Plain SQL that packs a row into few numbers: making Python values of a million rows is what takes
the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection, transaction

from wagtail_col.catalogue.models import (
    CatalogueRevision,
    Listing,
    ListingText,
    MapPoint,
    Occurrence,
    Territory,
)
from wagtail_col.records import State

from .table import (
    FREE,
    KINDS,
    LOCAL,
    NEVER,
    NO_AGE,
    NOBODY,
    ONLINE,
    PLACED,
    UNKNOWN,
    Dates,
    Rows,
    Table,
    Tags,
    Words,
    found,
)

#: Rows that are Python values at a time.
CHUNK = 20_000
#: More changed listings than this share of all are read with all of them.
MOST_CHANGED = 0.2

_LISTINGS = Listing._meta.db_table
_POINTS = MapPoint._meta.db_table
_DATES = Occurrence._meta.db_table
_TEXTS = ListingText._meta.db_table
_INTERESTS = Listing.interests.through._meta.db_table
_SKILLS = Listing.skills.through._meta.db_table
_KIND = " ".join(f"WHEN '{kind}' THEN {number}" for number, kind in enumerate(KINDS))


def read_all() -> Table:
    """The whole catalogue as it is now."""
    with _one_state():
        revision, stamp = CatalogueRevision.state()
        published = f"state = '{State.PUBLISHED}'"
        # Whole tables, and what belongs to others is left out here: a database that has not yet
        # counted what was just written to it may take minutes to put them together.
        rows, words = _rows(published, "TRUE", Words())
        return Table(
            revision,
            stamp,
            rows,
            _of(rows, _dates("TRUE")),
            _of(rows, _tags(_INTERESTS, "interest_id", "TRUE")),
            _of(rows, _tags(_SKILLS, "skill_id", "TRUE")),
            _of(rows, _tags(_TEXTS, "id", "TRUE")),
            words,
            _paths(),
        )


def read_changes(table: Table) -> Table | None:
    """``table`` brought up to the state of now; None when it has to be read as a whole.

    That is so after a change that leaves no trace in revisions: a row deleted past us, or a
    transaction that this process read from and that was undone.
    """
    with _one_state():
        revision, stamp = CatalogueRevision.state()
        since = f"revision > {table.revision:d}"
        changed = [f"{since} AND state = '{state}'" for state in State.values]
        gone = np.concatenate(
            [
                _numbers(f"SELECT id FROM {_LISTINGS} WHERE {where}", 1)[:, 0]  # noqa: S608
                for where in changed
            ]
        )
        if len(gone) > MOST_CHANGED * len(table.rows) + 100:
            return None
        published = f"{since} AND state = '{State.PUBLISHED}'"
        of_these = f"listing_id IN (SELECT id FROM {_LISTINGS} WHERE {published})"  # noqa: S608
        rows, words = _rows(published, of_these, table.words)
        new = table.changed(
            revision,
            stamp,
            gone=gone,
            rows=rows,
            dates=_dates(of_these),
            tags=_tags(_INTERESTS, "interest_id", of_these),
            skills=_tags(_SKILLS, "skill_id", of_these),
            texts=_tags(_TEXTS, "id", of_these),
            words=words,
            paths=_paths(),
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*), coalesce(sum(revision), 0) FROM {_LISTINGS} "  # noqa: S608
                f"WHERE state = '{State.PUBLISHED}'"
            )
            there = tuple(int(number) for number in cursor.fetchone())
    return new if new.checksum == there else None


@contextmanager
def _one_state() -> Iterator[None]:
    """All that is read inside is of one state of the database, whoever writes meanwhile."""
    if connection.in_atomic_block:
        # Somebody else's transaction: what it can see is theirs to say.
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Not ``atomic``: a site's transactions take the write lock at once, and we only read.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def _of(rows: Rows, hanging: Dates | Tags) -> Dates | Tags:
    """Those that hang on one of the rows."""
    return hanging.where(found(rows.pk, hanging.listing)[1])


def _rows(where: str, of_these: str, known: Words) -> tuple[Rows, Words]:
    """Rows, and what they say, ``known`` first; two conditions, of listings and of what they
    have."""
    said, credit, words = _said(where, known)
    sql = f"""
        SELECT id, revision,
            CASE kind {_KIND} ELSE {len(KINDS)} END
            + 16 * (
                CASE WHEN is_online THEN {ONLINE} ELSE 0 END
                + CASE WHEN is_local THEN {LOCAL} ELSE 0 END
                + CASE WHEN is_free THEN {FREE} ELSE 0 END
            )
            + 256 * CASE WHEN age_min < {NO_AGE} THEN age_min ELSE 0 END
            + 65536 * CASE WHEN age_max < {NO_AGE} THEN age_max ELSE {NO_AGE} END,
            coalesce(territory_id, {NOBODY}), coalesce(provider_id, {NOBODY}),
            coalesce({_micros("ends_at")}, {NEVER}),
            CASE WHEN is_free THEN 0 WHEN price IS NULL THEN {UNKNOWN}
                ELSE CAST(round(price * 100) AS INTEGER) END
        FROM {_LISTINGS} WHERE {where} ORDER BY id
    """  # noqa: S608
    pk, revision, packed, territory, provider, ends, price = _numbers(sql, 7).T
    x, y, placed = _points(pk, of_these)
    rows = Rows(
        pk=pk.copy(),
        revision=revision.copy(),
        kind=(packed & 15).astype(np.uint8),
        flags=((packed >> 4 & 15) | placed * PLACED).astype(np.uint8),
        age_min=(packed >> 8 & 255).astype(np.uint8),
        age_max=(packed >> 16 & 255).astype(np.uint8),
        territory=territory.copy(),
        provider=provider.copy(),
        price=price.astype(np.int32),
        said=said,
        credit=credit,
        ends=ends.copy(),
        x=x,
        y=y,
    )
    return rows, words


def _points(pk: np.ndarray, where: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By row, its map coordinates, and whether it has any."""
    sql = f"SELECT listing_id, x, y FROM {_POINTS} WHERE {where}"  # noqa: S608
    listing, x, y = _numbers(sql, 3).T
    places, there = found(pk, listing)
    across, down = np.zeros(len(pk), np.int32), np.zeros(len(pk), np.int32)
    placed = np.zeros(len(pk), bool)
    across[places[there]], down[places[there]] = x[there], y[there]
    placed[places[there]] = True
    return across, down, placed


def _said(where: str, known: Words) -> tuple[np.ndarray, np.ndarray, Words]:
    """By row, the number of what it says of languages and accessibility, and of whom it names."""
    said = {combination: number for number, combination in enumerate(known.said)}
    named = {name: number for number, name in enumerate(known.credits)}
    parts = [np.empty((0, 2), np.int32)]
    sql = (
        f"SELECT delivery_languages, accessibility, attribution FROM {_LISTINGS} "  # noqa: S608
        f"WHERE {where} ORDER BY id"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(CHUNK):
            numbers = [
                (said.setdefault(row[:2], len(said)), named.setdefault(row[2], len(named)))
                for row in rows
            ]
            parts.append(np.array(numbers, np.int32))
    both = np.concatenate(parts)
    return both[:, 0].copy(), both[:, 1].copy(), Words(tuple(said), tuple(named))


def _paths() -> dict[int, str]:
    return dict(Territory.objects.order_by().values_list("pk", "path"))


def _dates(where: str) -> Dates:
    sql = (
        f"SELECT listing_id, {_micros('starts_at')}, {_micros('ends_at')}, parts "  # noqa: S608
        f"FROM {_DATES} WHERE {where}"
    )
    listing, starts, ends, parts = _numbers(sql, 4).T
    return Dates(listing.copy(), starts.copy(), ends.copy(), parts.astype(np.uint8))


def _tags(table: str, column: str, where: str) -> Tags:
    sql = f"SELECT listing_id, {column} FROM {table} WHERE {where}"  # noqa: S608
    return Tags(*(column.copy() for column in _numbers(sql, 2).T))


def _micros(column: str) -> str:
    """SQL: a moment as microseconds since 1970."""
    if connection.vendor == "postgresql":
        return f"(extract(epoch FROM {column}) * 1000000)::bigint"
    # Django writes "2030-10-03 10:00:00", with a fraction only where there is one.
    return (
        f"(CAST(strftime('%%s', {column}) AS INTEGER) * 1000000 "
        f"+ CAST(substr({column} || '.000000', 21, 6) AS INTEGER))"
    )


def _numbers(sql: str, width: int) -> np.ndarray:
    """The whole numbers that a query selects, a row each."""
    parts = []
    with connection.chunked_cursor() as cursor:
        # With parameters, as Django then knows that a percent sign is doubled.
        cursor.execute(sql, ())
        while rows := cursor.fetchmany(CHUNK):
            parts.append(np.array(rows, dtype=np.int64))
    return np.concatenate(parts) if parts else np.empty((0, width), np.int64)
