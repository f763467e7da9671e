"""The example site's settings: its own secrets at home, all from the environment in public."""

import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from example_site.config.local_secrets import kept_secret

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("EXAMPLE_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, ROOT / "example_site" / "manage.py", *arguments],
        env={**kept, "EXAMPLE_DATA_DIR": str(data), **environment},
        cwd=data,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def public() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "example_site.config.production",
        "EXAMPLE_SECRET_KEY": secrets.token_urlsafe(64),
        "EXAMPLE_COL_KEYS": secrets.token_urlsafe(64),
        "EXAMPLE_BASE_URL": "https://learning.example.org",
    }


def test_a_secret_is_made_once_and_is_the_owners_alone(tmp_path):
    path = tmp_path / "key"
    first = kept_secret(path)
    assert len(first) >= 64
    assert kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_public_site_passes_djangos_deployment_checks(tmp_path, public):
    done = manage("check", "--deploy", "--fail-level", "WARNING", data=tmp_path, **public)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["EXAMPLE_SECRET_KEY", "EXAMPLE_COL_KEYS", "EXAMPLE_BASE_URL"])
def test_the_public_site_does_not_start_without(name, tmp_path, public):
    del public[name]
    done = manage("check", data=tmp_path, **public)
    assert done.returncode != 0
    assert f"Set the environment variable {name}." in done.stderr
