"""From an address to a point: what we know ourselves first, then the service a site chose.

Nothing here runs in the browser, so no visitor and no editor talks to a third party. The
service is ``WAGTAIL_COL["GEOCODER"]``, the dotted path of a callable
``geocoder(query, language) -> list[Place]``; ``Nominatim`` makes one from an address.
"""

from __future__ import annotations

import csv
import http.client
import json
import logging
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from wagtail_col.conf import base_url, settings
from wagtail_col.geo import check_point

logger = logging.getLogger(__name__)

#: How many answers are worth showing to somebody who has to choose one.
MOST = 5


class Place(NamedTuple):
    """A place that was found: its name as one would say it, degrees of longitude and latitude."""

    name: str
    lon: float
    lat: float


class Found(NamedTuple):
    """Places, the best first. ``exact`` is False when only the town of an address was known."""

    places: list[Place]
    exact: bool = True


class ServiceDown(Exception):
    """The geocoding service did not answer, or not in a way that can be used."""


def find(query: str, language: str, own: Callable[[str], Iterable[Place]] | None = None) -> Found:
    """Places for an address or a name: from ``own``, our gazetteer, then the site's service.

    ``own(query)`` is what the caller knows by itself, for example the venues of a site. Raises
    ServiceDown when nothing else knew and the service failed.
    """
    query = " ".join(query.split())
    if not query:
        return Found([])
    found = list(own(query))[:MOST] if own else []
    found = found or in_gazetteer(query)
    if found:
        return Found(found)
    failure, places = None, []
    if settings.GEOCODER:
        try:
            places = list(import_string(settings.GEOCODER)(query, language))[:MOST]
        except ServiceDown as error:
            failure = error
        except Exception as error:
            # A site's own callable may fail in any way; the editor can still type the point.
            logger.exception("The geocoder %s failed.", settings.GEOCODER)
            failure = ServiceDown(type(error).__name__)
        if places:
            return Found(places)
    # "Calle Mayor 1, Madrid": the town is at least a place to start from.
    for part in reversed(query.split(",")[1:]):
        if places := in_gazetteer(part):
            return Found(places, exact=False)
    if failure:
        raise failure
    return Found([])


def in_gazetteer(name: str) -> list[Place]:
    """Towns of that name (accents and case aside), the largest first; "Name, ES" asks for one."""
    name, _comma, country = name.partition(",")
    country = country.strip().upper()
    return [
        Place(f"{town.name}, {town.country}", town.lon, town.lat)
        for town in _gazetteer().get(_key(name), ())
        if not country or town.country == country
    ][:MOST]


def known_names() -> Iterator[tuple[str, Place]]:
    """Each name of a town in the gazetteer, folded, with the largest town that has it, called as
    one would say it."""
    for key, (town, *_others) in _gazetteer().items():
        yield key, Place(town.name, town.lon, town.lat)


class _Town(NamedTuple):
    name: str
    country: str
    lon: float
    lat: float
    population: int


@cache
def _gazetteer() -> dict[str, list[_Town]]:
    """Towns by their folded names, read once."""
    towns: dict[str, list[_Town]] = {}
    source = resources.files("wagtail_col") / "data" / "gazetteer.csv"
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            town = _Town(
                row["name"],
                row["country"],
                float(row["lon"]),
                float(row["lat"]),
                int(row["population"] or 0),
            )
            names = [row["name"], *(row.get("alternates") or "").split("|")]
            for key in {_key(name) for name in names} - {""}:
                towns.setdefault(key, []).append(town)
    for found in towns.values():
        found.sort(key=lambda town: -town.population)
    return towns


def _key(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


class Nominatim:
    """A geocoder for any service that answers as Nominatim's ``/search?format=jsonv2`` does.

    ``url``: the address of ``/search``. ``countries``: two-letter codes to stay within. In a
    module of the site::

        geocoder = Nominatim("https://nominatim.example.org/search", countries=("es",))

    and its dotted path in ``WAGTAIL_COL["GEOCODER"]``. An answer takes at most ``TIMEOUT``
    seconds and ``MOST_BYTES``; it has to be JSON, and redirects are not followed.
    """

    TIMEOUT = 5.0
    MOST_BYTES = 1_000_000

    def __init__(self, url: str, *, countries: Iterable[str] = (), user_agent: str = "") -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"{url!r} is not an http(s) address.")
        self.url = url
        self.countries = tuple(countries)
        self.user_agent = user_agent
        self._opener = urllib.request.build_opener(_NoRedirect)

    def __call__(self, query: str, language: str) -> list[Place]:
        """Places for a query, named in ``language``. ServiceDown when there is no good answer."""
        parameters = {"q": query, "format": "jsonv2", "limit": MOST, "accept-language": language}
        if self.countries:
            parameters["countrycodes"] = ",".join(self.countries)
        separator = "&" if urlsplit(self.url).query else "?"
        answer = self._fetch(f"{self.url}{separator}{urlencode(parameters)}")
        if not isinstance(answer, list):
            raise ServiceDown(_("its answer is no list of places"))
        return [place for item in answer[:MOST] if (place := _place(item))]

    def _fetch(self, url: str) -> Any:
        deadline = time.monotonic() + self.TIMEOUT
        agent = self.user_agent or f"wagtail_col ({base_url() or 'a Wagtail site'})"
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            url, headers={"User-Agent": agent, "Accept": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=self.TIMEOUT) as response:
                if response.headers.get_content_type() != "application/json":
                    raise ServiceDown(_("its answer is not JSON"))
                body = _read(response, self.MOST_BYTES, deadline)
            return json.loads(body)
        except (OSError, http.client.HTTPException) as error:
            # The reason alone: neither the query nor what was answered.
            reason = getattr(error, "code", None) or type(error).__name__
            raise ServiceDown(str(reason)) from error
        except (ValueError, RecursionError) as error:
            raise ServiceDown(_("its answer is not JSON")) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _read(response: http.client.HTTPResponse, most: int, deadline: float) -> bytes:
    """The body, read piece by piece so that a slow drip ends at the deadline."""
    body = bytearray()
    while piece := response.read1(65536):
        body += piece
        if len(body) > most:
            raise ServiceDown(_("its answer is too long"))
        if time.monotonic() > deadline:
            raise ServiceDown(_("it takes too long"))
    return bytes(body)


def _place(item: Any) -> Place | None:
    """One of the service's answers, or None when it is no place on earth."""
    try:
        point = check_point(float(item["lon"]), float(item["lat"]))
        return Place(str(item["display_name"])[:200], point.lon, point.lat)
    except (KeyError, TypeError, ValueError, ValidationError):
        return None
