"""A real browser for the journeys.

CHROMIUM names the program; without it the usual names are tried. Where there is none the journeys
are skipped, or fail if REQUIRE_BROWSER=1.
"""

import os
import shutil
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser's program."""
    wanted = os.environ.get("CHROMIUM")
    for name in [wanted] if wanted else NAMES:
        if path := shutil.which(name):
            return path
    reason = "no Chromium here: install it, or name the program in CHROMIUM"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium):
    """A running headless Chromium (playwright.sync_api.Browser)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django would take every query for async.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(chromium, tmp_path_factory):
    """The example site, loaded and running (tests.journeys.demo.DemoSite)."""
    from tests.journeys.demo import start

    site, server = start(tmp_path_factory.mktemp("demo"))
    yield site
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="session")
def asking_demo(demo):
    """The same site, where learners under 14 need a guardian's yes (Spain)."""
    from tests.journeys.demo import start_asking

    site, server = start_asking(demo, "ES")
    yield site
    server.terminate()
    server.wait(20)
