import pytest

from tests.factories import UserFactory
from tests.lti import build
from wagtail_col.lti import consent, members
from wagtail_col.lti.models import Membership, ToolUser

pytestmark = pytest.mark.django_db


def needed(tool, person) -> bool:
    return consent.needed(tool, members.find_tool_user(tool, person))


@pytest.fixture
def learner():
    return UserFactory()


def test_everybody_is_asked_before_the_first_launch(learner):
    assert needed(build.make_tool(), learner)
    assert needed(build.make_tool(may_names=False, may_emails=False), learner)


def test_being_known_is_not_having_decided(learner):
    tool = build.make_tool()
    members.tool_user(tool, learner)
    assert needed(tool, learner)


@pytest.mark.parametrize("answer", [True, False])
def test_who_has_decided_is_not_asked_again(learner, answer):
    tool = build.make_tool()
    consent.decide(tool, learner, name=answer, email=answer)
    assert not needed(tool, learner)
    known = ToolUser.objects.get()
    assert (known.shares_name, known.shares_email) == (answer, answer)
    assert known.decided_at


def test_a_decision_is_for_one_tool(learner):
    consent.decide(build.make_tool(), learner, name=True, email=True)
    assert needed(build.make_tool(), learner)


def test_who_said_yes_before_the_tool_might_know_is_asked_when_it_may(learner):
    tool = build.make_tool(may_emails=False)
    consent.decide(tool, learner, name=True, email=True)
    assert not needed(tool, learner)
    assert ToolUser.objects.get().shares_email is None
    tool.may_emails = True
    assert needed(tool, learner)


def test_changing_ones_mind_shows_in_the_roster_as_a_difference(learner):
    tool = build.make_tool()
    known = consent.decide(tool, learner, name=True, email=True)
    before = build.make_member(build.make_context(), known).changed_at
    consent.decide(tool, learner, name=True, email=True)
    assert Membership.objects.get().changed_at == before
    consent.decide(tool, learner, name=False, email=True)
    assert Membership.objects.get().changed_at > before


def test_the_question_says_what_the_tool_may_know():
    tool = build.make_tool(may_emails=False, policy_url="https://tool.example.org/privacy")
    question = consent.question(tool)
    assert question == consent.Question(
        provider="Course house",
        policy_url="https://tool.example.org/privacy",
        name=True,
        email=False,
        grades=True,
        roster=True,
    )
    assert question.asks
    silent = build.make_tool(may_names=False, may_emails=False)
    assert not consent.question(silent).asks
