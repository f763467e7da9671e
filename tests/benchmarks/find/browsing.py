"""How soon a phone shows the first clusters: ours, and those of all points sent at once.

Chromium with a quarter of this machine's speed, 10 Mbit/s and 50 ms to the server: a slow phone
that was never here, so that nothing is in its cache. It runs on the same machine as the site, so a
busy machine slows it down.

Counted is from the request of the page, by which the clusters come, until the frame that has them
is painted: all that somebody waits for, the latency of each request included. That is two of them
at least, one for the page and one for its style sheet; both are packed, as the server in front of a
site does it. Floor: until the same phone has painted the heading of an empty page, without a style
sheet; measured in turns.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import statistics
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tests.benchmarks.pages import empty_page
from tests.benchmarks.timing import Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROUNDS = 10
#: Milliseconds until a page that shows nothing is given up.
PATIENCE = 180_000
SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 50,
    "downloadThroughput": 10_000_000 / 8,
    "uploadThroughput": 10_000_000 / 8,
}
PHONE = {"width": 390, "height": 844}

#: Says when the first of these has been painted: after the frame that it appeared in. What waits
#: for a style sheet gets no frame.
WATCHING = """
const shown = "MARKS";
new MutationObserver((_changes, watching) => {
  if (!document.querySelector(shown)) return;
  watching.disconnect();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (window.benchDrawn = performance.now());
    port2.postMessage(0);
  });
}).observe(document, { childList: true, subtree: true });
"""
PAINTED = """() => {
  const [first] = performance.getEntriesByName("first-contentful-paint");
  return first && window.benchDrawn && Math.max(first.startTime, window.benchDrawn);
}"""
#: Links of the picture, buttons of the moving map, those of the peer.
MARKS = ".col-stop, .col-point, .col-cluster"


def first_clusters(backend: str, n: int, address: str) -> list[Row]:
    """Of the Find screen."""
    return _measured("first-clusters", backend, n, f"{address}?free=1")


def all_points(backend: str, n: int) -> list[Row]:
    """The same where the browser gets every point and puts them together by a plain grid.

    That is less work than an index of clusters for every zoom (supercluster), so this peer is
    rather too quick than too slow.
    """
    return _measured("peer-all-points", backend, n, "/bench-all-points")


def _measured(job: str, backend: str, n: int, path: str) -> list[Row]:
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not chromium:
        print(f"{job}: there is no Chromium here.", file=sys.stderr)
        return []
    from playwright.sync_api import sync_playwright

    floor_path = empty_page(f"bench-{job}")
    painted, bare = [], []
    with _served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        # The first one warms up the site.
        for number in range(ROUNDS + 1):
            empty = _watched(browser, f"{site}{floor_path}", "h1")
            ours = _watched(browser, f"{site}{path}", MARKS)
            if number:
                bare.append(empty)
                painted.append(ours)
        browser.close()
    median, floor = statistics.median(painted), statistics.median(bare)
    return [
        Row(
            job=job,
            backend=backend,
            n=n,
            median_ms=round(median, 1),
            p95_ms=round(statistics.quantiles(painted, n=20)[-1], 1),
            floor_ms=round(floor, 1),
            ratio=round(median / floor, 2),
            over_ms=round(median - floor, 1),
            per_second=round(1000 / median, 1),
        )
    ]


def _watched(browser: Browser, url: str, marks: str) -> float:
    """Milliseconds from the request of a page until the first of the marks was painted."""
    # Only so that we may ask the page when it was painted.
    context = browser.new_context(viewport=PHONE, locale="en", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCHING.replace("MARKS", marks))
    phone = context.new_cdp_session(page)
    phone.send("Network.emulateNetworkConditions", NETWORK)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    painted = page.wait_for_function(PAINTED).json_value()
    context.close()
    return painted


def _packing(application: Callable) -> Callable:
    """A WSGI application whose texts are packed, as a server in front of the site does it."""

    def packed(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        said: list[Any] = []

        def started(status: str, headers: list[tuple[str, str]], *_error: Any) -> None:
            said.append((status, headers))

        answer = application(environ, started)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        [(status, headers)] = said
        names = {name.lower(): value for name, value in headers}
        kind = names.get("content-type", "")
        if kind.startswith(("text/", "image/svg")) and "content-encoding" not in names:
            body = _gzipped(body)
            headers = [one for one in headers if one[0].lower() != "content-length"]
            headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    return packed


@lru_cache(maxsize=100)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6)


@contextlib.contextmanager
def _served() -> Iterator[str]:
    """The site on a port of this machine, in threads of this process."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application
    from django.test.testcases import QuietWSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(_packing(StaticFilesHandler(get_wsgi_application())))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
