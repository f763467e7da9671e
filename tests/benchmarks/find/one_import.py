"""One import in a process of its own; prints its seconds, its memory and its report as JSON."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time

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
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The system counts bytes on macOS.
    megabytes = kilobytes / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    report = said.getvalue().strip().splitlines()[-1]
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "report": report}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")
    main(sys.argv[1])
