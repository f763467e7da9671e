"""The test settings, with a base page of the site's own and without our ready-made page types."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as _APPS
from tests.settings import WAGTAIL_COL as _COL

INSTALLED_APPS = [
    "tests.swapped.site",
    *(app for app in _APPS if app not in ("wagtail_col.pages.standard", "tests.testapp")),
]
WAGTAIL_PAGE_MODEL = "swapped_site.BasePage"
WAGTAIL_COL = {**_COL, "BASE_TEMPLATE": "wagtail_col/shell.html"}
