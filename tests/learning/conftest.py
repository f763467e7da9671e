import pytest

from tests import factories
from tests.learning import racing


@pytest.fixture
def learner(db):
    return factories.UserFactory()


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner)
    return client


@pytest.fixture(scope="session")
def racers(django_db_setup):
    """Processes of their own (tests.learning.racing.Racers)."""
    with racing.processes() as racers:
        yield racers
