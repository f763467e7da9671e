"""Pages of containers and the addresses of the next ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.lti.platform import paging
from wagtail_col.lti.platform.requirements import Refused

FILTERS = ("tag", "resource_id")
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


def read(query, inner=()):
    return paging.read_page(list(query.items()), FILTERS, inner)


@settings(deadline=None)
@given(texts, st.integers(1, 10**9 - 1), st.integers(0, 10**18 - 1))
def test_the_next_page_is_the_same_request_further_on_also_in_lower_case(tag, limit, after):
    first = read({"tag": tag, "limit": str(limit)})
    query = first.next(after)
    assert query == query.lower()
    name, value = query.split("=")
    following = read({name: value})
    assert following == first._replace(after=after)
    assert following.limit == min(limit, 100)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*FILTERS, "limit", "page", "x"]), st.text())))
def test_any_query_is_a_page_or_refused(query):
    try:
        page = paging.read_page(query, FILTERS)
    except Refused as refused:
        assert refused.requirement.status == 400
    else:
        assert 1 <= page.limit <= 100
        assert set(page.filters) <= set(FILTERS)


def test_beside_a_page_nothing_else_counts():
    page = read({"tag": "a"}).next(5).removeprefix("page=")
    assert read({"page": page, "tag": "b", "limit": "3"}) == paging.Page({"tag": "a"}, 100, 5)


def test_what_only_we_write_is_ignored_beside_a_page_and_read_inside_of_one():
    assert read({"since": "5"}, ["since"]).filters == {}
    page = read({}).query(after="0", since="5").removeprefix("page=")
    assert read({"page": page}, ["since"]).filters == {"since": "5"}
    assert read({"page": page}).filters == {}


@pytest.mark.parametrize("packed", ["limit=5", "after=-1", "after=x", "after=1&after=2", "", "\0"])
def test_a_page_with_something_else_in_it_is_refused(packed):
    with pytest.raises(Refused):
        read({"page": packed.encode().hex()})


def test_a_page_inside_of_a_page_is_ignored():
    inner = b"after=7".hex()
    outer = f"after=1&page={inner}".encode().hex()
    assert read({"page": outer}).after == 1


def test_links_are_quoted():
    header = paging.link_header({"next": "https://a/?page=1", "differences": "https://a/?page=2"})
    assert header == '<https://a/?page=1>; rel="next", <https://a/?page=2>; rel="differences"'
