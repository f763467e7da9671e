"""A coordinator connects a real course provider: on a phone, and by keyboard alone at a desk."""

from __future__ import annotations

import re

import pytest

from tests.journeys.test_editor import Editor
from tests.lti import processes

LIST = "/admin/learning/course-providers/"
ONE = re.compile(r"course-providers/[0-9a-f-]{36}/(#.*)?$")


@pytest.fixture(scope="module")
def provider():
    with processes.provider() as url:
        yield url


@pytest.fixture(params=[360, 1280])
def me(browser, demo, request):
    coordinator = Editor(browser, demo.url, "admin", request.param)
    # The provider's own page is elsewhere, and has to be reached.
    coordinator.context.unroute("**/*")
    coordinator.keyboard = request.param == 1280
    yield coordinator
    coordinator.context.close()


def press(me, selector: str) -> None:
    if me.keyboard:
        me.page.locator("h2").first.evaluate("(h2) => { h2.tabIndex = -1; h2.focus(); }")
        me.tab_to(selector)
        me.page.keyboard.press("Enter")
    else:
        me.page.locator(selector).click()


def look(me) -> None:
    """Nothing for axe, nothing wider than the screen."""
    me.page.wait_for_load_state("load")
    # Wagtail's messages come in gently: half there, their colours are too faint.
    me.page.wait_for_timeout(500)
    me.accessible()
    assert me.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def delete(me) -> None:
    press(me, "a[href$='/delete/']")
    me.page.wait_for_url("**/delete/")
    look(me)
    press(me, "main form button.serious")
    me.page.wait_for_url(f"**{LIST}")


def test_a_provider_registers_in_its_own_window_and_the_page_moves_on(me, provider):
    page = me.page
    me.open(LIST)
    look(me)
    press(me, f"main a[href='{LIST}add/']:not(.w-header-button)")
    page.wait_for_url("**/add/")
    page.locator("#id_url").fill(f"{provider}/register")
    look(me)
    press(me, "button[name=link]")
    page.locator("[data-col-registering-target=link]").wait_for()
    look(me)
    with me.context.expect_page() as opened:
        press(me, "[data-col-registering-target=link]")
    page.wait_for_url(ONE)
    assert opened.value.is_closed()

    assert "Waiting for your approval" in page.locator("main").inner_text()
    ticked = page.locator("form input[type=checkbox]:checked")
    assert ticked.evaluate_all("(boxes) => boxes.map((box) => box.name)") == ["may_grades"]
    look(me)
    press(me, "button[name=approve]")
    page.get_by_text("is approved").wait_for()
    look(me)

    press(me, "form[action*='/test/'] button")
    page.locator(".col-checks").wait_for()
    look(me)
    failed = page.locator(".col-check--failed")
    assert failed.count() == 0, failed.all_inner_texts()
    assert page.locator(".col-check--ok").count() == 6

    page.get_by_role("link", name="All of its launch log").click()
    page.get_by_role("cell", name="Registration").first.wait_for()
    look(me)
    page.go_back()
    page.wait_for_url(ONE)
    delete(me)
    assert me.errors == []


def test_a_provider_is_written_in_by_hand(me, provider):
    page = me.page
    me.context.grant_permissions(["clipboard-read", "clipboard-write"])
    me.open(f"{LIST}add/")
    page.locator("#id_name").fill("Written in by hand")
    press(me, "button[name=hand]")
    page.locator("#copy-client-id").wait_for()
    look(me)
    press(me, ".col-copy:has(#copy-client-id) button")
    page.get_by_text("Copied.").wait_for()
    shown = page.locator("#copy-client-id").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == shown

    page.locator("#id_login_url").fill(f"{provider}/login")
    page.locator("#id_launch_url").fill(f"{provider}/launch")
    page.locator("#id_jwks_url").fill("nonsense")
    press(me, "main form button[type=submit]")
    page.get_by_text("Nothing was saved").wait_for()
    look(me)
    page.locator("#id_jwks_url").fill(f"{provider}/nothing-there")
    press(me, "main form button[type=submit]")
    page.wait_for_url(ONE)
    press(me, "form[action*='/test/'] button")
    failed = page.locator(".col-check--failed")
    failed.first.wait_for()
    assert [text.split("\n")[0] for text in failed.all_inner_texts()] == ["Key set: failed"]
    look(me)
    delete(me)
    assert me.errors == []
