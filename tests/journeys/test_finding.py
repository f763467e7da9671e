"""Finding something to learn: the map and the list are one, and the address is all of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.watching import Visitor

MADRID = "/en/madrid/"


@pytest.fixture(params=[(360, False), (1280, True)], ids=["phone", "desk-by-keyboard"])
def visitor(request, browser, demo):
    width, keyboard = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=keyboard)
    yield visitor
    visitor.close()


@pytest.fixture
def plain(browser, demo):
    visitor = Visitor(browser, demo.url, 360, keyboard=False, javascript=False)
    yield visitor
    visitor.close()


def counted(page) -> int:
    """How many things the list says there are."""
    return int(re.search(r"\d+", page.locator(".col-find__count").inner_text())[0])


def on_the_map(page) -> int:
    """How many things the marks on the map stand for."""
    together = page.locator(".col-cluster").all_inner_texts()
    return sum(map(int, together)) + page.locator(".col-point").count()


def zoom_in(visitor) -> None:
    """One step closer, until the list has followed."""
    page = visitor.page
    with page.expect_response(re.compile("/col/find.html")):
        visitor.activate(page.locator(".leaflet-control-zoom-in"))
    expect(page.locator("[data-col-part=list]")).not_to_have_attribute("aria-busy", "true")
    page.wait_for_load_state("networkidle")


def test_the_list_holds_what_the_map_shows(visitor):
    page = visitor.page
    visitor.open(MADRID)
    everything = counted(page)
    zoom_in(visitor)
    assert counted(page) == on_the_map(page) < everything
    assert "box=" in page.url
    assert page.locator("[data-col-said]").text_content().startswith(str(counted(page)))
    expect(page.get_by_role("link", name="In this part of the map")).to_be_visible()
    # What is online has its own place, wherever the map is.
    expect(page.locator(".col-band", has_text="online, from anywhere")).to_be_visible()
    # Clusters split; the list goes along.
    before = counted(page)
    zoom_in(visitor)
    assert counted(page) == on_the_map(page) < before
    visitor.check()
    survives(visitor)


def survives(visitor) -> None:
    """Reload, somebody else's browser, and back from an opportunity: the same list and map."""
    page = visitor.page
    count, address = counted(page), page.url
    page.reload()
    page.wait_for_load_state("networkidle")
    assert (counted(page), on_the_map(page), page.url) == (count, count, address)
    visitor.press(page.locator(".col-card__title a").first)
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert (counted(page), on_the_map(page), page.url) == (count, count, address)
    # A tap takes the part of the map away again.
    visitor.press(page.get_by_role("link", name="In this part of the map"))
    assert "box=" not in page.url
    assert counted(page) > count


def test_a_card_on_the_map_leads_to_the_opportunity(visitor):
    page = visitor.page
    visitor.open(f"{MADRID}?q=museo")
    mark = page.locator(".col-point").first
    while not mark.count():
        zoom_in(visitor)
    title = mark.get_attribute("aria-label")
    visitor.activate(mark)
    card = page.locator(".leaflet-popup")
    expect(card.get_by_role("link", name=title)).to_be_visible()
    page.wait_for_load_state("networkidle")
    visitor.check()
    visitor.press(card.get_by_role("link", name=title))
    assert page.locator("h1").inner_text() == title


def test_a_shared_part_of_the_map_works_without_javascript(plain):
    plain.open(f"{MADRID}?box=-3.75,40.38,-3.65,40.46")
    page = plain.page
    part = counted(page)
    assert page.locator(".col-map__svg").is_visible()
    expect(page.locator("[data-col-near]")).to_be_hidden()
    # The words that are typed are looked for in the same part.
    page.locator("#q").fill("museo")
    plain.press(page.get_by_role("button", name="Search"))
    assert "box=" in page.url and "q=museo" in page.url
    assert counted(page) < part
    plain.press(page.get_by_role("link", name="In this part of the map"))
    assert "box=" not in page.url and "q=museo" in page.url
