"""Run the jobs of finding over one database of one size."""

from __future__ import annotations

import sys

from tests.benchmarks.find import asking, importing, place
from tests.benchmarks.timing import Row


def run(backend: str, n: int, only: str) -> list[Row]:
    """Rows of every job, or of the one named ``only``, with ``n`` opportunities."""
    address = place.found()
    print(f"{backend}: writing {n:,} opportunities ...", file=sys.stderr)
    place.fill(n)
    jobs = {
        "map-trace": lambda: asking.map_trace(backend, n),
        "search": lambda: asking.search(backend, n, address),
        "search-answer": lambda: asking.search_answer(backend, n),
        "list-page": lambda: asking.list_page(backend, n, address),
    }
    rows = [job() for name, job in jobs.items() if not only or name == only]
    # Last: there are twice as many from then on.
    if not only or only in ("import", "reimport"):
        rows += [row for row in importing.run(backend, n) if only in ("", row.job)]
    return rows
