"""A learner asks somebody to stand by a badge; they answer from the e-mail; it is hidden."""

import re
import uuid

import pytest

from tests.journeys.test_learner import join
from tests.journeys.watching import Visitor

LINE = "/en/madrid/madrids-night-sky/"
WHY = "She explained the sky to forty children.\nWe would ask her again <b>any</b> night."


@pytest.fixture(params=[(360, False), (1280, True)], ids=["phone", "desk-by-keyboard"])
def people(request, browser, demo):
    """The learner and the endorser, each with a browser of their own."""
    width, keyboard = request.param
    both = [Visitor(browser, demo.url, width, keyboard=keyboard) for _ in range(2)]
    yield both
    for visitor in both:
        visitor.close()


def main(visitor):
    return visitor.page.get_by_role("main")


def test_somebody_stands_by_a_badge(people, demo):
    learner, endorser = people
    badge = earn(learner, demo)

    # The learner asks. An address in the message is refused, with what to do.
    address = f"eva-{uuid.uuid4().hex[:8]}@navesur.example"
    learner.press(main(learner).get_by_role("link", name="Ask somebody to stand by this badge"))
    learner.write(main(learner).get_by_label("Their e-mail address"), address)
    learner.write(main(learner).get_by_label("Your name, as they read it"), "Zofka")
    learner.write(main(learner).get_by_label("A message to them"), "See www.zofka.example")
    learner.press(main(learner).get_by_role("button", name="Send my request"))
    assert "Nothing was sent" in learner.page.get_by_role("alert").inner_text()
    learner.write(main(learner).get_by_label("A message to them"), "You saw me at the telescope.")
    learner.press(main(learner).get_by_role("button", name="Send my request"))
    assert address in main(learner).inner_text()

    # The endorser opens the e-mail's link: who, what, the message; writes, looks, signs.
    page = endorser.page
    link = demo.mailed_link(address, "/col/badges/endorse/")
    endorser.open(link)
    for words in ("Zofka", "You saw me at the telescope."):
        assert words in main(endorser).inner_text()
    endorser.write(main(endorser).get_by_label("Your organisation", exact=True), "Nave Sur")
    endorser.write(main(endorser).get_by_label("Your name and role"), "Eva Ruiz, head")
    endorser.paste(main(endorser).get_by_label("Why you stand by it"), WHY)
    endorser.tick(main(endorser).get_by_label(re.compile("I may say this")))
    endorser.press(main(endorser).get_by_role("button", name="See how it will look"))
    assert "<b>any</b> night" in page.locator(".col-endorsement").inner_text()
    assert "an address at navesur.example" in main(endorser).inner_text()
    endorser.press(main(endorser).get_by_role("button", name="Yes, sign this"))
    assert main(endorser).get_by_role("heading", name="Thank you").is_visible()

    # It stands on the badge's page; the link shows it to a stranger as well.
    learner.open(badge)
    assert "Nave Sur" in learner.page.locator(".col-endorsement").inner_text()
    signed = learner.page.locator(".col-endorsement a[href*='.json']").get_attribute("href")
    document = learner.page.request.get(signed).json()
    assert document["credentialSubject"]["endorsementComment"] == WHY
    assert address not in str(document)
    endorser.open(f"/col/badges/issuers/{document['issuer']['id'].rsplit(':', 1)[1]}/")

    # The learner hides it: gone at once, for everybody.
    learner.press(main(learner).get_by_role("link", name="Ask somebody else, or hide one"))
    learner.press(main(learner).get_by_role("button", name=re.compile("Hide it")))
    learner.open(badge)
    assert learner.page.locator(".col-endorsement").count() == 0
    assert learner.page.request.get(signed).status == 404

    # And the endorser takes it back, from the same link.
    endorser.open(link)
    endorser.press(main(endorser).get_by_role("button", name="Take it back"))
    assert main(endorser).get_by_role("heading", name="You took it back").is_visible()


def earn(visitor, demo) -> str:
    """A line done by codes and own word; the address of its badge."""
    join(visitor, demo, f"{uuid.uuid4().hex}@example.org")
    page = visitor.page
    codes = demo.codes()[LINE]
    for title in sorted(codes, key=lambda title: not title.startswith("Artemisia")):
        visitor.open(f"/col/code/{codes[title]}/")
        visitor.press(page.get_by_role("button", name="I was there"))
    visitor.open(LINE)
    said = page.get_by_role("button", name="I have done this")
    if said.count():
        visitor.press(said.first)
        visitor.open(LINE)
    visitor.press(page.get_by_role("link", name="See your badge"))
    return page.url
