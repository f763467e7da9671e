"""Somebody of a provider's team brings in what their house has: a calendar by the keyboard alone,
and a web page from its address, twice."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.test_editor import Editor
from tests.journeys.test_importing import no_wider
from tests.serving import http, serve

#: No place is said, so that others do not meet them on the map.
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:weaving-{width}
SUMMARY:Weaving at {width}
DTSTART;TZID=Europe/Madrid:{day}T180000
DTEND;TZID=Europe/Madrid:{day}T200000
RRULE:FREQ=WEEKLY;COUNT=3
LOCATION:House {width}
END:VEVENT
BEGIN:VEVENT
UID:over-{width}
SUMMARY:Long ago at {width}
DTSTART:20200504T180000Z
DTEND:20200504T200000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(params=[360, 1280])
def me(request, browser, demo):
    editor = Editor(browser, demo.url, "nave", request.param)
    yield editor
    assert editor.errors == []
    assert editor.elsewhere == []
    editor.context.close()


def figures(page) -> dict[str, int]:
    cells = page.locator(".col-figures div").all()
    return {cell.locator("dt").inner_text(): int(cell.locator("dd").inner_text()) for cell in cells}


def figure(page, name: str) -> int:
    # The styles may write them in capitals.
    return next(n for said, n in figures(page).items() if said.casefold() == name.casefold())


def take_out(me, source: str) -> None:
    """Of what came from it nothing is left, so that nobody else meets it."""
    me.open("/admin/learning/imports/sources/")
    row = me.page.get_by_role("row").filter(has_text=source)
    row.get_by_role("link", name="Delete").click()
    me.page.get_by_label("Also take out what came from it").check()
    me.page.get_by_role("button", name="Delete the source").click()
    me.page.get_by_text(f"“{source}” is deleted.").wait_for()


def calendar(width: int) -> bytes:
    # Repetitions are written out for a year ahead.
    soon = timezone.localdate() + timedelta(days=10)
    return CALENDAR.format(width=width, day=f"{soon:%Y%m%d}").encode()


def event(number: str, name: str) -> dict[str, object]:
    return {
        "@type": "EducationEvent",
        "@id": f"https://house.example/{number}",
        "name": name,
        "startDate": "2030-06-07T18:00:00+02:00",
    }


def answer(*events: dict[str, object]) -> bytes:
    said = json.dumps({"@context": "https://schema.org", "@graph": events})
    page = f'<!doctype html><title>House</title><script type="application/ld+json">{said}</script>'
    return http(page.encode(), content_type="text/html; charset=utf-8")


def test_a_calendar_by_the_keyboard_alone(me):
    page, width = me.page, me.page.viewport_size["width"]
    me.open("/admin/learning/imports/choose/")
    me.accessible("main .col-form")
    no_wider(page)
    me.tab_to("input[type=file]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(
        {"name": "house.ics", "mimeType": "text/calendar", "buffer": calendar(width)}
    )
    me.tab_to("[name=name]")
    page.keyboard.type(f"Calendar {width}")
    # There is one provider only, and it is chosen already.
    assert page.get_by_label("Provider").input_value()
    me.tab_to(".col-form button[type=submit]")
    page.keyboard.press("Enter")

    page.get_by_text("1 of them is over already and will not be found.").wait_for()
    assert figure(page, "New") == 2
    me.accessible("main .col-figures", "main .col-form")
    no_wider(page)
    me.tab_to(".col-start__go")
    page.keyboard.press("Enter")
    page.get_by_text("house.ics – Imported").wait_for()
    me.accessible("main .col-figures")
    me.open(f"/en/madrid/?q=weaving+at+{width}")
    assert page.get_by_role("link", name=f"Weaving at {width}").count()
    take_out(me, f"Calendar {width}")


def test_a_page_from_its_address_and_again(me):
    page, width = me.page, me.page.viewport_size["width"]
    loom, dyeing = f"loom-{width}", f"dyeing-{width}"
    first = [event(loom, f"Loom {width}"), event(dyeing, f"Dyeing {width}"), event("untitled", "")]
    with serve(answer(*first)) as house:
        me.open("/admin/learning/imports/choose/")
        page.get_by_label("Or a web address").fill(f"http://{house.host}/events/")
        page.get_by_label("Name of a new source").fill(f"House {width}")
        page.get_by_role("button", name="Look at it").click()

        # A page has items, not rows.
        page.get_by_role("heading", name="What is wrong, by item").wait_for()
        fault = page.get_by_role("row").filter(has_text="A title is needed.")
        assert fault.locator("td").first.inner_text().split()[-1] == "3"
        me.accessible("main .col-figures", "main .col-form", "main .col-rows")
        no_wider(page)
        page.get_by_label("Leave out this 1 row").check()
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("– Imported").wait_for()
        assert figure(page, "New") == 2

        # Again, from the list of sources: only what changed.
        house.answer = answer(first[0], event(dyeing, f"Dyeing wool {width}"))
        me.open("/admin/learning/imports/sources/")
        row = page.get_by_role("row").filter(has_text=f"House {width}")
        me.accessible("main .col-rows")
        no_wider(page)
        row.get_by_role("button", name="Look now").click()
        page.get_by_text("Looked at, not imported").wait_for()
        said = {name: figure(page, name) for name in ("New", "Changed", "As before")}
        assert said == {"New": 0, "Changed": 1, "As before": 1}
        page.get_by_text("1 item is written.").wait_for()
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("– Imported").wait_for()
        assert figure(page, "Changed") == 1
    take_out(me, f"House {width}")
