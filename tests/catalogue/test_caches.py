"""What HTTP caches keep: nothing that was withdrawn is shown for longer than a minute."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.utils.http import parse_http_date

from tests.catalogue import making
from wagtail_col.catalogue import caching, conditional
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db

START = datetime(2031, 5, 5, 12, 0, 29, 990000, tzinfo=UTC)
ADDRESSES = [
    "/col/opportunities.json",
    "/col/opportunities.csv",
    "/col/opportunities.geojson",
    "/col/opportunities.ics",
    "/col/find.html",
    "/col/map.json",
    "/col/map/card/{key}/",
    "/col/opportunities/{key}/calendar.ics",
    "/col/embed/",
]


class Clock:
    """The time that the server's caches and the cache in between go by."""

    def __init__(self, monkeypatch) -> None:
        self.now = START
        monkeypatch.setattr(conditional.timezone, "now", lambda: self.now)
        monkeypatch.setattr(caching, "_minute", lambda: int(self.now.timestamp()) // 60)


class HttpCache:
    """A cache as RFC 9111 has them: serves what is fresh, asks again about what is stale.

    ``header``: what it asks with, "If-None-Match" or "If-Modified-Since".
    """

    def __init__(self, client, clock: Clock, header: str) -> None:
        self.client, self.clock, self.header = client, clock, header
        self.kept = None

    def get(self, url: str) -> str:
        now = self.clock.now
        if self.kept and now < self.kept["until"]:
            return self.kept["body"]
        headers = {}
        if self.kept:
            headers = {self.header: self.kept[self.header]}
        response = self.client.get(url, headers=headers)
        if response.status_code == 304:
            body = self.kept["body"]
        elif response.status_code == 200:
            body = response.getvalue().decode()
        else:
            self.kept = None
            return response.content.decode()
        directives = dict(
            part.strip().partition("=")[::2] for part in response["Cache-Control"].split(",")
        )
        self.kept = {
            "until": now + timedelta(seconds=int(directives["max-age"])),
            "body": body,
            "If-None-Match": response["ETag"],
            "If-Modified-Since": response["Last-Modified"],
        }
        return body


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def address(path: str, listing, city) -> str:
    asked = {"territory": city.key}
    if "map" in path:
        asked |= {"bbox": "-3.6,40.4,-3.4,40.6", "zoom": 11}
    return f"{path.format(key=listing.key)}?{urlencode(asked)}"


def test_every_address_for_caches_is_here():
    """An address that may be kept and is not tried below."""
    from wagtail_col.catalogue.urls import urlpatterns

    kept = {
        "/" + str(pattern.pattern).replace("<uuid:key>", "{key}")
        for pattern in urlpatterns
        if conditional.is_for_caches(pattern.callback)
    }
    # Outlines of territories hold no opportunities.
    assert kept == {*ADDRESSES, "/col/map/boundaries.json"}


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("wait", [0.02, 1, 31])
def test_what_is_withdrawn_is_gone_within_a_minute(client, clock, path, header, wait):
    city = making.territory()
    date = (making.on(3, now=START),)
    gone = making.listing("Gone", dates=date, territory=city, point=Point(-3.5, 40.5))
    making.listing("Stays", dates=date, territory=city, point=Point(-3.5, 40.5))
    url = address(path, gone, city)
    cache = HttpCache(client, clock, header)
    before = cache.get(url)
    clock.now += timedelta(seconds=wait)
    withdraw_listing(gone.key)
    # Somebody asks every second, so that the cache is renewed as late as it can be.
    for _second in range(60):
        cache.get(url)
        clock.now += timedelta(seconds=1)
    after = cache.get(url)
    assert after != before
    assert '"detail"' not in before
    assert "Gone" not in after
    # What is never asked again is gone even sooner: it goes stale.
    assert conditional.FRESH <= 60


@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_is_done_for_an_answer_that_is_known(
    client, clock, path, django_assert_num_queries
):
    city = making.territory()
    listing = making.listing(
        "One", dates=(making.on(3, now=START),), territory=city, point=Point(-3.5, 40.5)
    )
    url = address(path, listing, city)
    first = client.get(url)
    assert parse_http_date(first["Last-Modified"]) <= START.timestamp()
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        with django_assert_num_queries(1):
            again = client.get(url, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert not again.cookies
