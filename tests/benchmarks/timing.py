"""Timing a job against its floor, taking turns so that a busy moment hits both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are milliseconds; ``n`` is how many items there were."""

    job: str
    backend: str
    n: int
    median_ms: float
    p95_ms: float
    floor_ms: float
    ratio: float

    def as_dict(self) -> dict:
        return asdict(self)


def compare(
    job: str,
    backend: str,
    n: int,
    run: Callable[[], object],
    floor: Callable[[], object],
    rounds: int = 100,
) -> Row:
    """Time ``run`` and ``floor`` in turns, after both have warmed up."""
    for _ in range(10):
        run()
        floor()
    ours, bare = [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            bare.append(_timed(floor))
            ours.append(_timed(run))
    finally:
        gc.enable()
    median, floor_median = statistics.median(ours), statistics.median(bare)
    return Row(
        job=job,
        backend=backend,
        n=n,
        median_ms=round(median, 2),
        p95_ms=round(statistics.quantiles(ours, n=20)[-1], 2),
        floor_ms=round(floor_median, 2),
        ratio=round(median / floor_median, 2),
    )


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
