"""Lines as learners see them: the page's stations with one's own progress, and small lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue import saying
from wagtail_col.learning import coursework, reading, rules
from wagtail_col.learning.adding import add
from wagtail_col.learning.models import Playlist, PlaylistText, Step, Waiver
from wagtail_col.learning.rules import Progress, StepState, Why
from wagtail_col.learning.standing import NOBODY, Standing, on_device, progress_by, standings
from wagtail_col.learning.stops import Line, Stop, lines_of
from wagtail_col.records import best_text

#: A small line has at most this many stops; above it the words alone say how many there are.
MOST_STOPS = 20


class StopView(NamedTuple):
    """A stop and how one stands to it. ``done_on``: the day, None when not done or not known.

    ``course_says``: what its online course said last of the learner, in words; ``can_review``: it
    shows what they handed in. ``block``: why it is not open to them yet, in words; empty: it is, or
    it is the stop itself that is closed.
    """

    stop: Stop
    state: StepState
    done_on: date | None
    course_says: str = ""
    can_review: bool = False
    #: What the learner asked the organiser about it last, if they did.
    waiver: Waiver | None = None
    block: str = ""

    @property
    def is_done(self) -> bool:
        return self.state is StepState.DONE

    @property
    def is_now(self) -> bool:
        return self.state is StepState.NOW


class StationView(NamedTuple):
    """A station of the page: one stop, or the stops of a choice.

    ``number`` is None when it is optional; ``of``: how many count. ``has_buttons``: one is on the
    line and not done here. ``all_optional``: the line has nothing but offers.
    """

    number: int | None
    of: int
    state: StepState
    is_choice: bool
    has_buttons: bool
    all_optional: bool
    stops: tuple[StopView, ...]

    @property
    def says(self) -> str:
        """``Step 2 of 5, you are here``: put into words when it is asked for, as most stations
        are drawn already."""
        return _says(self)

    @property
    def done_on(self) -> date | None:
        """The day; None when it is not done or not known."""
        return next((stop.done_on for stop in self.stops if stop.done_on), None)

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


def progress_on(line: Line, standing: Standing = NOBODY) -> Progress:
    """Progress on a line for who stands to it like this, by the rule that suits them."""
    return progress_by(line.rule, standing, closed=line.closed)


def stations(
    line: Line,
    progress: Progress,
    done: Mapping[int, datetime | None] | None,
    results: Mapping[int, Any] | None = None,
    waivers: Mapping[int, Waiver] | None = None,
) -> list[StationView]:
    """The stations of the page in order. ``done``: when each step was, None where that is not
    known; None in its place for who is not on the line.

    ``results``: what online courses said of the learner (``course_results``); ``waivers``: what
    they asked the organiser about steps (``last_waivers``).
    """
    results, waivers = results or {}, waivers or {}
    all_optional = not any(station.required for station in progress.stations)
    of = len(progress.counting)
    zone = timezone.get_current_timezone()
    days = {pk: at.astimezone(zone).date() for pk, at in (done or {}).items() if at}
    blocks = progress.blocks if done is not None else {}
    # Many are blocked for one reason: it is put into words once.
    words = {block.why: block_in_words(block) for block in {*blocks.values()}}
    views, number = [], 0
    for station in progress.stations:
        number += station.required
        shown = []
        for key in station.keys:
            state = progress.state(key) if done is not None else StepState.OPEN
            view = StopView(line.by_pk[key], state, days.get(key))
            if key in results or key in waivers or key in blocks:
                result = results.get(key)
                view = view._replace(
                    course_says=coursework.result_in_words(result) if result else "",
                    can_review=bool(result and result.reviewable),
                    waiver=waivers.get(key),
                    block=words[blocks[key].why] if key in blocks else "",
                )
            shown.append(view)
        views.append(
            StationView(
                number if station.required else None,
                of,
                _state([view.state for view in shown]),
                station.is_choice,
                done is not None and not station.done,
                all_optional,
                tuple(shown),
            )
        )
    return views


def block_in_words(block: rules.Block) -> str:
    """Why it is not open to somebody yet; empty when it is closed to everybody."""
    if block.why is Why.PLAYLIST:
        return _("Another line comes first.")
    if block.why is Why.EARLIER:
        return _("It opens when you have done the station before it.")
    return ""


def _state(states: Collection[StepState]) -> StepState:
    """Of a station with stops in these states."""
    if StepState.DONE in states:
        return StepState.DONE
    return StepState.NOW if StepState.NOW in states else StepState.OPEN


def course_results(learner: AbstractBaseUser, playlist: Playlist, line: Line) -> dict[int, Any]:
    """What online courses said of the learner, by step: opened from the line, or else from the
    opportunity. A constant number of queries, none for a line without courses.
    """
    wanted = {
        stop.pk: [
            (stop.course_key, context) for context in (playlist.key, stop.listing_key) if context
        ]
        for stop in line.courses
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


def _says(station: StationView) -> str:
    if station.number is not None:
        step = _("Step %(number)s of %(of)s") % {"number": station.number, "of": station.of}
    elif station.all_optional:
        step = _("Any one of these is enough")
    else:
        step = _("Optional, if you like")
    if station.is_done and not station.done_on:
        return _("%(step)s, done") % {"step": step}
    if station.is_done:
        day = saying.full_day_in_words(station.done_on)
        return _("%(step)s, done on %(day)s") % {"step": step, "day": day}
    if station.is_choice:
        if station.is_now:
            return _("%(step)s, you are here: choose one of these") % {"step": step}
        return _("%(step)s, choose one of these") % {"step": step}
    if station.is_now:
        return _("%(step)s, you are here") % {"step": step}
    return step


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


def time_in_words(line: Line, progress: Progress, in_full: bool = False) -> str:
    """``about 3 hours`` for the shortest way there; empty when nothing is known.

    ``in_full``: with the longest one, ``about 3 hours to 5 hours``.
    """
    minutes = {stop.pk: stop.minutes or None for stop in (*line.stops, *line.gone)}
    takes = add(progress.rule, minutes)
    return reading.time_in_words(takes if in_full else replace(takes, most=takes.least))


def cost_in_words(line: Line, progress: Progress) -> str:
    """``It costs € 5 to € 12.`` for all that is needed; empty when nothing is known."""
    return reading.cost_of(
        progress.rule, {stop.pk: (stop.cost, stop.currency) for stop in (*line.stops, *line.gone)}
    )


def rule_in_words(line: Line, progress: Progress) -> list[str]:
    """The rule that holds, a sentence each."""
    titles = {stop.pk: stop.title for stop in (*line.stops, *line.gone)}
    return reading.sentences(progress.rule, titles, {one.pk: one.title for one in line.before})


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
        standing = standings(learner, playlists)
        if device is not None:
            standing = {playlist.pk: on_device(device.get(playlist.pk)) for playlist in playlists}
        return [
            _card(
                playlist,
                best_text(texts[playlist.pk]),
                lines[playlist.pk],
                playlist.achievement_id in badges,
                standing[playlist.pk],
            )
            for playlist in playlists
        ]


def _texts_of(playlists: Iterable[Playlist]) -> dict[int, list[PlaylistText]]:
    found: dict[int, list[PlaylistText]] = defaultdict(list)
    for text in PlaylistText.objects.filter(playlist__in=playlists).defer("description"):
        found[text.playlist_id].append(text)
    return found


def _card(
    playlist: Playlist,
    text: PlaylistText | None,
    line: Line,
    has_badge: bool,
    standing: Standing,
) -> LineCard:
    joined = standing.is_joined
    progress = progress_on(line, standing if joined else NOBODY)
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
