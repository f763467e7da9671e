"""What a source says of a territory, a provider or a listing, before it becomes a record.

Plain values: a page, a feed and an import all say it in the same words. ``check`` refuses
what cannot be true with a ValidationError that names the field, before anything is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.catalogue.models import Access, Kind
from wagtail_col.geo import Point, check_boundary, check_point

_KINDS = frozenset(Kind.values)
_ACCESS = frozenset(Access.values)
_web_address = URLValidator(schemes=["http", "https"])
#: Addresses as most are, told in a tenth of the time. All of them are addresses to the validator.
_PLAIN_WEB = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,4}[a-z]{2,20}"
    r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?\Z"
)


def is_web_address(text: str) -> bool:
    """Whether it is one of http or https: a link of another kind could run a script."""
    if len(text) < 1000 and _PLAIN_WEB.match(text):
        return True
    try:
        _web_address(text)
    except ValidationError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Text:
    """Name or title and texts in one language; ``description`` is clean HTML."""

    language: str
    title: str
    summary: str = ""
    description: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Date:
    """One date: aware datetimes; ``all_day`` when only the days count, the last one included."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool = False

    def in_full(self) -> Date:
        """This date; all-day ones from the first midnight to the last moment of the last day.

        Days are those of the site's time zone. Without this a day given by its midnight alone
        would be over before it began.
        """
        if not self.all_day:
            return self
        first, last = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return replace(
            self,
            starts_at=first.replace(hour=0, minute=0, second=0, microsecond=0),
            ends_at=last.replace(hour=23, minute=59, second=59, microsecond=0),
        )


@dataclass(frozen=True, kw_only=True)
class TerritoryFacts:
    """A territory; ``boundary`` is any GeoJSON that ``geo.check_boundary`` takes."""

    key: UUID
    texts: tuple[Text, ...]
    kind: str
    parent: UUID | None = None
    boundary: Any = None
    colour: str = "teal"
    position: int = 0

    def check(self) -> None:
        _check_texts(self.texts)
        check_boundary(self.boundary)


@dataclass(frozen=True, kw_only=True)
class ProviderFacts:
    """A provider and the territories it belongs to."""

    key: UUID
    texts: tuple[Text, ...]
    territories: tuple[UUID, ...] = ()
    website: str = ""
    email: str = ""
    logo: str = ""

    def check(self) -> None:
        _check_texts(self.texts)


@dataclass(frozen=True, kw_only=True)
class SkillFacts:
    """A skill: the address it is known by everywhere, and its names by language."""

    uri: str
    names: dict[str, str]
    framework: str = ""


@dataclass(frozen=True, kw_only=True)
class ListingFacts:
    """A listing. Empty values mean that the source does not say."""

    key: UUID
    texts: tuple[Text, ...]
    kind: str
    source: str = "pages"
    source_id: str = ""
    canonical_uri: str = ""
    source_url: str = ""
    attribution: str = ""
    provider: UUID | None = None
    territory: UUID | None = None
    interests: tuple[str, ...] = ()
    skills: tuple[SkillFacts, ...] = ()
    is_online: bool = False
    is_local: bool = True
    point: Point | None = None
    venue: str = ""
    address: str = ""
    is_free: bool | None = None
    price: Decimal | None = None
    currency: str = "EUR"
    age_min: int | None = None
    age_max: int | None = None
    delivery_languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    minutes: int | None = None
    image: str = ""
    course: UUID | None = None
    dates: tuple[Date, ...] = field(default=())

    def check(self) -> None:
        _check_texts(self.texts)
        errors: dict[str, str] = {}
        if self.kind not in _KINDS:
            errors["kind"] = _("There is no kind “%s”.") % self.kind
        if any(date.ends_at < date.starts_at for date in self.dates):
            errors["dates"] = _("A date ends before it starts.")
        if not (self.is_online or self.is_local):
            errors["is_online"] = _("It has to be online, at a place, or both.")
        if self.price is not None and self.price < 0:
            errors["price"] = _("A price cannot be less than nothing.")
        if self.is_free and self.price:
            errors["price"] = _("It is either free or has a price.")
        if None not in (self.age_min, self.age_max) and self.age_max < self.age_min:
            errors["age_max"] = _("The highest age is below the lowest.")
        unknown = [code for code in self.accessibility if code not in _ACCESS]
        if unknown:
            errors["accessibility"] = _("There is no “%s” in the list of what helps.") % unknown[0]
        if not all(skill.uri.strip() and any(skill.names.values()) for skill in self.skills):
            errors["skills"] = _("A skill needs an address and a name.")
        if self.point is not None:
            try:
                check_point(*self.point)
            except ValidationError as error:
                errors["point"] = error.messages[0]
        if self.source_url and not is_web_address(self.source_url):
            errors["source_url"] = _("This is not a web address.")
        if errors:
            raise ValidationError(errors)


def _check_texts(texts: tuple[Text, ...]) -> None:
    if not texts or not all(text.title.strip() for text in texts):
        raise ValidationError({"title": _("A title is needed in each language.")})
    if len({text.language for text in texts}) < len(texts):
        raise ValidationError({"title": _("There are two texts in one language.")})
