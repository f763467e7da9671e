import django
import pytest
import wagtail
from django.core.cache import cache
from django.db import connection

from tests import prepared
from wagtail_col.catalogue import caching


def pytest_report_header() -> str:
    return (
        f"wagtail {wagtail.__version__}, django {django.__version__}, "
        f"database: {connection.vendor} {connection.settings_dict['NAME']}"
    )


def pytest_configure(config):
    if not config.getoption("nomigrations"):
        config.pluginmanager.register(prepared)


def pytest_make_parametrize_id(val):
    """Files made for a test can hold the time; the processes have to call it by one name."""
    return "bytes" if isinstance(val, bytes) and len(val) > 40 else None


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    """A minute that ends in the middle of a test makes warm answers cold: let none end."""
    monkeypatch.setattr(caching, "_minute", lambda: 0)


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rates and cached answers of one test are not there in the next."""
    cache.clear()
