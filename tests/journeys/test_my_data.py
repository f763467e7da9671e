"""What is held about me: seen, taken along in three taps, deleted."""

import json
import uuid
import zipfile

import pytest

from tests.journeys.accounts import sign_up
from tests.journeys.demo import manage
from tests.journeys.test_under_age import BADGE
from tests.journeys.watching import Visitor

LINE = "/en/madrid/madrids-night-sky/"


@pytest.fixture(
    params=[(360, False, True), (1280, True, True), (360, False, False)],
    ids=["phone", "desk-by-keyboard", "phone-without-javascript"],
)
def visitor(request, browser, demo):
    width, keyboard, javascript = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=keyboard, javascript=javascript)
    yield visitor
    visitor.close()


def test_all_that_is_held_is_shown_taken_along_and_deleted(visitor, demo, tmp_path):
    page, main = visitor.page, visitor.page.get_by_role("main")
    address = f"{uuid.uuid4().hex}@example.org"
    visitor.open(LINE)
    visitor.press(main.get_by_role("link", name="Join this line"))
    sign_up(visitor, demo, address)
    visitor.press(page.get_by_role("button", name="Join this line"))
    visitor.press(page.get_by_role("button", name="I have done this").first)
    script = BADGE.format(address=address)
    badge = manage(demo.environment, "shell", "--no-imports", "-c", script).splitlines()[-1]

    # Three taps from the home page: My learning, My data, Take everything along
    visitor.open("/en/")
    visitor.press(page.get_by_role("link", name="My learning").first)
    visitor.press(main.get_by_role("link", name="My data"))
    with page.expect_download() as download:
        visitor.activate(main.get_by_role("button", name="Take everything along"))
    assert download.value.suggested_filename.startswith("my-data-")
    download.value.save_as(tmp_path / "my-data.zip")
    with zipfile.ZipFile(tmp_path / "my-data.zip") as copy:
        names = copy.namelist()
        done = json.loads(copy.read("data/col_learning.Completion.json"))
        assert len(done["rows"]) == 1
        assert address in copy.read("data/auth.User.json").decode()
        assert copy.read("record.pdf").startswith(b"%PDF")
        signed = [name for name in names if name.startswith("badges/") and name.endswith(".json")]
        assert "proof" in json.loads(copy.read(signed[0]))

    # Who sees what, and why
    held = main.get_by_role("listitem").filter(has_text="Which steps somebody did")
    assert "who may edit the playlist" in held.inner_text()
    visitor.activate(held.locator("summary"))
    assert "Until the account is deleted" in held.inner_text()
    assert "Art. 6(1)(e)" in held.inner_text()

    # Deleted, after it was said what goes and what remains
    visitor.press(main.get_by_role("link", name="Delete my account"))
    assert (
        "Which steps somebody did"
        in main.get_by_role("region", name="What is deleted").inner_text()
    )
    remains = main.get_by_role("region", name="What remains").inner_text()
    assert "so that the number of those given stays" in remains
    visitor.tick(main.get_by_label("I am sure: delete my account and everything about me."))
    visitor.press(main.get_by_role("button", name="Delete for ever"))
    assert main.get_by_role("heading", name="Your account is deleted").is_visible()
    assert page.request.get(badge).status == 410
    visitor.open("/en/")
    assert page.get_by_role("link", name="Sign In").first.is_visible()
