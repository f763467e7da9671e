"""A badge by a code on the wall and by a card; a badge for a photo that somebody looks at."""

from __future__ import annotations

import io
import json
import re
import uuid

import pytest
from PIL import Image

from tests.journeys.demo import manage
from tests.journeys.test_badge_awarding import look
from tests.journeys.test_editor import Editor
from tests.journeys.watching import Visitor

#: Two published badges, one by code and one for evidence; prints their keys.
BADGES = """
import json
from wagtail_col.badges.models import Achievement, AchievementText
made = []
for name, assessment in (("Wheel tester {0}", ""), ("Wheel builder {0}", "{1}")):
    badge = Achievement.objects.create(live=True, assessment=assessment, icon="making")
    AchievementText.objects.create(
        achievement=badge, language="en", name=name, description="Can build a wheel.",
        criteria="Build a wheel.\\n\\nShow that it turns.",
    )
    made.append(str(badge.key))
print(json.dumps(made))
"""
#: Gives a badge to an account of the demo.
HOLDER = """
from django.contrib.auth import get_user_model
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement
learner = get_user_model().objects.get(email="{1}")
award(Achievement.objects.get(key="{0}"), learner, because={{"by": "hand"}}, language="en")
"""


@pytest.fixture(params=[360, 1280])
def width(request):
    return request.param


@pytest.fixture
def me(browser, demo, width):
    editor = Editor(browser, demo.url, "editor", width)
    yield editor
    assert editor.errors == [] and editor.elsewhere == []
    editor.context.close()


@pytest.fixture
def visitors(browser, demo, width):
    opened = []

    def visitor(**values):
        opened.append(Visitor(browser, demo.url, width, **({"keyboard": width > 1000} | values)))
        return opened[-1]

    yield visitor
    for one in opened:
        one.close()


def run(demo, code: str) -> str:
    return manage(demo.environment, "shell", "--no-imports", "-c", code).splitlines()[-1:]


def badges(demo, width, assessment="organiser") -> list[str]:
    script = BADGES.replace("{0}", f"{width}-{assessment}").replace("{1}", assessment)
    return json.loads(run(demo, script)[0])


def sign_up(visitor, demo) -> str:
    """From the page that asks for an account, back to where one came from; the address."""
    page, main = visitor.page, visitor.page.get_by_role("main")
    address = f"{uuid.uuid4().hex}@example.org"
    visitor.press(main.get_by_role("link", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("email", re.IGNORECASE)), address)
    visitor.press(main.get_by_role("button", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("code", re.IGNORECASE)), demo.mailed_code(address))
    visitor.press(main.get_by_role("button").first)
    assert page.url.startswith(demo.url)
    return address


def photo() -> dict:
    made = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(made, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_a_code_on_the_wall_and_a_card(me, visitors, demo, width):
    badges(demo, width)
    page = me.page
    me.open("/admin/learning/badge-codes/")
    look(me)
    page.get_by_role("link", name=f"Wheel tester {width}-organiser").click()
    look(me)
    page.get_by_label("For what").fill("Night of the wheels")
    page.get_by_label("How many learners may use it").fill("30")
    page.get_by_role("button", name="Make a code").click()
    code = page.locator(".col-project__code")
    code.wait_for()
    text = code.inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)
    on_the_wall(me)

    # A learner without an account scans it, makes one, and comes back to the code.
    learner = visitors()
    learner.open(f"/col/code/{text}/")
    sign_up(learner, demo)
    said = learner.page.get_by_role("main").inner_text()
    assert "Night of the wheels" in said
    learner.press(learner.page.get_by_role("button", name="Get the badge"))
    assert "/col/badges/" in learner.page.url
    learner.open(f"/col/code/{text}/")
    assert "You have this badge." in learner.page.get_by_role("main").inner_text()
    page.get_by_role("link", name="Count again").click()
    page.get_by_text("used 1 of 30 times").wait_for()

    # It got out: another one takes its place.
    page.get_by_role("button", name="Show a new code instead").click()
    page.wait_for_function("old => !document.body.innerText.includes(old)", arg=text)
    page.get_by_role("link", name="Back to the codes").click()
    look(me)
    assert page.get_by_role("cell", name="Over", exact=True).count() == 1

    # Cards, and one of them typed on a phone.
    page.get_by_role("link", name="Print cards").click()
    look(me)
    page.get_by_label("For what").fill("Open day")
    page.get_by_label("How many cards").fill("12")
    page.get_by_role("button", name="Make the cards").click()
    page.locator(".col-cutout").first.wait_for()
    assert page.locator(".col-cutout").count() == 12
    me.accessible()
    cut_out(page)
    card = page.locator(".col-cutout__code").nth(3).text_content()
    other = visitors(keyboard=False, javascript=False)
    other.open("/col/code/")
    sign_up(other, demo)
    other.write(other.page.locator("#col-code"), card.lower())
    other.press(other.page.get_by_role("button", name="I was there"))
    assert "You have earned the badge" in other.page.content()
    assert "Open day" in other.page.get_by_role("main").inner_text()
    page.reload()
    assert page.locator(".col-cutout").count() == 11
    page.get_by_role("link", name="Back to the codes").click()
    page.get_by_role("link", name="Withdraw Open day").click()
    look(me)
    page.get_by_role("button", name="Withdraw the cards").click()
    look(me)
    assert "11 cards are withdrawn." in page.content()


