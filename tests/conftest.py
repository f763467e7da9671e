from contextlib import ExitStack

import django
import pytest
import wagtail
from django.core.cache import cache
from django.db import connection

from tests import prepared_database
from wagtail_col.catalogue import caching

_LOCK = pytest.StashKey[ExitStack]()


def pytest_report_header() -> str:
    return (
        f"wagtail {wagtail.__version__}, django {django.__version__}, "
        f"database: {connection.vendor} {connection.settings_dict['NAME']}"
    )


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_keepdb, django_db_modify_db_settings):
    """True also where a database that is migrated already has been put into its place."""
    with ExitStack() as stack:
        wanted = not (django_db_keepdb or request.config.getvalue("nomigrations"))
        if not (wanted and prepared_database.can_be_copied()):
            yield django_db_keepdb
            return
        lock = stack.enter_context(ExitStack())
        lock.enter_context(prepared_database.one_at_a_time())
        copied = prepared_database.take_copy()
        if copied:
            lock.close()
        # Held until it is migrated, and kept.
        request.session.stash[_LOCK] = lock
        yield copied
        connection.close()
        if copied:
            prepared_database.remove_own()


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_keepdb, django_db_setup, django_db_blocker):
    lock = request.session.stash.get(_LOCK, None)
    if lock is not None and not django_db_keepdb:
        with django_db_blocker.unblock():
            prepared_database.keep()
        lock.close()


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    """A minute that ends in the middle of a test makes warm answers cold: let none end."""
    monkeypatch.setattr(caching, "_minute", lambda: 0)


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rates and cached answers of one test are not there in the next."""
    cache.clear()
