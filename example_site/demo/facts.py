"""Reads the demo's facts (`data/`) into plain values, and moves old dates into the future.

Nothing here knows Django: the loader turns these values into pages. Places are "madrid" and
"slovenia"; texts are dicts from language code to text; dates are the place's local time without
a zone (`TIMEZONES`), so that an event at ten stays at ten on both sides of a clock change.
`data/README.md` says where every file comes from.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zlib import crc32

DATA = Path(__file__).parent / "data"
PLACES = ("madrid", "slovenia")
TIMEZONES = {"madrid": "Europe/Madrid", "slovenia": "Europe/Ljubljana"}

# How far ahead the moved dates reach, and how long a long-running item may then last.
WEEKS_AHEAD = 26
LONGEST = timedelta(days=60)

# The city's pages differ in their last part only; the file keeps that part.
MADRID_URL = (
    "https://www.madrid.es/sites/v/index.jsp"
    "?vgnextchannel=ca9671ee4a9eb410VgnVCM100000171f5a0aRCRD&vgnextoid="
)

Texts = dict[str, str]


@dataclass(frozen=True)
class Source:
    """Whom a file comes from; `attribution` is the sentence to show on the site."""

    slug: str
    title: Texts
    files: tuple[str, ...]
    url: str
    licence: str
    attribution: str


@dataclass(frozen=True)
class Interest:
    slug: str
    name: Texts


@dataclass(frozen=True)
class Territory:
    """A region, city or district. `parent` is a slug or None; parents come before children.

    `geometry` is a GeoJSON Polygon or MultiPolygon (WGS 84, longitude first).
    """

    slug: str
    kind: str
    name: Texts
    parent: str | None
    geometry: dict


@dataclass(frozen=True)
class Provider:
    """Who offers learning. `example` marks one that we made up."""

    slug: str
    name: Texts
    kind: str
    website: str = ""
    example: bool = False


@dataclass(frozen=True)
class Opportunity:
    """Something one can learn, once: `start` and `end` are one occurrence, local time.

    A date without a time stands for the whole day; `end` is the last day (inclusive) or None when
    it ends on the day it starts. `territory` is the smallest one known to hold it. `price` is in
    EUR, None when unknown (look at `is_free`); `price_note` a short word such as "6–22 €".
    """

    id: str
    title: Texts
    kind: str
    interests: tuple[str, ...]
    start: date | datetime
    end: date | datetime | None
    is_free: bool
    price: Decimal | None
    price_note: str
    age_min: int | None
    age_max: int | None
    language: str
    venue: Texts
    address: str
    postcode: str
    district: str
    territory: str
    lat: float | None
    lon: float | None
    provider: str
    url: str = ""
    example: bool = False

    @property
    def first_day(self) -> date:
        return _day(self.start)

    @property
    def last_day(self) -> date:
        return _day(self.end) if self.end else self.first_day


@dataclass(frozen=True)
class OnlineCourse:
    """A free lesson on the web; `minutes` only where its source gives a duration."""

    id: str
    title: str
    url: str
    provider: str
    language: str
    interests: tuple[str, ...]
    minutes: int | None
    licence: str


@dataclass(frozen=True)
class Step:
    """One station: either `opportunity` or `course` holds an id, or the short name of what an
    editor wrote (`editors.json`).

    `need` is "required", "optional" or "choice"; of the choices with one `group` any one will do.
    """

    need: str
    minutes: int
    todo: Texts
    opportunity: str = ""
    course: str = ""
    group: str = ""


@dataclass(frozen=True)
class Badge:
    name: Texts
    description: Texts
    criteria: Texts
    icon: str
    shape: str = "round"
    level: str = ""
    #: Names of skills in English.
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class BadgeOfBadges:
    """A badge for `needed` of the badges of these lines."""

    slug: str
    place: str
    colour: str
    badges: tuple[str, ...]
    needed: int
    badge: Badge = field(repr=False)


@dataclass(frozen=True)
class Playlist:
    """A line: `line` is its short name, `colour` one of the twelve line colours."""

    slug: str
    line: Texts
    colour: str
    title: Texts
    summary: Texts
    interests: tuple[str, ...]
    steps: tuple[Step, ...]
    badge: Badge = field(repr=False)


def sources() -> list[Source]:
    return [Source(**{**row, "files": tuple(row["files"])}) for row in _json("sources.json")]


def interests() -> list[Interest]:
    return [Interest(**row) for row in _json("interests.json")]


def territories(place: str) -> list[Territory]:
    """The place's territories, each after its parent.

    Raises ValueError when `place` is not one of `PLACES`, as do the other readers.
    """
    names = _slovenia()["names"] if _known(place) == "slovenia" else {}
    return [
        Territory(
            slug=feature["id"],
            kind=feature["properties"]["kind"],
            name=names.get(feature["id"]) or {"es": feature["properties"]["name"]},
            parent=feature["properties"]["parent"],
            geometry=feature["geometry"],
        )
        for feature in _json(f"{place}.geojson")["features"]
    ]


def providers(place: str) -> list[Provider]:
    """The place's providers; Madrid's include those of the online courses."""
    rows = _slovenia()["providers"] if _known(place) == "slovenia" else _json("providers.json")
    return [Provider(**row) for row in rows]


def opportunities(place: str) -> list[Opportunity]:
    """The place's opportunities with the dates of the source (in the past: `shift_dates`)."""
    if _known(place) == "slovenia":
        return [_example(row) for row in _slovenia()["opportunities"]]
    districts = {t.name["es"]: t.slug for t in territories("madrid") if t.kind == "district"}
    return [_event(row, districts) for row in _csv("opportunities.csv")]