def on_the_wall(me):
    """As large as the screen, under a strict policy, and on one sheet of paper."""
    page = me.page
    me.strict = True
    page.reload()
    assert page.evaluate("window.violations") == []
    me.accessible()
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    page.emulate_media(media="print")
    assert page.locator(".col-project__code").is_visible()
    assert not page.get_by_role("button", name="Show a new code instead").is_visible()
    page.emulate_media(media="screen")
    me.strict = False


def cut_out(page):
    """On paper: ten on the first sheet of A4, two on the second, each 85 by 54 mm."""
    page.emulate_media(media="print")
    boxes = [card.bounding_box() for card in page.locator(".col-cutout").all()]
    sizes = {(round(box["width"] / 96 * 25.4), round(box["height"] / 96 * 25.4)) for box in boxes}
    assert sizes == {(85, 54)}
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 2
    page.emulate_media(media="screen")


def test_a_photo_is_sent_in_sent_back_and_accepted(me, visitors, demo, width):
    _other, badge = badges(demo, width)
    learner = visitors()
    page, main = learner.page, learner.page.get_by_role("main")
    learner.open(f"/col/badges/achievements/{badge}/")
    learner.press(main.get_by_role("link", name="Send in what you did"))
    sign_up(learner, demo)
    assert page.url.endswith(f"/col/evidence/for/{badge}/"), "back where one came from"
    learner.check()

    # Too little, then a photo: the badge's page, the camera, the button.
    learner.press(main.get_by_role("button", name="Send"))
    assert "Nothing was sent." in page.get_by_role("alert").inner_text()
    main.get_by_label("Take a photo").set_input_files(photo())
    learner.press(main.get_by_role("button", name="Send"))
    assert "Somebody is going to look at it" in main.inner_text()
    learner.open(f"/col/evidence/for/{badge}/")
    assert "You have sent something in." in main.inner_text()

    review(me, width, "Send it back", "The wheel is missing.")
    learner.open("/col/evidence/")
    assert "The wheel is missing." in main.inner_text()
    learner.press(main.get_by_role("link", name=re.compile("Send it in again")))
    assert "The wheel is missing." in main.inner_text()
    learner.write(main.get_by_label("What you did"), "I built it. It turns.")
    learner.press(main.get_by_role("button", name="Send"))

    review(me, width, "Accept and give the badge", "It turns well.")
    learner.open("/col/evidence/")
    assert "Accepted" in main.inner_text()
    learner.open("/col/mine/")
    learner.press(main.get_by_role("link", name=f"Wheel builder {width}-organiser").first)
    assert "It turns well." in main.inner_text()


def review(me, width, button, words):
    page = me.page
    me.open("/admin/learning/waiting/")
    look(me)
    page.get_by_role("link", name=f"Wheel builder {width}-organiser").click()
    page.get_by_label("What you say to it").wait_for()
    look(me)
    page.get_by_label("What you say to it").fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()
    look(me)
    assert "Nothing waits for you." in page.get_by_role("main").inner_text()


def test_a_learner_looks_at_what_another_one_did(visitors, demo, width):
    _other, badge = badges(demo, width, "peer")
    author = visitors()
    author.open(f"/col/evidence/for/{badge}/")
    sign_up(author, demo)
    main = author.page.get_by_role("main")
    main.get_by_label("Take a photo").set_input_files(photo())
    author.write(main.get_by_label("What you did"), "I built a wheel.")
    author.press(main.get_by_role("button", name="Send"))

    peer = visitors()
    peer.open("/col/evidence/")
    address = sign_up(peer, demo)
    run(demo, HOLDER.format(badge, address))
    peer.open("/col/evidence/")
    main = peer.page.get_by_role("main")
    peer.press(main.get_by_role("link", name="Look at what others sent in"))
    peer.press(main.get_by_role("link", name=f"Wheel builder {width}-peer"))
    assert "I built a wheel." in main.inner_text()
    assert "@example.org" not in main.inner_text()
    assert main.get_by_role("img", name="Photo 1, larger").evaluate("image => image.naturalWidth")
    peer.press(main.get_by_role("button", name="Send it back"))
    assert "Say why you send it back" in main.inner_text()
    peer.press(main.get_by_role("button", name="Accept: the badge is earned"))
    assert "Nothing waits for you" in main.inner_text()
    author.open("/col/mine/")
    mine = author.page.get_by_role("main")
    author.press(mine.get_by_role("link", name=f"Wheel builder {width}-peer").first)
    assert "Somebody who has this badge looked at it." in mine.inner_text()
