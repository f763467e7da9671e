"""An editor gives a badge to a list; who was invited claims it; the editor takes one back."""

from __future__ import annotations

import re
import uuid

import pytest

from tests.journeys.test_editor import Editor
from tests.journeys.watching import Visitor

BADGE = "Night sky explorer"
#: An account of the demo.
KNOWN = "nave@example.org"
WRONG = "not an address"


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
def invited(browser, demo, width):
    visitor = Visitor(browser, demo.url, width, keyboard=width > 1000)
    yield visitor
    visitor.close()


def look(me):
    """What an editor's page has to be: no wider than the screen, and nothing for axe to find."""
    me.page.wait_for_load_state("load")
    # Wagtail's messages come in slowly, and are pale until they are there.
    me.page.evaluate(
        "Promise.all(document.getAnimations()"
        ".filter((one) => one.effect.getComputedTiming().endTime < 5000)"
        ".map((one) => one.finished.catch(() => null)))"
    )
    assert me.our_violations() == []
    assert me.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), f"{me.page.url} is wider than the screen"
    me.accessible("main")


def click(me, role, name):
    with me.page.expect_navigation():
        me.page.get_by_role("main").get_by_role(role, name=name).first.click()
    look(me)


def test_a_list_is_given_and_one_is_taken_back(me, invited, demo):
    page = me.page
    new = f"new-{uuid.uuid4().hex[:10]}@example.org"
    other = f"other-{uuid.uuid4().hex[:10]}@example.org"

    # Three addresses and something else, and what will happen to each.
    me.open("/admin/learning/awards/")
    look(me)
    click(me, "link", BADGE)
    click(me, "link", "Give to a list")
    page.get_by_label("For what").fill("Night of the stars")
    page.get_by_label("E-mail addresses").fill(
        f"{KNOWN}\nNew One <{new}>; {other}\n{WRONG}\n{new.upper()}"
    )
    click(me, "button", "Look at the list")
    assert "1 line had an address that was there before" in page.content()
    table = page.get_by_role("main").get_by_role("table")
    for address in (new, other):
        row = table.get_by_role("row", name=re.compile(re.escape(address)))
        assert "gets an e-mail with a link" in row.inner_text()
    assert "not an e-mail address" in table.inner_text()
    assert demo.mails_to(new) == 0, "nothing happens before it is confirmed"

    # They are given, and the page shows how far it is.
    click(me, "button", "Give the badges")
    page.get_by_role("heading", name="The list is done").wait_for()
    look(me)
    assert "4 of 4 done" in page.get_by_role("status").all_inner_texts()
    assert page.locator("#col-giving-bar").evaluate("bar => bar.value === bar.max")

    claimed = claim(invited, demo, new)

    # The editor finds who claimed it and takes it back with a reason.
    click(me, "link", "Who has the badge")
    page.get_by_label("Name, user name or e-mail").fill(new.split("@")[0])
    click(me, "button", "Search")
    assert "1 person found" in page.get_by_role("main").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as CSV").click()
    assert new in download.value.path().read_text(encoding="utf-8-sig")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    look(me)
    assert "Night of the stars" in page.get_by_role("main").inner_text()
    click(me, "link", "Take back")
    page.get_by_label("Why").fill("Given to the wrong person.")
    click(me, "button", "Take it back")
    assert "Taken back – Given to the wrong person." in page.get_by_role("main").inner_text()

    # The learner's page says so.
    invited.open(claimed)
    assert "Given to the wrong person." in invited.page.get_by_role("main").inner_text()

    # And the other one is not waited for any more.
    me.open("/admin/learning/awards/")
    click(me, "link", BADGE)
    click(me, "link", re.compile("invited"))
    row = page.get_by_role("row", name=re.compile(re.escape(other)))
    with page.expect_navigation():
        row.get_by_role("button", name=re.compile("Withdraw")).click()
    look(me)
    assert f"The link for {other} gives nothing any more." in page.content()
    invited.open(demo.mailed_link(other, "/col/badges/claim/"))
    assert "has withdrawn this link" in invited.page.get_by_role("main").inner_text()


def claim(visitor, demo, address: str) -> str:
    """From the e-mail's link, by making an account, to the badge; its address."""
    page = visitor.page
    main = page.get_by_role("main")
    link = demo.mailed_link(address, "/col/badges/claim/")
    visitor.open(link)
    assert main.get_by_role("heading", name=BADGE).is_visible()
    assert address not in page.content()
    visitor.press(main.get_by_role("link", name="Sign in or make an account"))
    visitor.press(main.get_by_role("link", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("email", re.IGNORECASE)), address)
    visitor.press(main.get_by_role("button", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("code", re.IGNORECASE)), demo.mailed_code(address))
    visitor.press(main.get_by_role("button").first)
    assert "/col/badges/claim/" in page.url, "back where one came from"
    visitor.press(main.get_by_role("button", name="Take the badge"))
    assert "The badge is yours." in page.content()
    return page.url
