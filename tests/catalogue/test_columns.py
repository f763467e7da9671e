"""The arrays, the database and a slow, obvious look at every listing say the very same."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue.facts import SkillFacts
from wagtail_col.catalogue.map import ZOOM, clusters, read_view
from wagtail_col.catalogue.models import CatalogueRevision, Interest, Listing, Skill, Territory
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing, withdraw_territory
from wagtail_col.catalogue.search import Query, answers
from wagtail_col.catalogue.search.answers import FromColumns, FromDatabase
from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.columns import current
from wagtail_col.catalogue.search.columns.matching import Matches
from wagtail_col.catalogue.search.columns.reading import read_all, read_changes
from wagtail_col.catalogue.search.columns.table import Table
from wagtail_col.catalogue.search.terms import short
from wagtail_col.catalogue.words import root, searchable, words
from wagtail_col.geo import WORLD, Box, Point, distance_km, to_map

pytestmark = pytest.mark.django_db

EVERYWHERE = Window(0, 0, WORLD, WORLD)
SKILLS = {
    name: SkillFacts(uri=f"http://esco/{name}", names={"en": name}) for name in ("code", "paint")
}

places = st.one_of(
    st.sampled_from([Point(-3.5, 40.5), Point(-3.5, 40.50001), Point(-2.5, 40.7)]),
    st.tuples(st.floats(-3.999, -2.001), st.floats(40.001, 40.999)).map(lambda p: Point(*p)),
)
offers = st.fixed_dictionaries(
    {
        "number": st.integers(0, 7),
        "title": st.sampled_from(["Radio bees", "Rádio óscar", "Painting", "A bee"]),
        "point": places,
        "where": st.sampled_from(["local", "local", "online", "both", "unplaced"]),
        "kind": st.sampled_from(["event", "course", "digital"]),
        "is_free": st.sampled_from([True, False, None]),
        "days": st.lists(st.sampled_from([-9, -1, -0.01, 0.2, 3, 6.9, 20]), max_size=3),
        "age": st.sampled_from([(None, None), (10, None), (None, 40), (10, 40), (0, 120)]),
        "interests": st.sampled_from([(), ("music",), ("music", "art")]),
        "withdrawn": st.sampled_from([False, False, False, True]),
        "provider": st.booleans(),
        "skills": st.sampled_from([(), ("code",), ("code", "paint")]),
        "price": st.sampled_from([None, "0", "4.99", "5", "5.01", "30"]),
        "languages": st.sampled_from([(), ("es",), ("es-MX", "en"), ("sl",)]),
        "access": st.sampled_from([(), ("quiet",), ("quiet", "toilet"), ("toilet",)]),
    }
)
searches = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["radio", "pain", "nothing", "bees", "radio bee", "raido"]),
        "interest": st.sampled_from(["music", "art"]),
        "kind": st.sampled_from(["event", "course"]),
        "place": st.sampled_from(["online", "local"]),
        "free": st.just("1"),
        "age": st.sampled_from(["9", "30", "120"]),
        "when": st.sampled_from(["today", "weekend", "week"]),
        "time": st.sampled_from(["morning", "evening"]),
        "skill": st.sampled_from(["code", "paint"]),
        "max_price": st.sampled_from(["0", "5", "30"]),
        "language": st.sampled_from(["es", "en", "es&language=sl"]),
        "access": st.sampled_from(["quiet", "toilet", "quiet&access=toilet"]),
        "provider": st.just("library"),
        "at": st.sampled_from(["40.5,-3.5", "40.7,-2.5"]),
        "within": st.sampled_from(["1", "50", "100"]),
        "box": st.sampled_from(["-3.5,40.5,-3,41", "-4,40,-3.5,40.50001", "-180,-85,180,85"]),
        "sort": st.sampled_from(["relevance", "date", "distance"]),
        "district": st.just("west"),
    },
)
scopes = st.sampled_from(["", "", "territory", "provider"])


class City:
    """A city with two districts, a provider and two interests."""

    def __init__(self) -> None:
        self.city = making.territory(boundary=making.square(-4, 40, 2))
        self.west = making.territory("West", self.city, boundary=making.square(-4, 40, 1))
        self.east = making.territory("East", self.city, boundary=making.square(-3, 40, 1))
        self.library = making.provider()
        making.interest("music")
        making.interest("art")
        for skill in SKILLS.values():
            Skill.objects.create(uri=skill.uri, slug=Skill.slug_of(skill.uri))

    def write(self, offers: list[dict]) -> None:
        publish_listings([self._facts(offer) for offer in offers])
        for offer in offers:
            if offer["withdrawn"]:
                withdraw_listing(making.key(f"random {offer['number']}"))

    def _facts(self, offer: dict):
        placed = offer["where"] in ("local", "both")
        return making.facts(
            offer["title"],
            key=making.key(f"random {offer['number']}"),
            territory=self.city,
            point=offer["point"] if placed else None,
            is_online=offer["where"] in ("online", "both"),
            is_local=offer["where"] != "online",
            kind=offer["kind"],
            is_free=None if offer["price"] else offer["is_free"],
            price=Decimal(offer["price"]) if offer["price"] else None,
            skills=tuple(SKILLS[name] for name in offer["skills"]),
            delivery_languages=offer["languages"],
            accessibility=offer["access"],
            dates=tuple(making.on(day, 48) for day in offer["days"]),
            age_min=offer["age"][0],
            age_max=offer["age"][1],
            interests=offer["interests"],
            provider=self.library if offer["provider"] else None,
        )

    def query(self, params: dict, scope: str) -> Query:
        shorts = {
            "district": lambda _: short(self.west),
            "provider": lambda _: short(self.library),
            "skill": lambda name: Skill.slug_of(SKILLS[name].uri),
        }
        said = [f"{name}={shorts.get(name, str)(value)}" for name, value in params.items()]
        params = QueryDict("&".join(said))
        return Query.from_params(
            params,
            territory=self.city if scope == "territory" else None,
            provider=self.library if scope == "provider" else None,
        )


def from_columns(table: Table, query: Query) -> FromColumns:
    now = timezone.now()
    return FromColumns(Matches(table, query, now), now)


def slowly(query: Query) -> set[int]:
    """What a search finds, one listing after the other."""
    return {listing.pk for listing in Listing.objects.all() if _fits(listing, query)}


def _fits(listing: Listing, query: Query) -> bool:
    now = timezone.now()
    dates = list(listing.occurrences.all())
    path = listing.territory.path if listing.territory else ""
    inside = query.district_path or (query.territory.path if query.territory else "")
    interests = {interest.slug for interest in listing.interests.all()}
    skills = {skill.slug for skill in listing.skills.all()}
    languages = {code.split("-")[0] for code in listing.delivery_languages.split()}
    point = listing.point
    asked = words(_meant(query.q))
    there = [text.folded.split() for text in listing.texts.all()]
    return all(
        (
            listing.state == "published",
            not dates or max(date.ends_at for date in dates) >= now,
            path.startswith(inside),
            not query.provider or listing.provider_id == query.provider.pk,
            not query.kind or listing.kind in query.kind,
            not query.interest or interests & set(query.interest),
            query.place != "online" or listing.is_online,
            query.place != "local" or listing.is_local,
            not query.free or listing.is_free,
            query.age is None or (listing.age_min or 0) <= query.age <= (listing.age_max or 999),
            not query.is_dated or any(_is_asked_for(date, query) for date in dates),
            not query.skill or skills & set(query.skill),
            query.max_price is None
            or listing.is_free
            or (listing.price is not None and listing.price <= query.max_price),
            not query.language or languages & set(query.language),
            set(query.access) <= set(listing.accessibility.split()),
            not query.providers
            or (listing.provider and short(listing.provider) in query.providers),
            not query.point or (point and distance_km(point, query.point) <= query.within),
            not query.box or _in_box(listing, query.box),
            not query.q or any(all(_has(text, word) for word in asked) for text in there),
        )
    )


def _meant(typed: str) -> str:
    """The one mistake that the searches make, where what it meant is there and it is not."""
    is_there = any(
        _has(text.folded.split(), "radio")
        for listing in Listing.objects.published()
        for text in listing.texts.all()
    )
    return "radio" if typed == "raido" and is_there else typed


def _in_box(listing: Listing, box: Box) -> bool:
    """As the map has it: what lies on the western or northern border is inside."""
    if not listing.is_local or not listing.point:
        return False
    west, north = to_map(Point(box.west, box.north))
    east, south = to_map(Point(box.east, box.south))
    x, y = to_map(listing.point)
    return west <= x < east and north <= y < south


def _is_asked_for(date, query: Query) -> bool:
    """Whether a date that is not over touches the days and times that are asked for."""
    start, end = query.span()
    return bool(
        date.ends_at >= max(start or timezone.now(), timezone.now())
        and (not end or date.starts_at < end)
        and (not query.time or _times(date) & set(query.time))
    )


def _times(date) -> set[str]:
    if date.ends_at - date.starts_at >= timedelta(days=1):
        return {"morning", "afternoon", "evening"}
    hour = timezone.localtime(date.starts_at).hour
    return {"morning" if hour < 12 else "afternoon" if hour < 18 else "evening"}


def in_slow_order(query: Query) -> list[int]:
    """The same, each with what it is put in order by."""
    chosen = [listing for listing in Listing.objects.all() if _fits(listing, query)]
    return [listing.pk for listing in sorted(chosen, key=lambda one: _turn(one, query))]


def _turn(listing: Listing, query: Query) -> tuple:
    since = max(query.span()[0] or timezone.now(), timezone.now())
    turns = [
        date.starts_at if date.starts_at >= since else date.ends_at
        for date in listing.occurrences.all()
        if _is_asked_for(date, query)
    ]
    turn = (min(turns) if turns else datetime.max.replace(tzinfo=UTC), listing.pk)
    if query.order == "distance":
        return (round(100 * distance_km(listing.point, query.point)), *turn)
    if query.order == "relevance":
        titles = [searchable(text.title, text.language).split() for text in listing.texts.all()]
        asked = words(_meant(query.q))
        begun = any(all(_has(title, word) for word in asked) for title in titles)
        whole = any(all(_is_in(title, word) for word in asked) for title in titles)
        return (0 if whole else 1 if begun else 2, *turn)
    return turn


def _is_in(title: list[str], word: str) -> bool:
    roots = {root(word, language) for language in ("en", "es", "sl")} - {""}
    return word in title or bool(roots & set(title))


def _has(text: list[str], word: str) -> bool:
    roots = {root(word, language) for language in ("en", "es", "sl")} - {""}
    return any(one.startswith(word) or one in roots for one in text)


def same(table: Table, query: Query) -> None:
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
    for zoom in (4, 12, 20):
        shift = ZOOM - zoom + 6 if zoom < 20 else 0
        mine, other = ours.cells(EVERYWHERE, shift), theirs.cells(EVERYWHERE, shift)
        assert [(c.cx, c.cy, c.count, c.is_one_place, c.first) for c in mine] == [
            (c.cx, c.cy, c.count, c.is_one_place, c.first) for c in other
        ]
        assert [(c.mean_x, c.mean_y) for c in mine] == [
            pytest.approx((c.mean_x, c.mean_y)) for c in other
        ]
        assert sorted(ours.dots(EVERYWHERE, shift)) == sorted(theirs.dots(EVERYWHERE, shift))
        placed = Listing.objects.filter(pk__in=found, map_point__isnull=False)
        assert sum(cell.count for cell in mine) == placed.count()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
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
    for name in set(one.rows.NAMES) - {"said"}:
        assert getattr(one.rows, name).tolist() == getattr(other.rows, name).tolist(), name
    said = [[table.said[number] for number in table.rows.said] for table in (one, other)]
    assert said[0] == said[1]
    pairs = ((one.dates, other.dates), (one.tags, other.tags), (one.skills, other.skills))
    for mine, theirs in pairs:
        assert sorted(zip(*vars(mine).values(), strict=True)) == sorted(
            zip(*vars(theirs).values(), strict=True)
        )


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
        with django_assert_max_num_queries(9):
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
    assert answer.dots(EVERYWHERE, 6) == []
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
