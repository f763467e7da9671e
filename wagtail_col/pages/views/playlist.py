from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import translation

from wagtail_col.badges.models import Achievement, Award
from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.models import CatalogueRevision, Territory
from wagtail_col.catalogue.territories import Place, trail
from wagtail_col.learning import device as devices
from wagtail_col.learning import past, presenting, watching
from wagtail_col.learning.drawing import prints_of
from wagtail_col.learning.group_mail import what_is_seen
from wagtail_col.learning.mapping import LineMap, map_of
from wagtail_col.learning.models import (
    Enrolment,
    GroupMember,
    LearnerGroup,
    Playlist,
    PlaylistText,
)
from wagtail_col.learning.prerequisites import Before
from wagtail_col.learning.presenting import StationView
from wagtail_col.learning.rules import Progress, StepState
from wagtail_col.learning.standing import NOBODY, Standing, on_device, standings
from wagtail_col.learning.stops import Line, Stop, lines_of
from wagtail_col.records import best_text

#: From this many on, the page says how many people are on the line: fewer could be somebody.
FEWEST_PEOPLE = 10


def playlist_context(request: HttpRequest, key: UUID) -> dict | None:
    """The context of a playlist's page from its record; None when there is no published one.

    ``view`` is a ``PlaylistView``. For who is not logged in the page is the same for everybody:
    ``shared`` is what that part of it needs.
    """
    revision = CatalogueRevision.current()
    record = remembered(
        "playlist-record", (key,), lambda: _record(key), revision=revision, read_once=True
    )
    if record is None:
        return None
    user = getattr(request, "user", None)
    learner = user if user and user.is_authenticated else None
    device = devices.read(request)
    on_device = device.lines.get(record.pk) if device else None
    view = PlaylistView(record, learner, on_device, revision)
    return {
        "record": record,
        "text": view.text,
        "view": view,
        "shared": {"key": ("playlist", record.pk), "view": view, "revision": revision},
    }


def _record(key: UUID) -> Playlist | None:
    return Playlist.objects.published().filter(key=key).prefetch_related("texts").first()


@dataclass(frozen=True)
class Common:
    """What a playlist's page shows whoever reads it."""

    line: Line
    trail: list[Place]
    map: LineMap | None
    people: int
    #: Of the stops (``drawing.prints_of``).
    prints: dict[int, str]
    #: The badge at the end, when it can be earned.
    achievement: Achievement | None

    @classmethod
    def of(cls, playlist: Playlist) -> Common:
        territory = (
            Territory.objects.published()
            .filter(pk=playlist.territory_id)
            .select_related("parent")
            .defer("boundary", "parent__boundary")
            .first()
        )
        line = lines_of([playlist])[playlist.pk]
        return cls(
            line=line,
            trail=trail(territory, itself=True),
            map=map_of(line, territory),
            people=past.people_on(playlist),
            prints=prints_of(line),
            achievement=Achievement.objects.filter(pk=playlist.achievement_id, live=True)
            .prefetch_related("texts")
            .first(),
        )


