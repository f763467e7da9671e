"""The arrays, the database and a slow, obvious look at every listing say the very same."""

import random
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue import making
from tests.catalogue.random_catalogues import SKILLS, City, offers, scopes, searches
from tests.catalogue.slow_look import in_slow_order, slowly
from wagtail_col.catalogue.map import ZOOM, clusters, read_view
from wagtail_col.catalogue.models import CatalogueRevision, Interest, Listing, Skill, Territory
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing, withdraw_territory
from wagtail_col.catalogue.search import Query, answers
from wagtail_col.catalogue.search.answers import FromColumns, FromDatabase
from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.columns import current, matching
from wagtail_col.catalogue.search.columns.matching import Matches
from wagtail_col.catalogue.search.columns.reading import read_all, read_changes
from wagtail_col.catalogue.search.columns.table import Table
from wagtail_col.geo import WORLD, Point, distance_km, to_map

pytestmark = pytest.mark.django_db

EVERYWHERE = Window(0, 0, WORLD, WORLD)


def from_columns(table: Table, query: Query) -> FromColumns:
    return FromColumns(table, query, timezone.now())


def same(table: Table, query: Query) -> None:
    """Compare everything, whether few rows are picked out or all of them are looked at."""
    for most in (-1, 2):
        with mock.patch.object(matching, "MOST_PICKED", most):
            _same(table, query)


def _same(table: Table, query: Query) -> None:
    """Compare everything that can be asked of a search."""
    ours, theirs, found = from_columns(table, query), FromDatabase(query), slowly(query)
    assert ours.count == theirs.count == len(found)
    listed = [listing.pk for listing in theirs.page(0, 100)]
    assert [listing.pk for listing in ours.page(0, 100)] == listed
    assert set(listed) == found
    assert ours.read_as == theirs.read_as
    if query.order != "distance":
        assert listed == in_slow_order(query)
    shown = list(zip(ours.page(0, 100), theirs.page(0, 100), strict=True))
    for mine, other in shown:
        assert mine.distance_km == other.distance_km
        if query.point:
            assert mine.distance_km == pytest.approx(distance_km(mine.point, query.point), abs=0.01)
    if query.order == "distance":
        far = [mine.distance_km for mine, _other in shown]
        assert far == sorted(far)
    relaxed = ours.relaxations() if not found else []
    assert relaxed == (theirs.relaxations() if not found else [])
    assert all(one.count == len(slowly(one.query)) > 0 for one in relaxed)
    if not found and query.is_filtered:
        assert bool(relaxed) == bool(slowly(query.bare()))
    for start, stop in ((0, 1), (1, 3), (2, 5)):
        assert [one.pk for one in ours.page(start, stop)] == listed[start:stop]
    assert ours.unplaced == theirs.unplaced
    territories = list(Territory.objects.all())
    counted = ours.facets(territories)
    assert counted == theirs.facets(territories)
    assert counted.when["week"] == len(slowly(query.but(when="week", from_date=None, to_date=None)))
    assert counted.access["quiet"] == len(slowly(query.but(access=(*query.access, "quiet"))))
    assert counted.max_price[5] == len(slowly(query.but(max_price=5)))
    assert counted.language.get("es", 0) == len(slowly(query.but(language=("es",))))
    assert counted.time["evening"] == len(slowly(query.but(time=("evening",))))
    code = Skill.slug_of(SKILLS["code"].uri)
    assert counted.skill.get(code, 0) == len(slowly(query.but(skill=(code,))))
    if query.point:
        assert counted.within[50] == len(slowly(query.but(within=50)))
    assert ours.box() == theirs.box()
    assert ours.attributions() == theirs.attributions()
    named = {Listing.objects.get(pk=pk).attribution for pk in found}
    assert ours.attributions() == sorted(named - {""})
    part = Window(*to_map(Point(-3.6, 40.6)), *to_map(Point(-2.4, 40.4)))
    alone = from_columns(table, query).cells(part, 6)
    assert alone == ours.cells(part, 6)
    assert [cell.count for cell in alone] == [cell.count for cell in theirs.cells(part, 6)]
    for zoom in (4, 12, 20):
        shift = ZOOM - zoom + 6 if zoom < 20 else 0
        mine, other = ours.cells(EVERYWHERE, shift), theirs.cells(EVERYWHERE, shift)
        assert [(c.cx, c.cy, c.count, c.is_one_place, c.first) for c in mine] == [
            (c.cx, c.cy, c.count, c.is_one_place, c.first) for c in other
        ]
        assert [(c.mean_x, c.mean_y) for c in mine] == [
            pytest.approx((c.mean_x, c.mean_y)) for c in other
        ]
        placed = Listing.objects.filter(pk__in=found, map_point__isnull=False)
        assert sum(cell.count for cell in mine) == placed.count()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(offers, min_size=1, max_size=8),
    st.lists(offers, max_size=4),
    st.lists(st.tuples(searches, scopes), min_size=1, max_size=4),
)
def test_arrays_database_and_a_slow_look_agree(first, then, asked):
    with transaction.atomic():
        city = City()
        city.write(first)
        table = read_all()
        for params, scope in asked:
            same(table, city.query(params, scope))
        city.write(then)
        changed = read_changes(table) or read_all()
        assert_equal(changed, read_all())
        for params, scope in asked:
            same(changed, city.query(params, scope))
        transaction.set_rollback(True)


