"""The package works on a site that has its own base page model."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import wagtail

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="WAGTAIL_PAGE_MODEL came with Wagtail 8.0")
def test_a_site_with_its_own_base_page():
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "TEST_DATABASE_NAME", "COV_"))
    }
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            # Where its base page stands among Wagtail's migrations is the site's business.
            "--nomigrations",
            "--ds=tests.swapped.settings",
            "tests/swapped/check_swapped_site.py",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "3 passed" in run.stdout
