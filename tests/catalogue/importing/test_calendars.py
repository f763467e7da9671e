"""Calendars and what pages say for programs become the same tables."""

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.catalogue.importing.opening import open_table
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.models import ImportRun, Listing


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def rows(data: bytes) -> list[dict[str, str]]:
    table = open_table(io.BytesIO(data))
    return [dict(zip(table.columns, cells, strict=True)) for _number, cells in table.rows()]


def dates(data: bytes) -> list[str]:
    [row] = rows(data)
    return row["dates"].split("; ")


def test_an_event_is_a_row():
    [row] = rows(
        calendar(
            "UID:1@x\nSUMMARY:Radio\nLOCATION:Library\nGEO:40.4;-3.7\nCATEGORIES:music,media\n"
            "URL:https://x.example/1\nDTSTART:20300504T100000Z\nDURATION:PT90M"
        )
    )
    assert (row["uid"], row["title"], row["venue"]) == ("1@x", "Radio", "Library")
    assert (row["lat"], row["lon"], row["category"]) == ("40.4", "-3.7", "music, media")
    assert row["dates"] == "2030-05-04T10:00:00+00:00/2030-05-04T11:30:00+00:00"


def test_whole_days_end_before_the_day_that_is_written():
    data = calendar("UID:1\nSUMMARY:A\nDTSTART;VALUE=DATE:20300504\nDTEND;VALUE=DATE:20300506")
    assert dates(data) == ["2030-05-04/2030-05-05"]


def test_repetitions_are_dates_without_those_left_out_and_with_those_moved():
    first = (timezone.localdate() + timedelta(days=40)).replace(day=2)
    day = f"{first:%Y%m%d}"
    moved = first + timedelta(weeks=2)
    data = calendar(
        f"UID:1\nSUMMARY:A\nDTSTART;TZID=Europe/Madrid:{day}T180000\n"
        f"DTEND;TZID=Europe/Madrid:{day}T190000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
        f"EXDATE;TZID=Europe/Madrid:{first + timedelta(weeks=1):%Y%m%d}T180000",
        f"UID:1\nRECURRENCE-ID;TZID=Europe/Madrid:{moved:%Y%m%d}T180000\nSUMMARY:A\n"
        f"DTSTART;TZID=Europe/Madrid:{moved:%Y%m%d}T200000\n"
        f"DTEND;TZID=Europe/Madrid:{moved:%Y%m%d}T210000",
    )
    assert [(one[:10], one[11:16]) for one in dates(data)] == [
        (f"{first}", "18:00"),
        (f"{moved}", "20:00"),
        (f"{first + timedelta(weeks=3)}", "18:00"),
    ]


def test_a_repetition_without_an_end_is_bounded():
    found = dates(calendar("UID:1\nSUMMARY:A\nDTSTART:20200101T100000Z\nRRULE:FREQ=WEEKLY"))
    assert 50 <= len(found) <= 62
    month = f"{timezone.localdate():%Y-%m}"
    assert found[0].startswith(month)
    assert (
        len(dates(calendar("UID:1\nSUMMARY:A\nDTSTART:20200101T100000Z\nRRULE:FREQ=DAILY"))) <= 400
    )


def test_what_is_cancelled_or_over_for_good_is_no_row():
    assert not rows(
        calendar(
            "UID:1\nSUMMARY:A\nSTATUS:CANCELLED\nDTSTART:20300101T100000Z",
            "UID:2\nSUMMARY:B\nDTSTART:20200101T100000Z\nRRULE:FREQ=DAILY;COUNT=3",
        )
    )


@pytest.mark.parametrize("data", [b"BEGIN:VCALENDAR\r\nx", b"BEGIN:VCALENDAR\r\nDTSTART:x"])
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(ImportRefused) as refusal:
        rows(data)
    assert refusal.value.code == "not-calendar"


