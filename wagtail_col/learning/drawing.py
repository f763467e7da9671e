"""The stations of a playlist's page as HTML. What is the same for whoever stands alike is drawn
once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from wagtail_col.catalogue.caching import pieces
from wagtail_col.learning.presenting import StationView
from wagtail_col.learning.stops import Line

TEMPLATE = "wagtail_col/learning/station.html"
BESIDE_TEMPLATE = "wagtail_col/learning/beside.html"


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

    shared = [station for station in stations if not _is_own(station)]
    made = pieces(
        "station",
        (playlist, reader),
        [_values(station, prints) for station in shared],
        lambda number: draw(shared[number]),
    )
    kept = iter(made)
    return mark_safe(  # noqa: S308
        "".join(draw(station) if _is_own(station) else next(kept) for station in stations)
    )


def drawn_beside(view: Any) -> SafeString:
    """The line on its map, and what it asks for: what stands beside the stations of ``view``
    (``pages.views.playlist.PlaylistView``)."""
    done = frozenset(view.map.places) & view.progress.done if view.map else ()
    values = (
        view.revision,
        sorted(done),
        tuple((station.number, len(station.stops)) for station in view.stations),
        view.progress.rule.version,
        view.keeps_rule,
        view.people,
        view.is_joined,
    )
    [made] = pieces(
        "beside",
        (view.playlist.pk,),
        [values],
        lambda _number: get_template(BESIDE_TEMPLATE).render({"view": view}),
    )
    return mark_safe(made)  # noqa: S308


def _is_own(station: StationView) -> bool:
    """Whether there is anything on it that was said to this learner alone."""
    return any(stop.waiver or stop.course_says for stop in station.stops)


def _values(station: StationView, prints: Mapping[int, str]) -> tuple:
    """Everything a station is drawn from."""
    stops = [
        (prints[view.stop.pk], view.state, view.done_on, view.can_review, view.block)
        for view in station.stops
    ]
    return (
        station.number,
        station.says,
        station.state,
        station.is_choice,
        station.has_buttons,
        stops,
    )
