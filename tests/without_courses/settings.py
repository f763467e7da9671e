"""The settings of the suite, on a site that has no online courses."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as ALL

INSTALLED_APPS = [app for app in ALL if app != "wagtail_col.lti"]
