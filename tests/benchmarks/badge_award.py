"""Badges given with the database, one by one and in bulk, beside a bare signature and a row.

The e-mails wait in a queue, as on a site that has one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import override_settings

from tests.benchmarks.timing import Row, compare
from wagtail_col.badges.awarding import award
from wagtail_col.badges.bulk_awarding import CHUNK, award_many
from wagtail_col.badges.models import Achievement, AchievementText, Award

JOBS = ("badge-award", "badge-award-bulk")
PEOPLE = 1000
ROUNDS = {"badge-award": 200, "badge-award-bulk": 10}
#: ``timing.compare`` calls everything so often before it measures.
WARMING = 10
BECAUSE = {"by": "list", "title": "Robotics camp, July 2026", "assessed": "organiser"}
QUEUE = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def run(backend: str, only: str) -> list[Row]:
    """Rows of both jobs, or of the one named ``only``; both tell the time of one award.

    Floor: an Ed25519 signature, and a row as long as an award inserted: in a transaction of its
    own for one award, as many rows in one statement as a chunk has in bulk.
    """
    jobs = {"badge-award": one_by_one, "badge-award-bulk": in_bulk}
    learners = people()
    with override_settings(TASKS=QUEUE):
        award(achievement(), learners[0], because=BECAUSE, language="en")
        with _Floor() as floor:
            return [
                job(backend, learners, floor)
                for name, job in jobs.items()
                if not only or only == name
            ]


def one_by_one(backend: str, learners: list, floor: _Floor) -> Row:
    turns, badge = iter(learners), achievement()

    def give() -> None:
        award(badge, next(turns), because=BECAUSE, language="en", narrative="Built a robot.")

    return compare(
        "badge-award", backend, 1, give, lambda: floor.insert(1), rounds=ROUNDS["badge-award"]
    )


def in_bulk(backend: str, learners: list, floor: _Floor) -> Row:
    rounds = ROUNDS["badge-award-bulk"]
    badges = iter([achievement() for _n in range(rounds + WARMING)])
    listed = [(learner, f"Built robot {number}.") for number, learner in enumerate(learners)]

    def give() -> None:
        award_many(next(badges), listed, because=BECAUSE, language="en")

    def bare() -> None:
        for _chunk in range(PEOPLE // CHUNK):
            floor.insert(CHUNK)

    row = compare("badge-award-bulk", backend, PEOPLE, give, bare, rounds=rounds)
    return a_single_one(row)


def a_single_one(row: Row) -> Row:
    """Times of a round of ``n``, as times of one of them."""
    return replace(
        row,
        median_ms=round(row.median_ms / row.n, 3),
        p95_ms=round(row.p95_ms / row.n, 3),
        floor_ms=round(row.floor_ms / row.n, 3),
        over_ms=round(row.over_ms / row.n, 3),
        per_second=round(row.per_second * row.n, 1),
    )


def people() -> list:
    model = get_user_model()
    made = [
        model(username=f"bench-award-{n}", email=f"award{n}@city.example") for n in range(PEOPLE)
    ]
    model.objects.bulk_create(made)
    return list(model.objects.filter(username__startswith="bench-award-").order_by("pk"))


_numbers: Callable[[], int] = count(1).__next__


def achievement() -> Achievement:
    made = Achievement.objects.create(live=True)
    for language in ("en", "es"):
        AchievementText.objects.create(
            achievement=made,
            language=language,
            name=f"River keeper {_numbers()}",
            description="Knows how to measure the water of a river.",
            criteria="Take part in three measurements and write down what you saw.",
        )
    return made


class _Floor:
    """A table with nothing but a key and a text, and an Ed25519 key."""

    def __enter__(self) -> _Floor:
        self.key = Ed25519PrivateKey.generate()
        self.text = Award.objects.latest("pk").credential
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_floor (key char(36) PRIMARY KEY, text text)")
        return self

    def __exit__(self, *error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_floor")

    def insert(self, rows: int) -> None:
        values = []
        for _row in range(rows):
            self.key.sign(self.text.encode())
            values += [str(uuid.uuid4()), self.text]
        with transaction.atomic(), connection.cursor() as cursor:
            places = ", ".join(["(%s, %s)"] * rows)
            cursor.execute(f"INSERT INTO bench_floor VALUES {places}", values)
