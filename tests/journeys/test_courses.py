"""Online courses in a real browser: connect a provider, pick, learn, get the badge.

The provider goes by ``localhost``, the site by ``127.0.0.1``: two sites, for which browsers keep
cookies apart. Chromium blocks those of a provider inside a frame of ours.
"""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.demo import manage
from tests.journeys.test_editor import Editor
from tests.journeys.watching import RULES, Visitor, published, settled
from tests.lti import processes

LINE = "/en/madrid/the-sky-at-home/"
#: An editor's empty playlist, with a badge at its end.
PREPARE = """
from wagtail.models import Locale
from wagtail_col.badges.models import Achievement
from wagtail_col.pages.standard.models import PlaylistPage, TerritoryPage
madrid = TerritoryPage.objects.get(title="Madrid", locale__language_code="en")
page = PlaylistPage(title="The sky at home", live=False, locale=madrid.locale, colour="indigo",
    achievement=Achievement.objects.filter(live=True).order_by("pk").first())
madrid.add_child(instance=page)
page.save_revision()
"""


@pytest.fixture(scope="module")
def provider():
    with processes.provider("localhost") as url:
        yield url


class Coordinator(Editor):
    """An editor whose browser reaches the course provider too; ``clicks`` counts."""

    def __init__(self, browser, site: str, provider: str) -> None:
        self.provider = provider
        self.clicks: list[str] = []
        super().__init__(browser, site, "admin")

    def answer(self, route) -> None:
        if route.request.url.startswith(f"{self.provider}/"):
            route.continue_()
        else:
            super().answer(route)

    def click(self, name: str, *, role: str = "link", within=None) -> None:
        target = (within or self.page).get_by_role(role, name=re.compile(name)).first
        self.clicks.append(name)
        target.click()

    def tick(self, target) -> None:
        self.clicks.append("tick")
        target.check()

    def choose(self, setting: str, value: str) -> None:
        """A setting of the provider, on its page."""
        self.page.locator(f"[name={setting}][value={value}]").check()
        self.click("Save", role="button", within=self.page.locator("#may-section, main").last)
        self.page.get_by_text("Saved.").wait_for()


@pytest.fixture(scope="module")
def line(browser, demo, provider):
    """The playlist with two of the provider's courses, published; and who connected it all."""
    manage(demo.environment, "shell", "--no-imports", "-c", PREPARE)
    me = Coordinator(browser, demo.url, provider)
    connect(me)
    pick_courses(me)
    yield me
    me.context.close()


def connect(me: Coordinator) -> None:
    """Dynamic Registration in a window of the provider's, which closes by itself."""
    page = me.page
    me.click("^Learning$", role="button")
    me.click("Course providers")
    me.click("Add a course provider")
    page.get_by_role("textbox", name="Registration link").fill(f"{me.provider}/register")
    me.click("Go on", role="button")
    with me.context.expect_page() as opened:
        me.click("Open the provider")
    opened.value.wait_for_event("close")
    page.get_by_text("Waiting for your approval").wait_for()
    me.tick(page.get_by_label("May see names of learners who agree"))
    me.click("Approve", role="button")
    page.get_by_text("In use.").wait_for()


def pick_courses(me: Coordinator) -> None:
    """From the page's own panel to the provider's catalogue, and back into the draft."""
    page = me.page
    number = me.page_id("The sky at home")
    me.clicks.append("The sky at home")
    me.open(f"/admin/pages/{number}/edit/")
    me.click("Add online course")
    page.wait_for_url("**/learning/courses/**")
    me.accessible("main")
    me.click("Open the catalogue")
    for title in ("How stars live", "Build a telescope"):
        me.tick(page.get_by_label(re.compile(title)))
    me.click("Add these", role="button")
    page.get_by_text("What you picked").first.wait_for()
    me.accessible("main")
    me.click("Add to the playlist", role="button")
    page.wait_for_url("**/edit/")
    page.locator(".col-arranging__line").get_by_text("Build a telescope").wait_for()
    print(f"\nclicks to the first course in a playlist: {len(me.clicks)}: {me.clicks}")
    page.locator("[data-w-dropdown-target=toggle], .w-dropdown__toggle").last.click()
    settled(page)
    page.get_by_role("button", name="Publish").click()
    published(page)
    assert me.elsewhere == []
    assert me.errors == []


