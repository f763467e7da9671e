"""A catalogue of any size: points around real cities, words of real titles.

The same in every run: everything comes from one seeded generator.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from wagtail_col.catalogue.facts import Date, ListingFacts, Text
from wagtail_col.catalogue.models import Interest, InterestName, Kind
from wagtail_col.geo import Point

TITLES = Path(__file__).resolve().parents[2] / "example_site/demo/data/opportunities.csv"
#: Twenty cities: degrees of longitude and latitude.
CITIES = (
    (-3.70, 40.42), (2.17, 41.39), (-9.14, 38.72), (2.35, 48.86), (4.84, 45.76), (-0.13, 51.51),
    (-3.19, 55.95), (-6.26, 53.35), (4.35, 50.85), (4.90, 52.37), (13.40, 52.52), (11.58, 48.14),
    (16.37, 48.21), (14.51, 46.06), (12.50, 41.90), (9.19, 45.46), (18.07, 59.33), (24.11, 56.95),
    (25.28, 54.69), (21.01, 52.23),
)  # fmt: skip
TOPICS = (
    "music", "art", "film", "dance", "science", "code", "sport", "nature", "books", "food",
    "craft", "language",
)  # fmt: skip
WORDS_IN_A_TEXT = 60
#: In one text of twenty.
ONE_IN_TWENTY = "guitarra"


def interests() -> None:
    for slug in TOPICS:
        made = Interest(slug=slug)
        made.names = [InterestName(language="en", name=slug.title())]
        made.save()


def facts(count: int, start: int = 0, *, changed: int = 0) -> Iterator[ListingFacts]:
    """``count`` opportunities; ``changed`` gives each a revision of its own in its title."""
    vocabulary = _vocabulary()
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for number in range(start, start + count):
        yield _one(number, vocabulary, now, changed)


def _one(number: int, vocabulary: list[str], now: datetime, changed: int) -> ListingFacts:
    chance = random.Random(number)
    online = chance.random() < 0.12
    # Rare words at the end: their frequency falls with their place, as in any language.
    said = [
        vocabulary[min(int(chance.expovariate(1 / 400)), len(vocabulary) - 1)]
        for _ in range(WORDS_IN_A_TEXT)
    ]
    if number % 20 == 0:
        said[7] = ONE_IN_TWENTY
    title = " ".join(said[:6]) + (f" {changed}" if changed else "")
    dates = ()
    if chance.random() < 0.8:
        start = now + timedelta(hours=chance.randrange(24 * 180))
        dates = (Date(starts_at=start, ends_at=start + timedelta(hours=chance.choice((1, 2, 72)))),)
    free = chance.random() < 0.5
    return ListingFacts(
        key=UUID(int=(0xC0 << 120) + number),
        texts=(Text(language="es", title=title, summary=" ".join(said[6:])),),
        kind=chance.choice(Kind.values),
        source="bench",
        source_id=str(number),
        interests=tuple(chance.sample(TOPICS, chance.choice((0, 1, 1, 2)))),
        is_online=online or chance.random() < 0.05,
        is_local=not online,
        point=None if online else _around(chance),
        is_free=free,
        age_min=chance.choice((None, None, 6, 12, 14, 18)),
        dates=dates,
    )


def _around(chance: random.Random) -> Point:
    lon, lat = chance.choice(CITIES)
    # Thinner with the distance, 8 km in the mean.
    distance, angle = chance.expovariate(1 / 8), chance.random() * 2 * math.pi
    return Point(
        lon + distance * math.cos(angle) / 111 / math.cos(math.radians(lat)),
        lat + distance * math.sin(angle) / 111,
    )


def _vocabulary() -> list[str]:
    """Words of real titles, the commonest first, and as many again in other forms."""
    found: dict[str, int] = {}
    with TITLES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["title"].split():
                word = word.strip(".,:;()¿?¡!\"'").lower()
                if word.isalpha() and word != ONE_IN_TWENTY:
                    found[word] = found.get(word, 0) + 1
    words = sorted(found, key=lambda word: (-found[word], word))
    return words + [word + ending for word in words for ending in ("era", "illo")]
