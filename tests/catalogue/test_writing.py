"""Listings written many at once: the same records as one by one, with few queries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import nh3
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from wagtail_col.catalogue.facts import Date, ListingFacts, SkillFacts, Text
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    Interest,
    Listing,
    ListingText,
    MapPoint,
    Occurrence,
    Skill,
)
from wagtail_col.catalogue.publishing import publish_listing, publish_listings, withdraw_listing
from wagtail_col.catalogue.writing import cleaned
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db
START = datetime(2030, 5, 4, 10, tzinfo=UTC)


def facts(**values) -> ListingFacts:
    given = {
        "key": uuid4(),
        "texts": (Text(language="en", title="Radio", description="<p>On air</p>"),),
        "kind": "workshop",
        "interests": ("music",),
        "point": Point(-3.7, 40.4),
        "dates": (Date(starts_at=START, ends_at=START + timedelta(hours=2)),),
    }
    return ListingFacts(**given | values)


@pytest.fixture(autouse=True)
def music():
    return Interest.objects.create(slug="music")


def test_listings_come_back_in_order_with_all_that_belongs_to_them():
    many = [facts(texts=(Text(language="en", title=f"No {n}"),)) for n in range(7)]
    written = publish_listings(many)
    assert [listing.key for listing in written] == [said.key for said in many]
    assert [listing.text.title for listing in written] == [f"No {n}" for n in range(7)]
    assert all(listing.occurrences.count() == 1 for listing in written)
    assert all(listing.interests.get().slug == "music" for listing in written)
    assert MapPoint.objects.count() == 7


def test_each_listing_has_a_revision_of_its_own():
    before = CatalogueRevision.current()
    written = publish_listings(facts() for _ in range(5))
    assert [listing.revision for listing in written] == list(range(before + 1, before + 6))
    assert CatalogueRevision.current() == before + 5


def test_writing_again_changes_and_removes_what_changed():
    online = facts(
        texts=(Text(language="en", title="Radio"), Text(language="sl", title="Radio (sl)"))
    )
    other = facts(texts=(Text(language="sl", title="Drugo"),))
    first, _ = publish_listings([online, other])
    first_text = first.texts.get(language="en").pk
    again = replace(
        online,
        texts=(Text(language="en", title="Podcast"),),
        interests=("unknown",),
        is_online=True,
        is_local=False,
        dates=(),
    )
    second, kept = publish_listings([again, other])
    assert second.pk == first.pk
    assert second.revision > first.revision
    assert [(text.pk, text.title) for text in second.texts.all()] == [(first_text, "Podcast")]
    assert kept.text.title == "Drugo"
    assert not second.interests.exists()
    assert not second.occurrences.exists()
    assert second.starts_at is None
    assert list(MapPoint.objects.values_list("listing", flat=True)) == [kept.pk]


def test_a_withdrawn_listing_is_there_again_when_it_is_written_again():
    said = facts()
    publish_listing(said)
    withdraw_listing(said.key)
    assert publish_listing(said).is_published
    assert MapPoint.objects.count() == 1


def test_of_two_with_one_key_the_last_is_written():
    said = facts()
    written = publish_listings([said, replace(said, venue="Elsewhere")])
    assert [listing.venue for listing in written] == ["Elsewhere", "Elsewhere"]
    assert Listing.objects.count() == Occurrence.objects.count() == 1


def test_one_that_cannot_be_true_stops_them_all():
    with pytest.raises(ValidationError):
        publish_listings([facts(), facts(kind="party")])
    assert not Listing.objects.exists()
    assert not ListingText.objects.exists()


def test_nothing_is_written_of_nothing():
    assert publish_listings([]) == []


def test_the_number_of_queries_does_not_grow_with_the_number_of_listings():
    def queries(count: int) -> int:
        many = [facts() for _ in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            publish_listings(many)
        return len(captured)

    queries(1)  # makes the row that counts revisions
    # On SQLite statements have few sizes; this is each of them.
    assert queries(146) == queries(73)


CODING = SkillFacts(uri="http://esco/1", names={"en": "code", "es": "programar"}, framework="ESCO")


class TestSkills:
    def test_they_are_written_once_and_known_by_their_address(self):
        painting = SkillFacts(uri="http://esco/2", names={"en": "paint"})
        first, second = publish_listings(
            [facts(skills=(CODING, painting, CODING)), facts(skills=(CODING,))]
        )
        assert {str(skill) for skill in first.skills.all()} == {"code", "paint"}
        assert second.skills.get().slug == Skill.slug_of("http://esco/1")
        assert Skill.objects.count() == 2
        assert {name.name for name in second.skills.get().names.all()} == {"code", "programar"}

    def test_a_new_name_is_taken_and_those_gone_from_a_listing_are_gone(self):
        said = facts(skills=(CODING,))
        publish_listing(said)
        renamed = replace(CODING, names={"en": "write programs", "sl": "programirati"})
        listing = publish_listing(replace(said, skills=(renamed,)))
        names = {name.language: name.name for name in listing.skills.get().names.all()}
        assert names == {"en": "write programs", "es": "programar", "sl": "programirati"}
        publish_listing(replace(said, skills=()))
        assert not listing.skills.exists()

    @pytest.mark.parametrize("skill", [{"uri": " "}, {"names": {}}, {"names": {"en": ""}}])
    def test_one_without_an_address_or_a_name_is_refused(self, skill):
        with pytest.raises(ValidationError) as refusal:
            publish_listing(facts(skills=(replace(CODING, **skill),)))
        assert list(refusal.value.message_dict) == ["skills"]


def test_what_helps_to_take_part_is_kept_in_one_order():
    listing = publish_listing(facts(accessibility=("quiet", "step-free", "quiet")))
    assert listing.accessibility == "step-free quiet"
    with pytest.raises(ValidationError) as refusal:
        publish_listing(facts(accessibility=("stairs",)))
    assert list(refusal.value.message_dict) == ["accessibility"]


@pytest.mark.parametrize(
    ("hour", "hours", "all_day", "parts"),
    [
        (9, 8, False, 1),
        (11, 1, False, 1),
        (12, 1, False, 2),
        (17, 1, False, 2),
        (18, 1, False, 4),
        (0, 1, False, 1),
        (9, 24, False, 7),
        (9, 1, True, 7),
    ],
)
def test_when_in_a_day_a_date_begins(hour, hours, all_day, parts):
    start = datetime(2030, 7, 4, hour, tzinfo=timezone.get_default_timezone())
    date = Date(starts_at=start, ends_at=start + timedelta(hours=hours), all_day=all_day)
    assert publish_listing(facts(dates=(date,))).occurrences.get().parts == parts


pieces = st.sampled_from(
    ["<p>", "</p>", "<br>", "<p", "<P>", "<p >", "<b>", "</b>", "<script>", "&", "&amp;", ">", "<",
     '"', "'", "a", "é", "漢", "_", " ", "\n", "\n\n", "\r", "\xa0", "\x00", "\x0c", "\ufffe", "ª",
     "<!--", "-->", "{", "~", "\u2028", "\x7f"]
)  # fmt: skip


@given(st.lists(pieces, max_size=12).map("".join))
@example("<p>a</p>\n\n<p>b<br>c</p>\n")
def test_what_is_plainly_clean_is_clean_to_the_library(html):
    assert cleaned(html) == nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"})


@given(st.lists(pieces, max_size=8).map("".join))
def test_the_same_in_paragraphs(text):
    html = f"<p>{text}</p>"
    assert cleaned(html) == nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"})
