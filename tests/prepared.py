"""A database with every table in it, made by the migrations once and copied from then on.

All migrations together take most of a minute of the processor, for every process that runs tests.
What they made is kept in ``build/test-db`` (on PostgreSQL as a database beside the tests') and
copied for as long as everything that it came from is the same: the packages with their versions,
the migrations, the models, the settings.
"""

from __future__ import annotations

import fcntl
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "test-db"
#: As many are kept: each version of Wagtail that the tests are run with has its own.
MOST_KEPT = 6
#: Where what says which tables there are stands, and what such a file or its folder is called:
#: also what migrations make use of.
SOURCES = ("wagtail_col", "example_site", "tests/testapp", "tests/settings.py")
NAMES = re.compile(r"migrations|models|fields|texts|writing|apps|settings|config")


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
):
    """pytest-django's own fixture, with what the migrations make taken from a copy."""
    from django.test.utils import teardown_databases

    verbosity = request.config.option.verbose
    with django_db_blocker.unblock():
        made = set_up_tests_database(verbosity)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=verbosity)


@cache
def digest(what: str) -> str:
    """A name for what the migrations would make now. ``what``: of which site, in which database."""
    found = sha256(f"{what}\n{sys.version}\n".encode())
    installed = {f"{one.metadata['Name']}=={one.version}" for one in distributions()}
    found.update("\n".join(sorted(installed)).encode())
    for source in SOURCES:
        path = ROOT / source
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            name = str(file.relative_to(ROOT))
            if NAMES.search(name):
                found.update(f"\n{name}\n".encode() + file.read_bytes())
    return found.hexdigest()[:20]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time; the others wait for what it makes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def kept_file(name: str) -> Path:
    return FOLDER / f"prepared-{name}.sqlite3"


def keep_file(database: Path, name: str) -> None:
    """Keep a copy of an SQLite database that nobody writes to."""
    half = FOLDER / f"prepared-{name}.half"
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(half)) as target:
        source.backup(target)
    half.rename(kept_file(name))
    kept = sorted(FOLDER.glob("prepared-*.sqlite3"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


def set_up_example_site(folder: Path, migrate: Callable[[], object]) -> None:
    """The example site's database in ``folder``; ``migrate`` makes it where there is no copy."""
    name, database = digest("example site"), folder / "site.sqlite3"
    with locked(name):
        if kept_file(name).exists():
            shutil.copyfile(kept_file(name), database)
        else:
            migrate()
            keep_file(database, name)


def set_up_tests_database(verbosity: int) -> list:
    """Django's ``setup_databases`` for the one database of the tests, copied where it can be."""
    from django.db import connection
    from django.test.utils import setup_databases

    copies = {"sqlite": _File, "postgresql": _Server}.get(connection.vendor)

    def set_up(*, keepdb: bool) -> list:
        return setup_databases(
            verbosity=verbosity,
            interactive=False,
            keepdb=keepdb,
            aliases={"default"},
            serialized_aliases=set(),
        )

    if copies is None:
        return set_up(keepdb=False)
    name = digest(f"tests on {connection.vendor}")
    with locked(name):
        copy = copies(connection, name)
        if copy.take():
            return set_up(keepdb=True)
        made = set_up(keepdb=False)
        copy.keep()
        return made


class _File:
    """SQLite: a file."""

    def __init__(self, connection, name: str) -> None:
        self.connection, self.name = connection, name
        self.database = Path(connection.creation._get_test_db_name())

    def take(self) -> bool:
        if not kept_file(self.name).exists():
            return False
        for ending in ("-wal", "-shm"):
            Path(f"{self.database}{ending}").unlink(missing_ok=True)
        shutil.copyfile(kept_file(self.name), self.database)
        return True

    def keep(self) -> None:
        self.connection.close()
        keep_file(self.database, self.name)


class _Server:
    """PostgreSQL: a database that the tests' is made from. One is kept for a folder like this."""

    def __init__(self, connection, name: str) -> None:
        self.connection = connection
        quoted = connection.ops.quote_name
        self.database = quoted(connection.creation._get_test_db_name())
        self.prefix = f"wagtail_col_{sha256(str(FOLDER).encode()).hexdigest()[:12]}_"
        self.kept = self.prefix + name

    def take(self) -> bool:
        with self.connection._nodb_cursor() as cursor:
            if self.kept not in self._all(cursor):
                return False
            cursor.execute(f"DROP DATABASE IF EXISTS {self.database}")
            cursor.execute(f"CREATE DATABASE {self.database} TEMPLATE {self.kept}")
        return True

    def keep(self) -> None:
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:
            for old in self._all(cursor):
                cursor.execute(f"DROP DATABASE IF EXISTS {old}")
            cursor.execute(f"CREATE DATABASE {self.kept} TEMPLATE {self.database}")

    def _all(self, cursor) -> list[str]:
        cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall() if name.startswith(self.prefix)]
