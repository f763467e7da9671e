"""The ways on from a step that cannot be done at present: what the rules say of them
(``rules.Progress.ways``), with what they need to know filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from wagtail_col.catalogue.models import Listing
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.learning.rules import WayKind
from wagtail_col.learning.standing import progress_by, standings
from wagtail_col.learning.stops import Line, Stop


@dataclass(frozen=True)
class WaysOn:
    """``meanwhile``: stations of the line that can be done now. ``at``: when this one can be done
    again. ``is_needed``: without this one, or what is let count for it, the line is not finished.
    """

    meanwhile: tuple[Stop, ...] = ()
    at: datetime | None = None
    is_needed: bool = False


def ways_on(
    learner: AbstractBaseUser,
    playlist: Playlist,
    line: Line,
    step: Step,
    equal: Sequence[Listing],
) -> WaysOn:
    """How the learner goes on from this step. ``equal``: what is as good as its opportunity."""
    closed = line.closed
    if step.pk in closed:
        closed[step.pk] = replace(closed[step.pk], equal=tuple(one.key for one in equal))
    progress = progress_by(line.rule, standings(learner, [playlist])[playlist.pk], closed=closed)
    stops = {stop.pk: stop for stop in line.stops}
    own = {way.kind: way for way in progress.ways if way.key == step.pk}
    station = next((one.keys for one in progress.stations if step.pk in one.keys), ())
    again = own.get(WayKind.NEXT_DATE)
    return WaysOn(
        meanwhile=tuple(
            stops[way.key]
            for way in progress.ways
            if way.kind is WayKind.DO and way.key != step.pk and way.key in stops
        ),
        # Also where it is not needed: who would rather wait for it may.
        at=again.at if again else (closed[step.pk].next_at if step.pk in closed else None),
        is_needed=any(way.kind is WayKind.WAIVER and way.key in station for way in progress.ways),
    )
