"""From the map to a verified badge: what a learner does, and then a stranger."""

import re
import uuid

import pytest

from tests.journeys.watching import Visitor

LINE = "/en/madrid/madrids-night-sky/"


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
    page = visitor.page

    # Looking around: the map's page, a filter, an opportunity, the way back
    visitor.open("/en/")
    visitor.press(page.locator("#tour").get_by_role("link", name="map"))
    assert page.locator("h1").inner_text().endswith("Madrid")
    shown = page.locator(".col-find__count").inner_text()
    visitor.press(page.locator(".col-filters summary"))
    visitor.tick(page.locator("input[name=interest][value=music]"))
    visitor.press(page.get_by_role("button", name=re.compile("Show")))
    assert "interest=music" in page.url
    assert page.locator(".col-find__count").inner_text() != shown
    visitor.press(page.locator(".col-card__title a").first)
    assert page.locator("h1").is_visible()
    with page.expect_download() as download:
        (visitor.press if not visitor.keyboard else press_for_download(visitor))(
            page.get_by_role("link", name=re.compile("calendar"))
        )
    assert download.value.suggested_filename.endswith(".ics")

    # Joining: an account by a code from one's e-mail
    visitor.open(LINE)
    visitor.press(
        page.get_by_role("button", name=re.compile("^Join"))
        .or_(page.get_by_role("link", name=re.compile("^Join")))
        .first
    )
    address = f"{uuid.uuid4().hex}@example.org"
    sign_up(visitor, demo, address)
    page.goto(LINE)
    if page.get_by_role("button", name=re.compile("^Join")).count():
        visitor.press(page.get_by_role("button", name=re.compile("^Join")).first)
    assert "0 of 3" in page.locator(".col-mini__text").first.inner_text()

    # The stations: a wrong code, a right one, saying so, and a choice
    codes = demo.codes()[LINE]
    titles = list(codes)
    enter_code(visitor, "AAAA-BBBB-CCCC-DDDD")
    assert page.get_by_role("alert").is_visible()
    enter_code(
        visitor,
        codes[next(t for t in titles if t.startswith("Artemisa"))]
        if any(t.startswith("Artemisa") for t in titles)
        else codes[titles[0]],
    )
    page.goto(LINE)
    visitor.press(page.get_by_role("button", name=re.compile("I have done|I did|Done", re.I)).first)
    for title in titles:
        if "Your badge" in page.content():
            break
        enter_code(visitor, codes[title])
    badge = page.locator("a[href*='/col/badges/']").first
    visitor.press(badge)
    assert demo.mails_to(address) >= 2

    # A stranger is shown it
    credential = page.locator("link[rel=alternate][type='application/vc+ld+json']")
    document = page.request.get(credential.get_attribute("href")).text()
    stranger_verifies(visitor, page.url, document, address)


def press_for_download(visitor):
    def press(target):
        visitor.reach(target)
        visitor.page.keyboard.press("Enter")

    return press


def sign_up(visitor, demo, address):
    page = visitor.page
    visitor.press(
        page.get_by_role("main").get_by_role("link", name=re.compile("sign up", re.I)).first
    )
    visitor.write(page.get_by_role("main").get_by_label(re.compile("e-?mail", re.I)), address)
    visitor.press(page.get_by_role("main").get_by_role("button", name=re.compile("sign up", re.I)))
    visitor.write(page.get_by_label(re.compile("code", re.I)), demo.mailed_code(address))
    visitor.press(page.get_by_role("main").get_by_role("button").first)


def enter_code(visitor, code):
    visitor.open("/col/code/")
    visitor.write(visitor.page.locator("#col-code"), code)
    visitor.press(visitor.page.get_by_role("button", name="I was there"))


def stranger_verifies(visitor, url, document, address):
    visitor.context.clear_cookies()
    page = visitor.page
    visitor.open(url)
    assert address.split("@")[0] not in page.content()
    visitor.press(page.get_by_role("link", name=re.compile("Verify")).first)
    assert page.locator(".col-verdict--good").is_visible()
    for changed, verdict in ((document, "good"), (document.replace("Night", "Nicht", 1), "bad")):
        visitor.open("/col/badges/verify/")
        field = page.get_by_role("main").locator("textarea")
        if visitor.keyboard:
            visitor.reach(field)
            page.keyboard.insert_text(changed)
        else:
            field.fill(changed)
        visitor.press(page.get_by_role("main").get_by_role("button").last)
        assert page.locator(f".col-verdict--{verdict}").is_visible()
    assert page.locator(".col-checks__bad").count() >= 1
