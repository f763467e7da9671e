import pytest
from django.db import connection

from tests.forking import Starter


@pytest.fixture(scope="session")
def awarders(django_db_setup):
    """Processes that give badges at the same moment (tests.badges.awarder)."""
    name = str(connection.settings_dict["NAME"]).rpartition("/")[2]
    with Starter("tests.badges.awarder", TEST_DATABASE_NAME=name) as starter:
        yield starter
