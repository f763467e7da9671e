"""Reading a search from an address, and writing the shortest address that means the same."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue.models import Skill
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.search.terms import short

pytestmark = pytest.mark.django_db


def read(text: str, **scope) -> Query:
    return Query.from_params(QueryDict(text), **scope)


def test_nothing_asked_is_everything():
    assert read("") == Query()
    assert read("").params() == []
    assert read("").href == "?"
    assert not read("").is_filtered


def test_what_a_form_leaves_empty_counts_as_not_there():
    assert read("q=&from=&to=&age=+&district=&place=&interest=") == Query()


def test_somebody_elses_parameters_are_ignored():
    assert read("utm_source=mail&fbclid=1&lang=sl&format=json") == Query()


def test_what_means_nothing_by_itself_is_left_out():
    assert read("within=5&sort=distance").params() == []
    assert read("sort=relevance").params() == read("sort=date").params() == []
    assert read("q=a&sort=relevance").string == "q=a"
    assert read("q=a&sort=date").string == "q=a&sort=date"
    assert read("at=40,-3&within=10").string == "at=40,-3"
    assert read("free=1&max_price=20").string == "free=1"


@pytest.mark.parametrize(
    ("today", "when", "first", "last"),
    [
        ("2030-01-03", "today", "2030-01-03", "2030-01-03"),
        ("2030-01-03", "week", "2030-01-03", "2030-01-09"),
        ("2030-01-03", "weekend", "2030-01-05", "2030-01-06"),
        ("2030-01-05", "weekend", "2030-01-05", "2030-01-06"),
        ("2030-01-06", "weekend", "2030-01-06", "2030-01-06"),
        ("2030-01-07", "weekend", "2030-01-12", "2030-01-13"),
    ],
)
def test_days_that_a_word_names(monkeypatch, today, when, first, last):
    monkeypatch.setattr(timezone, "localdate", lambda: date.fromisoformat(today))
    assert read(f"when={when}").days() == (date.fromisoformat(first), date.fromisoformat(last))


class TestPlaces:
    @pytest.fixture
    def city(self):
        city = making.territory("Madrid", boundary=making.square(-3.8, 40.3, 0.3))
        making.territory("Puente de Vallecas", city, boundary=making.square(-3.7, 40.37, 0.04))
        making.territory("Villa de Vallecas", city, boundary=making.square(-3.65, 40.33, 0.03))
        return city

    @pytest.mark.parametrize(
        "typed",
        [
            "guitar near Vallecas", "guitar NEAR  vállecas", "guitar in Vallecas",
            "guitar cerca de Vallecas", "guitar en Vallecas", "guitar blizu Vallecas",
            "guitar pri Vallecas", "guitar vicino a Vallecas", "guitar in der Nähe von Vallecas",
        ],
    )  # fmt: skip
    def test_words_and_place_in_one_box(self, city, typed):
        query = read(urlencode({"q": typed}))
        assert (query.q, query.near.lower().replace("á", "a")) == ("guitar", "vallecas")
        assert query.point == pytest.approx((-3.65, 40.36), abs=0.06)
        assert read(query.string) == query

    @pytest.mark.parametrize("before", ["near=Madrid&within=20", "at=40.2,-3.5&within=20"])
    def test_a_place_typed_anew_replaces_the_one_before(self, city, before):
        query = read(f"{before}&{urlencode({'q': 'bicycle near Vallecas'})}")
        assert (query.q, query.near, query.at, query.within) == ("bicycle", "Vallecas", None, 20)
        assert query.point == pytest.approx((-3.65, 40.36), abs=0.06)
        assert read(query.string) == query

    def test_of_two_places_in_one_box_the_closer_one(self, city):
        query = read(urlencode({"q": "guitar in Vallecas near Madrid"}))
        assert (query.q, query.near) == ("guitar", "Vallecas")
        assert read(query.string) == query

    def test_a_place_alone(self, city):
        assert read("q=near+Vallecas").string == "near=Vallecas"

    @pytest.mark.parametrize("typed", ["curso en línea", "made in Paris", "walk near me", "near"])
    def test_what_names_no_place_stays_words(self, city, typed):
        query = read(urlencode({"q": typed}))
        assert (query.q, query.near) == (typed, "")

    def test_a_town_of_the_gazetteer_needs_a_clear_word(self):
        assert read("q=art+near+Ljubljana").near == "Ljubljana"
        assert read("q=art+in+Ljubljana").near == ""

    def test_the_scopes_own_comes_first(self, city):
        other = making.territory("Elsewhere", boundary=making.square(10, 50))
        mine = making.territory("Vallecas", other, boundary=making.square(10.2, 50.2, 0.2))
        assert read("near=Vallecas").point == pytest.approx(mine.centre)
        assert read("near=Puente+de+Vallecas").point.lat == pytest.approx(40.39, abs=0.01)
        assert read("near=Vallecas", territory=city).point.lon < 0

    def test_taken_away_with_what_belongs_to_it(self, city):
        query = read("near=Vallecas&within=3&sort=distance&kind=event&page=2")
        assert query.string == "kind=event&near=Vallecas&within=3&sort=distance&page=2"
        assert query.without("near") == read("kind=event")
        assert read("at=1,1&within=3&sort=distance").without("at") == Query()
        assert read("q=a&sort=date").without("q") == Query()


def test_a_provider_in_its_own_scope_goes_without_saying():
    library, club = making.provider(), making.provider("Club")
    query = read(f"provider={library.key.hex}&provider={short(club)}", provider=library)
    assert query.string == f"provider={short(club)}"
    assert query.without("providers", short(club)).params() == []


def test_everything_together_is_read_and_written_in_one_order():
    city = making.territory()
    district = making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    making.interest("music")
    making.interest("art")
    library = making.provider()
    skill = Skill.objects.create(uri="http://esco/1", slug=Skill.slug_of("http://esco/1"))
    asked = (
        f"page=2&district={short(district)}&age=15&free=1&place=local&to=2030-02-01"
        "&from=2030-01-01&kind=course&kind=event&interest=music&interest=art&interest=music&q=+a++b"
        f"&sort=date&provider={library.key}&access=quiet&access=toilet&language=SL&language=en"
        f"&time=evening&time=morning&skill={skill.slug}&max_price=20&at=40.41680,-3.70380&within=5"
        "&box=-4,40,-3.000001,41"
    )
    query = read(asked, territory=city)
    assert query.string == (
        f"q=a+b&interest=art&interest=music&kind=course&kind=event&skill={skill.slug}"
        "&from=2030-01-01&to=2030-02-01&time=morning&time=evening&place=local&free=1&age=15"
        "&language=en&language=sl&access=toilet&access=quiet"
        f"&district={short(district)}&provider={short(library)}&at=40.4168,-3.7038&within=5"
        "&box=-4.00000,40.00000,-3.00000,41.00000&sort=date&page=2"
    )
    assert read(query.string, territory=city) == query
    assert query.is_filtered


def test_page_one_goes_without_saying_and_changes_start_there():
    query = read("kind=event&page=3")
    assert read("page=1").params() == []
    assert query.but(free=True).string == "kind=event&free=1"
    assert query.but(page=4).string == "kind=event&page=4"


def test_without_takes_one_filter_away():
    query = read("kind=event&kind=course&q=radio&age=9&free=1")
    assert query.without("kind", "event").kind == ("course",)
    assert query.without("kind").kind == ()
    assert query.without("age").age is None
    assert query.without("q").string == "kind=course&kind=event&free=1&age=9"
    assert query.bare().params() == []


def test_without_a_district_its_path_is_gone_too():
    city = making.territory()
    district = making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    query = read(f"district={short(district)}", territory=city)
    assert query.district_path == district.path
    assert query.without("district") == Query(territory=city)


def test_this_week_is_today_and_six_days():
    first, last = read("when=week").days()
    assert first == timezone.localdate()
    assert (last - first).days == 6


def test_words_without_a_letter_are_no_words():
    assert read("q=!!!").q == ""


REFUSED = {
    "q": ["q=" + "a" * 101, "q=a&q=b"],
    "skill": ["skill=coding", "skill=0000000000", "skill=%00"],
    "interest": ["interest=nothing", "interest=%00", "interest=" + "x" * 5000, "interest=a'b"],
    "kind": ["kind=party", "kind=Event", "kind=event&kind=x"],
    "when": ["when=tomorrow", "when=today&when=week", "when=week&from=2030-01-01"],
    "from": ["from=soon", "from=2030-02-30", "from=20300101", "from=1900-01-01", "from=2030-W01-1"],
    "to": ["to=9999-12-31", "from=2030-02-01&to=2030-01-31", "to=2030-1-1"],
    "time": ["time=noon", "time=7", "time=morning&time=night"],
    "max_price": ["max_price=cheap", "max_price=-1", "max_price=7.5", "max_price=1&max_price=2"],
    "language": ["language=Spanish", "language=es-MX", "language=%D9%A3%D9%A3", "language=e"],
    "access": ["access=stairs", "access=QUIET", "access=quiet&access=%00"],
    "provider": ["provider=library", "provider=0000000000", "provider=" + "0" * 32],
    "near": ["near=Nowhereville", "near=" + "a" * 101, "near=Madrid&near=Paris", "near=!"],
    "at": ["at=40", "at=40,-3,1", "at=a,b", "at=91,0", "at=0,181", "at=nan,0", "at=inf,1",
           "near=Madrid&at=40,-3"],
    "within": ["within=0", "within=501", "within=far", "within=1.5", "within=-1&at=1,1"],
    "box": ["box=1,2,3", "box=1,2,3,4,5", "box=3,2,1,4", "box=a,b,c,d", "box=-181,0,0,1",
            "box=0,0,0.000001,1"],
    "sort": ["sort=price", "sort=date&sort=distance"],
    "place": ["place=here", "place=online&place=local"],
    "free": ["free=yes", "free=0"],
    "age": ["age=old", "age=-1", "age=121", "age=1.5", "age=%D9%A3", "age=9999999999"],
    "district": ["district=centro", "district=0000000000"],
    "page": ["page=0", "page=-1", "page=two", "page=1e3", "page=99999999"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("parameter", "asked"), [(name, asked) for name, many in REFUSED.items() for asked in many]
)
def test_each_parameter_refuses_what_makes_no_sense(parameter, asked):
    with pytest.raises(BadQuery) as refusal:
        read(asked)
    assert refusal.value.parameter == parameter
    assert refusal.value.message
    assert "\x00" not in refusal.value.message
    assert len(refusal.value.message) < 200


def test_a_district_of_another_city_is_refused():
    city = making.territory()
    other = making.territory("Elsewhere", boundary=making.square(10, 50))
    with pytest.raises(BadQuery):
        read(f"district={short(other)}", territory=city)
    with pytest.raises(BadQuery):
        read(f"district={short(city)}", territory=city)


@given(st.lists(st.tuples(st.sampled_from(sorted(REFUSED)), st.text(max_size=12)), max_size=5))
def test_any_address_is_read_or_refused_by_name(pairs):
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    try:
        query = Query.from_params(params)
    except BadQuery as refusal:
        assert refusal.parameter in REFUSED
    else:
        assert read(query.string) == query


_some = {
    "q": st.sampled_from(["a", "guitar near Madrid", "near Paris", "x in y", "a near near Madrid"]),
    "when": st.sampled_from(["today", "weekend", "week"]),
    "from": st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(str),
    "time": st.sampled_from(["morning", "evening"]),
    "place": st.sampled_from(["online", "local"]),
    "free": st.just("1"),
    "max_price": st.integers(0, 999_999).map(str),
    "age": st.integers(0, 120).map(str),
    "language": st.sampled_from(["es", "EN", "sl", "ast"]),
    "access": st.sampled_from(["quiet", "toilet", "step-free"]),
    "kind": st.sampled_from(["event", "course", "digital"]),
    "near": st.sampled_from(["Madrid", " madríd ", "Paris"]),
    "at": st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(lambda p: f"{p[0]},{p[1]}"),
    "within": st.integers(1, 500).map(str),
    "box": st.just("-4.00000,40,-3.5,41.123456789"),
    "sort": st.sampled_from(["relevance", "date", "distance"]),
    "page": st.integers(1, 100_000).map(str),
}


@given(st.lists(st.sampled_from(sorted(_some)).flatmap(lambda n: st.tuples(st.just(n), _some[n]))))
def test_an_address_written_is_read_as_the_same_and_is_the_shortest(pairs):
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    try:
        query = Query.from_params(params)
    except BadQuery:
        return
    assert read(query.string) == query
    assert read(query.string).string == query.string
    for left_out in range(len(query.params())):
        rest = [pair for n, pair in enumerate(query.params()) if n != left_out]
        assert read(urlencode(rest)) != query
