"""A map background of another host: asked for after a tap, and no longer when it is taken away."""

import io
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.demo import start_tiled
from tests.journeys.test_finding import MADRID, zoom_in
from tests.journeys.watching import Visitor

SHOW, HIDE = "Show map background from localhost", "Hide map background"


@dataclass
class Tiles:
    """Somebody else's server, under another name than the site's; the headers of each request."""

    host: str
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.host}/{{z}}/{{x}}/{{y}}.png"


@pytest.fixture(scope="module")
def tiles():
    square = io.BytesIO()
    Image.new("RGB", (256, 256), "#cde").save(square, "PNG")

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            tiles.asked.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Set-Cookie", "who=you")
            self.end_headers()
            self.wfile.write(square.getvalue())

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    tiles = Tiles(f"http://localhost:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tiles
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def tiled(demo, tiles):
    site, server = start_tiled(demo, tiles.url)
    yield site
    server.terminate()
    server.wait(20)


@pytest.fixture(params=[(360, False), (1280, True)], ids=["phone", "desk-by-keyboard"])
def visitor(request, browser, tiled, tiles):
    width, keyboard = request.param
    tiles.asked.clear()
    visitor = Visitor(browser, tiled.url, width, keyboard=keyboard)
    yield visitor
    visitor.close()


def settled(visitor) -> None:
    visitor.page.locator(".col-map--live").wait_for()
    visitor.page.wait_for_load_state("networkidle")


def all_there(visitor) -> None:
    """Until each tile that was asked for is there. That the network was idle once holds for good:
    what is asked for after a tap may reach its server later than the next line of a test."""
    waiting = visitor.page.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")
    expect(waiting).to_have_count(0)


def test_tiles_of_another_host_wait_for_a_tap_and_can_be_taken_away(visitor, tiles):
    page = visitor.page
    visitor.open(MADRID)
    settled(visitor)
    zoom_in(visitor)
    visitor.check()  # Nothing was asked of anybody else,
    assert tiles.asked == []  # and nobody else was asked.
    shown = page.locator("img.leaflet-tile-loaded")

    visitor.activate(page.get_by_role("button", name=SHOW))
    expect(shown.first).to_be_visible()
    all_there(visitor)
    expect(page.get_by_text("Tiles of a test")).to_be_visible()
    assert visitor.elsewhere
    assert all(url.startswith(tiles.host) for url in visitor.elsewhere)
    # What was looked for is in the address of the page: that one they are not told.
    assert {one.get("referer") for one in tiles.asked} <= {f"{visitor.site}/", None}
    visitor.elsewhere.clear()
    visitor.check()

    visitor.activate(page.get_by_role("button", name=HIDE))
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    expect(page.get_by_text("Tiles of a test")).to_be_hidden()
    expect(page.get_by_role("button", name=SHOW)).to_be_focused()
    asked = len(tiles.asked)
    zoom_in(visitor)
    visitor.check()
    assert len(tiles.asked) == asked


def test_a_tap_holds_for_the_page_it_was_made_on(visitor, tiles):
    page = visitor.page
    visitor.open(MADRID)
    settled(visitor)
    visitor.activate(page.get_by_role("button", name=SHOW))
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    all_there(visitor)
    tiles.asked.clear()
    visitor.elsewhere.clear()
    page.reload()
    settled(visitor)
    visitor.check()
    assert tiles.asked == []
    expect(page.get_by_role("button", name=SHOW)).to_be_visible()


def test_without_javascript_nobody_else_is_asked(browser, tiled, tiles):
    tiles.asked.clear()
    visitor = Visitor(browser, tiled.url, 360, keyboard=False, javascript=False)
    try:
        visitor.open(MADRID)
        visitor.page.wait_for_load_state("networkidle")
        assert tiles.asked == []
        expect(visitor.page.get_by_role("button", name=SHOW)).to_have_count(0)
    finally:
        visitor.close()
