"""When a copied database is one to take up again, and when not."""

import sqlite3
from contextlib import closing

import pytest

from tests import prepared


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A project of one migration, and nothing kept yet."""
    monkeypatch.setattr(prepared, "ROOT", tmp_path)
    monkeypatch.setattr(prepared, "FOLDER", tmp_path / "build")
    monkeypatch.setattr(prepared, "digest", prepared.digest.__wrapped__)
    folder = tmp_path / "wagtail_col" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("one = 1\n")
    return folder


def test_another_migration_or_another_site_is_another_database(elsewhere):
    before = prepared.digest("tests")
    assert prepared.digest("tests") == before != prepared.digest("example site")
    (elsewhere / "0001_initial.py").write_text("one = 2\n")
    changed = prepared.digest("tests")
    (elsewhere / "0002_more.py").touch()
    assert len({before, changed, prepared.digest("tests")}) == 3


def test_migrates_once_and_again_when_something_changed(elsewhere, tmp_path):
    migrated = []

    def set_up(number: int) -> list:
        folder = tmp_path / str(number)
        folder.mkdir()

        def migrate():
            migrated.append(number)
            with closing(sqlite3.connect(folder / "site.sqlite3")) as database:
                database.executescript(
                    f"CREATE TABLE made (at); INSERT INTO made VALUES ({number})"
                )

        prepared.set_up_example_site(folder, migrate)
        with closing(sqlite3.connect(folder / "site.sqlite3")) as database:
            return database.execute("SELECT * FROM made").fetchall()

    assert [set_up(1), set_up(2)] == [[(1,)], [(1,)]]
    (elsewhere / "0002_more.py").touch()
    assert set_up(3) == [(3,)]
    assert migrated == [1, 3]


def test_only_so_many_are_kept(elsewhere, tmp_path, monkeypatch):
    monkeypatch.setattr(prepared, "MOST_KEPT", 2)
    sqlite3.connect(tmp_path / "made").close()
    for number in range(4):
        with prepared.locked(str(number)):
            prepared.keep_file(tmp_path / "made", str(number))
    assert len(list(prepared.FOLDER.glob("prepared-*.sqlite3"))) == 2
    assert prepared.kept_file("3").exists()
