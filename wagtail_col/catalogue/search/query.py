"""A search: read from an address, written back as the shortest address that means the same."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from wagtail_col.catalogue.models import Listing, Provider, Territory

from . import database
from .reading import NEARBY, read
from .wanted import Wanted

#: Fields that hold several values, and what the address calls those that have another name.
SEVERAL = ("interest", "kind", "skill", "time", "language", "access", "providers")
#: What goes with a field when it is taken away.
_WITH = {
    "district": ("district_path",),
    "near": ("point", "within"),
    "at": ("point", "within"),
}


@dataclass(frozen=True)
class Query(Wanted):
    """A search as its address says it, and what it finds."""

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
        return cls(territory=territory, provider=provider, **read(params, territory, provider))

    def params(self, *, page: bool = True) -> list[tuple[str, str]]:
        """Names and values in one fixed order, without what goes without saying."""
        given: list[tuple[str, Any]] = [
            ("q", self.q),
            *(("interest", slug) for slug in self.interest),
            *(("kind", kind) for kind in self.kind),
            *(("skill", slug) for slug in self.skill),
            ("when", self.when),
            ("from", self.from_date and self.from_date.isoformat()),
            ("to", self.to_date and self.to_date.isoformat()),
            *(("time", part) for part in self.time),
            ("place", self.place),
            ("free", "1" if self.free else ""),
            ("max_price", self.max_price),
            ("age", self.age),
            *(("language", code) for code in self.language),
            *(("access", code) for code in self.access),
            ("district", self.district),
            *(("provider", short) for short in self.providers),
            ("near", self.near),
            ("at", self.at and ",".join(map(_degrees, (self.at.lat, self.at.lon)))),
            ("within", self.within if self.within != NEARBY else ""),
            ("box", self.box and ",".join(f"{side:.5f}" for side in self.box)),
            ("sort", self.sort),
            ("page", self.page if page and self.page > 1 else ""),
        ]
        return [(name, str(value)) for name, value in given if value not in ("", None)]

    @property
    def string(self) -> str:
        """The query string, without the question mark."""
        return urlencode(self.params(), safe=",")

    @property
    def lasting(self) -> str:
        """The same without where somebody is and what part of the map they look at: what a search
        engine is told that this search is called."""
        query = self.without("at") if self.at else self
        return (query.but(box=None) if query.box else query).string

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
            self.point,
            *self.params(),
        )

    @property
    def is_filtered(self) -> bool:
        return any(name != "sort" for name, _value in self.params(page=False))

    def but(self, **changes: Any) -> Query:
        """This search with some fields changed, on its first page."""
        return replace(self, **{"page": 1, **changes})

    def without(self, name: str, value: str = "") -> Query:
        """This search without one filter: a field's name, and which value of several."""
        if name in SEVERAL and value:
            kept = tuple(item for item in getattr(self, name) if item != value)
            return self.but(**{name: kept})
        blank = {field.name: field.default for field in fields(Query)}
        changes = {one: blank[one] for one in (name, *_WITH.get(name, ()))}
        if (name in _WITH and self.sort == "distance" and name != "district") or (
            name == "q" and self.sort in ("relevance", "date")
        ):
            changes["sort"] = ""
        return self.but(**changes)

    def bare(self) -> Query:
        """Everything in this search's scope."""
        return Query(territory=self.territory, provider=self.provider)

    def listings(self) -> QuerySet[Listing]:
        """The set that the list, the map, the JSON and the counts all show, in no order."""
        return database.listings(self)

    def in_order(self) -> QuerySet[Listing]:
        """The same set, what comes first first."""
        return database.in_order(self)


def _degrees(number: float) -> str:
    """``40.4``: at most five digits, which is a metre, and none that say nothing."""
    return f"{number:.5f}".rstrip("0").rstrip(".")
