"""Sending somebody to a tool, and what the tool is told about them."""

import threading
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from tests.lti import build
from tests.lti.opening import Visitor
from wagtail_col.lti import consent, launching, picking, tickets
from wagtail_col.lti.messages import message, read_return, return_url
from wagtail_col.lti.models import (
    LaunchTicket,
    LineItem,
    LogEntry,
    Membership,
    OpensIn,
    Outcome,
    Role,
    TicketKind,
    ToolState,
    ToolUser,
)
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.platform.scopes import GRADES

pytestmark = pytest.mark.django_db
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
PERSONAL = {"name", "given_name", "family_name", "email"}


@pytest.fixture
def visitor():
    return Visitor()


def told(opening) -> dict[str, str]:
    query = parse_qs(urlsplit(opening.url).query)
    return {name: values[0] for name, values in query.items() if len(values) == 1}


def claims_for(visitor, *args, **values) -> dict:
    return message(visitor.begin(*args, **values).ticket, "nonce")


# The way there


def test_the_tool_is_told_who_asks_and_where_to_go_on(visitor):
    opening = visitor.begin()
    assert opening.url.startswith(f"{build.TOOL_HOST}/login?")
    params = told(opening)
    assert params["iss"] == build.ISSUER
    assert params["target_link_uri"] == visitor.course.url
    assert params["client_id"] == visitor.tool.client_id
    assert params["lti_deployment_id"] == visitor.tool.deployment_id
    assert "lti_storage_target" not in params


def test_the_hints_tell_nothing_about_the_person(visitor):
    params = told(visitor.begin())
    for secret in (visitor.user.username, visitor.user.email, visitor.browser.session.session_key):
        assert secret not in params["login_hint"] + params["lti_message_hint"]


def test_a_login_url_with_a_query_of_its_own_stays_right():
    opening = Visitor(login_url=f"{build.TOOL_HOST}/login?school=7").begin()
    assert opening.url.startswith(f"{build.TOOL_HOST}/login?school=7&iss=")


def test_a_course_opens_in_a_new_window_unless_the_tool_is_framed(visitor):
    visitor.course.opens_in = OpensIn.FRAME
    # The coordinator says what is framed, not the course.
    assert visitor.begin().opens_in == OpensIn.WINDOW
    visitor.tool.opens_in = OpensIn.FRAME
    opening = visitor.begin()
    assert opening.opens_in == OpensIn.FRAME
    assert told(opening)["lti_storage_target"] == "_parent"
    visitor.course.opens_in = OpensIn.WINDOW
    assert visitor.begin().opens_in == OpensIn.WINDOW
    assert visitor.begin(opens_in=OpensIn.FRAME).opens_in == OpensIn.FRAME


def test_the_sessions_key_is_not_kept_in_the_ticket(visitor):
    ticket = visitor.begin().ticket
    assert visitor.browser.session.session_key not in ticket.session


def test_opening_again_makes_a_new_ticket_and_nothing_else(visitor):
    first, second = visitor.begin().ticket, visitor.begin().ticket
    assert first.key != second.key
    assert first.tool_user == second.tool_user
    assert first.resource_link == second.resource_link
    message(first, "nonce")
    message(second, "nonce")
    assert LineItem.objects.count() == 1


@pytest.mark.parametrize("state", [ToolState.PENDING, ToolState.SUSPENDED, ToolState.REFUSED])
def test_a_tool_that_is_not_in_use_is_not_opened(state):
    visitor = Visitor(state=state)
    with pytest.raises(launching.Unavailable) as caught:
        visitor.begin()
    assert caught.value.code == "tool-not-in-use"
    assert str(caught.value.message)
    assert not LaunchTicket.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.outcome, entry.requirement, entry.course) == (
        Outcome.REFUSED,
        "tool-not-in-use",
        visitor.course,
    )


def test_a_closed_account_opens_nothing(visitor):
    visitor.user.is_active = False
    with pytest.raises(launching.Unavailable) as caught:
        visitor.begin()
    assert caught.value.code == "person-not-active"


def test_a_catalogue_without_address_does_not_become_a_course():
    visitor = Visitor(deep_linking_url="")
    with pytest.raises(launching.Unavailable) as caught:
        visitor.begin(TicketKind.DEEP_LINKING)
    assert caught.value.code == "no-catalogue"


def test_a_course_of_another_tool_is_a_mistake(visitor):
    with pytest.raises(ValueError, match="of this tool"):
        visitor.begin(course=build.make_course())
    with pytest.raises(ValueError, match="of this tool"):
        visitor.begin(course=None)


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_people_do_not_come_back_to_another_site(visitor, path):
    assert visitor.begin(return_path=path).ticket.return_path == "/"


