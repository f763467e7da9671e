import pytest

from tests import factories


@pytest.fixture
def learner(db):
    return factories.UserFactory()


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner)
    return client
