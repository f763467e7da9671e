import pytest

from tests.factories import UserFactory
from tests.lti import build
from wagtail_col.lti import members
from wagtail_col.lti.models import Membership, MembershipState, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    return build.make_tool_user(build.make_tool())


@pytest.fixture
def context():
    return build.make_context()


def is_member(known, context) -> bool:
    return known.memberships.filter(context=context, state=MembershipState.ACTIVE).exists()


def test_a_pseudonym_is_made_once_for_each_tool():
    learner, tool = UserFactory(), build.make_tool()
    first = members.tool_user(tool, learner)
    assert members.tool_user(tool, learner) == first
    assert members.tool_user(build.make_tool(), learner).sub != first.sub
    assert first.shares_name is None


def test_entering_makes_a_member_once(known, context):
    membership = members.enter(known, context, Role.LEARNER)
    assert members.enter(known, context, Role.LEARNER) == membership
    assert is_member(known, context)
    assert Membership.objects.get().changed_at == membership.changed_at


def test_another_role_is_a_change(known, context):
    before = members.enter(known, context, Role.LEARNER).changed_at
    membership = members.enter(known, context, Role.MENTOR)
    assert membership.role == Role.MENTOR
    assert membership.changed_at > before


def test_who_left_is_remembered_and_can_come_back(known, context):
    members.enter(known, context, Role.LEARNER)
    assert members.leave(context.key, known.user) == 1
    membership = Membership.objects.get()
    assert membership.state == MembershipState.LEFT
    assert not is_member(known, context)
    assert members.leave(context.key, known.user) == 0
    members.enter(known, context, Role.LEARNER)
    assert is_member(known, context)


def test_leaving_ends_it_for_every_tool_there_and_for_nobody_else(known, context):
    other_tool = build.make_tool_user(build.make_tool(), known.user)
    somebody = build.make_tool_user(known.tool, UserFactory())
    for each in (known, other_tool, somebody):
        members.enter(each, context, Role.LEARNER)
    elsewhere = build.make_context("Elsewhere")
    members.enter(known, elsewhere, Role.LEARNER)
    assert members.leave(context.key, known.user) == 2
    assert is_member(somebody, context)
    assert is_member(known, elsewhere)


def test_who_never_came_is_no_member(known, context):
    assert not is_member(known, context)
