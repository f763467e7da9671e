"""The example site as it would run in public: no debugging, templates kept in memory."""

import os

from example_site.config.settings import *  # noqa: F403
from example_site.config.settings import DATABASES

DEBUG = False
ALLOWED_HOSTS = ["*"]

if os.environ.get("BENCH_BACKEND") == "postgresql":
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "wagtail_col_bench",
        "CONN_MAX_AGE": 600,
    }
