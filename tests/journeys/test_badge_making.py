"""An editor makes a badge: from a template, with a skill and a badge that it asks for."""

from __future__ import annotations

import re

import pytest

from tests.journeys.test_editor import Editor
from tests.journeys.watching import Visitor, published, settled

#: None that learners earn on their walks: whoever has it would get this one as well.
NEEDED = "City reader"


@pytest.fixture(params=[360, 1280])
def me(request, browser, demo):
    editor = Editor(browser, demo.url, "editor", request.param)
    editor.width = request.param
    yield editor
    editor.context.close()


def test_a_badge_from_a_template_with_a_skill_and_a_requirement(me, browser, demo):
    page = me.page
    me.open("/admin/learning/badges/")
    page.get_by_role("link", name=re.compile("Add badge", re.IGNORECASE)).first.click()
    page.locator(".col-starts").wait_for()
    me.accessible(".col-starts")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Skill shown")).click()

    name = f"Star guide {me.width}"
    drawing = page.locator("[data-col-badge-target=picture]").first
    assert "shape=hexagon" in drawing.get_attribute("src")
    page.locator("#id_texts-0-name").fill(name)
    page.locator("#id_texts-0-description").fill("Can show others the night sky.")
    page.locator("#id_texts-0-criteria").fill("Led an evening under the stars.")
    page.locator("#id_shape").select_option("shield")
    page.locator("[data-col-badge-target=picture][src*='shape=shield']").first.wait_for()
    assert f"name={name.replace(' ', '+')}" in drawing.get_attribute("src")
    assert drawing.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    me.accessible(".col-drawing")

    # A skill in three clicks: add, tick, confirm.
    page.get_by_role("button", name="Add skill").click()
    dialog = page.locator(".modal-body")
    dialog.get_by_label("Words").fill("explain the night")
    found = dialog.get_by_role("row", name=re.compile("explain the night sky"))
    found.get_by_role("checkbox").check()
    dialog.get_by_role("button", name=re.compile("Confirm")).click()
    page.get_by_text("explain the night sky").first.wait_for()

    page.get_by_role("button", name="Add badge that is needed").click()
    page.locator("#id_requirements-0-required-chooser").get_by_role(
        "button", name=re.compile("Choose")
    ).first.click()
    dialog.get_by_role("link", name=NEEDED).click()
    page.locator("#id_requirements-0-required-chooser").get_by_text(NEEDED).wait_for()

    page.locator(".w-dropdown__toggle, [data-w-dropdown-target=toggle]").last.click()
    settled(page)
    page.get_by_role("button", name="Publish").click()
    published(page)
    assert me.errors == []
    assert me.elsewhere == []
    me.open("/admin/learning/badges/")
    page.get_by_role("link", name=name).first.wait_for()

    seen_by_everybody(browser, demo, address_of(me, name), name, me.width)


def address_of(me, name: str) -> str:
    """The badge's own page, found as a visitor finds it: among its issuer's."""
    me.page.goto("/col/badges/issuer/")
    return me.page.get_by_role("link", name=name).first.get_attribute("href")


def seen_by_everybody(browser, demo, address, name, width):
    visitor = Visitor(browser, demo.url, width, keyboard=False)
    try:
        visitor.open(address)
        page = visitor.page
        assert page.get_by_role("heading", level=1).inner_text() == name
        stations = page.locator(".col-stations .col-station__title")
        assert stations.all_inner_texts() == [NEEDED, name]
        assert "You have" not in page.locator("#criteria").inner_text()
        visitor.press(page.get_by_role("link", name="Explain the night sky"))
        assert page.get_by_role("heading", level=1).inner_text() == "Explain the night sky"
        assert page.get_by_role("link", name=name).count() == 1
    finally:
        visitor.close()
