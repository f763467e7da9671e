from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.pages import opportunity_context as catalogue_context
from wagtail_col.learning.coursework import courses_of
from wagtail_col.learning.opportunity_badges import badge_of


@dataclass(frozen=True)
class CourseOffer:
    """The online course of an opportunity. ``url`` opens it; empty when it is not open, and then
    ``opens`` says why."""

    provider: str
    url: str
    opens: str
    in_window: bool


@dataclass(frozen=True)
class BadgeOffer:
    """The badge that an opportunity gives. ``language``: of its name."""

    name: str
    language: str
    url: str
    picture: str


def opportunity_context(request: HttpRequest, key: UUID) -> dict | None:
    """An opportunity's page from its record; None when there is no published one.

    For everyone there are ``course`` and ``badge`` besides: a ``CourseOffer`` and a ``BadgeOffer``
    if it has one that is offered.
    """
    context = catalogue_context(key)
    if context is None:
        return None
    record = context["record"]
    # Read when the part that is the same for everyone is rendered, and not while it is kept.
    context["shared"]["course"] = SimpleLazyObject(lambda: course_offer(record))
    context["shared"]["badge"] = SimpleLazyObject(lambda: badge_offer(record))
    return context


def course_offer(listing: Listing) -> CourseOffer | None:
    """The online course of a listing, in the active language."""
    course = courses_of([listing.course]).get(listing.course)
    if course is None or not course.is_offered:
        return None
    path = reverse("col_learning:open_listing_course", args=[listing.key])
    return CourseOffer(
        provider=course.provider,
        url=f"{path}?lang={translation.get_language()}" if course.is_open else "",
        opens=course.opens,
        in_window=course.in_window,
    )


def badge_offer(listing: Listing) -> BadgeOffer | None:
    """The badge of a listing, in the active language."""
    achievement = badge_of(listing)
    text = achievement.text if achievement else None
    if text is None:
        return None
    path = reverse("col_badges:achievement", args=[achievement.key])
    return BadgeOffer(
        name=text.name,
        language=text.language,
        url=f"{path}?lang={translation.get_language()}",
        picture=reverse("col_badges:achievement_svg", args=[achievement.key]),
    )
