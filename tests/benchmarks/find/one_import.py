"""One import in a process of its own; prints as JSON its seconds, those in which it worked itself,
its memory and its report."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection


def main(path: str) -> None:
    django.setup()
    connection.ensure_connection()
    out = io.StringIO()
    begun, worked = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(out):
        call_command(
            "import_listings",
            path,
            "--source",
            "bench-import",
            "--language",
            "en",
            "--large",
            stdout=out,
        )
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    megabytes = _peak()
    report = out.getvalue().strip().splitlines()[-1]
    said = {"seconds": seconds, "cpu": cpu, "megabytes": megabytes, "report": report}
    print(json.dumps(said))


def _peak() -> float:
    """The most megabytes that this process had in memory.

    On Linux ``ru_maxrss`` also counts what the process was forked from, which here has read tens
    of thousands of rows; ``VmHWM`` begins anew with each program.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / (1 << 10)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The system counts bytes on macOS.
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")
    main(sys.argv[1])