def assert_equal(one: Table, other: Table) -> None:
    assert (one.revision, one.stamp) == (other.revision, other.stamp)
    for name in set(one.rows.NAMES) - {"said", "credit"}:
        assert getattr(one.rows, name).tolist() == getattr(other.rows, name).tolist(), name
    for name, words in (("said", "said"), ("credit", "credits")):
        mine, theirs = (
            [getattr(table.words, words)[number] for number in getattr(table.rows, name)]
            for table in (one, other)
        )
        assert mine == theirs
    for name in ("dates", "tags", "skills", "texts"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert sorted(zip(*vars(mine).values(), strict=True)) == sorted(
            zip(*vars(theirs).values(), strict=True)
        )
    assert one.paths == other.paths


@pytest.fixture
def crowd() -> City:
    chance = random.Random(1)
    city = City()
    publish_listings(
        [
            making.facts(
                f"L{number}",
                territory=city.city,
                point=Point(-4 + 2 * chance.random(), 40 + chance.random()),
                dates=(making.on(chance.randrange(40)),),
            )
            for number in range(90)
        ]
    )
    return city


class TestChanges:
    def test_few_changes_are_read_alone(self, crowd, django_assert_max_num_queries):
        table = read_all()
        withdraw_listing(making.key("L7"))
        publish_listings([making.facts("New", territory=crowd.city)])
        with django_assert_max_num_queries(12):
            changed = read_changes(table)
        assert_equal(changed, read_all())

    def test_a_row_deleted_past_us_is_noticed(self, crowd):
        table = read_all()
        Listing.objects.filter(pk=Listing.objects.first().pk).delete()
        assert read_changes(table) is None

    def test_a_moved_boundary_moves_its_listings(self, crowd):
        table = read_all()
        withdraw_territory(crowd.west.key)
        assert_equal(read_changes(table), read_all())
        making.territory("East", crowd.city, boundary=making.square(-4, 40, 1))
        assert_equal(read_changes(table), read_all())

    def test_many_changes_are_read_with_all(self, crowd):
        table = read_all()
        publish_listings([making.facts(f"N{number}") for number in range(200)])
        assert read_changes(table) is None


def test_the_transaction_that_writes_asks_the_database():
    making.listing("Radio")
    assert CatalogueRevision.is_unsettled()
    assert isinstance(answers.answer(Query()), FromDatabase)


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    @pytest.fixture(autouse=True)
    def fresh(self):
        current.forget()
        yield
        current.forget()

    def test_answers_come_from_memory_and_follow_every_change(self, client, monkeypatch):
        listing = making.listing("Radio")
        monkeypatch.setattr(answers, "FromDatabase", None)
        url = "/col/opportunities.json"
        assert [one["title"] for one in client.get(url).json()["opportunities"]] == ["Radio"]
        publish_listings([making.facts("Painting", key=listing.key), making.facts("Other")])
        assert client.get(url).json()["count"] == 2
        withdraw_listing(listing.key)
        assert [one["title"] for one in client.get(url).json()["opportunities"]] == ["Other"]
        shown = client.get("/col/map.json?bbox=-4.5,39.5,-2.5,41.5&zoom=9").json()
        assert [point[4] for point in shown["points"]] == ["Other"]

    def test_what_was_undone_was_never_there(self):
        making.listing("Radio")
        assert answers.answer(Query()).count == 1
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            making.listing("Painting")
            assert answers.answer(Query()).count == 2
            raise ZeroDivisionError
        assert answers.answer(Query()).count == 1
        # The number that was undone is given again, to something else.
        making.listing("Other")
        titles = {str(listing) for listing in answers.answer(Query()).page(0, 9)}
        assert titles == {"Radio", "Other"}

    def test_nothing_is_read_twice_for_one_state(self, django_assert_num_queries):
        making.listing("Radio")
        current.table()
        with django_assert_num_queries(1):
            current.table()

    def test_reading_takes_no_lock(self):
        """A site on SQLite takes the write lock with each transaction: not for this."""
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL's readers wait for nobody")
        making.listing("Radio")
        import sqlite3

        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            assert current.table() is not None
        finally:
            other.execute("ROLLBACK")
            other.close()


def test_an_empty_catalogue():
    Interest.objects.all().delete()
    answer = from_columns(read_all(), Query(q="radio"))
    assert (answer.count, answer.page(0, 9), answer.box(), answer.unplaced) == (0, [], None, 0)
    assert answer.cells(EVERYWHERE, 6) == []
    assert answer.facets([]).kind == {}


def test_the_map_of_arrays_and_of_the_database_are_one(crowd, monkeypatch):
    table = read_all()
    for zoom in (2, 8, 10):
        view = read_view(QueryDict(f"bbox=-4.5,39.5,-2.5,41.5&zoom={zoom}"))
        database = clusters(Query(), view)
        with monkeypatch.context() as patched:
            patched.setattr(current, "table", lambda: table)
            arrays = clusters(Query(), view)
        assert [c[2:] for c in arrays["clusters"]] == [c[2:] for c in database["clusters"]]
        assert [p[2:] for p in arrays["points"]] == [p[2:] for p in database["points"]]


def test_all_day_dates_end_with_their_last_moment():
    today = timezone.now().replace(microsecond=0)
    listing = making.listing("Radio", dates=(making.on(1),))
    listing.occurrences.update(ends_at=today + timedelta(microseconds=5), starts_at=today)
    Listing.objects.update(starts_at=today, ends_at=today + timedelta(microseconds=5))
    table = read_all()
    for later, count in ((4, 1), (5, 1), (6, 0)):
        now = today + timedelta(microseconds=later)
        assert Matches(table, Query(), now).count == count
