"""Timing a job against its floor, taking turns so that a busy moment hits both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are milliseconds; ``n`` is how many items there were.

    ``over_ms`` is what a request takes above the floor, and above a signature where the job makes
    one (``signature_ms``, measured in the same run); ``per_second`` what one process can do;
    ``peak_mb`` the most memory it had, where that is looked at.
    ``cpu_ms`` is the median time that the process itself worked: far less than the median where
    others kept the machine busy, or where the database had to be waited for.
    """

    job: str
    backend: str
    n: int
    median_ms: float
    p95_ms: float
    floor_ms: float
    ratio: float
    over_ms: float
    per_second: float
    signature_ms: float | None = None
    peak_mb: float | None = None
    cpu_ms: float | None = None

    def as_dict(self) -> dict:
        return asdict(self)


def compare(
    job: str,
    backend: str,
    n: int,
    run: Callable[[], object],
    floor: Callable[[], object],
    rounds: int = 100,
    signature: Callable[[], object] | None = None,
    warming: int = 10,
) -> Row:
    """Time ``run``, ``floor`` and ``signature`` in turns, after all have warmed up."""
    for _ in range(warming):
        run()
        floor()
    ours, bare, signing, working = [], [], [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            bare.append(_timed(floor))
            began = time.process_time()
            ours.append(_timed(run))
            working.append((time.process_time() - began) * 1000)
            if signature:
                signing.append(_timed(signature))
    finally:
        gc.enable()
    median, floor_median = statistics.median(ours), statistics.median(bare)
    signature_median = statistics.median(signing) if signing else 0
    return Row(
        job=job,
        backend=backend,
        n=n,
        median_ms=round(median, 2),
        p95_ms=round(statistics.quantiles(ours, n=20)[-1], 2),
        floor_ms=round(floor_median, 2),
        ratio=round(median / floor_median, 2),
        over_ms=round(median - floor_median - signature_median, 2),
        per_second=round(1000 / median, 1),
        signature_ms=round(signature_median, 2) if signing else None,
        cpu_ms=round(statistics.median(working), 2),
    )


def compare_each(
    job: str,
    backend: str,
    n: int,
    run: Callable[[dict], object],
    floor: Callable[[dict], object],
    steps: list[dict],
) -> Row:
    """Time ``run`` and ``floor`` once with each of the steps, in turns; the first ten warm up."""
    for step in steps[:10]:
        run(step)
        floor(step)
    ours, bare, working = [], [], []
    gc.collect()
    gc.disable()
    try:
        for step in steps[10:]:
            bare.append(_timed(lambda step=step: floor(step)))
            began = time.process_time()
            ours.append(_timed(lambda step=step: run(step)))
            working.append((time.process_time() - began) * 1000)
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
        over_ms=round(median - floor_median, 2),
        per_second=round(1000 / median, 1),
        cpu_ms=round(statistics.median(working), 2),
    )


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
