"""A learner's own badges: passport, sharing, stopping, a certificate; and what a stranger sees."""

import re
import uuid

import pytest

from tests.badges.certificate import pdfua
from tests.journeys.test_learner import LINE, enter_code, follow_link_of_code, join
from tests.journeys.watching import Visitor


@pytest.fixture(params=[(360, False), (1280, True)], ids=["phone", "desk-by-keyboard"])
def people(request, browser, demo):
    """The learner, and somebody without an account on the same kind of device."""
    width, keyboard = request.param
    both = [Visitor(browser, demo.url, width, keyboard=keyboard) for _ in range(2)]
    yield both
    for visitor in both:
        visitor.close()


def test_from_the_badge_to_a_certificate(people, demo, tmp_path):
    me, stranger = people
    page = me.page
    main = page.get_by_role("main")
    address = f"{uuid.uuid4().hex}@example.org"
    join(me, demo, address)

    # Nothing yet: the passport leads on.
    me.open("/col/passport/")
    assert "Your first badge" in main.inner_text()
    earn(me, demo)

    # The badge is there, and nobody else sees it.
    me.open("/col/mine/")
    me.press(main.get_by_role("link", name="My passport", exact=True))
    me.press(main.locator(".col-shelf a").first)
    badge = page.url
    assert "Only you see this badge" in main.inner_text()
    assert sees(stranger, badge) == 404

    # Shared without a name: a stranger sees and verifies it.
    me.press(main.get_by_role("link", name="Share", exact=True))
    me.press(main.get_by_role("button", name="Share this badge"))
    assert main.get_by_role("link", name=re.compile("LinkedIn")).count() == 1
    link = page.locator("#col-share-link").input_value()
    assert sees(stranger, link) == 200
    assert "A learner earned this badge" in stranger.page.get_by_role("main").inner_text()
    stranger.press(stranger.page.get_by_role("link", name="Verify", exact=True))
    assert stranger.page.locator(".col-verdict--good").is_visible()

    # A collection, with a title and a name.
    me.open("/col/passport/")
    me.press(main.get_by_role("link", name="Share a collection"))
    me.write(main.get_by_label("Title"), "What I learned")
    me.tick(main.get_by_role("checkbox").first)
    me.write(main.get_by_label("Name to show"), "Ana")
    me.press(main.get_by_role("button", name="Share this collection"))
    collection = page.locator("#col-share-link").input_value()
    assert sees(stranger, collection) == 200
    stranger.press(stranger.page.locator(".col-shelf a").first)
    assert "Ana earned this badge" in stranger.page.get_by_role("main").inner_text()

    # Stopped: both are gone at once.
    me.press(main.get_by_role("button", name="Stop this link"))
    assert sees(stranger, collection) == 404
    assert sees(stranger, link) == 200
    me.press(main.get_by_role("button", name=re.compile("Stop")).first)
    assert "You share nothing at present" in main.inner_text()
    for path in (link, badge):
        assert sees(stranger, path) == 404

    # A certificate shares it anew, and says so first.
    me.open(badge)
    me.press(main.get_by_role("link", name="Certificate (PDF)"))
    assert "shared from then on" in main.inner_text()
    me.write(main.get_by_label("Your name, as it should be printed"), "Žofka Čuk")
    with page.expect_download() as download:
        me.activate(main.get_by_role("button", name="Make the certificate"))
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == ".pdf" and pdfua.findings(file.read_bytes()) == []
    assert sees(stranger, badge) == 200

    # On paper, and everything in one file.
    me.open("/col/passport/")
    me.press(main.get_by_role("link", name="A record to print"))
    assert main.locator(".col-record__badge").count() == 1
    me.open("/col/passport/")
    with page.expect_download() as download:
        me.activate(main.get_by_role("link", name=re.compile("Download everything")))
    assert download.value.suggested_filename == "badges.json"


def earn(visitor, demo):
    """The three stations of the line, and its badge."""
    codes = demo.codes()[LINE]
    first = next(title for title in codes if title.startswith("Artemisia"))
    talk = next(title for title in codes if title != first)
    enter_code(visitor, codes[first])
    visitor.open(LINE)
    visitor.press(visitor.page.get_by_role("button", name="I have done this").first)
    follow_link_of_code(visitor, codes[talk])


def sees(visitor, address):
    """The status a visitor's browser gets, with a look at the page."""
    response = visitor.page.goto(address)
    visitor.check()
    return response.status
