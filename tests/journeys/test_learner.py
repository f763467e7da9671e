"""From the map to a verified badge: what a learner does, and then a stranger."""

import re
import uuid

import pytest

from tests.journeys.watching import Visitor

LINE = "/en/madrid/madrids-night-sky/"
FIRST_STATION = "Artemisia"


@pytest.fixture(
    params=[(360, False, True), (1280, True, True), (360, False, False)],
    ids=["phone", "desk-by-keyboard", "phone-without-javascript"],
)
def visitor(request, browser, demo):
    width, keyboard, javascript = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=keyboard, javascript=javascript)
    yield visitor
    visitor.close()


def test_from_the_map_to_a_verified_badge(visitor, demo):
    look_around(visitor)

    address = f"{uuid.uuid4().hex}@example.org"
    join(visitor, demo, address)

    # Three stations: a code, a lesson on the web, and one of two talks. A wrong code first.
    page = visitor.page
    codes = demo.codes()[LINE]
    first = next(title for title in codes if title.startswith(FIRST_STATION))
    talk = next(title for title in codes if title != first)
    enter_code(visitor, "AAAA-BBBB-CCCC-DDDD")
    assert "Nothing was changed" in page.get_by_role("alert").inner_text()
    enter_code(visitor, codes[first])
    visitor.open(LINE)
    assert page.locator(".col-mini__text").first.inner_text().startswith("1 of 3")
    visitor.press(page.get_by_role("button", name="I have done this").first)
    follow_link_of_code(visitor, codes[talk])

    # The badge is there at once, and once only: the code again changes nothing
    visitor.open(LINE)
    visitor.press(page.get_by_role("link", name="See your badge"))
    assert demo.mails_to(address) == 2, "one e-mail with the code, one with the badge"
    shared = share(visitor)
    enter_code(visitor, codes[talk])
    assert demo.mails_to(address) == 2

    stranger_verifies(visitor, shared, address)


def look_around(visitor):
    """The map's page, a filter, an opportunity, its calendar file."""
    page = visitor.page
    visitor.open("/en/")
    visitor.press(page.locator("#tour").get_by_role("link", name="map"))
    everything = page.locator(".col-find__count").inner_text()
    visitor.press(page.locator(".col-filters summary"))
    visitor.tick(page.locator("input[name=interest][value=music]"))
    visitor.press(page.get_by_role("button", name="Show results"))
    assert "interest=music" in page.url
    assert page.locator(".col-find__count").inner_text() != everything
    visitor.press(page.locator(".col-card__title a").first)
    with page.expect_download() as download:
        visitor.activate(page.get_by_role("link", name=re.compile("calendar")))
    assert download.value.suggested_filename.endswith(".ics")


def join(visitor, demo, address):
    """An account by a code from one's e-mail, then the line's own button."""
    page = visitor.page
    main = page.get_by_role("main")
    visitor.open(LINE)
    visitor.press(page.get_by_role("link", name="Join this line"))
    visitor.press(main.get_by_role("link", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("email", re.IGNORECASE)), address)
    visitor.press(main.get_by_role("button", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("code", re.IGNORECASE)), demo.mailed_code(address))
    visitor.press(main.get_by_role("button").first)
    assert page.url.endswith(LINE), "back where one came from"
    visitor.press(page.get_by_role("button", name="Join this line"))
    assert page.locator(".col-mini__text").first.inner_text().startswith("0 of 3")


def enter_code(visitor, code):
    visitor.open("/col/code/")
    visitor.write(visitor.page.locator("#col-code"), code)
    visitor.press(visitor.page.get_by_role("button", name="I was there"))


def follow_link_of_code(visitor, code):
    """What the organiser's QR code leads to: nothing happens before the button."""
    visitor.open(f"/col/code/{code}/")
    visitor.press(visitor.page.get_by_role("button", name="I was there"))


def share(visitor):
    """Without a name; the address of the link's page."""
    page = visitor.page
    main = page.get_by_role("main")
    visitor.press(main.get_by_role("link", name="Share", exact=True))
    visitor.press(main.get_by_role("button", name="Share this badge"))
    return page.locator("#col-share-link").input_value()


def stranger_verifies(visitor, badge, address):
    """Without an account: the badge, its verification, and one changed character."""
    page = visitor.page
    visitor.context.clear_cookies()
    visitor.open(badge)
    assert address.split("@")[0] not in page.content()
    announced = page.locator("link[rel=alternate][type='application/vc+ld+json']")
    document = page.request.get(announced.get_attribute("href")).text()
    visitor.press(page.get_by_role("link", name="Verify", exact=True))
    assert page.locator(".col-verdict--good").is_visible()
    changed = document.replace("Night", "Nicht", 1)
    assert changed != document
    for said, verdict in ((document, "good"), (changed, "bad")):
        visitor.open("/col/badges/verify/")
        visitor.paste(page.get_by_role("main").locator("textarea"), said)
        visitor.press(page.get_by_role("main").get_by_role("button").last)
        assert page.locator(f".col-verdict--{verdict}").is_visible()
    assert "Signature" in page.locator(".col-checks__bad").first.inner_text()
