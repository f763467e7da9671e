"""The stations of a playlist's page as HTML. What is the same for whoever stands alike is drawn
once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from wagtail_col.catalogue.caching import pieces
from wagtail_col.learning.presenting import StationView
from wagtail_col.learning.stops import Line

TEMPLATE = "wagtail_col/learning/station.html"


@dataclass(frozen=True)
class Reader:
    """What a station's template knows of who reads it, as ``view``: nothing that says who it is.

    ``enrolment``: whether they are on the line with an account; ``is_joined``: with one, or on
    this device.
    """

    is_joined: bool
    enrolment: bool
    on_device: bool
    language: str


def prints_of(line: Line) -> dict[int, str]:
    """What tells each stop of a line from what it was before, by primary key."""
    return {
        stop.pk: sha256(repr(stop).encode()).hexdigest()[:32] for stop in (*line.stops, *line.gone)
    }


def drawn(
    playlist: int, stations: Sequence[StationView], prints: Mapping[int, str], reader: Reader
) -> SafeString:
    """All stations of a page. ``prints``: of the stops (``prints_of``)."""
    template = get_template(TEMPLATE)

    def draw(station: StationView) -> str:
        return template.render({"station": station, "view": reader})

    own = {n: draw(station) for n, station in enumerate(stations) if _is_own(station)}
    shared = [station for n, station in enumerate(stations) if n not in own]
    made = pieces(
        "station",
        # A day of another year is said with its year.
        (playlist, reader, timezone.localdate().year),
        [_values(station, prints) for station in shared],
        lambda number: draw(shared[number]),
    )
    kept = iter(made)
    return mark_safe(  # noqa: S308
        "".join(own[n] if n in own else next(kept) for n in range(len(stations)))
    )


def drawn_above(view: Any) -> SafeString:
    """The way down to the line of ``view`` (``pages.views.playlist.PlaylistView``), and its other
    languages."""
    return _piece("above", view)


def drawn_beside(view: Any) -> SafeString:
    """The line on its map, and what it asks for: what stands beside the stations."""
    done = frozenset(view.map.places) & view.progress.done if view.map else ()
    return _piece(
        "beside",
        view,
        tuple(sorted(done)),
        tuple((station.number, len(station.stops)) for station in view.stations),
        view.progress.rule.version,
        view.keeps_rule,
        view.people,
        view.is_joined,
    )


def drawn_terminus(view: Any) -> SafeString:
    """The badge at the end. The way to their own badge is drawn for its owner alone."""
    if view.award_url:
        return _drawn("terminus", view)
    # Badges have their own changes, which the catalogue's revision does not count.
    said = view.badge_text
    about = (said.language, said.description) if said else ()
    return _piece("terminus", view, str(view.achievement.key), view.badge_name, *about)


def drawn_way(view: Any) -> SafeString:
    """How to pause and leave, and who sees what. Their groups are drawn for members alone."""
    if view.groups:
        return _drawn("your_way", view)
    hides_name = view.enrolment is not None and view.enrolment.hides_name
    return _piece(
        "your_way",
        view,
        view.is_joined,
        view.on_device,
        view.is_paused,
        view.progress.is_complete,
        hides_name,
    )


def _piece(name: str, view: Any, *values: Any) -> SafeString:
    """A part of the page that is drawn from the records and ``values`` alone."""
    [made] = pieces(
        name, (view.playlist.pk,), [(view.revision, *values)], lambda _number: _drawn(name, view)
    )
    return mark_safe(made)  # noqa: S308


def _drawn(name: str, view: Any) -> SafeString:
    return get_template(f"wagtail_col/learning/{name}.html").render({"view": view})


def _is_own(station: StationView) -> bool:
    """Whether there is anything on it that was said to this learner alone."""
    return any(stop.waiver or stop.course_says for stop in station.stops)


def _values(station: StationView, prints: Mapping[int, str]) -> tuple:
    """Everything a station is drawn from: short and simple, as it is a key in the cache."""
    stops = [
        (
            prints[view.stop.pk],
            view.state.value,
            view.done_on and view.done_on.toordinal(),
            view.can_review,
            view.block,
        )
        for view in station.stops
    ]
    return (
        station.number,
        station.of,
        station.state.value,
        station.is_choice,
        station.has_buttons,
        station.all_optional,
        *stops,
    )
