"""A made-up catalogue: opportunities around real European cities, in real words.

The same number always makes the same opportunities. The word GUITAR is in one text of twenty.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from wagtail_col.catalogue.facts import Date, ListingFacts, Text
from wagtail_col.geo import Point

NAMESPACE = UUID("0d6c1f8e-2a41-4c0d-9c0b-6f3f0c7f5a11")
TERRITORY = uuid5(NAMESPACE, "Europe")
WEST, SOUTH, EAST, NORTH = -11.0, 35.0, 31.0, 61.0

#: Longitude and latitude of the middle of some cities.
CITIES = {
    "Amsterdam": (4.9, 52.37), "Athens": (23.73, 37.98), "Barcelona": (2.17, 41.39),
    "Belgrade": (20.46, 44.81), "Berlin": (13.4, 52.52), "Brussels": (4.35, 50.85),
    "Bucharest": (26.1, 44.43), "Budapest": (19.04, 47.5), "Copenhagen": (12.57, 55.68),
    "Dublin": (-6.26, 53.35), "Hamburg": (9.99, 53.55), "Kyiv": (30.52, 50.45),
    "Lisbon": (-9.14, 38.72), "Ljubljana": (14.51, 46.05), "London": (-0.13, 51.51),
    "Madrid": (-3.7, 40.42), "Milan": (9.19, 45.46), "Paris": (2.35, 48.86),
    "Prague": (14.42, 50.09), "Rome": (12.5, 41.9), "Sofia": (23.32, 42.7),
    "Stockholm": (18.06, 59.33), "Vienna": (16.37, 48.21), "Vilnius": (25.28, 54.69),
    "Warsaw": (21.01, 52.23), "Zagreb": (15.98, 45.81),
}  # fmt: skip
INTERESTS = (
    "art", "cooking", "craft", "dance", "film", "games",
    "health", "languages", "music", "nature", "sport", "technology",
)  # fmt: skip
WORDS = """
acting actor air album alphabet animal apple archive art atelier autumn baking balcony band bank
basket beach bee bicycle bird board boat book bread bridge brush budget building bus camera candle
career carpet castle cell ceramics chair chess child choir circle city clay climate cloth club
coast code coffee colour comic compost computer concert cooking copper corner country course craft
culture dance data day debate design dialect diary dinner drama drawing dream drum earth editing
energy engine evening exhibition eye fabric family farm fashion festival field film fire fish
flower food football forest fountain friend future game garden glass grammar grandmother graphics
green hall hand harbour harvest health herb hill history home honey house idea insect interview
island job journal journey kitchen knot laboratory lake lamp landscape language leaf leather
lesson letter library light line lute machine magazine map market mask meadow meal melody memory
metal mill mirror model moon morning mosaic mountain museum music music needle neighbour news
night notebook novel ocean office oil opera orchard orchestra painting paper park path pattern
pencil people photograph piano picture plant plastic play poem pottery print programme puppet
quarter question radio rain reading recipe repair rhythm river robot roof room rope salt school
science screen sculpture sea season seed sewing shadow ship shop silk singer sketch sky sleep
soap software soil song sound spring square stage star station stone story street studio summer
sun swimming table tailor tale theatre thread ticket time tool tower toy train translation travel
tree trumpet valley vegetable verse video village violin voice walk wall watch water weather
weaving wheel wind window winter wire wood word wool work workshop world writing yard youth
""".split()  # noqa: SIM905
KINDS = ("event", "workshop", "course", "project", "volunteering", "internship", "open-space")


def facts(numbers: range, now: datetime | None = None) -> Iterator[ListingFacts]:
    """The opportunities with these numbers."""
    now = (now or timezone.now()).replace(minute=0, second=0, microsecond=0)
    cities = list(CITIES.items())
    for number in numbers:
        chance = random.Random(number)
        city, (lon, lat) = chance.choice(cities)
        is_online = chance.random() < 0.12
        starts_at = now + timedelta(hours=chance.randrange(1, 24 * 90))
        yield ListingFacts(
            key=UUID(int=NAMESPACE.int ^ number),
            texts=(_text(chance, city),),
            kind="digital" if is_online else chance.choice(KINDS),
            source="bench",
            source_id=str(number),
            canonical_uri=f"urn:bench:{number}",
            territory=TERRITORY,
            interests=tuple(chance.sample(INTERESTS, chance.choice((1, 1, 2)))),
            is_online=is_online,
            is_local=not is_online,
            point=None if is_online else _around(chance, lon, lat),
            venue="" if is_online else f"{chance.choice(WORDS).title()} House",
            is_free=chance.random() < 0.5,
            age_min=chance.choice((None, None, 6, 12, 16)),
            minutes=60,
            dates=(Date(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)),),
        )


def _text(chance: random.Random, city: str) -> Text:
    words = chance.choices(WORDS, k=44)
    if chance.random() < 0.05:
        words[chance.randrange(20)] = "guitar"
    return Text(
        language="en",
        title=f"{words[0].title()} and {words[1]} in {city}",
        summary=" ".join(words[2:24]).capitalize() + ".",
        description=f"<p>{' '.join(words[24:])}</p>",
    )


def _around(chance: random.Random, lon: float, lat: float) -> Point:
    """Most in the middle, some far out: about 12 kilometres on average."""
    return Point(
        min(max(chance.gauss(lon, 0.15), WEST), EAST),
        min(max(chance.gauss(lat, 0.1), SOUTH), NORTH),
    )
