"""A class goes along a playlist: a link on the wall, cards, and who was there."""

import re

import pytest

from tests.journeys.test_badge_awarding import look
from tests.journeys.test_badge_codes_and_evidence import on_the_wall, sign_up
from tests.journeys.test_editor import Editor
from tests.journeys.watching import Visitor

LINE = "My quarter on the map"


@pytest.fixture(params=[360, 1280])
def width(request):
    return request.param


@pytest.fixture
def me(browser, demo, width):
    editor = Editor(browser, demo.url, "editor", width)
    yield editor
    assert editor.errors == [] and editor.elsewhere == []
    editor.context.close()


@pytest.fixture
def learner(browser, demo, width):
    visitor = Visitor(browser, demo.url, width, keyboard=width > 1000)
    yield visitor
    visitor.close()


def test_a_class_goes_along(me, learner, demo, width):
    page = me.page
    name = f"Class of {width}"
    me.open("/admin/learning/groups/")
    look(me)
    page.get_by_label("Playlist").select_option(label=LINE)
    page.get_by_label("Name of the group").fill(name)
    page.get_by_role("button", name="Make a group").click()
    page.get_by_role("heading", name=name, level=2).wait_for()
    look(me)
    page.get_by_label("Names or e-mail addresses").fill("Aisha\nDiego Ruiz")
    page.get_by_role("button", name="Invite", exact=True).click()
    page.get_by_text("2 cards can be printed.").wait_for()
    look(me)
    group = page.url
    page.get_by_role("link", name="Print 2 cards").click()
    assert page.locator(".col-cutout").count() == 2
    page.get_by_role("link", name="Back to the group").click()
    page.get_by_role("link", name="Show the link").click()
    code = page.locator(".col-project__code").inner_text()
    on_the_wall(me)

    # Somebody scans it, reads what it means, makes an account and joins.
    learner.open(f"/col/group/{code}/")
    learner.check()
    main = learner.page.get_by_role("main")
    assert "Eva Editor sees that you are in the group" in main.inner_text()
    learner.press(main.get_by_role("link", name="Sign in or sign up, then join"))
    sign_up(learner, demo)
    learner.check()
    learner.press(main.get_by_role("button", name="Join the group"))
    learner.page.get_by_text(f"You are in the group “{name}” now.").wait_for()
    learner.check()

    # Who was there: a step, all, save.
    me.open(f"{group}attendance/")
    page.get_by_label("Step").select_option(index=0)
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("link", name="Tick all").click()
    page.get_by_role("checkbox", name=re.compile("Diego")).uncheck()
    look(me)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: 2 people.").wait_for()
    assert page.get_by_role("checkbox").count() == 1
    look(me)

    # The learner sees it, and leaves in one tap.
    learner.open("/col/my-data/")
    learner.press(main.get_by_role("button", name=re.compile("Leave the group")))
    learner.check()
    learner.page.get_by_text(f"You have left the group “{name}”.").wait_for()
    me.open(group)
    look(me)
    assert page.get_by_role("row").filter(has_text="Aisha").count() == 1


def test_the_youth_groups_organiser_says_who_was_there_on_a_phone(browser, demo):
    me = Editor(browser, demo.url, "nave", 360)
    page = me.page
    me.open("/admin/learning/groups/")
    page.get_by_role("link", name="Youth group Nave Sur").click()
    look(me)
    page.get_by_role("link", name="Who was there?").click()
    page.get_by_label("Step").select_option(label="Code club for families")
    choose = page.get_by_role("button", name="Choose")
    box = choose.bounding_box()
    assert box["x"] + box["width"] <= 360, "the whole button is on the screen"
    choose.click()
    page.get_by_role("link", name="Tick all").click()
    look(me)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: 4 people.").wait_for()
    page.get_by_text("Everybody has done this step.").wait_for()
    look(me)
    assert me.errors == [] and me.elsewhere == []
    me.context.close()
