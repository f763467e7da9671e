"""A visitor whose browser is watched: requests, policy violations, errors, accessibility."""

from __future__ import annotations

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

#: WCAG 2.2 AA, and what axe calls best practice.
RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ]
}


def settled(page: Page) -> None:
    """Wait until Wagtail has saved by itself, which it begins half a second after a key: who
    publishes in that very moment makes a new page twice."""
    page.wait_for_timeout(800)
    saving = "#w-autosave-indicator[data-w-autosave-state-value=saving]"
    page.locator(saving).wait_for(state="detached")


def published(page: Page) -> None:
    """Wait until the admin says so."""
    page.locator(".messages").get_by_text("published").first.wait_for()


class Visitor:
    """One visitor on one device; ``keyboard``: never touches anything else."""

    def __init__(
        self, browser: Browser, site: str, width: int, *, keyboard: bool, javascript: bool = True
    ) -> None:
        self.site = site
        self.keyboard = keyboard
        self.javascript = javascript
        self.context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 780},
            java_script_enabled=javascript,
            accept_downloads=True,
            locale="en-GB",
            has_touch=width < 600,
        )
        self.page: Page = self.context.new_page()
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._saw(request.url))
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _saw(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.site:
            self.elsewhere.append(url)

    def _heard(self, message) -> None:
        # A refused form answers 4xx, and the browser says so; that is no fault of the page.
        answered = "the server responded with a status of" in message.text
        policy = "Content Security Policy" in message.text
        if policy or (message.type == "error" and not answered):
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.check()

    def press(self, target: Locator) -> None:
        """Follow a link or push a button, and look at what comes."""
        if self.keyboard and target.evaluate("element => element.tagName") != "SUMMARY":
            # The key is let go before the next page is asked for: wait until it is there.
            with self.page.expect_navigation():
                self.activate(target)
        else:
            self.activate(target)
        self.page.wait_for_load_state("load")
        self.check()

    def activate(self, target: Locator) -> None:
        """A tap, or the keyboard's way to the same."""
        if self.keyboard:
            self.reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def paste(self, target: Locator, text: str) -> None:
        if self.keyboard:
            self.reach(target)
            self.page.keyboard.insert_text(text)
        else:
            target.fill(text)

    def write(self, target: Locator, text: str) -> None:
        if self.keyboard:
            self.reach(target)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        else:
            target.fill(text)

    def tick(self, target: Locator) -> None:
        if self.keyboard:
            self.reach(target)
            self.page.keyboard.press("Space")
        else:
            target.check()

    def reach(self, target: Locator) -> None:
        """Tab to an element, as somebody without a mouse does."""
        target.wait_for(state="attached")
        for _ in range(400):
            # Asked anew each time: a part of the page may have been renewed meanwhile.
            if target.evaluate("element => element === document.activeElement"):
                assert target.is_visible()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def check(self) -> None:
        """No request elsewhere, no complaint, no overflow, nothing for axe to find."""
        assert self.elsewhere == []
        assert self.complaints == []
        if not self.javascript:
            return
        self.page.wait_for_timeout(150)
        assert self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), f"{self.page.url} is wider than the screen"
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def close(self) -> None:
        self.context.close()
