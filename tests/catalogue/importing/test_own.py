"""What comes from this very site is not brought in again, whatever form it comes in."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.catalogue import making as records
from tests.catalogue.importing import making
from tests.catalogue.importing.test_command import imported, written
from wagtail_col.catalogue.exporting import as_csv, as_icalendar
from wagtail_col.catalogue.facts import Date, Text
from wagtail_col.catalogue.importing.wholly import import_file
from wagtail_col.catalogue.models import ImportTwin, Listing
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.catalogue.search import Query

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": "https://city.example"}


@pytest.fixture
def weekly():
    """Two things here; one of them each week of a term, so that its dates differ."""
    start = timezone.now() + timedelta(days=3)
    dates = tuple(
        Date(starts_at=begins, ends_at=begins + timedelta(hours=2))
        for begins in (start + timedelta(weeks=number) for number in range(12))
    )
    records.listing("Open day", dates=dates[:1])
    return records.listing("Pottery each week", dates=dates)


def brought(text: str, name: str):
    source = making.source(name=name)
    return import_file(source, making.file(text), name=name)


def test_our_calendar(weekly):
    text = b"".join(as_icalendar(Query())).decode()
    run = brought(text, "opportunities.ics")
    assert (run.total, run.new, run.twins, run.found["own"]) == (13, 0, 13, 13)
    assert Listing.objects.count() == 2
    # There is no question about them.
    assert not ImportTwin.objects.exists()
    # Also when our own numbers are lost on the way: their addresses are here.
    others = text.replace("UID:", "UID:copy-of-")
    assert brought(others, "copy.ics").new == 0


def test_our_table(weekly):
    run = brought("".join(as_csv(Query())), "opportunities.csv")
    assert (run.total, run.new, run.twins, run.faulty) == (2, 0, 2, 0)


def test_our_pages(client, weekly):
    page = client.get(f"/col/opportunities/{weekly.key}/").content.decode()
    assert "application/ld+json" in page
    run = brought(page, "page.html")
    assert (run.total, run.new, run.twins, run.faulty) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    "said",
    [
        {"@id": "urn:uuid:{key}"},
        {"@id": "https://city.example/col/opportunities/{key}/"},
        {"url": "http://CITY.example/col/opportunities/{key}/?from=elsewhere#dates"},
        {"url": "https://city.example/en/pottery/"},
        {"identifier": "{key}-20300101T100000Z"},
    ],
)
def test_each_way_to_say_which_one_it_is(said):
    listing = records.listing(
        "Pottery", texts=(Text(language="en", title="Pottery", url="/en/pottery/"),)
    )
    said = {name: value.replace("{key}", str(listing.key)) for name, value in said.items()}
    event = {"@type": "Event", "name": "Elsewhere called so", "startDate": "2031-05-06", **said}
    assert brought(json.dumps(event), "a.json").found["own"] == 1
    # It was taken out here: it does not come back by the back door.
    withdraw_listing(listing.key)
    assert brought(json.dumps(event), "b.json").found["own"] == 1
    assert Listing.objects.count() == 1


def test_what_only_looks_like_ours_is_others(weekly, tmp_path):
    rows = [
        making.row(1, id="00000000-0000-4000-8000-000000000000"),
        making.row(2, url=f"https://elsewhere.example/col/opportunities/{weekly.key}/"),
        making.row(3, url="https://city.example/nothing/here/"),
        making.row(4, url=f"https://city.example.org/{weekly.key}"),
    ]
    assert imported(written(tmp_path, rows)) == 0
    assert Listing.objects.count() == 6


def test_it_is_said_in_the_report(weekly, tmp_path, capsys):
    rows = [making.row(1), making.row(2, url=f"https://city.example/x/{weekly.key}/")]
    for options in (("--check",), ()):
        assert imported(written(tmp_path, rows), *options) == 0
        assert "1 of those that are there already is from this very site." in (
            capsys.readouterr().out
        )


def test_it_is_asked_once_for_many(weekly):
    def queries(name: str, numbers) -> int:
        rows = [
            making.row(number, url=f"https://city.example/{number}/{weekly.key}/")
            for number in numbers
        ]
        with CaptureQueriesContext(connection) as captured:
            assert brought(making.table(rows), name).found["own"] == len(rows)
        return len(captured)

    queries("warm", range(2))
    assert queries("few", range(3)) == queries("many", range(30))
