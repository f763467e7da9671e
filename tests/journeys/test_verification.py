"""A stranger checks badges of this site and of another; a learner brings one from there."""

import json
import re
import uuid

import pytest

from tests.badges.serving_elsewhere import academy_on_loopback
from tests.journeys.demo import manage
from tests.journeys.test_learner import join
from tests.journeys.watching import Visitor

#: A badge of the demo, given to somebody just now; nobody has shared it.
AWARD = """
import uuid
from django.contrib.auth import get_user_model
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement
from wagtail_col.badges.securing import compact
user = get_user_model().objects.create(username=uuid.uuid4().hex, email="eva@example.org")
badge = Achievement.objects.filter(live=True).first()
given, _new = award(badge, user, because={"by": "hand"}, language="en")
import json
print(json.dumps({"json": given.credential, "token": compact(given)}))
"""


@pytest.fixture
def academy():
    with academy_on_loopback() as academy:
        yield academy


@pytest.fixture(params=[(360, False), (1280, True)], ids=["phone", "desk-by-keyboard"])
def visitor(request, browser, demo):
    width, keyboard = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=keyboard)
    yield visitor
    visitor.close()


def check(visitor, text, email="") -> str:
    """Paste a badge; what the page says of it."""
    main = visitor.page.get_by_role("main")
    visitor.open("/col/badges/verify/")
    visitor.paste(main.get_by_label("Paste the badge or its address"), text)
    if email:
        visitor.write(main.get_by_label(re.compile("Whose is it")), email)
    visitor.press(main.get_by_role("button", name="Check this badge"))
    return visitor.page.locator(".col-verdict").inner_text()


def test_a_stranger_checks_what_was_shown(visitor, demo, academy):
    answer = manage(demo.environment, "shell", "--no-imports", "-c", AWARD)
    ours = json.loads(answer.splitlines()[-1])
    for text in ours.values():
        assert "Yes, this badge is real" in check(visitor, text)
    assert "Whose it is: fine" in page_after(visitor, ours["json"], "eva@example.org")
    assert "somebody else’s" in check(visitor, ours["token"], "bor@example.org")

    changed = re.sub(r'("narrative":")', r"\1X", ours["json"], count=1)
    assert "No, do not trust this badge" in check(visitor, changed)

    theirs = json.dumps(academy.signed(), ensure_ascii=False)
    said = check(visitor, theirs)
    assert "Yes, this badge is real" in said and "Academy of Welding" in said
    assert f"what that organisation publishes at {academy.host}" in said
    assert "No, do not trust" in check(visitor, theirs.replace("steel", "stee1"))

    academy.pages[f"{academy.site}/b/1"] = academy.signed()
    assert "Yes, this badge is real" in check(visitor, f"{academy.site}/b/1")
    academy.publish(revoked=(77,))
    assert "This badge was taken back" in check(visitor, f"{academy.site}/b/1")
    assert "We cannot read a badge here" in check(visitor, f"{academy.site}/b/2")


def page_after(visitor, text, email) -> str:
    check(visitor, text, email)
    return visitor.page.get_by_role("main").inner_text()


def test_a_learner_brings_a_badge_from_elsewhere(visitor, demo, academy):
    page = visitor.page
    main = page.get_by_role("main")
    address = f"{uuid.uuid4().hex}@example.org"
    join(visitor, demo, address)
    visitor.open("/col/passport/")
    visitor.press(main.get_by_role("link", name="Bring a badge from elsewhere"))

    # What does not hold is refused, with the reason.
    theirs = json.dumps(academy.signed(address), ensure_ascii=False)
    field = main.get_by_label("Paste the badge or its address")
    visitor.paste(field, theirs.replace("steel", "stee1"))
    visitor.press(main.get_by_role("button", name="Add this badge"))
    assert "This badge does not hold" in main.inner_text()

    visitor.open("/col/badges/imported/new/")
    visitor.paste(field, theirs)
    visitor.press(main.get_by_role("button", name="Add this badge"))
    assert "Checked: it is real" in main.inner_text()
    assert "Yes: it was given to your e-mail address." in main.inner_text()
    badge = page.url

    # It stands in the passport, marked as one from elsewhere.
    visitor.open("/col/passport/")
    shelf = main.locator(".col-shelf").inner_text()
    assert "Welder" in shelf and "From elsewhere" in shelf

    # Taken back there: checking again says so here.
    academy.publish(revoked=(77,))
    visitor.open(badge)
    visitor.press(main.get_by_role("button", name="Check again"))
    assert "Taken back" in main.inner_text()

    visitor.press(main.get_by_role("link", name="Delete this badge here"))
    visitor.press(main.get_by_role("button", name="Delete it"))
    assert page.goto(badge).status == 404
