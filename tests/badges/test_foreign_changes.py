"""Whatever is changed in a badge of another organisation is noticed, in each of its forms."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.badges.elsewhere import Academy, check
from wagtail_col.badges.openbadges.svg_baking import bake_svg

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'
ACADEMY, SIGNING = Academy(), Academy(kind="p256")
TOKEN, TEXT = SIGNING.token(), json.dumps(ACADEMY.signed(), ensure_ascii=False)
PICTURE = bake_svg(SVG, TEXT)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_character_of_a_token_is_refused(db, data):
    at = data.draw(st.integers(0, len(TOKEN) - 1))
    put = data.draw(st.sampled_from("aA0-_.=") | st.characters(codec="ascii"))
    changed = TOKEN[:at] + put + TOKEN[at + 1 :]
    report = check(changed, SIGNING.pages)
    assert report.ok == (changed == TOKEN)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_of_the_badge_in_an_svg_is_refused(db, data):
    start, end = PICTURE.index(b"{"), PICTURE.rindex(b"}")
    at = data.draw(st.integers(start, end))
    put = data.draw(st.sampled_from(b'aA0"}{,:]<>& ')).to_bytes()
    changed = PICTURE[:at] + put + PICTURE[at + 1 :]
    report = check(changed, ACADEMY.pages)
    if report.ok:
        assert report.document == json.loads(TEXT)


def _places(value, path=()):
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, inner in items:
        yield path, name
        yield from _places(inner, (*path, name))


def test_any_changed_field_of_a_foreign_badge_is_refused():
    document = json.loads(TEXT)
    for path, name in _places(document):
        changed = copy.deepcopy(document)
        parent = changed
        for step in path:
            parent = parent[step]
        if isinstance(parent[name], str):
            parent[name] += "1"
        elif isinstance(parent[name], bool):
            parent[name] = not parent[name]
        else:
            del parent[name]
        assert not check(changed, ACADEMY.pages).ok, (path, name)
