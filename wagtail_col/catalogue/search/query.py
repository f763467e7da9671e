"""A search: read from an address, written back as the shortest address that means the same."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from wagtail_col.catalogue.models import Listing, Provider, Territory
from wagtail_col.geo import Box

from . import database
from .reading import read

#: What ``when=week`` means: today and the days after it.
WEEK_DAYS = 7


@dataclass(frozen=True)
class Query:
    """What is looked for, within a territory or a provider (its scope) or everywhere.

    ``interest`` and ``kind`` are any of several; everything else has to hold. ``district`` is
    the short name of a territory below the scope (see ``short``), ``district_path`` its path.
    """

    territory: Territory | None = None
    provider: Provider | None = None
    q: str = ""
    interest: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    when: str = ""
    from_date: date | None = None
    to_date: date | None = None
    place: str = ""
    free: bool = False
    age: int | None = None
    district: str = ""
    district_path: str = ""
    box: Box | None = None
    page: int = 1

    @classmethod
    def from_params(
        cls,
        params: QueryDict,
        *,
        territory: Territory | None = None,
        provider: Provider | None = None,
    ) -> Query:
        """Read ``?q=…&interest=…&…``; BadQuery names the first parameter that makes no sense.

        Empty parameters count as not there (a form sends them), unknown ones are ignored (they
        are somebody else's: utm_source and the like).
        """
        return cls(territory=territory, provider=provider, **read(params, territory))

    def params(self, *, page: bool = True) -> list[tuple[str, str]]:
        """Names and values in one fixed order, without what goes without saying."""
        given: list[tuple[str, str]] = []
        if self.q:
            given.append(("q", self.q))
        given += [("interest", slug) for slug in self.interest]
        given += [("kind", kind) for kind in self.kind]
        if self.when:
            given.append(("when", self.when))
        if self.from_date:
            given.append(("from", self.from_date.isoformat()))
        if self.to_date:
            given.append(("to", self.to_date.isoformat()))
        if self.place:
            given.append(("place", self.place))
        if self.free:
            given.append(("free", "1"))
        if self.age is not None:
            given.append(("age", str(self.age)))
        if self.district:
            given.append(("district", self.district))
        if self.box:
            given.append(("box", ",".join(f"{side:.5f}" for side in self.box)))
        if page and self.page > 1:
            given.append(("page", str(self.page)))
        return given

    @property
    def string(self) -> str:
        """The query string, without the question mark."""
        return urlencode(self.params())

    @property
    def href(self) -> str:
        """A link to this search from the page that shows one."""
        return f"?{self.string}"

    @property
    def key(self) -> tuple:
        """What tells two searches apart, scope included; for caches."""
        return (
            self.territory.key.hex if self.territory else "",
            self.provider.key.hex if self.provider else "",
            *self.params(),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.params(page=False))

    def but(self, **changes: Any) -> Query:
        """This search with some fields changed, on its first page."""
        return replace(self, **{"page": 1, **changes})

    def without(self, name: str, value: str = "") -> Query:
        """This search without one filter: a field's name, and which value of several."""
        if name in ("interest", "kind") and value:
            kept = tuple(item for item in getattr(self, name) if item != value)
            return self.but(**{name: kept})
        blank = {field.name: field.default for field in fields(Query)}
        changes = {name: blank[name]}
        if name == "district":
            changes["district_path"] = ""
        return self.but(**changes)

    def bare(self) -> Query:
        """Everything in this search's scope."""
        return Query(territory=self.territory, provider=self.provider)

    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that are asked for, both included."""
        if self.when == "week":
            today = timezone.localdate()
            return today, today + timedelta(days=WEEK_DAYS - 1)
        return self.from_date, self.to_date

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The same as moments: from the first midnight until before the last one."""
        first, last = self.days()
        return (
            _midnight(first) if first else None,
            _midnight(last + timedelta(days=1)) if last else None,
        )

    def listings(self) -> QuerySet[Listing]:
        """The set that the list, the map, the JSON and the counts all show, in no order."""
        return database.listings(self)

    def in_order(self) -> QuerySet[Listing]:
        """The same set, what comes first first."""
        return database.in_order(self)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
