"""schema.org as JSON-LD, alone or in a web page, as a table: events and courses, one a row.

Read are the names of https://schema.org/Event and https://schema.org/Course; instances of a course
are its dates. Nothing is fetched: a context is not looked up, an address is not followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

from wagtail_col.catalogue.importing.dating import MOST_DATES
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.importing.tables import Row, Table

COLUMNS = ["uid", "uri", "title", "description", "url", "image", "kind", "dates", "venue",
           "address", "lat", "lon", "online", "free", "price", "currency", "audience", "languages",
           "category", "minutes"]  # fmt: skip
MOST_ITEMS = 20_000
#: So deep things may lie in each other.
DEEPEST = 12
_COURSES = re.compile(r"(Course|CourseInstance|LearningResource)$")
_EVENTS = re.compile(r"(Event|EventSeries|Festival|Hackathon|CourseInstance|SessionSeries)$")
_MODES = re.compile(
    r"online|offline|on-?site|virtual|mixed|blended|hybrid|distance|mooc", re.IGNORECASE
)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$")


def linked_table(text: str) -> Table:
    """Raises ImportRefused: there is no JSON-LD, or nothing in it that is an event or a course."""
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    documents = [text] if is_json else _in_page(text)
    items = []
    for document in documents:
        try:
            read = json.loads(document.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            if is_json:
                raise ImportRefused("not-linked") from None
            # Of several in a page one may be broken.
            continue
        items += _things(read)
    if not items:
        raise ImportRefused("not-linked")
    if len(items) > MOST_ITEMS:
        raise ImportRefused("too-many-items", most=MOST_ITEMS)
    rows = [(number, _cells(item)) for number, item in enumerate(items, 1)]

    def read() -> Iterator[Row]:
        return iter(rows)

    return Table("linked", COLUMNS, read)


class _Scripts(HTMLParser):
    """The JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("type") or ""
        if tag == "script" and kind.split(";")[0].strip().lower() == "application/ld+json":
            self._is_inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data


def _in_page(text: str) -> list[str]:
    parser = _Scripts()
    parser.feed(text)
    parser.close()
    return parser.found


def _things(read: Any, depth: int = 0) -> Iterator[dict]:
    """Courses and events, wherever they lie; not those that are a part of another one."""
    if depth > DEEPEST:
        return
    if isinstance(read, list):
        for one in read:
            yield from _things(one, depth + 1)
    elif isinstance(read, dict):
        kinds = _types(read)
        if any(_COURSES.search(kind) or _EVENTS.search(kind) for kind in kinds):
            yield read
            return
        for name, value in read.items():
            if name != "@context" and isinstance(value, dict | list):
                yield from _things(value, depth + 1)


def _types(thing: dict) -> list[str]:
    found = thing.get("@type", thing.get("type", []))
    many = found if isinstance(found, list) else [found]
    return [kind for kind in many if isinstance(kind, str)]


def _cells(thing: dict) -> list[str]:
    instances = [
        one
        for name in ("hasCourseInstance", "subEvent", "eventSchedule")
        for one in _many(thing, name)
        if isinstance(one, dict)
    ]
    place = _first(thing, "location") or next(
        (found for one in instances if (found := _first(one, "location"))), None
    )
    venue, address, lat, lon, is_virtual = _place(place)
    offer = _first(thing, "offers") or next(
        (found for one in instances if (found := _first(one, "offers"))), {}
    )
    price, currency = _price(offer)
    mode = " ".join(
        _text(value)
        for one in (thing, *instances)
        for name in ("eventAttendanceMode", "courseMode")
        for value in _many(one, name)
    )
    uri = _text(thing.get("@id", thing.get("id")))
    url = _text(thing.get("url"))
    is_course = any(kind.endswith("Course") for kind in _types(thing))
    return [
        _text(thing.get("identifier")),
        uri if re.match(r"(https?|urn):", uri) else "",
        _text(thing.get("name")),
        _text(thing.get("description")),
        url if re.match(r"https?:", url) else "",
        _address(_first(thing, "image")),
        "course" if is_course else "event",
        _dates([thing, *instances]),
        venue,
        address,
        lat,
        lon,
        _online(mode, is_virtual),
        _yes(thing.get("isAccessibleForFree")),
        price,
        currency,
        _text(thing.get("typicalAgeRange")) or _text(thing.get("audience")),
        ", ".join(_language(one) for one in _many(thing, "inLanguage")),
        ", ".join(
            _text(one) for name in ("keywords", "about", "genre") for one in _many(thing, name)
        ),
        _minutes(_text(thing.get("duration")) or _text(thing.get("timeRequired"))),
    ]


def _many(thing: dict, name: str) -> list[Any]:
    found = thing.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def _first(thing: dict, name: str) -> Any:
    return next(iter(_many(thing, name)), None)


def _text(value: Any) -> str:
    """A value as text: of things their name, of several languages the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[name] for name in ("@value", "name", "value") if name in value), "")
        if not isinstance(value, str | int | float):
            return ""
    return "" if value is None or isinstance(value, dict | list) else unescape(str(value)).strip()


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    said = _text(value)
    return said if re.match(r"https?:", said) else ""


def _place(place: Any) -> tuple[str, str, str, str, bool]:
    """Venue, address, latitude, longitude, and whether it is somewhere on the web."""
    if not isinstance(place, dict):
        return _text(place)[:255], "", "", "", False
    if "VirtualLocation" in _types(place):
        return "", "", "", "", True
    said = place.get("address")
    if isinstance(said, dict):
        parts = [_text(said.get(name)) for name in ("streetAddress", "postalCode")]
        parts.append(_text(said.get("addressLocality")))
        said = ", ".join(filter(None, parts))
    geo = _first(place, "geo")
    geo = geo if isinstance(geo, dict) else {}
    lat, lon = (_text(geo.get(name, place.get(name))) for name in ("latitude", "longitude"))
    return _text(place.get("name")), _text(said), lat, lon, False


def _price(offer: Any) -> tuple[str, str]:
    if not isinstance(offer, dict):
        return "", ""
    price = offer.get("price", offer.get("lowPrice"))
    return _text(price), _text(offer.get("priceCurrency"))


def _online(mode: str, is_virtual: bool) -> str:
    """What the mode says about places: full-time or part-time says nothing."""
    said = mode.rpartition("/")[2]
    return said if _MODES.search(said) else "online" if is_virtual else ""


def _yes(value: Any) -> str:
    said = value if isinstance(value, bool) else _text(value).rpartition("/")[2].lower()
    return {True: "yes", "true": "yes", False: "no", "false": "no"}.get(said, "")


def _language(value: Any) -> str:
    return _text(value.get("alternateName") or value) if isinstance(value, dict) else _text(value)


def _minutes(said: str) -> str:
    found = _DURATION.match(said)
    if not found:
        return ""
    days, hours, minutes = (int(part or 0) for part in found.groups())
    total = 1440 * days + 60 * hours + minutes
    return str(total) if total else ""


def _dates(things: list[dict]) -> str:
    """Each with a start; where parts of it have dates, the whole has none of its own."""
    parts = [thing for thing in things[1:] if _text(thing.get("startDate"))] or things[:1]
    spans = {}
    for thing in parts:
        if start := _text(thing.get("startDate")):
            end = _text(thing.get("endDate"))
            spans[f"{start}/{end}" if end else start] = None
    return "; ".join(list(spans)[: MOST_DATES + 1])
