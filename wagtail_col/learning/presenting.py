"""Lines as learners see them: the page's stations with one's own progress, and small lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue import saying
from wagtail_col.learning import coursework, rules
from wagtail_col.learning.models import (
    Completion,
    Enrolment,
    Playlist,
    PlaylistText,
    Step,
    Waiver,
)
from wagtail_col.learning.rules import Progress, StepState
from wagtail_col.learning.stops import Line, Stop, lines_of
from wagtail_col.records import best_text

#: A small line has at most this many stops; above it the words alone say how many there are.
MOST_STOPS = 20


@dataclass(frozen=True)
class StopView:
    """A stop and how one stands to it. ``done_on``: the day in words, empty when not done.

    ``course_says``: what its online course said last of the learner, in words; ``can_review``: it
    shows what they handed in.
    """

    stop: Stop
    state: StepState
    done_on: str
    course_says: str = ""
    can_review: bool = False
    #: What the learner asked the organiser about it last, if they did.
    waiver: Waiver | None = None

    @property
    def is_done(self) -> bool:
        return self.state is StepState.DONE

    @property
    def is_now(self) -> bool:
        return self.state is StepState.NOW


@dataclass(frozen=True)
class StationView:
    """A station of the page: one stop, or the stops of a choice.

    ``number`` is None when it is optional. ``has_buttons``: one is on the line and not done here.
    """

    number: int | None
    says: str
    state: StepState
    is_choice: bool
    has_buttons: bool
    stops: tuple[StopView, ...]

    @property
    def is_done(self) -> bool:
        return self.state is StepState.DONE

    @property
    def is_now(self) -> bool:
        return self.state is StepState.NOW


@dataclass(frozen=True)
class LineCard:
    """A playlist on a list: ``stops`` are the states of its small line; ``language``: of its text.

    ``next_title`` is empty for who is not on the line.
    """

    key: UUID
    url: str
    title: str
    summary: str
    language: str
    colour: str
    line_name: str
    image: str
    stops: tuple[StepState, ...]
    says: str
    next_title: str
    is_joined: bool
    is_complete: bool


def progress_on(line: Line, done: Iterable[int]) -> Progress:
    """Progress on a line for who has done the steps with these primary keys."""
    return rules.progress(line.rules, frozenset(done), line.closed)


def stations(
    line: Line,
    progress: Progress,
    done: Mapping[int, Completion | None] | None,
    results: Mapping[int, Any] | None = None,
    waivers: Mapping[int, Waiver] | None = None,
) -> list[StationView]:
    """The stations of the page in order. ``done`` is None for who is not on the line; a completion
    is None where it is not known when the step was done.

    ``results``: what online courses said of the learner (``course_results``); ``waivers``: what
    they asked the organiser about steps (``last_waivers``).
    """
    stops = {stop.pk: stop for stop in line.stops}
    all_optional = not any(station.required for station in progress.stations)
    views, number = [], 0
    for station in progress.stations:
        number += station.required
        states = dict.fromkeys(station.keys, StepState.OPEN)
        if done is not None:
            states = {key: progress.state(key) for key in station.keys}
        shown = tuple(
            _shown(
                stops[key],
                states[key],
                (done or {}).get(key),
                (results or {}).get(key),
                (waivers or {}).get(key),
            )
            for key in station.keys
        )
        views.append(_station(station, number, progress, shown, done is not None, all_optional))
    return views


def _shown(
    stop: Stop,
    state: StepState,
    completion: Completion | None,
    result: Any,
    waiver: Waiver | None,
) -> StopView:
    return StopView(
        stop,
        state,
        _day(completion),
        course_says=coursework.result_in_words(result) if result else "",
        can_review=bool(result and result.reviewable),
        waiver=waiver,
    )


def _station(
    station: rules.Station,
    number: int,
    progress: Progress,
    stops: tuple[StopView, ...],
    joined: bool,
    all_optional: bool,
) -> StationView:
    states = [stop.state for stop in stops]
    state = next((one for one in (StepState.DONE, StepState.NOW) if one in states), StepState.OPEN)
    done_on = next((stop.done_on for stop in stops if stop.done_on), "")
    return StationView(
        number=number if station.required else None,
        says=_says(station, number, progress.needed_count, state, done_on, all_optional),
        state=state,
        is_choice=station.is_choice,
        has_buttons=joined and not station.done,
        stops=stops,
    )


def course_results(learner: AbstractBaseUser, playlist: Playlist, line: Line) -> dict[int, Any]:
    """What online courses said of the learner, by step: opened from the line, or else from the
    opportunity. A constant number of queries, none for a line without courses.
    """
    wanted = {
        stop.pk: [
            (stop.course_key, context) for context in (playlist.key, stop.listing_key) if context
        ]
        for stop in line.stops
        if stop.course_key
    }
    found = coursework.own_results(
        learner, [place for places in wanted.values() for place in places]
    )
    return {
        pk: found[place]
        for pk, places in wanted.items()
        for place in reversed(places)
        if place in found
    }


def last_waivers(learner: AbstractBaseUser, line: Line) -> dict[int, Waiver]:
    """What the learner asked last about each step that cannot be done at present. One query, none
    for a line where everything can be done."""
    if not line.closed:
        return {}
    asked = Waiver.objects.filter(learner=learner, step__in=list(line.closed))
    return {waiver.step_id: waiver for waiver in asked.order_by("asked_at", "pk")}


def _says(
    station: rules.Station, number: int, of: int, state: StepState, done_on: str, all_optional: bool
) -> str:
    if station.required:
        step = _("Step %(number)s of %(of)s") % {"number": number, "of": of}
    else:
        step = _("Any one of these is enough") if all_optional else _("Optional, if you like")
    if state is StepState.DONE and not done_on:
        return _("%(step)s, done") % {"step": step}
    if state is StepState.DONE:
        return _("%(step)s, done on %(day)s") % {"step": step, "day": done_on}
    if station.is_choice:
        if state is StepState.NOW:
            return _("%(step)s, you are here: choose one of these") % {"step": step}
        return _("%(step)s, choose one of these") % {"step": step}
    if state is StepState.NOW:
        return _("%(step)s, you are here") % {"step": step}
    return step


def _day(completion: Completion | None) -> str:
    if completion is None:
        return ""
    return saying.full_day_in_words(timezone.localdate(completion.completed_at))


def small_line(progress: Progress, joined: bool) -> tuple[StepState, ...]:
    """The states of the stations that count, for a small line; none when they are too many."""
    counting = [station for station in progress.stations if station.required]
    if not counting:
        # Any one is enough: the one that was done, or the first.
        reached = [station for station in progress.stations if station.done]
        counting = (reached or list(progress.stations))[:1]
    if len(counting) > MOST_STOPS:
        return ()
    states, now = [], joined and not progress.is_complete
    for station in counting:
        if station.done and joined:
            states.append(StepState.DONE)
        elif now and progress.next in station.keys:
            states.append(StepState.NOW)
        else:
            states.append(StepState.OPEN)
    return tuple(states)


def minutes_of(line: Line, progress: Progress) -> int:
    """What the required stations take; of a choice the shortest. Unknown ones count nothing."""
    minutes = {stop.pk: stop.minutes for stop in line.stops}
    counting = [station for station in progress.stations if station.required]
    known = [
        [minutes[key] for key in station.keys if minutes[key]]
        for station in counting or progress.stations[:1]
    ]
    return sum(min(each) for each in known if each)


def time_in_words(line: Line, progress: Progress) -> str:
    """``about 3 hours`` for all that is required; empty when nothing is known."""
    minutes = minutes_of(line, progress)
    if minutes >= 120:
        minutes = round(minutes / 60) * 60
    return _("about %(time)s") % {"time": saying.minutes_in_words(minutes)} if minutes else ""


def in_words(line: Line, progress: Progress, joined: bool, has_badge: bool = False) -> str:
    """``1 of 5 stations`` for who is on the line, else ``5 stations · about 6 hours · …``."""
    count = progress.needed_count
    if joined:
        return ngettext(
            "%(done)s of %(count)s station", "%(done)s of %(count)s stations", count
        ) % {"done": progress.done_count, "count": count}
    parts = [ngettext("%(count)s station", "%(count)s stations", count) % {"count": count}]
    parts.append(time_in_words(line, progress))
    if has_badge:
        parts.append(_("badge at the end"))
    return " · ".join(part for part in parts if part)


def line_cards(
    playlists: Iterable[Playlist],
    language: str | None = None,
    learner: AbstractBaseUser | None = None,
    device: Mapping[int, frozenset[int]] | None = None,
) -> list[LineCard]:
    """A card for each playlist, in their order, with the learner's own progress if one is given.

    ``device``: in place of a learner, the steps done on each line somebody is on without an
    account, by primary key. A constant number of queries.
    """
    playlists = list(playlists)
    with translation.override(language or translation.get_language()):
        lines = lines_of(playlists)
        texts = _texts_of(playlists)
        badges = set(
            Achievement.objects.filter(
                live=True, pk__in=[playlist.achievement_id for playlist in playlists]
            ).values_list("pk", flat=True)
        )
        joined, done = _own(learner, playlists)
        if device is not None:
            joined, done = set(device), defaultdict(set, {k: set(v) for k, v in device.items()})
        return [
            _card(
                playlist,
                best_text(texts[playlist.pk]),
                lines[playlist.pk],
                playlist.achievement_id in badges,
                playlist.pk in joined,
                done[playlist.pk],
            )
            for playlist in playlists
        ]


def _texts_of(playlists: Iterable[Playlist]) -> dict[int, list[PlaylistText]]:
    found: dict[int, list[PlaylistText]] = defaultdict(list)
    for text in PlaylistText.objects.filter(playlist__in=playlists).defer("description"):
        found[text.playlist_id].append(text)
    return found


def _own(
    learner: AbstractBaseUser | None, playlists: list[Playlist]
) -> tuple[set[int], dict[int, set[int]]]:
    """Which of the lines the learner is on, and the steps done on each."""
    done: dict[int, set[int]] = defaultdict(set)
    if learner is None:
        return set(), done
    joined = Enrolment.objects.filter(learner=learner, playlist__in=playlists)
    completed = Completion.objects.filter(learner=learner, step__playlist__in=playlists)
    for playlist_id, step_id in completed.values_list("step__playlist_id", "step_id"):
        done[playlist_id].add(step_id)
    return set(joined.values_list("playlist_id", flat=True)), done


def _card(
    playlist: Playlist,
    text: PlaylistText | None,
    line: Line,
    has_badge: bool,
    joined: bool,
    done: set[int],
) -> LineCard:
    progress = progress_on(line, done if joined else ())
    titles = {stop.pk: stop.title for stop in line.stops}
    return LineCard(
        key=playlist.key,
        url=text.url if text else "",
        title=text.title if text else str(playlist.key),
        summary=text.summary if text else "",
        language=text.language if text else "",
        colour=playlist.colour,
        line_name=playlist.line_name,
        image=playlist.image,
        stops=small_line(progress, joined),
        says=in_words(line, progress, joined, has_badge),
        next_title=titles.get(progress.next, "") if joined else "",
        is_joined=joined,
        is_complete=joined and progress.is_complete,
    )


def lines_through(sender: type, listing_ids: list[int], **kwargs) -> dict[int, list[dict]]:
    """Answers ``catalogue.signals.lines_wanted``: the published lines through listings."""
    found: dict[int, list[dict]] = defaultdict(list)
    steps = (
        Step.objects.published()
        .filter(listing__in=listing_ids, playlist__in=Playlist.objects.published())
        .select_related("playlist")
        .order_by("playlist_id", "position")
    )
    pairs = list(dict.fromkeys((step.listing_id, step.playlist) for step in steps))
    texts = _texts_of({playlist for _listing, playlist in pairs}) if pairs else {}
    for listing_id, playlist in pairs:
        text = best_text(texts.get(playlist.pk, ()))
        if text:
            found[listing_id].append(
                {
                    "name": playlist.line_name or text.title,
                    "title": text.title,
                    "colour": playlist.colour,
                    "url": text.url,
                }
            )
    return found
