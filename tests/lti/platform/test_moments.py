"""Dates and times as tools write them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.lti.platform.moments import read_moment, write_moment

zones = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
moments = st.builds(
    lambda days, zone: (datetime(2000, 1, 1, tzinfo=UTC) + days).astimezone(zone),
    st.timedeltas(timedelta(days=-36500), timedelta(days=365000)),
    zones,
)


@settings(deadline=None)
@given(moments)
def test_a_moment_is_read_as_python_and_we_write_it(moment):
    assert read_moment(moment.isoformat()) == moment
    assert read_moment(write_moment(moment)) == moment
    assert read_moment(moment.isoformat()).tzinfo is UTC


@settings(deadline=None)
@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_anything_else_is_refused_as_a_moment(value):
    with suppress(ValueError):
        assert read_moment(value).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-04-16T18:54:36.736+00:00", datetime(2017, 4, 16, 18, 54, 36, 736000, UTC)),
        ("2017-04-16T18:54:36.736Z", datetime(2017, 4, 16, 18, 54, 36, 736000, UTC)),
        ("2017-04-16T18:54:36.736+00", datetime(2017, 4, 16, 18, 54, 36, 736000, UTC)),
        ("2017-04-16T18:54:36+0530", datetime(2017, 4, 16, 13, 24, 36, 0, UTC)),
        ("2017-04-16T18:54:36.1234567890-03:00", datetime(2017, 4, 16, 21, 54, 36, 123456, UTC)),
    ],
)
def test_moments_of_the_specification_and_of_tools_are_read(text, moment):
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2017-04-16T18:54:36",
        "2017-04-16",
        "2017-04-16 18:54:36Z",
        "2017-04-16T18:54Z",
        "2017-04-16T24:00:00Z",
        "2017-04-16T18:54:60Z",
        "2017-13-01T00:00:00Z",
        "2017-04-16T18:54:36+25:00",
        "2017-04-16T18:54:36Z\n",
        "２017-04-16T18:54:36Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_what_is_no_moment_with_a_zone_is_refused(text):
    with pytest.raises(ValueError):
        read_moment(text)