PAGE = """<!doctype html><html><head><script>var x = "{";</script>
<script type="application/ld+json">%s</script>
<script type="application/ld+json">{ broken</script></head><body>Hello</body></html>"""
COURSE = {
    "@context": "https://schema.org/",
    "@graph": [
        {"@type": "WebPage", "name": "Not this"},
        {
            "@type": "Course",
            "@id": "https://x.example/course",
            "name": "Proofreading &amp; more",
            "description": "How to.",
            "inLanguage": ["en", "es"],
            "hasCourseInstance": [
                {
                    "@type": "CourseInstance",
                    "courseMode": ["Online", "distance learning"],
                    "startDate": "2030-05-04",
                    "endDate": "2030-06-04",
                    "offers": {"@type": "Offer", "price": "395", "priceCurrency": "GBP"},
                }
            ],
        },
        {
            "@type": ["Event", "EducationEvent"],
            "name": "Talk",
            "url": "https://x.example/talk",
            "startDate": "2030-05-04T10:00:00Z",
            "endDate": "2030-05-04T11:00:00Z",
            "isAccessibleForFree": True,
            "location": {
                "@type": "Place",
                "name": "Library",
                "address": {"streetAddress": "Street 1", "postalCode": "1000"},
                "geo": {"latitude": 46.05, "longitude": 14.5},
            },
        },
    ],
}


@pytest.mark.django_db
def test_a_page_says_courses_and_events(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE % json.dumps(COURSE))
    for _turn in range(2):
        call_command("import_listings", str(path))
        course, talk = Listing.objects.order_by("kind")
        assert course.text.title == "Proofreading & more"
        assert course.canonical_uri == "https://x.example/course"
        assert (course.price, course.currency) == (Decimal(395), "GBP")
        assert course.is_online and not course.is_local
        assert course.delivery_languages == "en es"
        assert (talk.kind, talk.is_free, talk.venue) == ("event", True, "Library")
        assert talk.address == "Street 1, 1000"
        assert talk.starts_at == datetime(2030, 5, 4, 10, tzinfo=UTC)
        assert talk.point.lat == 46.05
    assert ImportRun.objects.first().same == 2


@pytest.mark.django_db
def test_a_calendar_goes_in_and_its_faults_are_named(tmp_path):
    path = tmp_path / "a.ics"
    path.write_bytes(
        calendar(
            "UID:1\nSUMMARY:Good\nDTSTART:20300504T100000Z\nDTEND:20300504T110000Z",
            "UID:2\nDTSTART:20300504T100000Z",
            "UID:3\nSUMMARY:Backwards\nDTSTART:20300504T100000Z\nDTEND:20300504T090000Z",
        )
    )
    with pytest.raises(SystemExit):
        call_command("import_listings", str(path), "--good-rows")
    faults = ImportRun.objects.get().faults
    assert [(one["row"], one["column"], one["code"]) for one in faults] == [
        (2, "title", "no-title"),
        (3, "dates", "ends-before-start"),
    ]
    assert [listing.text.title for listing in Listing.objects.all()] == ["Good"]


@pytest.mark.parametrize(
    "text", ["{}", "[1, 2]", "<html>nothing</html>", "{ broken", '{"@type": "Person"}', "[" * 5000]
)
def test_what_says_nothing_is_refused(text):
    with pytest.raises(ImportRefused) as refusal:
        rows(text.encode())
    assert refusal.value.code == "not-linked"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "name", "location", "offers", "startDate", "geo", "address",
                             "hasCourseInstance", "inLanguage", "image", "@id", "audience"]),
            inner, max_size=5)
    ),
    max_leaves=12,
)  # fmt: skip


@given(json_values)
def test_any_json_is_a_table_or_refused(value):
    try:
        found = rows(json.dumps([{"@type": "Event", "name": "A"}, value]).encode())
    except ImportRefused:
        return
    assert all(isinstance(cell, str) for row in found for cell in row.values())
