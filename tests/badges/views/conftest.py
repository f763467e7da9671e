"""A learner with a badge, and a browser they are signed in with. A test file may have others."""

import pytest

from tests.badges.build import badge
from tests.factories import UserFactory


@pytest.fixture
def learner():
    return UserFactory(username="zofka.novak", email="z.novak@mail.example")


@pytest.fixture
def award(learner):
    return badge(learner)


@pytest.fixture
def mine(client, learner):
    client.force_login(learner)
    return client
