"""One import in a process of its own; prints its seconds, its memory and its report as JSON."""

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
    said = io.StringIO()
    begun = time.perf_counter()
    with contextlib.redirect_stdout(said):
        call_command(
            "import_listings",
            path,
            "--source",
            "bench-import",
            "--language",
            "en",
            "--large",
            stdout=said,
        )
    seconds = time.perf_counter() - begun
    megabytes = _peak()
    report = said.getvalue().strip().splitlines()[-1]
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "report": report}))


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