# What it is told


def test_a_learner_who_agreed_is_named(visitor):
    consent.decide(visitor.tool, visitor.user, name=True, email=True)
    claims = claims_for(visitor)
    assert {name: claims[name] for name in PERSONAL} == {
        "name": "Ana Novak",
        "given_name": "Ana",
        "family_name": "Novak",
        "email": visitor.user.email,
    }


@pytest.mark.parametrize(
    ("permitted", "agreed"),
    [
        ({"may_names": True, "may_emails": True}, None),
        ({"may_names": True, "may_emails": True}, (False, False)),
        ({"may_names": False, "may_emails": False}, (True, True)),
    ],
)
def test_without_permission_and_consent_there_is_a_pseudonym_only(permitted, agreed):
    visitor = Visitor()
    if agreed:
        consent.decide(visitor.tool, visitor.user, name=agreed[0], email=agreed[1])
    for name, value in permitted.items():
        setattr(visitor.tool, name, value)
    visitor.tool.custom = {"who": "$Person.name.full", "mail": "$Person.email.primary"}
    claims = claims_for(visitor)
    assert not PERSONAL & set(claims)
    assert claims[f"{CLAIM}custom"] == {"who": "", "mail": ""}
    assert visitor.user.email not in str(claims)
    assert "Novak" not in str(claims)


def test_name_and_email_are_told_apart(visitor):
    consent.decide(visitor.tool, visitor.user, name=True, email=False)
    assert PERSONAL & set(claims_for(visitor)) == {"name", "given_name", "family_name"}
    consent.decide(visitor.tool, visitor.user, name=False, email=True)
    assert PERSONAL & set(claims_for(visitor)) == {"email"}


def test_two_tools_know_one_person_by_two_pseudonyms(visitor):
    other = Visitor(user=visitor.user)
    assert claims_for(visitor)["sub"] != claims_for(other)["sub"]
    assert claims_for(visitor)["sub"] == claims_for(visitor)["sub"]


def test_the_message_names_playlist_course_and_language(visitor):
    opening = visitor.begin()
    claims = message(opening.ticket, "nonce")
    assert claims[f"{CLAIM}context"]["id"] == str(visitor.context_key)
    assert claims[f"{CLAIM}context"]["title"] == "Podcast from zero"
    assert claims[f"{CLAIM}resource_link"]["id"] == str(opening.ticket.resource_link.key)
    assert claims[f"{CLAIM}resource_link"]["title"] == "First aid"
    assert claims[f"{CLAIM}target_link_uri"] == told(opening)["target_link_uri"]
    assert claims["locale"] == "sl"


def test_a_message_is_fresh(visitor):
    claims = claims_for(visitor)
    assert abs(claims["iat"] - datetime.now(UTC).timestamp()) < 60
    assert claims["exp"] == claims["iat"] + 300


def test_the_one_line_item_is_named(visitor):
    claims = claims_for(visitor)
    item = LineItem.objects.get()
    base = f"{build.ISSUER}/col/lti"
    assert claims[AGS] == {
        "scope": list(GRADES),
        "lineitems": f"{base}/contexts/{visitor.context_key}/lineitems",
        "lineitem": f"{base}/lineitems/{item.key}",
    }


def test_no_line_item_is_named_when_there_are_two(visitor):
    link = visitor.begin().ticket.resource_link
    build.make_line_item(link, by_tool=True, label="Second")
    assert "lineitem" not in claims_for(visitor)[AGS]


def test_no_line_item_is_named_for_a_course_without_score():
    visitor = Visitor(course=build.make_course(score_maximum=None))
    claims = claims_for(visitor)
    assert "lineitem" not in claims[AGS]
    assert claims[AGS]["lineitems"]


def test_services_that_are_not_permitted_are_not_named():
    claims = claims_for(Visitor(may_grades=False, may_rosters=False))
    assert AGS not in claims
    assert NRPS not in claims


def test_the_roster_is_named_when_it_is_permitted(visitor):
    members_url = f"{build.ISSUER}/col/lti/contexts/{visitor.context_key}/members"
    assert claims_for(visitor)[NRPS]["context_memberships_url"] == members_url


def test_the_times_a_course_is_open_can_be_asked_for(visitor):
    visitor.course.available_from = datetime(2026, 10, 3, 8, tzinfo=UTC)
    visitor.course.submission_until = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    visitor.course.custom = {
        "from": "$ResourceLink.available.startDateTime",
        "until": "$ResourceLink.available.endDateTime",
        "hand_in": "$ResourceLink.submission.endDateTime",
        "mine": "$ResourceLink.available.user.startDateTime",
    }
    assert claims_for(visitor)[f"{CLAIM}custom"] == {
        "from": "2026-10-03T08:00:00Z",
        "until": "",
        "hand_in": "2026-11-01T08:30:00Z",
        "mine": "2026-10-03T08:00:00Z",
    }


