"""A table of as many opportunities as there are already goes in, and again with 1 % changed.

Each import is the command in a process of its own, so that its memory can be told. ``per_second``
counts rows; ``peak_mb`` is the most memory that the process had, Python and Django included.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction

from tests.benchmarks.find import europe
from tests.benchmarks.timing import Row

COLUMNS = (
    "id", "title", "summary", "description", "kind", "start", "end", "minutes", "online", "venue",
    "lat", "lon", "free", "age min", "category",
)  # fmt: skip
#: So many rows are written for the floor; with more it takes as long for each of them.
MOST_BARE = 50_000
PORTION = 1_000
CHANGED = 100


def run(backend: str, n: int) -> Iterator[Row]:
    """First with rows that are new, then with every hundredth changed."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.csv", Path(folder) / "second.csv"
        _write(first, second, n)
        for job, path, rows in (("import", first, n), ("reimport", second, n // CHANGED)):
            seconds, cpu, megabytes = _imported(path)
            bare = _bare(rows)
            yield Row(
                job=job,
                backend=backend,
                n=n,
                median_ms=round(seconds * 1000, 1),
                p95_ms=round(seconds * 1000, 1),
                floor_ms=round(bare * 1000, 1),
                ratio=round(seconds / bare, 2),
                over_ms=round((seconds - bare) * 1000, 1),
                per_second=round(n / seconds, 1),
                peak_mb=round(megabytes, 1),
                cpu_ms=round(cpu * 1000, 1),
            )


def _write(first: Path, second: Path, n: int) -> None:
    """Two tables; the numbers are not those of the opportunities that are there."""
    with first.open("w", newline="") as one, second.open("w", newline="") as two:
        before, after = csv.writer(one), csv.writer(two)
        before.writerow(COLUMNS)
        after.writerow(COLUMNS)
        for number, facts in enumerate(europe.facts(range(n, 2 * n))):
            row = _row(facts)
            before.writerow(row)
            if number % CHANGED == 0:
                row[2] = f"Anew. {row[2]}"
            after.writerow(row)


def _row(facts) -> list[object]:
    [text], [date] = facts.texts, facts.dates
    return [
        facts.source_id, text.title, text.summary, text.description, facts.kind,
        f"{date.starts_at:%Y-%m-%dT%H:%M:%SZ}", f"{date.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        facts.minutes, "yes" if facts.is_online else "no", facts.venue,
        f"{facts.point.lat:.6f}" if facts.point else "",
        f"{facts.point.lon:.6f}" if facts.point else "",
        "yes" if facts.is_free else "no", facts.age_min or "", ", ".join(facts.interests),
    ]  # fmt: skip


def _imported(path: Path) -> tuple[float, float, float]:
    """Seconds, those in which the process itself worked, and megabytes of an import."""
    connection.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.find.one_import", str(path)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    print(f"{path.stem}: {said['report']}", file=sys.stderr)
    return said["seconds"], said["cpu"], said["megabytes"]


def _bare(rows: int) -> float:
    """Seconds for bare inserts of so many of the rows that were imported, with the same indexes.

    Each table's rows are read first, then written as others by the driver, in transactions of as
    many listings as an import's.
    """
    count = min(rows, MOST_BARE)
    chosen = f"FROM col_catalogue_listing WHERE source LIKE 'import:%' ORDER BY id LIMIT {count:d}"
    listings = _read(f"SELECT * {chosen}")
    tables = {"col_catalogue_listing": listings}
    for table in ("listingtext", "occurrence", "mappoint", "listing_interests"):
        name = f"col_catalogue_{table}"
        tables[name] = _read(f"SELECT * FROM {name} WHERE listing_id IN (SELECT id {chosen})")
    shift = _shift()
    seconds = 0.0
    for start in range(0, len(listings), PORTION):
        first, last = (
            listings[min(start + at, len(listings) - 1)]["id"] for at in (0, PORTION - 1)
        )
        with transaction.atomic():
            portion = {
                name: [
                    _another(row, shift)
                    for row in rows
                    if first <= row.get("listing_id", row.get("id")) <= last
                ]
                for name, rows in tables.items()
            }
            begun = time.perf_counter()
            for name, some in portion.items():
                _insert(name, some)
            seconds += time.perf_counter() - begun
    _remove(shift)
    return seconds * rows / count


def _read(statement: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        # PostgreSQL fills in the column of words itself.
        names = [column[0] for column in cursor.description]
        return [
            {name: value for name, value in zip(names, row, strict=True) if name != "words"}
            for row in cursor.fetchall()
        ]


def _shift() -> int:
    """What added to a number makes one that is free in each of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM col_catalogue_listing")
        return 10 * cursor.fetchone()[0]


def _another(row: dict, shift: int) -> dict:
    new = dict(row)
    for name in ("id", "listing_id"):
        if name in new:
            new[name] += shift
    if "canonical_uri" in new:
        key = uuid4()
        new |= {
            "canonical_uri": f"urn:uuid:{key}",
            "key": key.hex if connection.vendor == "sqlite" else key,
        }
    return new


def _insert(table: str, rows: list[dict]) -> None:
    if not rows:
        return
    columns, values = ", ".join(rows[0]), [tuple(row.values()) for row in rows]
    with connection.cursor() as cursor:
        bare = cursor.cursor
        if connection.vendor == "postgresql":
            with bare.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(rows[0]))
            connection.connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})", values
            )


def _remove(shift: int) -> None:
    with connection.cursor() as cursor:
        for table in ("listingtext", "occurrence", "mappoint", "listing_interests"):
            cursor.execute(f"DELETE FROM col_catalogue_{table} WHERE listing_id > {shift:d}")
        cursor.execute(f"DELETE FROM col_catalogue_listing WHERE id > {shift:d}")
