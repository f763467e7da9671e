"""Processes of their own at the same database, told to do something at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection

PROCESSES = 4
#: Seconds until all start: enough for all to have read what they need.
START = 0.03


class Racers:
    """Processes that do what they are told at the same moment."""

    def __init__(self, processes: list[subprocess.Popen]) -> None:
        self.processes = processes

    def race(self, *orders: dict) -> list[str]:
        """An answer each: "done", or the code of the refusal. At most ``PROCESSES`` orders."""
        at = time.time() + START
        running = self.processes[: len(orders)]
        for process, order in zip(running, orders, strict=True):
            process.stdin.write(json.dumps({**order, "at": at}) + "\n")
            process.stdin.flush()
        return [process.stdout.readline().strip() for process in running]


@contextmanager
def processes() -> Iterator[Racers]:
    environment = {**os.environ, "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"])}
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.learning.racer"],
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _n in range(PROCESSES)
        ]
        for process in running:
            stack.callback(process.stdin.close)
            assert process.stdout.readline().strip() == "ready"
        yield Racers(running)