def online_courses() -> list[OnlineCourse]:
    return [
        OnlineCourse(
            **{
                **row,
                "interests": tuple(row["interests"].split()),
                "minutes": _whole(row["minutes"]),
            }
        )
        for row in _csv("online_courses.csv")
    ]


def playlists(place: str) -> list[Playlist]:
    rows = _slovenia()["playlists"] if _known(place) == "slovenia" else _json("playlists.json")
    return [
        Playlist(
            **{
                **row,
                "interests": tuple(row["interests"]),
                "steps": tuple(Step(**step) for step in row["steps"]),
                "badge": Badge(**row["badge"]),
            }
        )
        for row in rows
    ]


def badges_of_badges() -> list[BadgeOfBadges]:
    return [
        BadgeOfBadges(**{**row, "badges": tuple(row["badges"]), "badge": Badge(**row["badge"])})
        for row in _json("badges.json")["badges_of_badges"]
    ]


def own_skills() -> list[Texts]:
    """Skills that no framework names, each by language."""
    return _json("badges.json")["skills"]


def shift_dates(rows: Iterable[Opportunity], today: date) -> list[Opportunity]:
    """Move every occurrence by whole weeks so that it starts after `today`, in the same order.

    Weekday and time of day stay. Where an item lands within the next `WEEKS_AHEAD` weeks follows
    from its title and venue only, so that every load puts it in the same week; items that share
    title, venue and weekday follow each other week by week, as a series does. What lasts longer
    than `LONGEST` is shortened by whole weeks.
    """
    rows = list(rows)
    series = defaultdict(list)
    for row in rows:
        key = (str(sorted(row.title.items())), str(sorted(row.venue.items())))
        series[*key, row.first_day.weekday()].append(row)
    moved = {}
    for key, members in series.items():
        base = crc32("|".join(key[:2]).encode())
        members.sort(key=lambda row: (row.first_day, row.start.isoformat(), row.id))
        for turn, row in enumerate(members):
            moved[row.id] = _moved(row, today, (base + turn) % WEEKS_AHEAD)
    return [moved[row.id] for row in rows]


def _moved(row: Opportunity, today: date, week: int) -> Opportunity:
    tomorrow = today + timedelta(days=1)
    days = (row.first_day.weekday() - tomorrow.weekday()) % 7
    target = tomorrow + timedelta(days=days, weeks=week)
    by = target - row.first_day
    end = row.end and row.end + by
    too_long = row.last_day - row.first_day - LONGEST
    if end and too_long > timedelta():
        end -= timedelta(weeks=-(-too_long.days // 7))
    return replace(row, start=row.start + by, end=end)


def _event(row: dict, districts: dict[str, str]) -> Opportunity:
    return Opportunity(
        id=row["id"],
        title={"es": row["title"]},
        kind=row["kind"],
        interests=tuple(row["interests"].split()),
        start=_when(row["start"]),
        end=_when(row["end"]),
        is_free=row["is_free"] == "1",
        price=Decimal(row["price"]) if row["price"] else None,
        price_note=row["price_note"],
        age_min=_whole(row["age_min"]),
        age_max=_whole(row["age_max"]),
        language=row["language"],
        venue={"es": row["venue"]} if row["venue"] else {},
        address=row["address"],
        postcode=row["postcode"],
        district=row["district"],
        territory=districts[row["district"]] if row["district"] else "madrid",
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        provider=row["provider"],
        url=MADRID_URL + row["url"],
    )


def _example(row: dict) -> Opportunity:
    names = _slovenia()["names"]
    in_city = row["territory"] not in ("osrednjeslovenska", "ljubljana")
    return Opportunity(
        **{
            **row,
            "interests": tuple(row["interests"]),
            "start": _when(row["start"]),
            "end": _when(row["end"]),
            "price": Decimal(row["price"]) if row["price"] else None,
            "venue": {language: text for language, text in row["venue"].items() if text},
            "district": names[row["territory"]]["sl"] if in_city else "",
        },
        price_note="",
        address="",
        postcode="",
    )


def _known(place: str) -> str:
    if place not in PLACES:
        raise ValueError(f"No such place in the demo: {place!r} (there are {', '.join(PLACES)}).")
    return place


def _slovenia() -> dict:
    return _json("slovenia.json")


def _json(name: str):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _csv(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _when(text: str) -> date | datetime | None:
    """An ISO date stays a date; with a time it is a datetime in local time, without zone."""
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _whole(text: str) -> int | None:
    return int(text) if text else None
