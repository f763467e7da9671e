"""What is read of the JSON that tools send."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.lti.platform import bodies
from wagtail_col.lti.platform.requirements import Refused

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_refused(source):
    try:
        assert isinstance(bodies.read_object(source), dict)
    except Refused as refused:
        assert refused.requirement.code == "body-json"


@settings(deadline=None)
@given(st.dictionaries(st.text(), values, max_size=4))
def test_an_object_is_read_as_it_was_written_or_refused(value):
    source = json.dumps(value).encode()
    try:
        read = bodies.read_object(source)
    except Refused:
        return
    assert read == json.loads(source)
    # What was read can be kept by every database and written again.
    text = json.dumps(read, ensure_ascii=False, allow_nan=False)
    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize("levels", [16, 17, 100_000])
def test_depth_is_bounded(levels):
    source = b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)
    if levels == 16:
        assert bodies.read_object(source)
        return
    with pytest.raises(Refused):
        bodies.read_object(source)


def test_a_pair_of_surrogates_is_one_character():
    assert bodies.read_object(rb'{"a": "\ud83d\ude00"}') == {"a": "😀"}


@settings(deadline=None)
@given(st.text())
def test_a_media_type_is_json_or_refused(content_type):
    try:
        bodies.check_type(content_type)
    except Refused as refused:
        assert refused.requirement.status == 415
