"""Being told of what is new, stopping it from the e-mail, and a search on another website."""

import re
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.accounts import sign_up
from tests.journeys.demo import manage
from tests.journeys.watching import RULES, Visitor

SEARCH = "/en/madrid/?interest=music"
#: A week later there is something new.
A_WEEK_LATER = """
from uuid import uuid4
from django.utils import timezone
from wagtail_col.catalogue.facts import ListingFacts, Text
from wagtail_col.catalogue.models import Alert, TerritoryText
from wagtail_col.catalogue.publishing import publish_listing
madrid = TerritoryText.objects.get(url="/en/madrid/").territory
publish_listing(ListingFacts(key=uuid4(), texts=(Text(language="en", title="{title}"),),
    kind="course", territory=madrid.key, interests=("music",), is_local=False, is_online=True))
Alert.objects.update(due_at=timezone.now())
"""


@pytest.fixture(
    params=[(360, False, True), (1280, True, True), (360, False, False)],
    ids=["phone", "desk-by-keyboard", "phone-without-javascript"],
)
def visitor(request, browser, demo):
    width, keyboard, javascript = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=keyboard, javascript=javascript)
    yield visitor
    visitor.close()


def test_a_learner_is_told_of_what_is_new_and_stops_it(visitor, demo):
    page, main = visitor.page, visitor.page.get_by_role("main")
    address = f"{uuid.uuid4().hex}@example.org"
    visitor.open(SEARCH)
    visitor.press(page.get_by_role("link", name="Tell me about new things"))
    sign_up(visitor, demo, address)
    assert address in main.inner_text(), "back at the search that is to be saved"
    assert "Music" in main.inner_text()
    visitor.press(page.get_by_role("button", name="Save this search"))
    assert "Saved." in page.get_by_role("status").inner_text()

    title = f"Ukulele {address[:8]}"
    manage(demo.environment, "shell", "--no-imports", "-c", A_WEEK_LATER.format(title=title))
    sent = manage(demo.environment, "send_alerts")
    mails = [mail for mail in sent.split("-" * 79) if f"To: {address}" in mail]
    assert len(mails) == 1
    assert title in mails[0]
    link = re.search(r"List-Unsubscribe: <([^>]+)>", mails[0].replace("\n ", ""))[1]

    visitor.context.clear_cookies()
    visitor.open(link.removeprefix(demo.url))
    visitor.press(page.get_by_role("button", name="Stop all of them"))
    assert page.get_by_role("heading", name="Stopped").is_visible()
    assert address not in manage(demo.environment, "send_alerts")


def test_a_learner_stops_one_search_on_the_site(visitor, demo):
    page = visitor.page
    visitor.open(SEARCH)
    visitor.press(page.get_by_role("link", name="Tell me about new things"))
    sign_up(visitor, demo, f"{uuid.uuid4().hex}@example.org")
    visitor.press(page.get_by_role("button", name="Save this search"))
    visitor.press(page.get_by_role("button", name=re.compile("^Stop")))
    assert page.get_by_role("heading", name="You have saved no search").is_visible()


def test_a_library_shows_a_search_on_its_website(visitor, demo):
    page = visitor.page
    visitor.open(SEARCH)
    visitor.press(page.get_by_role("link", name="Show this on your website"))
    page.get_by_label("What it shows").select_option("map")
    visitor.press(page.get_by_role("button", name="Change the line"))
    line = page.get_by_label("One line of HTML").input_value()
    visitor.open(re.search(r'src="([^"]+)"', line)[1].replace("&amp;", "&"))

    visitor.context.clear_cookies()
    with website(line) as library:
        page.goto(library)
        frame = page.frame_locator("iframe")
        frame.locator(".col-card__title a").first.wait_for()
        assert frame.locator(".col-map").is_visible()
        if visitor.javascript:
            frame.locator(".col-map--live").wait_for()
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, found.generate_report()
        assert visitor.context.cookies() == []
        assert visitor.complaints == []
        title = frame.locator(".col-card__title a").first
        wanted = title.inner_text()
        title.click()
        page.wait_for_url(f"{demo.url}/**")
        assert page.get_by_role("heading", name=wanted, exact=True).is_visible()


@contextmanager
def website(line):
    """A library's website with the line in it: another site than ours, for browsers too."""
    said = (
        '<!DOCTYPE html><html lang="en"><head><title>Library</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>Library</h1>{line}</main></body></html>"
    ).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(said)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
