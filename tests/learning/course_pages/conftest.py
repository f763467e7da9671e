"""A provider with a course that is a step of a line, and who is on it."""

import pytest

from tests.learning import build as lines
from tests.lti import build
from wagtail_col.learning import journey


@pytest.fixture
def tool():
    return build.make_tool(name="Red Cross", policy_url="https://tool.example.org/privacy")


@pytest.fixture
def course(tool):
    return build.make_course(tool)


@pytest.fixture
def playlist(course):
    return lines.line(lines.course(course), title="Helping others")


@pytest.fixture
def step(playlist):
    return lines.steps_of(playlist)[0]


@pytest.fixture
def joined(learner, playlist):
    journey.join(learner, playlist)


@pytest.fixture
def agreed(learner, tool):
    return build.make_tool_user(tool, learner)
