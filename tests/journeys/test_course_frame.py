"""What our page around a framed course answers to its provider, and how progress comes in.

Both scripts run in a real browser against pages that are made up here; nothing is fetched.
"""

from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "wagtail_col/static/wagtail_col/js"
SITE = "https://city.example"
TOOL = "https://tool.example"
OTHER = "https://other.example"

AROUND = f"""<!doctype html><title>Around</title>
<iframe data-col-frame="{TOOL} {OTHER}" data-col-back="/line/" src="{TOOL}/course"></iframe>
<script src="/frame.js"></script>"""

#: A provider's page: ``say(message)`` sends one to the window around it and gives the answer.
INSIDE = """<!doctype html><title>Course</title><script>
let last = 0;
function say(message, seconds = 1) {
  const id = `message-${++last}`;
  return new Promise((resolve) => {
    const hear = (event) => {
      if (event.data.message_id !== id && message.message_id !== null) return;
      removeEventListener("message", hear);
      resolve({...event.data, message_id: undefined, origin: event.origin});
    };
    addEventListener("message", hear);
    setTimeout(() => resolve(null), seconds * 1000);
    const sent = {message_id: id, ...message};
    if (message.message_id === null) delete sent.message_id;
    parent.postMessage(message.asText ? JSON.stringify(sent) : sent, "*");
  });
}
</script>"""


@pytest.fixture
def page(browser):
    """The page around a course, at its own address."""
    context = browser.new_context()

    def answer(route):
        url = route.request.url
        if url == f"{SITE}/frame.js":
            route.fulfill(content_type="text/javascript", body=(SCRIPTS / "frame.js").read_text())
        elif url == f"{SITE}/course":
            route.fulfill(content_type="text/html", body=AROUND)
        elif url.startswith(SITE):
            route.fulfill(content_type="text/html", body="<title>The line</title>")
        else:
            route.fulfill(content_type="text/html", body=INSIDE)

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{SITE}/course")
    yield page
    context.close()


@pytest.fixture
def tool(page):
    """The provider's page inside."""
    return frame_at(page, TOOL)


def frame_at(page, origin):
    page.wait_for_timeout(50)
    return next(frame for frame in page.frames if frame.url.startswith(origin))


def say(frame, subject, **message):
    return frame.evaluate("message => say(message)", {"subject": subject, **message})


def go_to(page, origin):
    """The frame shows another page."""
    with page.expect_event("framenavigated"):
        page.evaluate(
            "url => { document.querySelector('iframe').src = url }", f"{origin}/elsewhere"
        )
    frame = frame_at(page, origin)
    frame.wait_for_load_state()
    return frame


@pytest.mark.parametrize("prefix", ["lti.", "org.imsglobal.lti."])
def test_a_framed_course_keeps_what_it_has_to_remember(tool, prefix):
    answer = say(tool, f"{prefix}capabilities")
    assert answer["subject"] == f"{prefix}capabilities.response"
    assert answer["origin"] == SITE
    subjects = {message["subject"] for message in answer["supported_messages"]}
    assert subjects >= {f"{prefix}{name}" for name in ("capabilities", "put_data", "get_data")}
    assert say(tool, f"{prefix}get_data", key="state")["value"] is None
    put = say(tool, f"{prefix}put_data", key="state", value="abc")
    assert (put["subject"], put["key"], put["value"]) == (
        f"{prefix}put_data.response",
        "state",
        "abc",
    )
    got = say(tool, f"{prefix}get_data", key="state")
    assert (got["subject"], got["value"]) == (f"{prefix}get_data.response", "abc")
    assert "error" not in got
    # Without a value it is taken out.
    say(tool, f"{prefix}put_data", key="state", value=None)
    assert say(tool, f"{prefix}get_data", key="state")["value"] is None


def test_one_provider_cannot_read_what_another_keeps(page, tool):
    say(tool, "lti.put_data", key="state", value="secret")
    other = go_to(page, OTHER)
    assert say(other, "lti.get_data", key="state")["value"] is None
    say(other, "lti.put_data", key="state", value="other")
    again = go_to(page, TOOL)
    assert say(again, "lti.get_data", key="state")["value"] == "secret"


def test_a_stranger_in_the_frame_gets_nothing(page, tool):
    stranger = go_to(page, "https://stranger.example")
    for subject in ("lti.capabilities", "lti.put_data", "lti.get_data", "lti.close"):
        answer = say(stranger, subject, key="state", value="x")
        assert answer["error"]["code"] == "wrong_origin"
    assert page.url == f"{SITE}/course"


