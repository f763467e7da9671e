"""What is looked for, and what follows from it: the value that a search is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from wagtail_col.catalogue.models import Part, Provider, Territory
from wagtail_col.geo import Box, Point

from . import spelling
from .reading import NEARBY

#: What ``when=week`` means: today and the days after it.
WEEK_DAYS = 7
SATURDAY = 5


@dataclass(frozen=True)
class Wanted:
    """What is looked for, within a territory or a provider (its scope) or everywhere.

    Of several interests, kinds, skills, times, languages and providers any one is enough; of
    ``access`` all have to hold, and so does everything else. ``district`` is the short name of a
    territory below the scope (see ``short``), ``district_path`` its path. ``point`` is where
    ``near`` (a name) or ``at`` is, ``within`` kilometres around it are looked at.
    """

    territory: Territory | None = None
    provider: Provider | None = None
    q: str = ""
    interest: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    skill: tuple[str, ...] = ()
    when: str = ""
    from_date: date | None = None
    to_date: date | None = None
    time: tuple[str, ...] = ()
    place: str = ""
    free: bool = False
    max_price: int | None = None
    age: int | None = None
    language: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    district: str = ""
    district_path: str = ""
    providers: tuple[str, ...] = ()
    near: str = ""
    at: Point | None = None
    point: Point | None = None
    within: int = NEARBY
    box: Box | None = None
    sort: str = ""
    page: int = 1

    @property
    def order(self) -> str:
        """``relevance``, ``date`` or ``distance``: what was chosen, or what goes without saying."""
        return self.sort or ("relevance" if self.q else "date")

    @property
    def parts(self) -> int:
        """The times of day as bits of ``Part``; 0 for any."""
        return sum(Part[name.upper()] for name in self.time)

    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that are asked for, both included."""
        if not self.when:
            return self.from_date, self.to_date
        today = timezone.localdate()
        if self.when == "week":
            return today, today + timedelta(days=WEEK_DAYS - 1)
        if self.when == "weekend":
            # On Sunday there is one day left of it.
            saturday = today + timedelta(days=SATURDAY - today.weekday())
            return max(today, saturday), saturday + timedelta(days=1)
        return today, today

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The same as moments: from the first midnight until before the last one."""
        first, last = self.days()
        return (
            _midnight(first) if first else None,
            _midnight(last + timedelta(days=1)) if last else None,
        )

    @property
    def is_dated(self) -> bool:
        """Whether only what has dates can be found."""
        return bool(self.when or self.from_date or self.to_date or self.time)

    @cached_property
    def meant(self) -> str:
        """The words that are looked for: those typed, or the likeliest where nothing has them."""
        return spelling.meant(self.q)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
