"""A coordinator approves, narrows, refuses, suspends and deletes a course provider."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests import factories
from tests.lti import build
from tests.pages import editing
from tests.pages.tools import coordinator, may_form, to
from wagtail_col.catalogue.models import Provider, Territory
from wagtail_col.lti.models import LogEntry, Message, OpensIn, Outcome, Score, Tool, ToolState

pytestmark = pytest.mark.django_db

NAMES = ("may_names", "may_emails", "may_grades", "may_rosters")


@pytest.fixture
def me(client):
    client.force_login(coordinator())
    return client


@pytest.fixture
def pending():
    nothing = dict.fromkeys(NAMES, False)
    return build.make_tool(state=ToolState.PENDING, **nothing)


def history(tool) -> list[str]:
    content_type = ContentType.objects.get_for_model(Tool)
    entries = ModelLogEntry.objects.filter(content_type=content_type, object_id=str(tool.pk))
    return sorted(entries.values_list("action", flat=True))


def test_nothing_about_learners_is_ticked_before(me, pending):
    form = me.get(to("tool", pending.key)).context["form"]
    assert {name: bool(form[name].value()) for name in NAMES} == {
        "may_names": False,
        "may_emails": False,
        "may_grades": True,
        "may_rosters": False,
    }


def test_approving_gives_what_was_ticked_and_no_more(me, pending):
    data = may_form(approve="1", may_grades="on", may_names="on", opens_in="frame")
    response = me.post(to("tool", pending.key), data)
    assert response.url == to("tool", pending.key)
    pending.refresh_from_db()
    assert pending.state == ToolState.ACTIVE
    assert pending.opens_in == OpensIn.FRAME
    assert [getattr(pending, name) for name in NAMES] == [True, False, True, False]
    assert "col.approve" in history(pending)


def test_permissions_of_a_provider_in_use_are_narrowed(me):
    tool = build.make_tool()
    me.post(to("tool", tool.key), may_form(may_grades="on"))
    tool.refresh_from_db()
    assert tool.state == ToolState.ACTIVE
    assert [getattr(tool, name) for name in NAMES] == [False, False, True, False]


def test_saving_without_approving_approves_nothing(me, pending):
    me.post(to("tool", pending.key), may_form(may_grades="on"))
    pending.refresh_from_db()
    assert pending.state == ToolState.PENDING


@pytest.mark.parametrize("empty", ["login_url", "launch_url", "jwks"])
def test_what_is_incomplete_cannot_be_approved(me, empty):
    gap = {empty: None if empty == "jwks" else ""}
    tool = build.make_tool(state=ToolState.PENDING, **gap)
    html = me.get(to("tool", tool.key)).content.decode()
    assert "Not connected yet" in html
    assert 'name="approve"' not in html
    me.post(to("tool", tool.key), may_form(approve="1"))
    tool.refresh_from_db()
    assert tool.state == ToolState.PENDING


@pytest.mark.parametrize("values", [{"opens_in": "popup"}, {"offered_to": ["nobody"]}])
def test_nonsense_about_what_it_may_do(me, pending, values):
    response = me.post(to("tool", pending.key), may_form(approve="1") | values)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == set(values)
    assert editing.errors(response)
    pending.refresh_from_db()
    assert pending.state == ToolState.PENDING


def test_offered_to_some_territories_and_organisations(me):
    city = factories.territory_page(title="Ljubljana")
    library = factories.provider_page(city, title="Library")
    factories.provider_page(city, title="Museum")
    tool = build.make_tool()
    keys = {str(page.translation_key) for page in (city, library)}
    html = me.get(to("tool", tool.key)).content.decode()
    for name in ("Ljubljana", "Library", "Museum"):
        assert name in html
    me.post(to("tool", tool.key), may_form(offered_to=sorted(keys)))
    tool.refresh_from_db()
    assert set(tool.offered_to) == keys
    # One that is withdrawn meanwhile stays ticked: saving again must not offer it to all.
    Provider.objects.filter(key=library.translation_key).update(state="withdrawn")
    Territory.objects.filter(key=city.translation_key).update(state="withdrawn")
    form = me.get(to("tool", tool.key)).context["form"]
    assert set(form["offered_to"].value()) == keys
    assert {key for _, group in form.fields["offered_to"].choices for key, _ in group} >= keys


@pytest.mark.parametrize(
    ("name", "before", "after", "action"),
    [
        ("refuse", ToolState.PENDING, ToolState.REFUSED, "col.refuse"),
        ("suspend", ToolState.ACTIVE, ToolState.SUSPENDED, "col.suspend"),
        ("resume", ToolState.SUSPENDED, ToolState.ACTIVE, "col.resume"),
    ],
)
def test_dangerous_steps_ask_first_and_are_done_by_post_only(me, name, before, after, action):
    tool = build.make_tool(state=before)
    asked = me.get(to(name, tool.key))
    assert asked.status_code == 200
    assert 'method="post"' in asked.content.decode()
    tool.refresh_from_db()
    assert tool.state == before
    assert me.post(to(name, tool.key)).url == to("tool", tool.key)
    tool.refresh_from_db()
    assert tool.state == after
    assert history(tool) == [action]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("refuse", ToolState.ACTIVE),
        ("suspend", ToolState.PENDING),
        ("resume", ToolState.PENDING),
        ("resume", ToolState.REFUSED),
    ],
)
def test_a_step_from_another_state_is_not_done(me, name, state):
    tool = build.make_tool(state=state)
    assert me.get(to(name, tool.key)).status_code == 302
    me.post(to(name, tool.key))
    tool.refresh_from_db()
    assert tool.state == state
    assert history(tool) == []


def test_a_refused_provider_may_be_approved_after_all(me):
    tool = build.make_tool(state=ToolState.REFUSED)
    me.post(to("tool", tool.key), may_form(approve="1", may_grades="on"))
    tool.refresh_from_db()
    assert tool.state == ToolState.ACTIVE


def test_a_suspended_provider_is_not_resumed_by_approving(me):
    tool = build.make_tool(state=ToolState.SUSPENDED)
    me.post(to("tool", tool.key), may_form(approve="1"))
    tool.refresh_from_db()
    assert tool.state == ToolState.SUSPENDED


def test_one_never_used_is_deleted(me):
    tool = build.make_tool()
    me.get(to("delete", tool.key))
    assert Tool.objects.exists()
    assert me.post(to("delete", tool.key)).url == to("index")
    assert not Tool.objects.exists()


@pytest.mark.parametrize("make", [build.make_course, build.make_tool_user])
def test_one_that_was_used_is_suspended_rather_than_deleted(me, make):
    tool = build.make_tool()
    make(tool)
    for response in (me.get(to("delete", tool.key)), me.post(to("delete", tool.key))):
        html = response.content.decode()
        assert "cannot be deleted" in html
        assert to("suspend", tool.key) in html
    assert Tool.objects.filter(pk=tool.pk, state=ToolState.ACTIVE).exists()


def entry(tool, **values):
    return LogEntry.objects.create(
        **{"tool": tool, "message": Message.LAUNCH, "outcome": Outcome.DONE} | values
    )


def score(tool, meaning):
    link = build.make_link(build.make_course(tool))
    return Score.objects.create(
        line_item=build.make_line_item(link),
        tool_user=build.make_tool_user(tool),
        timestamp=timezone.now(),
        payload={},
        meaning=meaning,
    )


def test_numbers_of_the_last_days(me):
    tool, other = build.make_tool(), build.make_tool(name="Other")
    for _ in range(3):
        entry(tool)
    entry(tool, outcome=Outcome.REFUSED, requirement="token-kid", field="kid")
    entry(tool, message=Message.SCORE)
    entry(other)
    LogEntry.objects.filter(pk=entry(tool).pk).update(
        at=timezone.now() - timezone.timedelta(days=31)
    )
    for meaning in ("completed", "progress", "done-before"):
        score(tool, meaning)
    shown = me.get(to("tool", tool.key)).context["tool"]
    assert (shown.launches, shown.completions, shown.errors, shown.picked) == (3, 1, 1, 3)
    listed = {one.name: one for one in me.get(to("index")).context["object_list"]}
    assert (listed["Course house"].launches, listed["Other"].launches) == (3, 1)


def test_a_failed_key_fetch_is_said_in_words(me):
    tool = build.make_tool(
        jwks=None,
        jwks_url="https://tool.example.org/jwks",
        keys_error="status 500",
        keys_tried_at=timezone.now(),
    )
    html = me.get(to("tool", tool.key)).content.decode()
    assert "Reading its keys failed" in html
    assert "The server answers with an error. (500)" in html


def test_a_test_is_done_by_post_and_its_result_shown_once(me):
    tool = build.make_tool(login_url="https://127.0.0.1/login")
    other = build.make_tool(name="Other")
    assert me.get(to("test", tool.key)).url == to("tool", tool.key)
    assert not LogEntry.objects.exists()
    # Sent on, so that the way back in the browser posts nothing again.
    response = me.post(to("test", tool.key))
    assert response.url == to("tool", tool.key) + "#test-section"
    assert me.get(to("tool", other.key)).context["checks"] == []
    page = me.get(to("tool", tool.key))
    html = page.content.decode()
    assert len(page.context["checks"]) == 7
    for words in ("Login URL: failed", "Key set: all right", "Clock: please look"):
        assert words in html
    assert me.get(to("tool", tool.key)).context["checks"] == []


def test_every_value_the_other_side_needs_is_there_to_copy(me):
    tool = build.make_tool()
    for page in ("tool", "addresses"):
        html = me.get(to(page, tool.key)).content.decode()
        for value in (
            "http://testserver",
            tool.client_id,
            tool.deployment_id,
            "http://testserver/col/lti/auth",
            "http://testserver/col/lti/token",
            "http://testserver/col/lti/jwks",
        ):
            assert re.search(rf'<input type="text" readonly [^>]*value="{value}"', html)


def test_names_from_outside_are_text(me):
    nasty = '<script>alert("x")</script>'
    tool = build.make_tool(
        name=nasty,
        description=nasty,
        custom={nasty: nasty},
        redirect_uris=[nasty],
        contacts=[nasty],
    )
    build.make_course(tool, title=nasty)
    entry(tool, outcome=Outcome.REFUSED, requirement=nasty[:60], field=nasty[:60], detail=nasty)
    for page in (to("tool", tool.key), to("addresses", tool.key), to("index"), to("log")):
        assert nasty not in me.get(page).content.decode()


def test_queries_do_not_grow_with_providers_courses_and_log(me):
    tool = build.make_tool()
    score(tool, "completed")
    entry(tool)
    pages = [to("index"), to("tool", tool.key)]
    counts = []
    for more in (0, 6):
        for number in range(more):
            other = build.make_tool(name=f"More {number}")
            build.make_course(tool)
            for one in (tool, other):
                entry(one, course=build.make_course(one), outcome=Outcome.REFUSED)
        for page in pages:
            me.get(page)
        with CaptureQueriesContext(connection) as captured:
            for page in pages:
                assert me.get(page).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
