"""The steps of playlists as learners read them: titles, when and where, how long, what to do.

The same for everybody; how far one is comes on top (``presenting``). A constant number of
queries, however many playlists and steps there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone, translation

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.models import Listing, ListingText, Occurrence, Territory
from wagtail_col.catalogue.presenting import url_of, where_in_words
from wagtail_col.geo import Point
from wagtail_col.learning import coursework
from wagtail_col.learning.coursework import OnlineCourse
from wagtail_col.learning.models import Playlist, Step, StepKind
from wagtail_col.learning.prerequisites import Before, before_of, titled
from wagtail_col.learning.rules import Obstacle, Rule, Why
from wagtail_col.learning.steps import course_of, is_offered, may_say_so, title_of
from wagtail_col.learning.versions import rule_of

#: A date that lasts longer than this is open for that long; it does not take that long.
LONGEST_MINUTES = 12 * 60


@dataclass(frozen=True)
class Stop:
    """One step. Empty words: not known. ``language``: of the title; the instruction has its own."""

    pk: int
    key: UUID
    #: The opportunity's key where it is offered.
    listing_key: UUID | None
    title: str
    language: str
    #: The opportunity's page or the link itself; empty when it is no longer offered.
    url: str
    is_link: bool
    instruction: str
    instruction_language: str
    is_online: bool
    is_local: bool
    #: The next date in words, or the last one when it ``has_passed``.
    when: str
    starts_at: datetime | None
    all_day: bool
    has_passed: bool
    where: str
    minutes: int | None
    takes: str
    price: str
    #: What it costs, 0 for nothing; None: not known.
    cost: Decimal | None
    currency: str
    point: Point | None
    is_offered: bool
    may_say_so: bool
    #: The key of its online course, whether or not that can be opened.
    course_key: UUID | None
    course: OnlineCourse | None
    #: What finishes it, for a step with an online course.
    done_when: str
    #: Whether the course is the only way to do it.
    needs_course: bool

    @property
    def has_title(self) -> bool:
        """Whether the title is one; else it says that the step is no longer offered."""
        return bool(self.language)

    @property
    def is_open(self) -> bool:
        """Whether it can be done now or later."""
        if not self.is_offered or self.has_passed:
            return False
        return not self.needs_course or self.can_be_opened

    @property
    def obstacle(self) -> Obstacle:
        """Why it cannot be done at present, where it is not open."""
        if not self.is_offered:
            return Obstacle(Why.WITHDRAWN)
        if self.has_passed:
            return Obstacle(Why.PAST)
        return Obstacle(Why.NOT_NOW, next_at=self.course.opens_at if self.course else None)

    @property
    def can_be_opened(self) -> bool:
        """Whether its online course can be opened now."""
        return self.course is not None and self.course.is_open


@dataclass(frozen=True)
class Line:
    """The stops of a playlist in order, and what the rules know of them.

    ``gone``: steps that editors have taken out: who has done one keeps it. ``before``: the
    playlists that are to be finished first.
    """

    stops: tuple[Stop, ...]
    rule: Rule
    gone: tuple[Stop, ...] = ()
    before: tuple[Before, ...] = ()

    @cached_property
    def by_pk(self) -> dict[int, Stop]:
        """All stops, also those that are gone."""
        return {stop.pk: stop for stop in (*self.stops, *self.gone)}

    @cached_property
    def courses(self) -> tuple[Stop, ...]:
        """The stops with an online course."""
        return tuple(stop for stop in self.stops if stop.course_key)

    @cached_property
    def closed(self) -> dict[int, Obstacle]:
        """Why those stops are closed that cannot be done at present."""
        return {stop.pk: stop.obstacle for stop in self.stops if not stop.is_open}


def lines_of(playlists: Iterable[Playlist]) -> dict[int, Line]:
    """The line of each playlist, by primary key. Texts in the active language or the nearest."""
    now = timezone.now()
    playlists = list(playlists)
    ids = [playlist.pk for playlist in playlists]
    by_playlist: dict[int, list[Step]] = defaultdict(list)
    gone: dict[int, list[Step]] = defaultdict(list)
    for step in _steps(ids, now):
        (by_playlist if step.is_published else gone)[step.playlist_id].append(step)
    courses = coursework.courses_of(
        course_of(step) for steps in (*by_playlist.values(), *gone.values()) for step in steps
    )
    before = before_of(ids)
    titles = titled({pk for each in before.values() for pk in each})
    return {
        playlist.pk: Line(
            stops=tuple(_stop(step, courses, now) for step in by_playlist[playlist.pk]),
            rule=rule_of(playlist, by_playlist[playlist.pk], before[playlist.pk]),
            gone=tuple(
                replace(_stop(step, courses, now), url="", is_offered=False)
                for step in gone[playlist.pk]
            ),
            before=tuple(titles[pk] for pk in before[playlist.pk] if pk in titles),
        )
        for playlist in playlists
    }


def stops_of(steps: list[Step]) -> list[Stop]:
    """Stops of steps that need not be saved; their ``texts`` are there already. A constant number
    of queries."""
    now = timezone.now()
    prefetch_related_objects(steps, Prefetch("listing", _listings(now)))
    courses = coursework.courses_of(course_of(step) for step in steps)
    return [_stop(step, courses, now) for step in steps]


def _steps(ids: list[int], now: datetime) -> Iterable[Step]:
    return (
        Step.objects.filter(playlist__in=ids)
        .prefetch_related("texts", Prefetch("listing", _listings(now)))
        .order_by("position", "pk")
    )


def _listings(now: datetime) -> QuerySet[Listing]:
    ahead = Occurrence.objects.filter(ends_at__gte=now).order_by("starts_at", "pk")
    return Listing.objects.prefetch_related(
        Prefetch("texts", ListingText.objects.defer("folded", "description")),
        Prefetch("territory", Territory.objects.defer("boundary")),
        "territory__texts",
        Prefetch("occurrences", ahead[:1], to_attr="coming"),
    )


def _stop(step: Step, courses: dict[UUID, OnlineCourse], now: datetime) -> Stop:
    text = step.text
    offered = is_offered(step, courses)
    listing = step.listing if offered else None
    listing_text = listing.text if listing else None
    titled = text if text and text.title else listing_text
    course_key = course_of(step)
    course = courses.get(course_key)
    date = listing.coming[0] if listing and listing.coming else None
    has_passed = bool(listing and listing.ends_at and listing.ends_at < now)
    minutes = (
        step.minutes
        or (listing.minutes if listing else None)
        or (course.minutes if course else None)
        or _length(date)
    )
    return Stop(
        pk=step.pk,
        key=step.key,
        listing_key=listing.key if listing else None,
        title=title_of(step, courses),
        language=titled.language if titled else _language_of(course),
        url=step.link or (url_of(listing, listing_text) if listing else ""),
        is_link=step.kind == StepKind.LINK,
        instruction=text.instruction if text else "",
        instruction_language=text.language if text else "",
        is_online=step.kind != StepKind.LISTING or bool(listing and listing.is_online),
        is_local=bool(listing and listing.is_local),
        when=_when(listing, date, now),
        starts_at=date.starts_at if date else None,
        all_day=date.all_day if date else False,
        has_passed=has_passed,
        where=where_in_words(listing) if listing else "",
        minutes=minutes,
        takes=saying.minutes_in_words(minutes),
        price=(
            saying.price_in_words(listing.is_free, listing.price, listing.currency)
            if listing
            else ""
        ),
        cost=_cost(listing),
        currency=listing.currency if listing else "",
        point=listing.point if listing else None,
        is_offered=offered,
        may_say_so=may_say_so(step),
        course_key=course_key,
        course=course if course and course.is_offered else None,
        done_when=coursework.done_when_in_words(step.pass_percent) if course_key else "",
        needs_course=course_key is not None and not (listing and listing.is_local),
    )


def _language_of(course: OnlineCourse | None) -> str:
    """Providers do not say in which language their titles are: no other is claimed."""
    return (translation.get_language() or settings.LANGUAGE_CODE) if course else ""


def _when(listing: Listing | None, date: Occurrence | None, now: datetime) -> str:
    if date:
        return saying.date_in_words(date.starts_at, date.ends_at, all_day=date.all_day, now=now)
    if listing and listing.ends_at:
        return saying.full_day_in_words(timezone.localdate(listing.ends_at))
    return ""


def _cost(listing: Listing | None) -> Decimal | None:
    if listing is None:
        return None
    return Decimal(0) if listing.is_free else listing.price


def _length(date: Occurrence | None) -> int | None:
    if date is None or date.all_day:
        return None
    minutes = round((date.ends_at - date.starts_at).total_seconds() / 60)
    return minutes if 0 < minutes <= LONGEST_MINUTES else None
