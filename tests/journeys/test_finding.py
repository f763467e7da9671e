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


def in_sight(target) -> bool:
    """Whether all of it is on the screen, and nothing lies over its middle."""
    return target.evaluate(
        "(element) => { const { top, bottom, left, right } = element.getBoundingClientRect();"
        " if (top < 0 || left < 0 || bottom > innerHeight || right > innerWidth) return false;"
        " const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);"
        " return element.contains(there); }"
    )


def test_what_one_came_for_is_on_the_first_screen(visitor):
    page = visitor.page
    visitor.open(MADRID)
    page.wait_for_load_state("networkidle")
    filters = page.locator(".col-filters > summary")
    assert in_sight(filters)
    assert on_the_map(page) > 1000
    assert page.locator(".col-cluster").count() > 4
    if not visitor.keyboard:
        # All of the map, not only how it begins.
        assert in_sight(page.locator(".col-map"))
        # Chips that are farther along are reached by moving their row, or by Tab.
        page.get_by_role("link", name="Online", exact=True).focus()
        assert in_sight(page.get_by_role("link", name="Online", exact=True))
        assert in_sight(filters)
    visitor.activate(filters)
    assert in_sight(page.get_by_role("link", name="Online", exact=True))
    visitor.check()


@pytest.fixture(params=[(360, True), (1280, True), (360, False)], ids=["phone", "desk", "plain"])
def learner(request, browser, demo):
    width, javascript = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=False, javascript=javascript)
    yield visitor
    visitor.close()


def test_from_the_first_page_to_a_filtered_result_in_three_taps(learner):
    page = learner.page
    learner.open("/en/")
    learner.press(page.locator("a[href*='interest=music']"))  # 1
    learner.press(page.get_by_role("link", name="This week", exact=True))  # 2
    assert "interest=music" in page.url and "when=week" in page.url
    expect(page.locator(".col-active a", has_text="Music")).to_be_visible()
    assert counted(page) > 0
    learner.press(page.locator(".col-card__title a").first)  # 3
    page.go_back()
    assert "interest=music" in page.url and "when=week" in page.url


def test_words_of_the_first_page_are_looked_for_with_filters(learner):
    page = learner.page
    learner.open("/en/")
    page.get_by_role("searchbox").fill("cine")
    learner.press(page.get_by_role("button", name="Search"))  # 1
    everything = counted(page)
    assert "q=cine" in page.url
    learner.press(page.locator(".col-filters summary"))  # 2
    learner.tick(page.locator("input[name=free]"))
    learner.press(page.get_by_role("button", name="Show results"))  # 3
    assert "q=cine" in page.url and "free=1" in page.url
    assert 0 < counted(page) < everything


def test_nothing_found_leads_on_in_one_tap(learner):
    page = learner.page
    learner.open(f"{MADRID}?q=cine&age=3&kind=internship")
    way = page.locator(".col-ways a").first
    count = way.locator("strong").inner_text()
    learner.press(way)
    assert counted(page) == int(count)