def test_a_courses_custom_parameter_goes_before_the_tools(visitor):
    visitor.tool.custom = {"level": "1", "school": "7"}
    visitor.course.custom = {"level": "2"}
    assert claims_for(visitor)[f"{CLAIM}custom"] == {"level": "2", "school": "7"}


def test_picking_courses_says_where_they_go(visitor):
    opening = visitor.begin(TicketKind.DEEP_LINKING)
    claims = message(opening.ticket, "nonce")
    assert told(opening)["target_link_uri"] == visitor.tool.deep_linking_url
    assert claims[f"{CLAIM}target_link_uri"] == visitor.tool.deep_linking_url
    assert claims[DL]["deep_link_return_url"] == f"{build.ISSUER}/col/lti/deep-links"
    assert claims[DL]["data"]
    assert f"{CLAIM}resource_link" not in claims
    assert AGS not in claims


def test_the_picker_gives_back_the_ticket_it_was_opened_with(visitor):
    ticket = visitor.begin(TicketKind.DEEP_LINKING).ticket
    tickets.use(ticket)
    data = message(ticket, "nonce")[DL]["data"]
    assert picking.ticket_for(visitor.tool, data) == ticket


def test_a_learner_looks_at_what_they_handed_in(visitor):
    consent.decide(visitor.tool, visitor.user, name=True, email=False)
    visitor.course.submission_review = {
        "url": f"{build.TOOL_HOST}/review",
        "custom": {"act": "review"},
    }
    visitor.course.save()
    claims_for(visitor)
    item = LineItem.objects.select_related("resource_link__course__tool").get()
    opening = visitor.begin(TicketKind.SUBMISSION_REVIEW, course=None, line_item=item)
    claims = message(opening.ticket, "nonce")
    assert claims[f"{CLAIM}message_type"] == "LtiSubmissionReviewRequest"
    assert claims[f"{CLAIM}target_link_uri"] == f"{build.TOOL_HOST}/review"
    assert claims[f"{CLAIM}custom"] == {"act": "review"}
    assert claims[f"{CLAIM}for_user"]["user_id"] == claims["sub"]
    assert claims[f"{CLAIM}for_user"]["name"] == "Ana Novak"
    assert claims[AGS]["lineitem"].endswith(f"/col/lti/lineitems/{item.key}")


def test_nothing_is_reviewed_without_a_line_item(visitor):
    with pytest.raises(launching.Unavailable) as caught:
        visitor.begin(TicketKind.SUBMISSION_REVIEW)
    assert caught.value.code == "nothing-to-review"


def test_the_way_back_is_signed_and_leads_to_the_page_people_came_from(visitor):
    url = return_url(visitor.begin().ticket)
    token = url.rpartition("/")[2]
    back = read_return(token)
    assert (back.path, back.framed) == ("/en/podcast/", False)
    assert ToolUser.objects.get(sub=back.sub).user == visitor.user


# The ticket


def test_a_ticket_is_used_once(visitor):
    ticket = visitor.begin().ticket
    tickets.use(ticket)
    with pytest.raises(Refused) as caught:
        tickets.use(ticket)
    assert caught.value.requirement is tickets.USED


def test_a_message_that_cannot_be_made_uses_nothing_up(visitor):
    visitor.course.url = ""
    ticket = visitor.begin().ticket
    with pytest.raises(Refused) as caught:
        launching.answer(ticket, "nonce")
    assert caught.value.requirement.code == "message-incomplete"
    ticket.refresh_from_db()
    assert ticket.used_at is None


def test_an_answer_that_comes_too_often_changes_nothing(visitor):
    ticket = visitor.begin(role=Role.MENTOR).ticket
    tickets.use(ticket)
    with pytest.raises(Refused):
        launching.answer(ticket, "nonce")
    assert not Membership.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_first_launches_at_once_make_one_of_everything():
    visitor = Visitor()
    visitor.browser.session.save()
    session_key = visitor.browser.session.session_key
    together = threading.Barrier(4)
    found, failed = [], []

    def begin() -> None:
        together.wait()
        try:
            ticket = visitor.begin(session_key=session_key).ticket
            message(ticket, "nonce")
            found.append(ticket)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len({ticket.key for ticket in found}) == 4
    assert len({ticket.tool_user_id for ticket in found}) == 1
    assert len({ticket.resource_link_id for ticket in found}) == 1
    assert LineItem.objects.count() == 1
