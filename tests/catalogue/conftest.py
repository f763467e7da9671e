import pytest

from tests import factories


@pytest.fixture
def city():
    return factories.territory_page()
