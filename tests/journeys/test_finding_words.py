"""Words with a typing error, and the marks of the map before there is a script."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_finding import MADRID, counted, plain  # noqa: F401
from tests.journeys.watching import Visitor


@pytest.fixture(
    params=[(360, True), (1280, True), (360, False), (1280, False)],
    ids=["phone", "desk", "plain-phone", "plain-desk"],
)
def learner(request, browser, demo):
    width, javascript = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=False, javascript=javascript)
    yield visitor
    visitor.close()


def test_a_typing_error_finds_what_was_meant_and_the_page_says_so(learner):
    page = learner.page
    learner.open(MADRID)
    search(learner, "guitarra")
    right = titles(page)
    assert right
    expect(page.get_by_text("Nothing was found for")).to_have_count(0)

    search(learner, "gitarra")
    said = page.get_by_text(
        "Nothing was found for “gitarra”. This is what there is for “guitarra”."
    )
    expect(said).to_be_visible()
    assert titles(page) == right
    # What was typed stays in the box, and one's own.
    expect(page.locator("#q")).to_have_value("gitarra")
    assert "q=gitarra" in page.url


def search(learner, words: str) -> None:
    learner.page.locator("#q").fill(words)
    learner.press(learner.page.get_by_role("button", name="Search"))


def titles(page) -> list[str]:
    return page.locator(".col-card__title").all_inner_texts()


def test_the_marks_of_the_map_lead_on_without_javascript(plain):  # noqa: F811
    page = plain.page
    plain.open(MADRID)
    everything = counted(page)
    cluster = page.locator(".col-stop:visible", has=page.locator("text")).first
    plain.press(cluster)
    assert "box=" in page.url
    assert 0 < counted(page) < everything
