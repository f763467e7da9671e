"""An import that is killed at one of its statements to the database (for ``test_interrupted``).

An order is the way ("command" or "go_on"), what to import, and after how many statements it ends.
"""

import io
import os
import signal
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from wagtail_col.catalogue.importing import going_on, running, sifting  # noqa: E402


def main(order: list, wait: Callable) -> str:
    way, what, most = order
    small_steps()
    done = []

    def count(execute, sql, params, many, context):
        done.append(sql)
        if len(done) > most:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    wait()
    with connection.execute_wrapper(count):
        if way == "command":
            try:
                call_command("import_listings", what, stdout=io.StringIO())
            except SystemExit as end:
                return f"exit {end.code}"
        else:
            going_on.go_on(what)
    return f"came through {len(done)}"


def small_steps() -> None:
    sifting.BATCH = running.BATCH = 7
