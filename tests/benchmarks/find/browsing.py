"""How soon a phone shows the first clusters: ours, and those of all points sent at once.

Chromium with a quarter of this machine's speed, 10 Mbit/s and 50 ms to the server: a slow phone.
Both run on the same machine as the site, so a busy machine slows down both.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import sys
import threading
from collections.abc import Iterator

from tests.benchmarks.timing import Row

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

#: Says when the first mark has been painted: after the frame that it appeared in.
WATCHING = """
new MutationObserver((_changes, watching) => {
  if (!document.querySelector(".col-cluster, .col-point")) return;
  watching.disconnect();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (window.benchPainted = performance.now());
    port2.postMessage(0);
  });
}).observe(document, { childList: true, subtree: true });
"""
MOMENTS = """part => {
  const asked = performance.getEntriesByType("resource").find((one) => one.name.includes(part));
  return [asked.startTime, asked.responseEnd, window.benchPainted];
}"""


def first_clusters(backend: str, n: int, address: str) -> list[Row]:
    """From the map's request to its first clusters; floor: until the request is answered."""
    return _measured("first-clusters", backend, n, f"{address}?free=1", "/col/map.json")


def all_points(backend: str, n: int) -> list[Row]:
    """The same where the browser gets every point and puts them together by a plain grid.

    That is less work than an index of clusters for every zoom (supercluster), so this peer is
    rather too quick than too slow.
    """
    return _measured("peer-all-points", backend, n, "/bench-all-points", "/bench-points.json")


def _measured(job: str, backend: str, n: int, path: str, part: str) -> list[Row]:
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not chromium:
        print(f"{job}: there is no Chromium here.", file=sys.stderr)
        return []
    with _served() as site:
        answered, painted = _watched(chromium, f"{site}{path}", part)
    median, floor = statistics.median(painted), statistics.median(answered)
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


def _watched(chromium: str, url: str, part: str) -> tuple[list[float], list[float]]:
    """Milliseconds from the request until it was answered, and until something was painted."""
    from playwright.sync_api import sync_playwright

    answered, painted = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for number in range(ROUNDS + 1):
            # Only so that we may ask the page when it was painted.
            context = browser.new_context(viewport=PHONE, locale="en", bypass_csp=True)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.add_init_script(WATCHING)
            phone = context.new_cdp_session(page)
            phone.send("Network.emulateNetworkConditions", NETWORK)
            phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(url)
            page.wait_for_function("window.benchPainted")
            asked, done, shown = page.evaluate(MOMENTS, part)
            # The first one warms up the site.
            if number:
                answered.append(done - asked)
                painted.append(shown - asked)
            context.close()
        browser.close()
    return answered, painted


@contextlib.contextmanager
def _served() -> Iterator[str]:
    """The site on a port of this machine, in threads of this process."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application
    from django.test.testcases import QuietWSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
