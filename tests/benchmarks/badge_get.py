"""A badge fetched over HTTP by a wallet or a verifier, beside an empty view of the same site."""

from __future__ import annotations

from itertools import cycle

from django.test import Client

from tests.benchmarks.badge_verify import BADGES, awards
from tests.benchmarks.timing import Row, compare
from wagtail_col.badges import sharing
from wagtail_col.badges.securing import compact

JOBS = ("badge-get", "badge-get-token", "badge-get-status-list")
ROUNDS = 300
NOTHING = "/bench-empty"


def run(backend: str, only: str) -> list[Row]:
    """Rows of every job, or of the one named ``only``: one stored document a round.

    Floor: an empty answer through the same middleware.
    """
    given = awards()
    for one in given:
        sharing.share(one.learner, [one])
        compact(one)
    paths = {
        "badge-get": [f"/col/badges/{one.key}/credential.json" for one in given],
        "badge-get-token": [f"/col/badges/{one.key}/credential.jwt" for one in given],
        "badge-get-status-list": [f"/col/badges/status/{given[0].status_list.key}.json"],
    }
    client = Client()
    return [
        compare(
            job,
            backend,
            BADGES,
            _getting(client, addresses),
            lambda: client.get(NOTHING),
            rounds=ROUNDS,
        )
        for job, addresses in paths.items()
        if not only or only == job
    ]


def _getting(client: Client, addresses: list[str]):
    turns = cycle(addresses)

    def get() -> None:
        address = next(turns)
        if client.get(address).status_code != 200:
            raise RuntimeError(f"{address} is not there.")

    return get
