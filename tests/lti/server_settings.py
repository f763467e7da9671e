"""The tests' settings for a server process of its own; SERVER_URL says where it is reached."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import WAGTAIL_COL

WAGTAIL_COL = {
    **WAGTAIL_COL,
    "BASE_URL": os.environ["SERVER_URL"],
    "FETCH_PRIVATE_HOSTS": ["127.0.0.1", "localhost"],
}
WAGTAILADMIN_BASE_URL = os.environ["SERVER_URL"]
