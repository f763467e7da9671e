import django
import pytest
import wagtail
from django.core.cache import cache
from django.db import connection


def pytest_report_header() -> str:
    return (
        f"wagtail {wagtail.__version__}, django {django.__version__}, "
        f"database: {connection.vendor} {connection.settings_dict['NAME']}"
    )


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rates and cached answers of one test are not there in the next."""
    cache.clear()
