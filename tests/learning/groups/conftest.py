"""A line, who teaches it, and a group on it."""

import pytest

from tests import factories
from tests.learning import build
from wagtail_col.learning import groups


@pytest.fixture
def line():
    badge = factories.AchievementFactory()
    return build.line(build.link("One"), build.link("Two"), title="Sound", achievement=badge)


@pytest.fixture
def teacher():
    return factories.UserFactory(username="teacher", first_name="Eva", last_name="Rus")


@pytest.fixture
def group(line, teacher):
    return groups.make(line, "Class 7b", teacher)