@pytest.mark.parametrize(
    ("subject", "message", "code"),
    [
        ("lti.put_data", {"value": "x"}, "bad_request"),
        ("lti.put_data", {"key": "", "value": "x"}, "bad_request"),
        ("lti.put_data", {"key": 7, "value": "x"}, "bad_request"),
        ("lti.put_data", {"key": "k" * 501, "value": "x"}, "bad_request"),
        ("lti.put_data", {"key": "k", "value": {"a": 1}}, "bad_request"),
        ("lti.put_data", {"key": "k", "value": "x" * 4097}, "storage_exhaustion"),
        ("lti.get_data", {}, "bad_request"),
        ("lti.get_data", {"key": "k", "message_id": None}, "bad_request"),
        ("lti.frameResize", {"height": "tall"}, "bad_request"),
        ("lti.showAlert", {}, "unsupported_subject"),
        ("lti.constructor", {}, "unsupported_subject"),
    ],
)
def test_a_message_that_makes_no_sense_is_refused_with_its_reason(tool, subject, message, code):
    answer = say(tool, subject, **message)
    assert answer["subject"] == f"{subject}.response"
    assert answer["error"]["code"] == code


def test_the_storage_of_a_provider_is_full_at_last(tool):
    for number in range(500):
        assert "error" not in say(tool, "lti.put_data", key=f"k{number}", value="x")
    assert say(tool, "lti.put_data", key="one more", value="x")["error"]["code"] == (
        "storage_exhaustion"
    )
    assert "error" not in say(tool, "lti.put_data", key="k7", value="y")


def test_messages_that_are_not_ours_are_left_alone(tool):
    assert say(tool, "hello") is None
    assert say(tool, "lti.get_data.response", key="k") is None
    assert tool.evaluate("parent.postMessage('{', '*')") is None
    assert tool.evaluate("parent.postMessage(null, '*')") is None


def test_what_another_window_sends_is_left_alone(page, tool):
    heard = page.evaluate(
        """() => new Promise((resolve) => {
          addEventListener("message", (event) => {
            if (String(event.data.subject).endsWith(".response")) resolve(true);
          });
          postMessage({subject: "lti.get_data", key: "k", message_id: "1"}, "*");
          setTimeout(() => resolve(false), 500);
        })"""
    )
    assert heard is False


def test_a_course_grows_and_closes(page, tool):
    say(tool, "lti.frameResize", height=1500, asText=True, message_id=None)
    assert page.locator("iframe").evaluate("frame => frame.style.minHeight") == "1500px"
    with page.expect_navigation(url=f"{SITE}/line/"):
        tool.evaluate("parent.postMessage({subject: 'lti.close'}, '*')")


LINE = """<!doctype html><title>Line</title>
<div data-col-watch="/progress" data-col-state="{state}">
<p role="status" data-col-watch-note="Something has changed."></p>
<a href="/opened" target="_blank" rel="noopener" data-col-opens>Open</a></div>
<script src="/progress.js"></script>"""


class Line:
    """A playlist's page that asks for its progress, under a clock that the test moves."""

    def __init__(self, browser) -> None:
        self.state, self.status, self.asked = "a", 200, 0
        self.context = browser.new_context()
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()
        self.page.clock.install()
        self.page.goto(f"{SITE}/line/")

    def _answer(self, route):
        path = route.request.url.removeprefix(SITE)
        if path == "/progress":
            self.asked += 1
            route.fulfill(status=self.status, json={"state": self.state})
        elif path == "/progress.js":
            body = (SCRIPTS / "progress.js").read_text()
            route.fulfill(content_type="text/javascript", body=body)
        else:
            route.fulfill(content_type="text/html", body=LINE.format(state=self.state))

    def open_course(self):
        with self.context.expect_page() as opened:
            self.page.click("a")
        opened.value.close()

    def wait(self, seconds):
        """Time goes by on the page."""
        for _second in range(seconds):
            self.page.clock.run_for(1000)
            self.page.wait_for_timeout(20)

    @property
    def shown(self):
        return self.page.locator("div").get_attribute("data-col-state")


@pytest.fixture
def open_line(browser):
    line = Line(browser)
    yield line
    line.context.close()


def test_a_page_asks_for_progress_only_after_a_course_was_opened(open_line):
    open_line.wait(10)
    assert open_line.asked == 0
    open_line.open_course()
    open_line.wait(10)
    assert open_line.asked == 2


def test_progress_that_comes_in_is_announced_and_shown(open_line):
    open_line.open_course()
    open_line.state = "b"
    open_line.page.clock.run_for(4000)
    note = open_line.page.get_by_role("status")
    note.filter(has_text="Something has changed.").wait_for()
    assert open_line.shown == "a"
    with open_line.page.expect_navigation():
        open_line.page.clock.run_for(1500)
    assert open_line.shown == "b"
    # And it goes on asking.
    before = open_line.asked
    open_line.wait(5)
    assert open_line.asked > before


def test_a_page_that_may_not_ask_stops(open_line):
    open_line.status = 403
    open_line.open_course()
    open_line.wait(60)
    assert open_line.asked == 1


def test_a_page_whose_site_is_down_asks_less_often(open_line):
    open_line.status = 503
    open_line.open_course()
    open_line.wait(30)
    assert open_line.asked == 2
    assert open_line.shown == "a"