@contextmanager
def learner(browser, site: str, account: str):
    """Somebody with a phone who has joined the line."""
    visitor = Visitor(browser, site, 360, keyboard=False)
    page = visitor.page
    visitor.open("/accounts/login/")
    page.locator("main [name=login]").fill(f"{account}@example.org")
    page.locator("main [name=password]").fill("demo")
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    visitor.open(LINE)
    visitor.press(page.get_by_role("button", name="Join this line"))
    yield visitor
    visitor.close()


def open_course(visitor: Visitor):
    """One tap on the button that is always in reach; the window that opens."""
    with visitor.context.expect_page() as opened:
        visitor.page.locator(".col-next").get_by_role("link", name="Open the course").click()
    opened.value.wait_for_load_state()
    return opened.value


def accessible(page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def answer(window, button: str) -> None:
    """The one question before the first course."""
    window.get_by_role("heading", name="Before the course opens").wait_for()
    accessible(window)
    window.get_by_role("button", name=button).click()


def shows(visitor: Visitor, text: str) -> None:
    """It is there within seconds, and nobody has loaded the page again."""
    visitor.page.get_by_text(text).first.wait_for(timeout=15_000)
    visitor.check()


def test_a_course_in_a_window_of_its_own(browser, demo, line):
    me, provider = line, line.provider
    with learner(browser, demo.url, "ines") as visitor:
        page = visitor.page
        window = open_course(visitor)
        answer(window, "Open with my name")
        window.wait_for_url(f"{provider}/launches/*")
        assert window.get_by_role("heading", level=1).inner_text() == "How stars live"
        assert window.locator("#person").inner_text() == "Inés Prieto"

        window.get_by_role("button", name="I am half way").click()
        shows(visitor, "In progress")
        assert page.locator(".col-mini__text").first.inner_text().startswith("0 of 2")
        window.get_by_role("link", name="Back to the course").click()
        window.get_by_role("button", name="Finish").click()
        shows(visitor, "1 of 2 stations")
        window.close()

        # Nothing is asked a second time.
        window = open_course(visitor)
        window.wait_for_url(f"{provider}/launches/*")
        assert window.get_by_role("heading", level=1).inner_text() == "Build a telescope"
        window.get_by_role("button", name="Finish").click()
        page.get_by_role("link", name="See your badge").wait_for(timeout=15_000)
        visitor.check()
        visitor.press(page.get_by_role("link", name="See your badge"))
        assert "/badges/" in page.url
    assert me.errors == []


def test_a_course_inside_a_page_of_ours_where_its_cookies_are_blocked(browser, demo, line):
    me, provider = line, line.provider
    me.open("/admin/learning/course-providers/")
    me.page.get_by_role("link", name=re.compile("Open Classroom")).first.click()
    me.choose("opens_in", "frame")
    with learner(browser, demo.url, "marko") as visitor:
        page = visitor.page
        open_it = page.locator(".col-next").get_by_role("link", name="Open the course")
        open_it.click()
        answer(page, "Open without it")
        frame = page.frame_locator("iframe")
        frame.get_by_role("heading", name="How stars live").wait_for()
        assert frame.locator("#person").inner_text() == "You are here under a pseudonym"
        assert visitor.context.cookies(provider) == [], "a frame of another site keeps no cookie"
        assert {url.split("/")[2] for url in visitor.elsewhere} == {provider.split("/")[2]}
        accessible(page)
        frame.get_by_role("button", name="Finish").click()
        frame.get_by_text("You have finished.").wait_for()
        frame.get_by_role("link", name="Back to the course").click()

        # The course's own way back leads out of the frame.
        frame.locator("#back").click()
        page.wait_for_url(re.compile(re.escape(LINE)))
        page.get_by_text("Open Classroom (example) says: “See you soon.”").wait_for()
        assert page.locator(".col-mini__text").first.inner_text().startswith("1 of 2")

        # And so does the page's own.
        page.locator(".col-next").get_by_role("link", name="Open the course").click()
        frame.get_by_role("heading", name="Build a telescope").wait_for()
        page.get_by_role("link", name=re.compile("Back")).first.click()
        page.wait_for_url(re.compile(re.escape(LINE)))
    assert me.errors == []
