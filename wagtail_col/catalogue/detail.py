"""Everything the page of one opportunity shows."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.drawing import Ground, Picture, picture_of_listing
from wagtail_col.catalogue.models import (
    Access,
    Interest,
    Kind,
    Listing,
    Occurrence,
    Provider,
    Skill,
)
from wagtail_col.catalogue.presenting import KIND_COLOURS, Sign, own_image, signs_of, with_related
from wagtail_col.catalogue.structured import structured
from wagtail_col.catalogue.territories import Place, beside, trail
from wagtail_col.records import best_text

#: Dates the page lists; a daily event has more, which the calendar file holds.
MOST_DATES = 60


class Action(NamedTuple):
    """A button. ``elsewhere``: it leaves the site."""

    label: str
    url: str
    icon: str
    elsewhere: bool = True


def published_listing(key: UUID) -> Listing | None:
    """A published listing with its texts."""
    return Listing.objects.published().filter(key=key).prefetch_related("texts").first()


class Detail:
    """The page of one opportunity, each part read when it is asked for."""

    def __init__(self, listing: Listing) -> None:
        with_related([listing])
        self.listing = listing
        self.text = listing.text

    @property
    def colour(self) -> str:
        return KIND_COLOURS[self.listing.kind]

    @property
    def kind_label(self) -> str:
        return str(Kind(self.listing.kind).label)

    @property
    def image(self) -> str:
        return own_image(self.listing.image)

    @cached_property
    def is_over(self) -> bool:
        return bool(self.listing.ends_at and self.listing.ends_at < timezone.now())

    @cached_property
    def dates(self) -> list[Occurrence]:
        """The dates that are not over; those of something that is over, when all are."""
        dates = self.listing.occurrences.order_by("starts_at", "pk")
        if not self.is_over:
            dates = dates.filter(ends_at__gte=timezone.now())
        return list(dates[:MOST_DATES])

    @property
    def first(self) -> Occurrence | None:
        return self.dates[0] if self.dates else None

    @property
    def more_dates(self) -> str:
        return saying.more_dates_in_words(len(self.dates) - 1)

    @property
    def any_time(self) -> str:
        return saying.any_time_in_words(self.listing.minutes)

    @cached_property
    def where(self) -> str:
        """Venue, address and territory, each said once."""
        listing = self.listing
        parts = [listing.venue, listing.address] if listing.is_local else []
        if listing.is_local and self.trail:
            parts.append(self.trail[-1].name)
        said: list[str] = []
        for part in parts:
            if part and part not in ", ".join(said):
                said.append(part)
        return ", ".join(said)

    @property
    def actions(self) -> list[Action]:
        """What one can do next, the main thing first."""
        listing, actions = self.listing, []
        if listing.point:
            there = f"mlat={listing.lat:.6f}&mlon={listing.lon:.6f}"
            at = f"{listing.lat:.6f}/{listing.lon:.6f}"
            url = f"https://www.openstreetmap.org/?{there}#map=17/{at}"
            actions.append(Action(_("Get there"), url, "place"))
        if listing.source_url:
            if listing.is_online:
                label = (
                    _("Open course")
                    if listing.kind in (Kind.COURSE, Kind.DIGITAL)
                    else _("Take part online")
                )
                actions.insert(0, Action(label, listing.source_url, "online"))
            else:
                actions.append(Action(_("More from the organiser"), listing.source_url, "arrow"))
        return actions

    @property
    def calendar_url(self) -> str:
        if not self.dates or self.is_over:
            return ""
        return reverse("col_catalogue:calendar", args=[self.listing.key])

    @cached_property
    def provider(self) -> Provider | None:
        provider = self.listing.provider
        return provider if provider and provider.is_published else None

    @property
    def provider_logo(self) -> str:
        return own_image(self.provider.logo) if self.provider else ""

    @cached_property
    def trail(self) -> list[Place]:
        return trail(self.listing.territory, itself=True)

    @property
    def _around(self) -> str:
        """The address of the nearest territory that has a page."""
        return next((place.url for place in reversed(self.trail) if place.url), "")

    @cached_property
    def interests(self) -> list[tuple[Interest, str]]:
        """The listing's interests, each with the search for more of it where it takes place."""
        around = self._around
        return [
            (interest, f"{around}?interest={interest.slug}" if around else "")
            for interest in self.listing.interests.prefetch_related("names")
        ]

    @cached_property
    def skills(self) -> list[tuple[Skill, str]]:
        """What one learns to do, each with the search for more of it where it takes place."""
        around = self._around
        return [
            (skill, f"{around}?skill={skill.slug}" if around else "")
            for skill in self.listing.skills.prefetch_related("names")
        ]

    @property
    def access(self) -> list[str]:
        """What makes it possible to take part, in words."""
        return [str(Access(code).label) for code in self.listing.accessibility.split()]

    @cached_property
    def signs(self) -> list[Sign]:
        return signs_of([self.listing])[self.listing.pk]

    @cached_property
    def picture(self) -> Picture | None:
        """The small map; None for what has no place or lies in no territory with a boundary."""
        territory = self.listing.territory
        if self.listing.point is None or territory is None:
            return None
        around = [place.territory for place in beside(territory)]
        box = territory.box
        for one in around:
            if one.box and box:
                box = box.joined(one.box)
        if box is None:
            return None
        return picture_of_listing(self.listing, Ground(around, None, territory), box)

    @cached_property
    def structured(self) -> str:
        """schema.org's description, as JSON that is safe inside a script element."""
        provider = best_text(self.provider.texts.all()) if self.provider else None
        name = provider.name if provider else ""
        skills = self.listing.skills.prefetch_related("names")
        return structured(self.listing, self.text, self.first, self.where, name, skills)
