"""An editor brings a table in: says what is what, imports it, and takes it out again."""

import pytest
from playwright.sync_api import expect

from tests.catalogue.importing import making
from tests.journeys.test_editor import Editor

#: Enough that the bar is seen moving.
ROWS = 6000


@pytest.fixture(params=[360, 1280])
def me(request, browser, demo):
    editor = Editor(browser, demo.url, "admin", request.param)
    yield editor
    editor.context.close()


def table() -> bytes:
    # Far from what others look for.
    rows = [
        making.row(number, lat="10.5", lon="10.5", **({"price": "abc"} if number == 7 else {}))
        for number in range(ROWS)
    ]
    for row in rows:
        row["Hall"] = row.pop("venue")
    columns = [name for name in making.COLUMNS if name != "venue"]
    return making.table(rows, columns=[*columns, "Hall"]).encode()


def look_of(button) -> str:
    return button.evaluate("element => getComputedStyle(element).backgroundColor")


def no_wider(page) -> None:
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), f"{page.url} is wider than the screen"
    # Wagtail cuts off what is wider: that does not make it easier to use.
    assert page.evaluate(
        "[...document.querySelectorAll('main :is(select, input, button, td)')]"
        ".every((one) => one.getBoundingClientRect().right <= window.innerWidth)"
    ), f"something on {page.url} is cut off"


def test_from_upload_to_finished_and_out_again(me):
    page, name = me.page, f"Library {me.page.viewport_size['width']}"
    me.open("/admin/learning/imports/")
    page.get_by_role("link", name="Choose what to import").click()
    page.get_by_label("File").wait_for()
    no_wider(page)
    me.accessible(".col-form")
    page.get_by_label("File").set_input_files(
        {"name": "library.csv", "mimeType": "text/csv", "buffer": table()}
    )
    page.get_by_label("Name of a new source").fill(name)
    page.get_by_role("button", name="Look at it").click()

    # What would happen, the fault by row and column, and the columns.
    page.get_by_text("“abc” is not a price.").wait_for()
    fault = page.get_by_role("row").filter(has_text="is not a price")
    said = [text.split()[-1] for text in fault.locator("td").all_inner_texts()]
    assert said[:2] == ["9", "price"]
    no_wider(page)
    me.accessible("main .col-figures", "main .col-form", "main .col-rows")
    page.get_by_label("Hall").select_option(label="Venue")
    page.get_by_role("button", name="Look again with these columns").click()
    page.wait_for_load_state("load")
    assert page.get_by_label("Hall").input_value() == "venue"

    # Not before somebody says that the faulty row stays out: the button shows that, and a press
    # on it leads to the box.
    start, tick = (
        page.get_by_role("button", name="Import", exact=True),
        page.get_by_label("Leave out this 1 row"),
    )
    page.get_by_text("Tick this first, or nothing is imported:").wait_for()
    assert look_of(start) == "rgba(0, 0, 0, 0)"
    start.click()
    assert tick.evaluate("element => element === document.activeElement")
    assert page.get_by_text("Looked at, not imported").is_visible()
    tick.check()
    # Colours come by and by.
    expect(start).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    no_wider(page)
    start.click()
    bar = page.get_by_role("progressbar", name="How far it is")
    bar.wait_for()
    me.accessible("main .col-giving")
    no_wider(page)
    page.get_by_text("library.csv – Imported").wait_for(timeout=120_000)
    new = page.locator(".col-figures div").filter(has_text="New").locator("dd")
    assert new.inner_text() == str(ROWS - 1)

    # Its source, and everything out again.
    me.open("/admin/learning/imports/sources/")
    row = page.get_by_role("row").filter(has_text=name)
    assert f"{ROWS - 1} new" in row.inner_text()
    no_wider(page)
    me.accessible("main .col-rows")
    row.get_by_role("link", name="Delete").click()
    page.get_by_label("Also take out what came from it").check()
    me.accessible("main .col-form")
    page.get_by_role("button", name="Delete the source").click()
    page.get_by_text(f"“{name}” is deleted.").wait_for()
    assert me.errors == []
    assert me.elsewhere == []
