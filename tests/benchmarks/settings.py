"""The example site's data without its frame: what is timed is the package's own work.

The pages stand in our plainest shell, and the floor is a Wagtail page with a heading and nothing
else, so that the menu and the footer of the site do not hide the difference.
"""

import os
from pathlib import Path

from example_site.config.settings import *  # noqa: F403
from example_site.config.settings import DATABASES, INSTALLED_APPS, TEMPLATES, WAGTAIL_COL

DEBUG = False
ALLOWED_HOSTS = ["*"]
# A peer that finding is measured beside.
INSTALLED_APPS += ["wagtail.api.v2"]
ROOT_URLCONF = "tests.benchmarks.urls"
TEMPLATES[0]["DIRS"].insert(0, Path(__file__).parent / "templates")
WAGTAIL_COL["BASE_TEMPLATE"] = "wagtail_col/shell.html"
# Nobody is asked for their age.
WAGTAIL_COL["CONSENT_AGE"] = None

if os.environ.get("BENCH_BACKEND") == "postgresql":
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        # A run has a database of its own, so that two of them do not meet.
        "NAME": f"wagtail_col_bench_{Path(os.environ['EXAMPLE_DATA_DIR']).name}",
        "CONN_MAX_AGE": 600,
        # As docs/how-to/databases.md has it.
        "OPTIONS": {"options": "-c jit=off"},
    }
