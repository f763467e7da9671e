"""Run the jobs of finding over one database of one size."""

from __future__ import annotations

import sys

from tests.benchmarks.find import asking, browsing, importing, peers, place
from tests.benchmarks.timing import Row


def run(backend: str, n: int, only: str) -> list[Row]:
    """Rows of every job, or of the one named ``only``, with ``n`` opportunities."""
    address = place.found()
    print(f"{backend}: writing {n:,} opportunities ...", file=sys.stderr)
    place.fill(n)
    peers.analyse()
    jobs = {
        "map-trace": lambda: asking.map_trace(backend, n),
        "search": lambda: asking.search(backend, n, address),
        "search-again": lambda: asking.search_again(backend, n, address),
        "search-answer": lambda: asking.search_answer(backend, n),
        "search-json": lambda: asking.search_json(backend, n),
        "list-page": lambda: asking.list_page(backend, n, address),
        "peer-wagtail-search": lambda: peers.wagtail_search(backend, n, asking.best_twenty),
        "peer-wagtail-api": lambda: peers.wagtail_api(backend, n),
    }
    rows = [job() for name, job in jobs.items() if not only or name == only]
    # Where there is a browser.
    seen = {
        "first-clusters": lambda: browsing.first_clusters(backend, n, address),
        "peer-all-points": lambda: browsing.all_points(backend, n),
    }
    for name, job in seen.items():
        if not only or name == only:
            rows += job()
    # Last: there are twice as many from then on.
    if not only or only in ("import", "reimport"):
        rows += [row for row in importing.run(backend, n) if only in ("", row.job)]
    return rows
