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
