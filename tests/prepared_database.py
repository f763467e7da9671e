"""SQLite's test database, migrated once and copied from then on.

Two hundred migrations, most of them Wagtail's, take a minute of computing: more than most of the
tests. A database fresh from its migrations is kept beside the others, under a name that stands for
everything that went into it. Any migration or version that changes makes another one.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

import django
import wagtail
from django.apps import apps
from django.db import connection

try:
    import fcntl
except ImportError:
    # Not on Windows: there each run migrates.
    fcntl = None

#: So many are kept, those used last: several versions may take turns.
KEPT = 6


def can_be_copied() -> bool:
    return connection.vendor == "sqlite" and fcntl is not None


def own_file() -> Path:
    """The database of this process, which need not be there yet."""
    return Path(str(connection.settings_dict["TEST"]["NAME"]))


def kept_file() -> Path:
    """The migrated database of this very code, which need not be there yet."""
    return own_file().parent / f"migrated-{_digest()}"


@contextmanager
def one_at_a_time():
    """Of several workers that find none, one migrates and the others wait for its database."""
    with (own_file().parent / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take_copy() -> bool:
    """Copy the kept database to where this process has its own; whether there is one."""
    kept = kept_file()
    if not kept.exists():
        return False
    remove_own()
    copyfile(kept, own_file())
    kept.touch()
    return True


def keep() -> None:
    """Keep this process's database, which has just been migrated."""
    kept = kept_file()
    part = kept.with_name(f"{kept.name}.{own_file().name}")
    part.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(part)])
    part.replace(kept)
    found = sorted(kept.parent.glob("migrated-*"), key=lambda file: file.stat().st_mtime)
    for old in found[:-KEPT]:
        old.unlink(missing_ok=True)


def remove_own() -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{own_file()}{suffix}").unlink(missing_ok=True)


def _digest() -> str:
    found = sha256()
    for said in (sys.version, django.__version__, wagtail.__version__, sqlite3.sqlite_version):
        found.update(said.encode())
    for app in apps.get_app_configs():
        found.update(app.name.encode())
        spec = find_spec(f"{app.name}.migrations")
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for file in sorted(Path(folder).glob("*.py")):
                found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:24]
