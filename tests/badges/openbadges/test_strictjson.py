import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.badges.openbadges.errors import Reason, UnreadableError
from wagtail_col.badges.openbadges.strictjson import MAX_BYTES, MAX_DEPTH, read_object


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", Reason.NOT_JSON),
        ("{", Reason.NOT_JSON),
        ('{"a": 1,}', Reason.NOT_JSON),
        ('{"a": "\n"}', Reason.NOT_JSON),
        ("\ufeff{}", Reason.NOT_JSON),
        ("[]", Reason.NOT_AN_OBJECT),
        ('"{}"', Reason.NOT_AN_OBJECT),
        ("null", Reason.NOT_AN_OBJECT),
        (b'{"a": "\xff"}', Reason.NOT_TEXT),
        ('{"a": "\ud800"}', Reason.NOT_TEXT),
        ('{"a": 1, "a": 1}', Reason.DUPLICATE_MEMBER),
        ('{"a": {"b": 1, "\\u0062": 2}}', Reason.DUPLICATE_MEMBER),
        ('{"a": NaN}', Reason.BAD_NUMBER),
        ('{"a": -Infinity}', Reason.BAD_NUMBER),
        ('{"a": 1e400}', Reason.BAD_NUMBER),
        ('{"a": 9007199254740992}', Reason.BAD_NUMBER),
        ('{"a": ' + "9" * 100_000 + "}", Reason.BAD_NUMBER),
        ('{"a": 0.' + "9" * 100_000 + "}", Reason.BAD_NUMBER),
        ('{"a": "' + "x" * MAX_BYTES + '"}', Reason.TOO_LARGE),
        ('{"a": "' + "é" * (MAX_BYTES // 2) + '"}', Reason.TOO_LARGE),
        ('{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1), Reason.TOO_DEEP),
        ("[" * 200_000, Reason.TOO_DEEP),
        ('{"a":' * 40_000, Reason.TOO_DEEP),
    ],
)
def test_refusals(source, code):
    with pytest.raises(UnreadableError) as caught:
        read_object(source)
    assert caught.value.code == code


def test_brackets_in_texts_do_not_count():
    assert read_object('{"a": "' + "[{" * 100 + '\\"["}') == {"a": "[{" * 100 + '"['}


@pytest.mark.parametrize("text", ['{"a": "' + '\\"' * 100_000, '"' * 200_000, "\\" * 200_000])
def test_texts_without_end_are_refused(text):
    with pytest.raises(UnreadableError):
        read_object(text)


texts = st.text('abé☀😀\\"{}[]:, \n\0', max_size=12)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(texts, json_values, max_size=4))
def test_ordinary_json_is_read_as_it_is(value):
    text = json.dumps(value)
    assert read_object(text) == value
    assert read_object(text.encode()) == value
