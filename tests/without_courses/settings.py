"""The settings of the suite, on a site that has no online courses and connects to nothing."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as ALL

LEFT_OUT = ("wagtail_col.lti", "wagtail_col.api", "oauth2_provider")
INSTALLED_APPS = [app for app in ALL if app not in LEFT_OUT]
