"""Near me only after a tap; a search is what its address says."""

import re

from playwright.sync_api import expect

from tests.journeys.test_finding import MADRID, counted, visitor  # noqa: F401
from tests.journeys.watching import Visitor


def test_the_device_is_asked_where_it_is_after_a_tap_and_not_before(visitor):  # noqa: F811
    visitor.context.add_init_script(
        "window.asked = 0; const ask = navigator.geolocation.getCurrentPosition;"
        "navigator.geolocation.getCurrentPosition = function (...all) {"
        " window.asked += 1; return ask.apply(navigator.geolocation, all); };"
    )
    visitor.context.grant_permissions(["geolocation"], origin=visitor.site)
    visitor.context.set_geolocation({"latitude": 40.41234, "longitude": -3.70345})
    page = visitor.page
    visitor.open(MADRID)
    near = page.get_by_role("button", name="Near me")
    expect(near).to_be_visible()
    assert page.evaluate("window.asked") == 0
    visitor.activate(near)
    # Rounded: nobody has to know the door.
    page.wait_for_url(re.compile(r"at=40\.412,-3\.703"))
    visitor.check()
    assert "sort=distance" in page.url
    assert counted(page) > 0
    # What search engines are told says nothing of where somebody is.
    assert "at=" not in page.locator("link[rel=canonical]").get_attribute("href")
    visitor.press(page.locator(".col-active a").first)
    assert "at=" not in page.url


def test_nothing_moves_when_the_script_comes(visitor):  # noqa: F811
    page = visitor.page
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver((list) => window.shifts.push("
        "...list.getEntries().filter((one) => !one.hadRecentInput).map((one) => one.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    script = "**/wagtail_col/js/find*.js"
    page.route(script, lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.goto(MADRID)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".col-map--live")).to_be_visible()
    expect(page.get_by_role("button", name="Near me")).to_be_visible()
    assert page.evaluate("window.shifts") == []


def test_a_device_that_does_not_say_where_it_is_is_answered_beside_the_button(
    visitor,  # noqa: F811
):
    page = visitor.page
    page.add_init_script(
        "navigator.geolocation.getCurrentPosition = (found, refused) => setTimeout(refused, 200);"
    )
    visitor.open(MADRID)
    said = page.locator("[data-col-said-near]")
    visitor.activate(page.get_by_role("button", name="Near me"))
    expect(said).to_contain_text("Asking your device")
    expect(said).to_contain_text("type a place under Filters")
    assert said.bounding_box()["y"] < page.locator(".col-map").bounding_box()["y"]
    visitor.check()


def test_a_search_survives_reload_going_back_and_sharing(visitor, browser, demo):  # noqa: F811
    page = visitor.page
    visitor.open(f"{MADRID}?interest=music")
    visitor.press(page.get_by_role("link", name="Free", exact=True))
    found, address = counted(page), page.url
    page.reload()
    assert (counted(page), page.url) == (found, address)
    page.go_back()
    assert "free=1" not in page.url
    page.go_forward()
    assert (counted(page), page.url) == (found, address)
    other = Visitor(browser, demo.url, 360, keyboard=False, javascript=False)
    try:
        other.open(address)
        assert counted(other.page) == found
    finally:
        other.close()
