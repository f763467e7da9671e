"""A badge checked, beside the bare Ed25519 check and one row read from the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from itertools import cycle

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth import get_user_model
from django.test import override_settings

from tests.benchmarks.badge_award import BECAUSE, QUEUE, achievement
from tests.benchmarks.timing import Row, compare
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Award, StatusList
from wagtail_col.badges.securing import compact
from wagtail_col.badges.verifying import verify_anything

JOBS = ("badge-verify", "badge-verify-token")
BADGES = 100
ROUNDS = 300


def run(backend: str, only: str) -> list[Row]:
    """Rows of both jobs, or of the one named ``only``: one badge of this site a round, as JSON or
    as a token, with its signature, its dates and its place in the list.

    Floor: one Ed25519 check, and the row of a status list.
    """
    given = awards()
    sources = {
        "badge-verify": [one.credential for one in given],
        "badge-verify-token": [compact(one) for one in given],
    }
    return [
        compare(job, backend, BADGES, verifying(texts), floor(), rounds=ROUNDS)
        for job, texts in sources.items()
        if not only or only == job
    ]


def verifying(texts: list[str]) -> Callable[[], None]:
    turns = cycle(texts)

    def verify() -> None:
        if not verify_anything(next(turns)).ok:
            raise RuntimeError("A badge of the benchmark does not verify.")

    return verify


def floor() -> Callable[[], None]:
    private = Ed25519PrivateKey.generate()
    message = b"x" * 64
    public, signature = private.public_key(), private.sign(message)
    pk = StatusList.objects.values_list("pk", flat=True).first()

    def bare() -> None:
        public.verify(signature, message)
        StatusList.objects.filter(pk=pk).values_list("credential", flat=True).first()

    return bare


def awards() -> list[Award]:
    """Badges of as many learners, each given just now."""
    badge, model = achievement(), get_user_model()
    learners = [
        model.objects.create(username=uuid.uuid4().hex, email=f"checked{n}@city.example")
        for n in range(BADGES)
    ]
    with override_settings(TASKS=QUEUE):
        return [
            award(badge, learner, because=BECAUSE, language="en", narrative="Built a robot.")[0]
            for learner in learners
        ]
