"""Adding online courses: choose a provider, look at what was picked, add it to the draft."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page

from tests import factories
from tests.lti import build
from tests.pages import editing
from wagtail_col.catalogue.models import Listing
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.lti.models import Course, DeepLinkReturn, LaunchTicket, TicketKind, ToolState
from wagtail_col.pages.standard.models import PlaylistPage, PlaylistStep

pytestmark = pytest.mark.django_db

FILM = {"type": "link", "url": "https://film.example.org/7", "title": "A film", "text": "Watch it."}


@pytest.fixture
def city():
    return factories.territory_page()


@pytest.fixture
def me():
    return editing.superuser()


@pytest.fixture
def boss(client, me):
    client.force_login(me)
    return client


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def line(city):
    steps = [{"link": "https://example.org/", "title": "Read"}]
    return factories.playlist_page(city, steps, title="Line")


def address(name: str, page, *args) -> str:
    return reverse(f"col_admin_{name}", args=[page.pk, *args])


def pick(tool, user, page, *items) -> DeepLinkReturn:
    return build.make_return(tool, user, page.translation_key, *items)


def add(client, page, returned, **values):
    data = {"take-0": "on"} | values
    return client.post(address("picked", page, returned.key), data)


def draft(page):
    """The newest draft, as it is in the database."""
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def steps(page) -> list[PlaylistStep]:
    return list(draft(page).steps.all())


def publish(page) -> None:
    type(page).objects.get(pk=page.pk).get_latest_revision().publish()


def text(response) -> str:
    return response.content.decode()


def test_providers_with_a_catalogue_that_may_be_used_here(boss, line, city, tool):
    build.make_tool(name="No catalogue", deep_linking_url="")
    build.make_tool(name="Pending", state=ToolState.PENDING)
    build.make_tool(name="Elsewhere", offered_to=[str(uuid.uuid4())])
    build.make_tool(name="For the city", offered_to=[str(city.translation_key)])
    page = text(boss.get(address("courses", line)))
    assert "Course house" in page
    assert "For the city" in page
    for name in ("No catalogue", "Pending", "Elsewhere"):
        assert name not in page
    assert address("pick", line, tool.key) in page


def test_without_a_provider_it_says_who_can_help(boss, line):
    assert "There is no course provider with a catalogue" in text(
        boss.get(address("courses", line))
    )


def test_the_catalogue_opens_by_a_link_in_the_same_tab(boss, line, tool, me):
    response = boss.get(address("pick", line, tool.key))
    assert response.status_code == 302
    assert response.url.startswith("https://tool.example.org/login?")
    ticket = LaunchTicket.objects.get()
    assert (ticket.kind, ticket.role, ticket.opens_in) == (
        TicketKind.DEEP_LINKING,
        "editor",
        "window",
    )
    assert ticket.tool_user.user == me
    assert ticket.context.key == line.translation_key
    assert ticket.return_path == address("courses", line)


def test_a_catalogue_that_cannot_be_opened_says_so(boss, line, tool):
    tool.deep_linking_url = ""
    tool.save()
    response = boss.get(address("pick", line, tool.key), follow=True)
    assert "has no catalogue" in text(response)
    other = build.make_tool(offered_to=["another city"])
    assert boss.get(address("pick", line, other.key)).status_code in (302, 404)
    assert not LaunchTicket.objects.exists()


def test_the_way_back_leads_to_what_was_picked(boss, line, tool, me):
    returned = pick(tool, me, line)
    response = boss.get(f"{address('courses', line)}?picked={returned.key}")
    assert response.url == address("picked", line, returned.key)
    assert boss.get(f"{address('courses', line)}?picked=x", follow=True).status_code == 404


def test_what_was_picked_is_shown_before_anything_is_saved(boss, line, tool, me):
    item = build.content_item(
        text="What to do <b>now</b>.", custom={"timeRequired": "PT45M"}, title="<i>First</i> aid"
    )
    returned = pick(tool, me, line, item, FILM)
    DeepLinkReturn.objects.filter(pk=returned.pk).update(
        message="Two <b>courses</b>.",
        items=[
            {"item": item, "picture": "wagtail_col/courses/p.jpg"},
            {"item": FILM, "picture": ""},
        ],
    )
    page = text(boss.get(address("picked", line, returned.key)))
    assert "&lt;i&gt;First&lt;/i&gt; aid" in page
    assert "What to do &lt;b&gt;now&lt;/b&gt;." in page
    assert "Two &lt;b&gt;courses&lt;/b&gt;." in page
    assert "Course house says:" in page
    assert "Maximum score: 10" in page
    assert 'src="/media/wagtail_col/courses/p.jpg"' in page
    assert re.search(r'name="minutes-0"[^>]*value="45"|value="45"[^>]*name="minutes-0"', page)
    assert "https://film.example.org/7" in page
    assert not Course.objects.exists()
    assert len(steps(line)) == 1


def test_several_picks_become_steps_of_the_draft_and_nothing_is_published(boss, line, tool, me):
    line.title = "Unfinished"
    line.summary = "A draft of mine."
    line.save_revision()
    published = Playlist.objects.get(key=line.translation_key)
    returned = pick(
        tool, me, line, build.content_item(), FILM, build.content_item(url=None, lineItem=None)
    )
    response = add(boss, line, returned, **{"percent-0": "80", "minutes-0": "20", "take-1": "on"})
    assert response.url == reverse("wagtailadmin_pages:edit", args=[line.pk])
    course = Course.objects.get()
    first, second, third = steps(line)
    assert first.title == "Read"
    assert (second.course, second.pass_percent, second.minutes) == (course.key, 80, 20)
    assert (second.link, second.title) == ("", "")
    assert (third.link, third.title, third.instruction) == (FILM["url"], "A film", "Watch it.")
    assert third.course is None
    assert [step.sort_order for step in (first, second, third)] == [0, 1, 2]
    written = draft(line)
    assert (written.title, written.summary) == ("Unfinished", "A draft of mine.")
    assert Page.objects.get(pk=line.pk).latest_revision.user == me
    assert Step.objects.filter(playlist=published).count() == 1
    assert PlaylistPage.objects.get(pk=line.pk).has_unpublished_changes
    returned.refresh_from_db()
    assert returned.placed_at
    assert "2 steps are new." in text(boss.get(response.url))


def test_what_was_added_can_be_published(boss, line, tool, me):
    add(boss, line, pick(tool, me, line), **{"percent-0": "60"})
    publish(line)
    step = Step.objects.published().order_by("position").last()
    assert (step.course, step.pass_percent) == (Course.objects.get().key, 60)


def test_picked_again_a_step_is_updated_and_not_doubled(boss, line, tool, me):
    add(boss, line, pick(tool, me, line, build.content_item(), FILM), **{"take-1": "on"})
    written = draft(line)
    mine = list(written.steps.all())
    mine[1].title, mine[1].instruction = "My title", "My words"
    written.steps.set(mine)
    written.save_revision()
    key = mine[1].translation_key
    again = pick(tool, me, line, build.content_item(title="New title"), FILM)
    page = text(boss.get(address("picked", line, again.key)))
    assert page.count("It is a step already") == 2
    response = add(boss, line, again, **{"take-1": "on", "percent-0": "50"})
    _read, course, film = steps(line)
    assert Course.objects.get().title == "New title"
    assert (course.pass_percent, course.title, course.instruction) == (50, "My title", "My words")
    assert course.translation_key == key
    assert film.title == "A film"
    assert "2 steps were brought up to date." in text(boss.get(response.url))
    # The same form sent twice.
    add(boss, line, again, **{"take-1": "on"})
    assert len(steps(line)) == 3


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"take-0": ""}, "Tick what you want to add."),
        ({"percent-0": "0"}, "greater than or equal to 1"),
        ({"percent-0": "101"}, "less than or equal to 100"),
        ({"minutes-0": "-5"}, "greater than or equal to 1"),
        ({"minutes-0": "long"}, "Enter a whole number"),
    ],
)
def test_nonsense_below_the_picks_adds_nothing(boss, line, tool, me, values, message):
    returned = pick(tool, me, line)
    response = add(boss, line, returned, **values)
    assert response.status_code == 200
    assert message in text(response)
    assert not Course.objects.exists()
    assert len(steps(line)) == 1
    assert DeepLinkReturn.objects.get().placed_at is None


def test_nothing_picked_says_so(boss, line, tool, me):
    returned = pick(tool, me, line)
    DeepLinkReturn.objects.update(items=[], message="Closed today.")
    page = text(boss.get(address("picked", line, returned.key)))
    assert "Nothing was picked" in page
    assert "Closed today." in page
    response = add(boss, line, returned)
    assert response.status_code == 200


def test_a_course_from_a_host_nobody_named_is_not_ticked(boss, line, tool, me):
    returned = pick(tool, me, line, build.content_item(url="https://elsewhere.example.org/c"))
    page = text(boss.get(address("picked", line, returned.key)))
    assert "did not name when it was connected" in page
    assert "checked" not in re.search(r'<input[^>]*name="take-0"[^>]*>', page)[0]


def test_a_locked_page_keeps_the_picks_for_later(boss, line, tool, me):
    returned = pick(tool, me, line)
    other = editing.superuser("other")
    Page.objects.filter(pk=line.pk).update(locked=True, locked_by=other)
    response = add(boss, line, returned)
    assert "What you picked is kept." in text(response)
    assert "locked" in text(response)
    assert "&lt;b&gt;" not in text(response)
    assert len(steps(line)) == 1
    assert not Course.objects.exists()
    page = text(boss.get(address("courses", line)))
    assert "Picked, not added yet" in page
    assert address("picked", line, returned.key) in page
    Page.objects.filter(pk=line.pk).update(locked=False, locked_by=None)
    add(boss, line, returned)
    assert len(steps(line)) == 2
    assert "Picked, not added yet" not in text(boss.get(address("courses", line)))


def test_a_provider_that_was_suspended_meanwhile_adds_nothing(boss, line, tool, me):
    returned = pick(tool, me, line)
    tool.state = ToolState.SUSPENDED
    tool.save()
    assert "may not be used on this page now" in text(add(boss, line, returned))
    assert len(steps(line)) == 1


def test_picks_of_another_editor_and_of_another_page_are_not_shown(boss, city, line, tool, me):
    theirs = pick(tool, editing.superuser("other"), line)
    other = factories.playlist_page(city, [], title="Other")
    elsewhere = pick(tool, me, other)
    for returned in (theirs, elsewhere):
        for response in (
            boss.get(address("picked", line, returned.key), follow=True),
            boss.post(address("picked", line, returned.key), {"take-0": "on"}, follow=True),
        ):
            assert response.status_code == 404
    assert not Course.objects.exists()
    assert "Picked, not added yet" not in text(boss.get(address("courses", line)))


def test_only_who_may_edit_the_page_adds_courses(client, city, line, tool):
    mine = factories.provider_page(city)
    me = editing.member_of(mine)
    client.force_login(me)
    returned = pick(tool, me, line)
    course = build.make_course(tool)
    for name, args in (
        ("courses", []),
        ("pick", [tool.key]),
        ("picked", [returned.key]),
        ("try_course", [course.key]),
    ):
        for response in (
            client.get(address(name, line, *args)),
            client.post(address(name, line, *args)),
        ):
            assert response.status_code in (302, 403)
            assert "tool.example.org" not in getattr(response, "url", "")
    assert not LaunchTicket.objects.exclude(pk=returned.ticket_id).exists()
    own = factories.playlist_page(mine, [], title="Own", live=False)
    assert client.get(address("courses", own)).status_code == 200


def test_an_opportunity_gets_one_course_and_what_it_lacks(boss, city, tool, me):
    page = factories.opportunity_page(city, title="Course", link="https://example.org/mine")
    item = build.content_item(custom={"timeRequired": "PT2H"}, text="What one learns.")
    returned = pick(tool, me, page, item, FILM)
    shown = text(boss.get(address("picked", page, returned.key)))
    assert 'type="radio"' in shown
    assert "Add to the opportunity" in shown
    response = boss.post(address("picked", page, returned.key), {})
    assert "Choose one of them." in text(response)
    boss.post(address("picked", page, returned.key), {"take": "0", "minutes-0": "120"})
    written = draft(page)
    assert written.course == Course.objects.get().key
    assert (written.minutes, written.is_online) == (120, True)
    assert (written.link, written.summary) == ("https://example.org/mine", "What one learns.")
    assert Listing.objects.get(key=page.translation_key).course is None
    publish(page)
    assert Listing.objects.get(key=page.translation_key).course == written.course


def test_a_web_link_picked_for_an_opportunity_is_its_link(boss, city, tool, me):
    page = factories.opportunity_page(city, title="Film", minutes=90)
    returned = pick(tool, me, page, FILM)
    boss.post(address("picked", page, returned.key), {"take": "0", "minutes-0": "10"})
    written = draft(page)
    assert (written.link, written.course, written.minutes) == (FILM["url"], None, 90)


def test_an_editor_tries_a_course(boss, line, tool, me):
    add(boss, line, pick(tool, me, line))
    course = Course.objects.get()
    page = text(boss.get(address("courses", line)))
    assert address("try_course", line, course.key) in page
    response = boss.get(address("try_course", line, course.key))
    assert response.url.startswith("https://tool.example.org/login?")
    ticket = LaunchTicket.objects.get(kind=TicketKind.RESOURCE_LINK)
    assert (ticket.role, ticket.resource_link.course) == ("editor", course)
    tool.state = ToolState.SUSPENDED
    tool.save()
    assert "Not offered here now" in text(boss.get(address("courses", line)))
    assert boss.get(address("try_course", line, course.key), follow=True).status_code == 404


def test_other_pages_have_no_online_courses(boss, city):
    for page in (city, factories.provider_page(city)):
        assert boss.get(address("courses", page), follow=True).status_code == 404
    assert boss.get(reverse("col_admin_courses", args=[999999]), follow=True).status_code == 404


def translated(page):
    slovene, _created = Locale.objects.get_or_create(language_code="sl")
    return factories.publish(page.copy_for_translation(slovene, copy_parents=True))


def test_a_translated_playlist_leads_to_the_page_that_has_the_steps(boss, line, tool):
    shown = text(boss.get(address("courses", translated(line))))
    assert "This page is a translation" in shown and address("courses", line) in shown
    assert "Open the catalogue" not in shown
    assert "Open the catalogue" in text(boss.get(address("courses", line)))


def test_a_course_added_to_a_translated_opportunity_counts_in_every_language(boss, me, city, tool):
    page = factories.opportunity_page(city, title="Sky")
    translation = translated(page)
    add(boss, translation, pick(tool, me, translation, build.content_item()), take="0")
    publish(translation)
    course = Course.objects.get()
    assert Listing.objects.get(key=page.translation_key).course == course.key
