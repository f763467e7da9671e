"""Run the jobs: ``python -m tests.benchmarks [JOB]``. Writes ``build/bench.json`` as well.

Each backend runs in a process of its own with the demo's data in a fresh database:
``python -m tests.benchmarks --backend sqlite JOB``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import find

ROOT = Path(__file__).resolve().parent.parent.parent
COLUMNS = (
    "job",
    "backend",
    "n",
    "median_ms",
    "p95_ms",
    "floor_ms",
    "ratio",
    "signature_ms",
    "over_ms",
    "per_second",
    "peak_mb",
    "cpu_ms",
)


def backends() -> list[str]:
    """SQLite always; PostgreSQL where a server answers."""
    answers = (
        shutil.which("pg_isready")
        and not subprocess.run(
            ["pg_isready", "-q"],
            check=False,
        ).returncode
    )
    return ["sqlite", "postgresql"] if answers else ["sqlite"]


def table(rows: list[dict]) -> str:
    lines = [
        ["" if row.get(column) is None else str(row[column]) for column in COLUMNS] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [COLUMNS, *lines]
    )


def sizes() -> list[int]:
    """How many opportunities the jobs of finding have: ``BENCH_SIZES="20000 100000"``."""
    named = os.environ.get("BENCH_SIZES", "").split()
    return [int(size) for size in named] or list(find.SIZES)


def run_backend(backend: str, job: str, size: int | None = None) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "EXAMPLE_DATA_DIR": folder,
            "BENCH_BACKEND": backend,
        }
        run = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks", "--backend", backend]
            + (["--size", str(size)] if size else [])
            + [job],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return json.loads(run.stdout.splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("job", nargs="?", default="")
    parser.add_argument("--backend", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.backend:
        from tests.benchmarks import jobs

        rows = (
            jobs.run_find(arguments.backend, arguments.size, arguments.job)
            if arguments.size
            else jobs.run(arguments.backend, arguments.job)
        )
        print(json.dumps(rows))
        return 0
    rows = []
    for backend in backends():
        if arguments.job not in find.JOBS:
            print(f"{backend}: loading the demo's data ...", file=sys.stderr)
            rows += run_backend(backend, arguments.job)
        if not arguments.job or arguments.job in find.JOBS:
            for size in sizes():
                rows += run_backend(backend, arguments.job, size)
    if not rows:
        print(f"There is no job {arguments.job!r}.", file=sys.stderr)
        return 2
    print(table(rows))
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=1) + "\n")
    print(f"\nThe same rows are in {target.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
