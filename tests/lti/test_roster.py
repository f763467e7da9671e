"""The membership service: who is listed to a tool, with what, and what has changed since."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import UserFactory
from tests.lti import build, calls
from wagtail_col.lti import consent, members, roster
from wagtail_col.lti.models import Role

pytestmark = pytest.mark.django_db

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def context(tool):
    return calls.placed(tool).context


@pytest.fixture
def caller(tool):
    return calls.Caller(tool)


@pytest.fixture
def later(monkeypatch):
    """Lets time go by: what is asked for afterwards is asked a minute later."""

    def go():
        then = timezone.now() + timedelta(minutes=1)
        monkeypatch.setattr(roster.time, "time", lambda: then.timestamp())
        monkeypatch.setattr(timezone, "now", lambda: then)

    return go


def member(context, tool, role=Role.LEARNER, **values):
    known = build.make_tool_user(tool, **values)
    build.make_member(context, known, role, changed_at=timezone.now() - timedelta(hours=1))
    return known


def container(context):
    return calls.service_url("members", context.key)


def link(answer, relation):
    found = re.search(rf'<([^>]*)>; rel="{relation}"', answer.headers.get("Link", ""))
    return found.group(1).lower() if found else None


def subs(answer):
    assert answer.status_code == 200, answer.content
    return [one["user_id"] for one in answer.json()["members"]]


def test_a_tool_lists_the_members_of_a_place(caller, context, tool):
    ana = member(context, tool)
    answer = caller.get(container(context))
    assert answer["Content-Type"] == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    assert answer.json() == {
        "id": f"http://testserver/col/lti/contexts/{context.key}/members",
        "context": {"id": str(context.key), "title": "Podcast from zero"},
        "members": [
            {
                "user_id": str(ana.sub),
                "roles": [
                    f"{MEMBERSHIP}Learner",
                    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Learner",
                ],
                "status": "Active",
                "name": "Ana Novak",
                "given_name": "Ana",
                "family_name": "Novak",
                "email": ana.user.email,
            }
        ],
    }
    assert link(answer, "next") is None


def test_only_who_agreed_is_listed_whatever_their_role(caller, context, tool):
    member(context, tool, shares_name=None, shares_email=None, decided_at=None)
    member(context, tool, Role.EDITOR, shares_name=False, shares_email=False)
    named = member(context, tool, shares_name=True, shares_email=False)
    reached = member(context, tool, shares_name=None, shares_email=True)
    answer = caller.get(container(context))
    assert subs(answer) == [str(named.sub), str(reached.sub)]
    first, second = answer.json()["members"]
    assert ("name" in first, "email" in first) == (True, False)
    assert ("name" in second, "given_name" in second, "email" in second) == (False, False, True)


def test_what_a_tool_may_not_know_is_not_in_its_list():
    tool = build.make_tool(may_names=False, may_emails=False)
    context = calls.placed(tool).context
    member(context, tool)
    (only,) = calls.Caller(tool).get(container(context)).json()["members"]
    assert set(only) == {"user_id", "roles", "status"}


def test_members_of_another_tool_or_place_are_not_listed(caller, context, tool):
    other = build.make_tool(name="Other")
    calls.placed(other, context)
    theirs = member(context, other)
    member(build.make_context("Another"), tool)
    assert subs(caller.get(container(context))) == []
    assert subs(calls.Caller(other).get(container(context))) == [str(theirs.sub)]


def test_a_place_without_a_course_of_the_tool_has_no_list(caller, tool):
    empty = build.make_context("Nothing of this provider")
    member(empty, tool)
    answer = caller.get(container(empty))
    assert (answer.status_code, answer.json()["requirement"]) == (404, "context-unknown")


@pytest.mark.parametrize(
    ("role", "listed"),
    [
        ("Learner", ["learner"]),
        (f"{MEMBERSHIP}Learner", ["learner"]),
        ("Instructor", ["editor"]),
        (f"{MEMBERSHIP}ContentDeveloper", ["editor"]),
        ("Mentor", ["mentor"]),
        ("Nobody", []),
        ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Learner", ["learner"]),
        ("", ["learner", "mentor", "editor"]),
    ],
)
def test_members_are_filtered_by_role(caller, context, tool, role, listed):
    by_role = {str(member(context, tool, one).sub): one for one in Role.values}
    found = subs(caller.get(container(context), role=role))
    assert [by_role[sub] for sub in found] == listed


def test_members_come_in_pages_that_keep_the_filter(caller, context, tool):
    learners = [str(member(context, tool).sub) for _ in range(5)]
    member(context, tool, Role.MENTOR)
    answer = caller.get(container(context), role="Learner", limit=2)
    found = subs(answer)
    while url := link(answer, "next"):
        answer = caller.get(url)
        assert len(subs(answer)) <= 2
        found += subs(answer)
    assert found == learners


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "x"}, {"page": "1"}, {"role": "a" * 300}]
)
def test_members_asked_for_wrongly_are_refused(caller, context, query):
    assert caller.get(container(context), **query).status_code == 400


@pytest.mark.parametrize("since", ["", "-62135596800", "1e9", "9" * 12, "yesterday"])
def test_an_address_for_differences_that_was_changed_is_refused(caller, context, since):
    page = f"after=0&since={since}".encode().hex()
    answer = caller.get(container(context), page=page)
    assert (answer.status_code, answer.json()["requirement"]) == (400, "members-since")


def test_the_list_of_a_course_says_what_the_course_is_told_of_each_member(caller, tool):
    tool.custom = {"site": "x", "id": "$User.id"}
    tool.save()
    line_item = calls.placed(
        tool, custom={"who": "$Person.name.full", "level": "3", "place": "$Context.id"}
    )
    ana = member(line_item.context, tool)
    rlid = str(line_item.resource_link.key)
    answer = caller.get(container(line_item.context), rlid=rlid)
    assert answer.json()["id"].endswith(f"/members?rlid={rlid}")
    (only,) = answer.json()["members"]
    assert only["message"] == [
        {
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}custom": {"id": str(ana.sub), "who": "Ana Novak"},
        }
    ]
    (plain,) = caller.get(container(line_item.context)).json()["members"]
    assert "message" not in plain


def test_a_course_tells_no_name_that_was_not_agreed_to(caller, tool):
    line_item = calls.placed(tool, custom={"who": "$Person.name.full"})
    member(line_item.context, tool, shares_name=False)
    rlid = str(line_item.resource_link.key)
    (only,) = caller.get(container(line_item.context), rlid=rlid).json()["members"]
    assert only["message"][0][f"{CLAIM}custom"] == {"who": ""}


def test_the_list_of_a_course_of_others_or_elsewhere_is_refused(caller, context, tool):
    member(context, tool)
    other = calls.placed(build.make_tool(name="Other"), context)
    elsewhere = calls.placed(tool)
    for rlid in (other.resource_link.key, elsewhere.resource_link.key, "none"):
        answer = caller.get(container(context), rlid=str(rlid))
        assert (answer.status_code, answer.json()["requirement"]) == (404, "members-link")


def test_an_account_that_is_switched_off_is_inactive(caller, context, tool):
    user = UserFactory(is_active=False)
    member(context, tool, user=user)
    (only,) = caller.get(container(context)).json()["members"]
    assert only["status"] == "Inactive"


def test_who_has_left_is_in_the_differences_only(caller, context, tool, later):
    ana, eva = member(context, tool), member(context, tool)
    differences = link(caller.get(container(context)), "differences")
    later()
    members.leave(context.key, ana.user)
    assert subs(caller.get(container(context))) == [str(eva.sub)]
    (only,) = caller.get(differences).json()["members"]
    assert (only["user_id"], only["status"]) == (str(ana.sub), "Deleted")
    assert set(only) == {"user_id", "status", "roles"}


def test_differences_hold_who_came_and_nobody_who_stayed(caller, context, tool, later):
    member(context, tool)
    differences = link(caller.get(container(context)), "differences")
    assert subs(caller.get(differences)) == []
    later()
    new = build.make_tool_user(tool)
    members.enter(new, context, Role.LEARNER)
    later()
    answer = caller.get(differences)
    assert subs(answer) == [str(new.sub)]
    later()
    again = link(answer, "differences")
    assert subs(caller.get(again)) == []


def test_differences_are_counted_from_the_first_page(caller, context, tool, monkeypatch):
    for _ in range(3):
        member(context, tool)
    first = caller.get(container(context), limit=2)
    began = roster.time.time()
    monkeypatch.setattr(roster.time, "time", lambda: began + 600)
    second = caller.get(link(first, "next"))
    assert link(second, "differences") == link(first, "differences")


def test_who_takes_the_agreement_back_is_deleted_once(caller, context, tool, later):
    ana = member(context, tool)
    differences = link(caller.get(container(context)), "differences")
    later()
    consent.decide(tool, ana.user, name=False, email=False)
    later()
    assert subs(caller.get(container(context))) == []
    answer = caller.get(differences)
    (only,) = answer.json()["members"]
    assert (only["status"], set(only)) == ("Deleted", {"user_id", "status", "roles"})
    later()
    assert subs(caller.get(link(answer, "differences"))) == []


def test_who_said_no_from_the_start_is_in_no_differences(caller, context, tool, later):
    differences = link(caller.get(container(context)), "differences")
    later()
    user = UserFactory()
    known = consent.decide(tool, user, name=False, email=False)
    later()
    members.enter(known, context, Role.LEARNER)
    assert subs(caller.get(differences)) == []
    members.leave(context.key, user)
    assert subs(caller.get(differences)) == []


def test_an_account_that_is_switched_off_is_in_the_differences(caller, context, tool, later):
    ana = member(context, tool)
    differences = link(caller.get(container(context)), "differences")
    later()
    ana.user.is_active = False
    ana.user.save()
    (only,) = caller.get(differences).json()["members"]
    assert only["status"] == "Inactive"


def test_the_queries_of_a_list_do_not_grow_with_its_members(caller, context, tool):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(container(context)).status_code == 200
        return len(captured)

    member(context, tool)
    few = queries()
    for _ in range(10):
        member(context, tool)
    assert queries() == few
