"""Run the jobs over a fresh database with the demo's data."""

from __future__ import annotations

import contextlib
import io

import django
from django.core.management import call_command
from django.db import connection


def run_find(backend: str, size: int, only: str) -> list[dict]:
    """Rows of the jobs of finding among ``size`` opportunities, or of the one named ``only``."""
    django.setup()
    from tests.benchmarks.find import jobs

    with database(backend):
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("migrate", verbosity=0)
            call_command("load_demo")
        return [row.as_dict() for row in jobs.run(backend, size, only)]


def run(backend: str, only: str) -> list[dict]:
    """Rows of every other job, or of the one named ``only``."""
    django.setup()
    from tests.benchmarks import (
        badge_award,
        badge_get,
        badge_verify,
        badges,
        lti,
        organisers,
        pages,
        playlist,
    )

    if only in badges.JOBS:
        return [row.as_dict() for row in badges.run(backend, only)]
    with database(backend):
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("migrate", verbosity=0)
            call_command("load_demo")
        others = (playlist, lti, badge_verify, badge_get, badge_award, organisers)
        is_of_others = any(only in module.JOBS for module in others)
        rows = [] if is_of_others else pages.run(backend, only)
        if not only:
            rows += badges.run(backend, only)
        # Last: thousands of learners more are in the database from then on.
        for module in others:
            if not only or only in module.JOBS:
                rows += module.run(backend, only)
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
