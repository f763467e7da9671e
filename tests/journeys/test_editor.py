"""What an editor does in a real browser: a point on a map, steps in order, a code on the wall."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.watching import RULES, published, settled

#: No inline script, nothing from elsewhere. Wagtail's own admin asks for more than this.
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self' data:; form-action 'self'; frame-src 'self'"
)
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push([event.effectiveDirective, event.blockedURI, event.sourceFile]));
"""


class Editor:
    """Somebody at a desk whose browser reaches this site and nothing else."""

    def __init__(self, browser, site: str, account: str, width: int = 1280) -> None:
        self.site = site
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(
            base_url=site, viewport={"width": width, "height": 900}, locale="en-GB"
        )
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto("/admin/login/")
        self.page.locator("[name=login], [name=username]").fill(f"{account}@example.org")
        self.page.locator("[name=password]").fill("demo")
        self.page.locator("[name=password]").press("Enter")
        self.page.wait_for_url("**/admin/")
        self.context.route("**/*", self.answer)

    def answer(self, route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in ("http", "https") and f"{url.scheme}://{url.netloc}" != self.site:
            self.elsewhere.append(route.request.url)
            route.abort()
        elif self.strict and route.request.resource_type == "document":
            response = route.fetch(max_redirects=0)
            route.fulfill(
                response=response,
                headers={**response.headers, "content-security-policy": STRICT},
            )
        else:
            route.continue_()

    strict = False

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.page.wait_for_load_state("load")

    def page_id(self, title: str) -> str:
        """The number of a page, found as an editor finds it."""
        self.open(f"/admin/pages/search/?q={title.replace(' ', '+')}")
        link = self.page.get_by_role("link", name=title, exact=True).first.get_attribute("href")
        return re.search(r"/pages/(\d+)/", link)[1]

    def our_violations(self) -> list:
        """What of ours the strict policy blocked; Wagtail's own inline scripts are its own."""
        seen = self.page.evaluate("window.violations")
        return [
            one
            for one in seen
            if one[1] != "inline" or "wagtail_col" in (one[2] or "") or "leaflet" in (one[2] or "")
        ]

    def save(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+s")

    def accessible(self, *parts: str) -> None:
        """Nothing for axe to find, in the whole page or in parts of it."""
        context = {"include": [[part] for part in parts]} if parts else None
        found = Axe().run(self.page, context=context, options=RULES)
        assert found.violations_count == 0, found.generate_report()

    def tab_to(self, selector: str) -> None:
        """Reach an element with the keyboard alone."""
        for _press in range(250):
            if self.page.evaluate(
                "(selector) => document.activeElement.matches(selector)", selector
            ):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.fixture
def editor(browser, demo):
    opened: list[Editor] = []

    def open_as(account: str, width: int = 1280) -> Editor:
        opened.append(Editor(browser, demo.url, account, width))
        return opened[-1]

    yield open_as
    for one in opened:
        one.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_point_on_the_map_under_a_strict_policy_and_offline(editor, width):
    me = editor("nave", width)
    number = me.page_id("Repair your bicycle")
    me.strict = True
    me.open(f"/admin/pages/{number}/edit/")
    page = me.page
    point = page.get_by_label("Point on the map", exact=True)
    pin = page.locator(".col-pick__pin")
    message = page.locator("#id_point_message")
    assert page.locator(".col-pick__map.leaflet-container").is_visible()
    page.locator("path.col-pick__territory").first.wait_for(state="attached")
    page.locator("path.col-pick__land").first.wait_for(state="attached")
    point.fill("40.35, -3.69")
    assert pin.count() == 1

    # Taken away, it stays away.
    page.get_by_role("button", name="Remove the point").click()
    assert point.input_value() == ""
    assert pin.count() == 0
    me.accessible(".col-pick", ".col-address")

    # An address that our own server knows; whatever was typed is text.
    address = page.get_by_label("Address", exact=True)
    address.fill('<img src=x onerror="window.hacked = 1">')
    page.get_by_role("button", name="Find on the map").click()
    page.get_by_text("No place was found").wait_for()
    address.fill("Villaverde")
    address.press("Enter")
    page.get_by_text("There are several places").wait_for()
    places = page.locator(".col-address__places")
    places.get_by_role("button", name="Villaverde", exact=True).click()
    page.get_by_text("The point is on the map").wait_for()
    assert pin.count() == 1
    latitude, longitude = map(float, point.input_value().split(","))
    assert (round(latitude, 1), round(longitude, 1)) == (40.3, -3.7)

    # Typed nonsense is said, as text, and what is right moves the pin.
    point.fill("<img src=x onerror=window.hacked=1>")
    assert "Write latitude and longitude" in message.inner_text()
    point.fill("95, 3")
    assert "outside the world" in message.inner_text()
    assert pin.count() == 0
    point.fill("40.41, -3.70")
    assert message.inner_text() == ""
    assert pin.count() == 1

    # Without a mouse: the map is moved with arrow keys, the point put in its middle.
    me.page.locator("#id_point").focus()
    me.tab_to(".col-pick__map")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    me.tab_to("[data-col-point-middle]")
    page.keyboard.press("Enter")
    moved = point.input_value()
    assert moved != "40.41, -3.70"
    assert float(moved.split(",")[1]) > -3.70

    assert page.evaluate("window.hacked") is None
    assert me.our_violations() == []
    assert me.elsewhere == []

    page.locator("#id_point").focus()
    me.save()
    me.open(f"/admin/pages/{number}/edit/")
    assert page.get_by_label("Point on the map", exact=True).input_value() == moved
    assert me.elsewhere == []


def steps(page) -> list[str]:
    """The line beside the steps, station by station."""
    titles = page.locator(".col-arranging__line .col-station__title")
    return [title.strip() for title in titles.all_inner_texts()]


def test_steps_are_arranged_by_keyboard_alone(editor):
    me = editor("admin")
    number = me.page_id("Tell a story with data")
    me.open(f"/admin/pages/{number}/edit/")
    page = me.page
    page.locator(".col-arranging__line .col-station").first.wait_for()
    before = steps(page)
    assert len(before) > 3
    me.accessible(".col-arranging__line")

    me.tab_to("#inline_child_steps-0 [data-inline-panel-child-move-down]")
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    moved = steps(page)
    assert moved != before
    assert sorted(moved) == sorted(before)
    assert page.locator("#id_steps-0-ORDER").input_value() == "2"
    me.save()
    me.open(f"/admin/pages/{number}/edit/")
    page.locator(".col-arranging__line .col-station").first.wait_for()
    assert steps(page) == moved

    # And back, the other way.
    me.tab_to("#inline_child_steps-1 [data-inline-panel-child-move-up]")
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert steps(page) == before
    me.save()
    assert me.errors == []
    assert me.elsewhere == []


def test_a_new_step_is_found_by_words_and_drawn_at_once(editor):
    me = editor("nave")
    provider = me.page_id("Nave Sur Makerspace (example)")
    me.open(f"/admin/pages/add/col_pages_standard/playlistpage/{provider}/")
    page = me.page
    assert "No stations yet" in page.locator(".col-arranging__line").inner_text()
    page.locator("#id_steps-ADD").click()
    page.get_by_role("button", name="Choose an opportunity").click()
    dialog = page.locator(".modal-body")
    dialog.get_by_label("Words").fill("bicycle repair")
    dialog.get_by_role("link", name="Repair your bicycle").first.wait_for()
    page.wait_for_timeout(700)
    dialog.get_by_role("link", name="Repair your bicycle").first.click()
    page.locator(".col-arranging__line").get_by_text("Repair your bicycle").wait_for()
    page.locator("#id_steps-0-title").fill("<b>Bring</b> your bicycle")
    page.locator(".col-arranging__line").get_by_text("<b>Bring</b> your bicycle").wait_for()
    page.locator("#id_colour").select_option("magenta")
    page.locator(".col-arranging__line .col-line--magenta").wait_for()
    page.locator("#id_steps-0-DELETE-button").click()
    page.locator(".col-arranging__line").get_by_text("No stations yet").wait_for()
    assert me.errors == []
    assert me.elsewhere == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_code_on_the_wall(editor, width):
    me = editor("nave", width)
    number = me.page_id("Repair your bicycle")
    me.open(f"/admin/learning/codes/{number}/")
    page = me.page
    page.get_by_label("How many learners may use it").fill("30")
    page.get_by_role("button", name="Make a code").click()
    code = page.locator(".col-project__code")
    code.wait_for()
    text = code.inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)
    assert page.locator(".col-project__qr svg").is_visible()
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    me.strict = True
    page.reload()
    assert page.evaluate("window.violations") == []
    me.accessible()
    page.emulate_media(media="print")
    assert code.is_visible()
    assert not page.locator(".col-showing__back").is_visible()
    page.emulate_media(media="screen")
    me.strict = False
    page.get_by_role("link", name="Back to the codes").click()
    page.get_by_role("link", name=text).wait_for()
    assert me.elsewhere == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_playlist_with_a_choice_is_made_and_published(editor, width):
    me = editor("editor", width)
    provider = me.page_id("Nave Sur Makerspace (example)")
    me.open(f"/admin/pages/add/col_pages_standard/playlistpage/{provider}/")
    page = me.page
    title = f"Build a lamp at {width}"
    page.locator("#id_title").fill(title)
    rule = page.locator(".col-reading")
    assert "There is no station yet." in rule.inner_text()
    written = [("Draw it", "30", ""), ("Solder it", "60", "1"), ("Print it", "90", "1")]
    for number, (name, minutes, choice) in enumerate(written):
        page.locator("#id_steps-ADD").click()
        page.locator(f"#id_steps-{number}-link").fill(f"https://example.org/{number}")
        page.locator(f"#id_steps-{number}-title").fill(name)
        page.locator(f"#id_steps-{number}-minutes").fill(minutes)
        page.locator(f"#id_steps-{number}-choice").fill(choice)
    rule.get_by_text("“Solder it” or “Print it”: one of these is enough.").wait_for()
    rule.get_by_text("Do all 2 stations, in any order.").wait_for()
    rule.get_by_text("About 1 h 30 min to 2 hours.").wait_for()
    page.locator("#id_needed").fill("5")
    rule.get_by_text("There are 2 stations that count").wait_for()
    page.locator("#id_needed").fill("1")
    rule.get_by_text("Do any one of these 2 stations.").wait_for()
    me.accessible(".col-reading")
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    settled(page)
    publish = page.locator("[name=action-publish]").first
    publish.evaluate("(button) => button.form.requestSubmit(button)")
    published(page)
    number = me.page_id(title)
    me.strict = True
    me.open(f"/admin/pages/{number}/edit/")
    rule.get_by_text("Do any one of these 2 stations.").wait_for()
    rule.get_by_text("0 people are under way. The rule stays as it is for them.").wait_for()
    page.locator("#id_needed").fill("")
    rule.get_by_text("Whom this change touches").wait_for()
    rule.get_by_text("Nobody is on this line. Nobody is touched.").wait_for()
    me.accessible(".col-reading")
    assert me.our_violations() == []
    assert me.errors == []
    assert me.elsewhere == []
