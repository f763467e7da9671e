"""A learner's own dates: what is still to be done on their lines, and when; as a calendar too."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.catalogue import calendar, saying
from wagtail_col.catalogue.models import Listing, ListingText, Occurrence, Territory
from wagtail_col.catalogue.presenting import url_of, where_in_words
from wagtail_col.learning.models import CalendarFeed, Completion, Enrolment, Playlist, Step
from wagtail_col.records import State
from wagtail_col.vault import derived_with_each

#: Of one opportunity: the next ones are enough to choose from.
MOST_OF_EACH = 3
#: How often a calendar program asks again.
REFRESH = timedelta(hours=6)


@dataclass(frozen=True)
class OwnDate:
    """One date of an opportunity that is a step of ``lines`` and not done yet."""

    listing: Listing
    date: Occurrence
    lines: tuple[Playlist, ...]

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
    """The dates to come of steps not done, on lines under way, in order. A constant number of
    queries."""
    now = now or timezone.now()
    enrolments = Enrolment.objects.filter(
        learner=learner, paused_at=None, completed_at=None, playlist__state=State.PUBLISHED
    )
    lines: dict[int, list[Playlist]] = defaultdict(list)
    listings: dict[int, Listing] = {}
    for step in to_do(learner, enrolments.values("playlist"), now):
        listings[step.listing_id] = step.listing
        lines[step.listing_id].append(step.playlist)
    found = [
        OwnDate(listing, date, tuple(dict.fromkeys(lines[pk])))
        for pk, listing in listings.items()
        for date in listing.coming
    ]
    return sorted(found, key=lambda own: (own.date.starts_at, own.listing.pk))


def to_do(learner: AbstractBaseUser, playlists: Iterable, now: datetime) -> list[Step]:
    """Steps of these lines with an opportunity that the learner has not done, nor another one of
    the same choice. Their listings have ``coming``, the next dates."""
    steps = (
        Step.objects.published()
        .filter(playlist__in=playlists, listing__state=State.PUBLISHED)
        .select_related("playlist")
        .prefetch_related("playlist__texts", Prefetch("listing", _listings(now)))
    )
    done = Completion.objects.filter(learner=learner, step__playlist__in=playlists)
    done_steps, done_choices = set(), set()
    for pk, playlist, choice in done.values_list("step", "step__playlist", "step__choice"):
        done_steps.add(pk)
        if choice is not None:
            done_choices.add((playlist, choice))
    return [
        step
        for step in steps
        if step.pk not in done_steps and (step.playlist_id, step.choice) not in done_choices
    ]


def _listings(now: datetime):
    ahead = Occurrence.objects.filter(ends_at__gte=now).order_by("starts_at", "pk")
    return Listing.objects.prefetch_related(
        Prefetch("texts", ListingText.objects.defer("folded", "description")),
        Prefetch("territory", Territory.objects.defer("boundary")),
        "territory__texts",
        Prefetch("occurrences", ahead[:MOST_OF_EACH], to_attr="coming"),
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
                file.add_component(calendar.event(own.listing, own.listing.text, own.date))
        return file.to_ical()


def _tokens(feed: CalendarFeed) -> list[str]:
    """What the address is with each secret of the settings, the newest first: 128 bits."""
    return [
        urlsafe_b64encode(one[:16]).decode().rstrip("=")
        for one in derived_with_each("calendar", str(feed.key))
    ]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