class PlaylistView:
    """What a playlist's page shows, each part fetched when the template asks for it."""

    def __init__(
        self,
        playlist: Playlist,
        learner: AbstractBaseUser | None,
        on_device: frozenset[int] | None = None,
        revision: int | None = None,
    ) -> None:
        self.playlist = playlist
        self.learner = learner
        self._on_device = on_device
        self.revision = revision

    @cached_property
    def text(self) -> PlaylistText | None:
        return self.playlist.text

    @cached_property
    def language(self) -> str:
        return translation.get_language() or settings.LANGUAGE_CODE

    # What is the same for everybody

    @cached_property
    def _common(self) -> Common:
        return remembered(
            "playlist",
            (self.playlist.pk,),
            lambda: Common.of(self.playlist),
            revision=self.revision,
            read_once=True,
        )

    @property
    def line(self) -> Line:
        return self._common.line

    @property
    def prints(self) -> dict[int, str]:
        return self._common.prints

    @property
    def trail(self) -> list[Place]:
        return self._common.trail

    @property
    def map(self) -> LineMap | None:
        return self._common.map

    @property
    def people(self) -> int | None:
        """How many are on the line; None when they are so few that it could say who."""
        return self._common.people if self._common.people >= FEWEST_PEOPLE else None

    @property
    def achievement(self) -> Achievement | None:
        """The badge at the end, when it can be earned."""
        return self._common.achievement

    @cached_property
    def badge_name(self) -> str:
        return str(self.achievement) if self.achievement else ""

    @cached_property
    def badge_text(self):
        return best_text(self.achievement.texts.all()) if self.achievement else None

    @cached_property
    def takes(self) -> str:
        """``5 stations · about 6 hours``."""
        return presenting.in_words(self.line, self.progress, joined=False)

    @cached_property
    def time(self) -> str:
        """``about 6 hours``, ``about 6 hours to 8 hours``; empty when nothing is known."""
        return presenting.time_in_words(self.line, self.progress, in_full=True)

    # What is the learner's own

    @property
    def on_device(self) -> bool:
        """Whether somebody without an account is on the line on this device."""
        return self._on_device is not None

    @property
    def is_own(self) -> bool:
        """Whether anything on the page is this reader's own."""
        return self.learner is not None or self.on_device

    @cached_property
    def enrolment(self) -> Enrolment | None:
        return self.standing.enrolment

    @property
    def is_joined(self) -> bool:
        return self.enrolment is not None or self.on_device

    @property
    def is_paused(self) -> bool:
        return self.enrolment is not None and self.enrolment.paused_at is not None

    @cached_property
    def done(self) -> dict[int, datetime | None]:
        """When each step was done; None where the device knows no more than that it was."""
        return dict(self.standing.completions) if self.is_joined else {}

    @cached_property
    def standing(self) -> Standing:
        if self.on_device:
            return on_device(self._on_device)
        return standings(self.learner, [self.playlist])[self.playlist.pk]

    @cached_property
    def progress(self) -> Progress:
        return presenting.progress_on(self.line, self.standing if self.is_joined else NOBODY)

    @property
    def rule(self) -> list[str]:
        """What is asked of the learner, a sentence each."""
        return presenting.rule_in_words(self.line, self.progress)

    @property
    def cost(self) -> str:
        """``It costs € 5 to € 12.``; empty when nothing is known."""
        return presenting.cost_in_words(self.line, self.progress)

    @property
    def keeps_rule(self) -> bool:
        """Whether a rule holds for the learner that was changed since they joined."""
        return self.is_joined and self.progress.rule.version != self.playlist.version

    @cached_property
    def waits_for(self) -> list[Before]:
        """The lines to finish first, of those that are not finished."""
        waits_for = self.progress.waits_for
        return [before for before in self.line.before if before.pk in waits_for]

    @property
    def is_archived(self) -> bool:
        """Whether nobody new can join."""
        return self.playlist.archived_at is not None

    @property
    def is_done_unsaid(self) -> bool:
        """Whether everything is done and that is not written down: other lines may wait for it."""
        on_it = self.enrolment is not None and self.enrolment.completed_at is None
        return on_it and self.progress.is_complete

    @cached_property
    def stations(self) -> list[StationView]:
        if not self.is_joined:
            return presenting.stations(self.line, self.progress, None)
        if self.on_device:
            return presenting.stations(self.line, self.progress, self.done)
        results = presenting.course_results(self.learner, self.playlist, self.line)
        waivers = presenting.last_waivers(self.learner, self.line)
        return presenting.stations(self.line, self.progress, self.done, results, waivers)

    @cached_property
    def watches(self) -> bool:
        """Whether progress may come in from elsewhere while the page is open."""
        return bool(self.line.courses) and self.enrolment is not None

    @cached_property
    def state(self) -> str:
        """What the page compares with what it is told later (``learning.views.progress``)."""
        return watching.state_of(self.learner, self.playlist.key)

    @cached_property
    def small_line(self) -> tuple[StepState, ...]:
        return presenting.small_line(self.progress, self.is_joined)

    @cached_property
    def says(self) -> str:
        return presenting.in_words(self.line, self.progress, self.is_joined)

    @cached_property
    def next_stop(self) -> Stop | None:
        """What to do next; None for who is not on the line or has done everything."""
        if not self.is_joined:
            return None
        return next((stop for stop in self.line.stops if stop.pk == self.progress.next), None)

    @cached_property
    def groups(self) -> list[tuple[LearnerGroup, str]]:
        """The groups the learner is in on this line, each with who sees what of them."""
        if self.enrolment is None:
            return []
        own = GroupMember.objects.filter(learner=self.learner.pk, group__playlist=self.playlist.pk)
        keys = [*own.order_by().values_list("group_id", flat=True)]
        if not keys:
            # Most are in none: who looks after it is asked for where there is one.
            return []
        found = LearnerGroup.objects.filter(pk__in=keys)
        return [
            (group, what_is_seen(group))
            for group in found.select_related("made_by", "team", "playlist")
        ]

    @cached_property
    def award_url(self) -> str:
        """The page of the learner's own badge of this line; empty when they have none."""
        if self.learner is None or self.playlist.achievement_id is None:
            return ""
        own = Award.objects.filter(
            learner=self.learner.pk, achievement=self.playlist.achievement_id
        )
        keys = own.order_by().values_list("key", flat=True)
        return next((Award(key=key).get_absolute_url() for key in keys), "")

    # The line on the map, with its numbers

    @property
    def map_done(self) -> str:
        return self.map.dots(self.progress.done)

    @cached_property
    def map_open(self) -> str:
        return self.map.dots(frozenset(self.map.places) - self.progress.done)

    @cached_property
    def online_stops(self) -> list[tuple[int | None, Stop]]:
        """Stops without a place, with the number of their station."""
        return [
            (station.number, view.stop)
            for station in self.stations
            for view in station.stops
            if view.stop.is_online and not view.stop.is_local
        ]

    @property
    def login_url(self) -> str:
        """To log in and come back to this page."""
        back = self.text.url if self.text else ""
        return f"{resolve_url(settings.LOGIN_URL)}?next={quote(back)}"
