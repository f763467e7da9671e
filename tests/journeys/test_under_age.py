"""Who is under age: the question, what waits for a yes, the guardian's page, taking it back."""

import re
import uuid

import pytest

from tests.journeys.accounts import sign_up
from tests.journeys.demo import manage
from tests.journeys.watching import Visitor

LINE = "/en/madrid/madrids-night-sky/"

#: A badge for a learner, and its page.
BADGE = """
from django.contrib.auth import get_user_model
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement
learner = get_user_model().objects.get(email="{address}")
badge = Achievement.objects.filter(live=True, issuer=None).order_by("pk").first()
given, _new = award(badge, learner, because={{"by": "hand", "note": ""}}, language="en")
print(given.get_absolute_url())
"""
#: A brother or sister who names the same guardian.
SIBLING = """
from django.contrib.auth import get_user_model
from wagtail_col.people import bands, guarding
child = get_user_model().objects.create(username="{name}", email="{name}@example.org")
bands.say(child, is_under=True)
guarding.ask(child, "{guardian}")
"""


@pytest.fixture(
    params=[(360, False, True), (1280, True, True), (360, False, False)],
    ids=["phone", "desk-by-keyboard", "phone-without-javascript"],
)
def device(request, browser, asking_demo):
    """Makes visitors who all have the same kind of device."""
    width, keyboard, javascript = request.param
    made = []

    def visitor():
        made.append(
            Visitor(browser, asking_demo.url, width, keyboard=keyboard, javascript=javascript)
        )
        return made[-1]

    yield visitor
    for one in made:
        one.close()


def shell(demo, code: str) -> str:
    return manage(demo.environment, "shell", "--no-imports", "-c", code).strip()


def test_a_child_a_guardian_and_what_needs_a_yes(device, asking_demo):
    child, page = (visitor := device()), visitor.page
    main = page.get_by_role("main")
    name = uuid.uuid4().hex
    address, guardians = f"{name}@example.org", f"parent-{name}@example.org"

    # Asked once, with no birthday; then on with the line
    child.open(LINE)
    child.press(main.get_by_role("link", name="Join this line"))
    sign_up(child, asking_demo, address)
    child.press(page.get_by_role("button", name="Join this line"))
    assert main.get_by_role("heading", name="How old are you?").is_visible()
    assert page.locator("main input:not([type=hidden])").count() == 0
    child.press(page.get_by_role("button", name="I am under 14"))
    pseudonym = re.search(r"Others see you as “([^”]+)”", main.inner_text())[1]
    assert main.get_by_text("not yet").count() == 5
    child.press(main.get_by_role("link", name="Back to where you were"))
    assert page.url.endswith(LINE)
    child.press(page.get_by_role("button", name="I have done this").first)
    assert "1 of 3" in page.locator(".col-mini__text").first.inner_text()

    # What is optional waits
    badge = shell(asking_demo, BADGE.format(address=address)).splitlines()[-1]
    child.open(badge)
    child.press(main.get_by_role("link", name="Share", exact=True))
    assert "You need the yes of a parent or guardian" in page.locator("body").inner_text()
    child.open("/col/dates/?lang=en")
    child.press(page.get_by_role("button", name="Remind me"))
    assert "You need the yes of a parent or guardian" in page.locator("body").inner_text()

    # A wrong address is taken back; the right one is asked
    for email in (f"wrong-{name}@example.org", guardians):
        child.write(page.get_by_label("E-mail address of your parent or guardian"), email)
        child.press(page.get_by_role("button", name=re.compile("^Ask ")))
        assert email in main.inner_text()
    child.press(page.get_by_role("button", name=re.compile(f"Take it back.*wrong-{name}")))
    assert "wrong-" not in main.inner_text()
    assert "has not answered yet" in main.inner_text()

    # The guardian has two children here, and decides for each
    sister = f"sister-{name}"
    shell(asking_demo, SIBLING.format(name=sister, guardian=guardians))
    guardian, other = (visitor := device()), visitor.page
    guardian.open(asking_demo.mailed_link(guardians, "/col/guardian/"))
    mine = other.get_by_role("region", name=address, exact=True)
    hers = other.get_by_role("region", name=f"{sister}@example.org", exact=True)
    assert "Nothing of this is allowed yet" in mine.inner_text()
    guardian.tick(mine.get_by_role("checkbox", name=re.compile("^Show badges")))
    guardian.press(mine.get_by_role("button", name=re.compile("^Save")))
    assert "Confirm that you are the guardian" in other.locator("body").inner_text()
    guardian.tick(mine.get_by_role("checkbox", name=re.compile("^Show badges")))
    guardian.tick(mine.get_by_label("I am a parent or guardian of this child."))
    guardian.press(mine.get_by_role("button", name=re.compile("^Save")))
    assert "You answered on" in mine.inner_text()
    assert "Nothing of this is allowed yet" in hers.inner_text()

    # What was allowed works, under the pseudonym; the rest waits
    child.open(badge)
    child.press(main.get_by_role("link", name="Share", exact=True))
    child.press(main.get_by_role("button", name="Share this badge"))
    link = page.locator("#col-share-link").input_value()
    # Opened without the child's log-in.
    seen = other.request.get(link)
    assert seen.status == 200
    assert name not in seen.text()
    child.open("/col/my-data/?lang=en")
    assert main.get_by_text("not yet").count() == 4
    assert pseudonym in main.inner_text()

    # Taken back: it ends at once. A child of somebody else goes, with the address at last
    guardian.press(mine.get_by_role("button", name=re.compile("^Allow nothing")))
    assert other.request.get(link).status == 404
    guardian.press(hers.get_by_role("button", name=re.compile("^I am not their guardian")))
    assert hers.count() == 0
    guardian.press(mine.get_by_role("button", name=re.compile("^I am not their guardian")))
    assert "Your address is deleted here" in other.get_by_role("main").inner_text()
    child.open("/col/my-data/?lang=en")
    assert guardians not in main.inner_text()


def test_who_is_old_enough_answers_one_question(device, asking_demo):
    visitor = device()
    page, main = visitor.page, visitor.page.get_by_role("main")
    visitor.open("/col/dates/?lang=en")
    sign_up(visitor, asking_demo, f"{uuid.uuid4().hex}@example.org")
    visitor.press(page.get_by_role("button", name="I am 14 or older"))
    assert "/col/dates/" in page.url
    visitor.press(page.get_by_role("button", name="Remind me"))
    assert main.get_by_role("button", name="Stop reminders").is_visible()
