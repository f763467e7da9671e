"""A learner's way: without an account, into one, pausing, dates, notes, on paper."""

import re
import uuid

import pytest

from tests.journeys.demo import manage
from tests.journeys.watching import Visitor

LINE = "/en/madrid/madrids-night-sky/"

#: The dates of the first opportunity of the line are over, as they will be one day.
OVER = """
from datetime import timedelta
from django.utils import timezone
from wagtail_col.catalogue.models import CatalogueRevision, Listing
from wagtail_col.learning.models import Step
steps = Step.objects.published().filter(playlist__texts__url="%s", listing__isnull=False)
step = steps.filter(choice=None).first()
past = timezone.now() - timedelta(days=%d)
step.listing.occurrences.update(starts_at=past, ends_at=past + timedelta(hours=1))
Listing.objects.filter(pk=step.listing_id).update(starts_at=past, ends_at=past + timedelta(hours=1))
CatalogueRevision.next()
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


def says(page) -> str:
    return page.locator(".col-mini__text").first.inner_text()


def test_a_way_that_fits_real_life(visitor, demo):
    page = visitor.page
    main = page.get_by_role("main")

    # Without an account: one line, one station, and on from the home page in two taps
    visitor.open(LINE)
    visitor.press(page.get_by_role("link", name="Start without an account"))
    visitor.press(page.get_by_role("button", name="Start on this device"))
    assert says(page).startswith("0 of 3")
    visitor.press(page.get_by_role("button", name="I have done this").first)
    assert says(page).startswith("1 of 3")
    visitor.open("/en/")
    visitor.press(page.locator(".col-goon").get_by_role("link").first)
    assert page.url.endswith(LINE)
    assert page.locator(".col-next .col-button").is_visible()
    visitor.press(page.get_by_role("link", name="Another device, or delete it"))
    visitor.press(page.get_by_role("button", name="Show a code"))
    assert re.fullmatch(r"\w{4}-\w{4}", page.locator(".col-carry strong").inner_text())

    # Into an account: what was done comes along
    address = f"{uuid.uuid4().hex}@example.org"
    visitor.open(LINE)
    visitor.press(main.get_by_role("link", name="Sign in or sign up"))
    visitor.press(main.get_by_role("link", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("email", re.IGNORECASE)), address)
    visitor.press(main.get_by_role("button", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("code", re.IGNORECASE)), demo.mailed_code(address))
    visitor.press(main.get_by_role("button").first)
    assert page.url.endswith(LINE)
    assert says(page).startswith("1 of 3")

    # With an account it is two taps as well
    visitor.open("/en/")
    visitor.press(page.locator(".col-goon").get_by_role("link").first)
    assert page.url.endswith(LINE)
    assert page.locator(".col-next .col-button").is_visible()

    # Pause and go on, leave and come back
    visitor.press(page.get_by_role("button", name="Pause this line"))
    visitor.press(page.get_by_role("button", name="Go on", exact=True))
    visitor.press(page.get_by_role("link", name="Leave this line"))
    visitor.press(page.get_by_role("button", name="Leave this line"))
    visitor.press(page.get_by_role("button", name="Join this line"))
    assert says(page).startswith("1 of 3")

    # A note for oneself, and learning from elsewhere
    visitor.press(page.get_by_role("link", name=re.compile("^A note for yourself")).first)
    visitor.write(page.get_by_label("Your note"), "The sky is large.")
    visitor.press(page.get_by_role("button", name="Save"))
    visitor.open("/col/notes/?lang=en")
    assert "The sky is large." in main.inner_text()
    visitor.open("/col/passport/?lang=en")
    visitor.press(page.get_by_role("link", name="Add learning of your own"))
    visitor.write(page.get_by_label("What you learned or did"), "Sailing with my aunt")
    visitor.press(page.get_by_role("button", name="Save"))
    assert "Said by yourself" in main.inner_text()

    # Dates, a calendar, reminders
    visitor.open("/col/dates/?lang=en")
    visitor.press(page.get_by_role("button", name="Remind me"))
    visitor.press(page.get_by_role("button", name="Get the address"))
    calendar = page.get_by_label("Address of your calendar").input_value()
    assert page.request.get(calendar).text().startswith("BEGIN:VCALENDAR")
    visitor.press(page.get_by_role("button", name="Stop it"))
    assert page.request.get(calendar).status == 404
    visitor.press(page.get_by_role("button", name="Stop reminders"))

    # On paper
    visitor.open(LINE)
    paper = page.get_by_role("link", name=re.compile("Poster")).get_attribute("href")
    assert page.request.get(paper).headers["content-type"] == "application/pdf"

    # A station whose dates are past: the way on
    manage(demo.environment, "shell", "--no-imports", "-c", OVER % (LINE, 2))
    try:
        visitor.open(LINE)
        visitor.press(page.get_by_role("link", name=re.compile("^What can I do instead")).first)
        visitor.write(page.get_by_label("Why you ask"), "I was ill.")
        visitor.press(page.get_by_role("button", name="Ask the organiser"))
        assert "You asked the organiser on" in main.inner_text()
    finally:
        manage(demo.environment, "shell", "--no-imports", "-c", OVER % (LINE, -9))
