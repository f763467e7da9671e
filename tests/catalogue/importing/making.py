"""Tables for tests of importing."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from pathlib import Path

from wagtail_col.catalogue.models import ImportSource

MADRID = Path("/work/shared/data/events-madrid/raw/madrid-events-2025-10.csv")
COLUMNS = [
    "id", "title", "description", "start", "time", "end", "end time", "venue", "address", "lat",
    "lon", "price", "url", "category", "age min", "age max", "languages",
]  # fmt: skip
WORDS = [
    "radio",
    "robot",
    "pottery",
    "garden",
    "poetry",
    "sewing",
    "chess",
    "theatre",
    "guitar",
    "science",
    "climate",
    "cooking",
    "dance",
    "photo",
    "comics",
    "drums",
    "circus",
    "astronomy",
    "bicycle",
    "swimming",
    "history",
    "painting",
    "podcast",
    "coding",
    "maps",
]


def row(number: int, **values: object) -> dict[str, object]:
    """A good row; the same number makes the same row."""
    chance = random.Random(number)
    said = {
        "id": f"n-{number}",
        "title": f"{' '.join(chance.sample(WORDS, 3)).capitalize()} {number}",
        "description": " ".join(chance.choices(WORDS, k=40)),
        "start": f"2030-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "time": f"{number % 10 + 9:02}:30",
        "end": "",
        "end time": f"{number % 10 + 11:02}:00",
        "venue": f"House {number % 97}",
        "address": f"Street {number % 211}",
        "lat": f"{40 + chance.random():.6f}",
        "lon": f"{-4 + chance.random():.6f}",
        "price": str(number % 7),
        "url": f"https://provider.example/{number}",
        "category": chance.choice(WORDS),
        "age min": "12",
        "age max": "30",
        "languages": "es",
    }
    return said | values


def table(rows: Iterable[dict[str, object]], divider: str = ",", columns=None) -> str:
    file = io.StringIO()
    rows = list(rows)
    writer = csv.DictWriter(file, columns or COLUMNS, delimiter=divider, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def file(text: str | bytes, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))


def source(**values: object) -> ImportSource:
    return ImportSource.objects.create(**{"name": "Library", "language": "en"} | values)
