"""Reading a search from an address, and writing the shortest address that means the same."""

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import making
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


def test_everything_together_is_read_and_written_in_one_order():
    city = making.territory()
    district = making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    making.interest("music")
    making.interest("art")
    asked = (
        f"page=2&district={short(district)}&age=15&free=1&place=local&to=2030-02-01"
        "&from=2030-01-01&kind=course&kind=event&interest=music&interest=art&interest=music&q=+a++b"
    )
    query = read(asked, territory=city)
    assert query.string == (
        "q=a+b&interest=art&interest=music&kind=course&kind=event&from=2030-01-01&to=2030-02-01"
        f"&place=local&free=1&age=15&district={short(district)}&page=2"
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
    "interest": ["interest=nothing", "interest=%00", "interest=" + "x" * 5000, "interest=a'b"],
    "kind": ["kind=party", "kind=Event", "kind=event&kind=x"],
    "when": ["when=tomorrow", "when=week&from=2030-01-01"],
    "from": ["from=soon", "from=2030-02-30", "from=20300101", "from=1900-01-01", "from=2030-W01-1"],
    "to": ["to=9999-12-31", "from=2030-02-01&to=2030-01-31", "to=2030-1-1"],
    "place": ["place=here", "place=online&place=local"],
    "free": ["free=yes", "free=0"],
    "age": ["age=old", "age=-1", "age=121", "age=1.5", "age=%D9%A3", "age=9999999999"],
    "district": ["district=centro", "district=0000000000"],
    "page": ["page=0", "page=-1", "page=two", "page=1e3", "page=99999999"],
}


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
