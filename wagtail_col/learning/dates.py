"""A learner's own dates: what can still be done on their lines, and when; as a calendar too.

What the rule of a line does not need any more has no date here: steps that are done, the others of
a choice, and the rest where enough are done. What is not simply needed says why it is there.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Event

from wagtail_col.catalogue import calendar, saying
from wagtail_col.catalogue.models import Listing, ListingText, Occurrence, Territory
from wagtail_col.catalogue.presenting import url_of, where_in_words
from wagtail_col.learning.models import CalendarFeed, Playlist
from wagtail_col.learning.presenting import block_in_words, progress_on
from wagtail_col.learning.rules import Progress, Station
from wagtail_col.learning.standing import standings
from wagtail_col.learning.stops import lines_of
from wagtail_col.people.may import Purpose
from wagtail_col.records import State
from wagtail_col.vault import derived_with_each

#: Of one opportunity: the next ones are enough to choose from.
MOST_OF_EACH = 3
#: How often a calendar program asks again.
REFRESH = timedelta(hours=6)


@dataclass(frozen=True)
class OwnDate:
    """One date of an opportunity that is a step of ``lines`` and can still count on them.

    ``says``: why it is there, where it is not simply needed: optional, one of several, or not open
    yet. Empty when one of the lines needs it.
    """

    listing: Listing
    date: Occurrence
    lines: tuple[Playlist, ...]
    says: str = ""

    @property
    def title(self) -> str:
        return str(self.listing)

    @property
    def language(self) -> str:
        return self.listing.text.language if self.listing.text else ""

    @property
    def url(self) -> str:
        return url_of(self.listing)

    @property
    def when(self) -> str:
        date = self.date
        return saying.date_in_words(
            date.starts_at, date.ends_at, all_day=date.all_day, in_full=True
        )

    @property
    def where(self) -> str:
        return where_in_words(self.listing)


def own_dates(learner: AbstractBaseUser, now: datetime | None = None) -> list[OwnDate]:
    """The dates to come of what can still count on lines under way, in order. A constant number
    of queries."""
    now = now or timezone.now()
    playlists = list(
        Playlist.objects.published()
        .filter(
            enrolments__learner=learner,
            enrolments__paused_at=None,
            enrolments__completed_at=None,
        )
        .prefetch_related("texts")
        .order_by("pk")
    )
    counting = _counting(learner, playlists)
    found = []
    for listing in _listings(counting, now):
        lines = counting[listing.key]
        # Needed on one line is needed, whatever it is on the others.
        says = "" if "" in lines.values() else next(iter(lines.values()))
        found += [OwnDate(listing, date, tuple(lines), says) for date in listing.coming]
    return sorted(found, key=lambda own: (own.date.starts_at, own.listing.pk))


def _counting(
    learner: AbstractBaseUser, playlists: list[Playlist]
) -> dict[UUID, dict[Playlist, str]]:
    """The opportunities that can still count: by key, on which lines, and what is said of it."""
    lines = lines_of(playlists)
    standing = standings(learner, playlists)
    found: dict[UUID, dict[Playlist, str]] = defaultdict(dict)
    for playlist in playlists:
        line = lines[playlist.pk]
        progress = progress_on(line, standing[playlist.pk])
        if progress.is_complete:
            continue
        keys = {stop.pk: stop.listing_key for stop in line.stops if stop.listing_key}
        for station in progress.stations:
            if station.done or (station.required and station not in progress.missing):
                continue
            for step in filter(keys.__contains__, station.keys):
                found[keys[step]].setdefault(playlist, _says(progress, station, step))
    return found


def _says(progress: Progress, station: Station, step: int) -> str:
    """Why it is there, in words; empty when it is simply needed."""
    block = progress.blocks.get(step)
    if block and (blocked := block_in_words(block)):
        return blocked
    if station not in progress.missing:
        return _("Optional, if you like")
    if len(progress.missing) > progress.missing_count:
        count = progress.missing_count
        return ngettext(
            "You still need %(count)s of %(of)s: this is one of them",
            "You still need %(count)s of %(of)s: this is one of them",
            count,
        ) % {"count": count, "of": len(progress.missing)}
    return _("One of a choice: any one is enough") if station.is_choice else ""


def _listings(keys: Collection[UUID], now: datetime) -> list[Listing]:
    """With ``coming``, the next dates of each."""
    ahead = Occurrence.objects.filter(ends_at__gte=now).order_by("starts_at", "pk")
    return list(
        Listing.objects.filter(key__in=keys, state=State.PUBLISHED).prefetch_related(
            Prefetch("texts", ListingText.objects.defer("folded", "description")),
            Prefetch("territory", Territory.objects.defer("boundary")),
            "territory__texts",
            Prefetch("occurrences", ahead[:MOST_OF_EACH], to_attr="coming"),
        )
    )


# The same for a calendar program


def make_feed(learner: AbstractBaseUser) -> CalendarFeed:
    """A secret address for the learner's dates; the one there was leads nowhere from now on."""
    feed = CalendarFeed(learner=learner, language=translation.get_language() or "")
    feed.token_hash = _digest(_tokens(feed)[0])
    CalendarFeed.objects.filter(learner=learner).delete()
    feed.save()
    return feed


def stop_feed(learner: AbstractBaseUser) -> None:
    """Nobody can read the dates under the address any more."""
    CalendarFeed.objects.filter(learner=learner).delete()


def stop_for(sender: type, person: AbstractBaseUser, purposes: set, **kwargs: Any) -> None:
    """A receiver of ``people.signals.no_longer_allowed``."""
    if Purpose.CALENDARS in purposes:
        stop_feed(person)


def token_of(feed: CalendarFeed) -> str:
    """The secret part of the address; empty when the secret it was made with is gone."""
    return next((one for one in _tokens(feed) if _digest(one) == feed.token_hash), "")


def find_feed(token: str) -> CalendarFeed | None:
    """Whose address this is, while they want it and their account is open."""
    return (
        CalendarFeed.objects.filter(token_hash=_digest(token), learner__is_active=True)
        .select_related("learner")
        .first()
    )


def as_calendar(feed: CalendarFeed) -> bytes:
    """The learner's dates as iCalendar (RFC 5545), to be asked for again (RFC 7986)."""
    with translation.override(feed.language or translation.get_language()):
        file = calendar.empty()
        file.add("name", _("My learning"))
        file.add("x-wr-calname", _("My learning"))
        file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        for own in own_dates(feed.learner):
            if own.listing.text:
                file.add_component(_event(own))
        return file.to_ical()


def _event(own: OwnDate) -> Event:
    """The date, with what is said of it above what it is about."""
    event = calendar.event(own.listing, own.listing.text, own.date)
    if own.says:
        about = str(event.pop("description", ""))
        event.add("description", "\n\n".join(filter(None, [f"{own.says}.", about])))
    return event


def _tokens(feed: CalendarFeed) -> list[str]:
    """What the address is with each secret of the settings, the newest first: 128 bits."""
    return [
        urlsafe_b64encode(one[:16]).decode().rstrip("=")
        for one in derived_with_each("calendar", str(feed.key))
    ]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
