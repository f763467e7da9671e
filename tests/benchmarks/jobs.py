"""Run the jobs over a fresh database with the demo's data."""

from __future__ import annotations

import contextlib
import io

import django
from django.core.management import call_command
from django.db import connection


def run(backend: str, only: str) -> list[dict]:
    """Rows of every job, or of the one named ``only``."""
    django.setup()
    from tests.benchmarks import badge_award, badges, lti, pages

    if only in badges.JOBS:
        return [row.as_dict() for row in badges.run(backend, only)]
    with database(backend):
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("migrate", verbosity=0)
            call_command("load_demo")
        rows = [] if only in (*lti.JOBS, *badge_award.JOBS) else pages.run(backend, only)
        if not only:
            rows += badges.run(backend, only)
        # Last: thousands of learners more are in the database from then on.
        if not only or only in lti.JOBS:
            rows += lti.run(backend, only)
        if not only or only in badge_award.JOBS:
            rows += badge_award.run(backend, only)
        return [row.as_dict() for row in rows]


@contextlib.contextmanager
def database(backend: str):
    """A fresh database: on SQLite the folder is new anyway, on PostgreSQL we make one."""
    if backend != "postgresql":
        yield
        return
    import psycopg

    name = connection.settings_dict["NAME"]
    with psycopg.connect("dbname=postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield
    finally:
        connection.close()
        with psycopg.connect("dbname=postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
