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


@dataclass(frozen=True)
class CourseOffer:
    """The online course of an opportunity. ``url`` opens it; empty when it is not open, and then
    ``opens`` says why."""

    provider: str
    url: str
    opens: str
    in_window: bool


def opportunity_context(request: HttpRequest, key: UUID) -> dict | None:
    """An opportunity's page from its record; None when there is no published one.

    For everyone there is ``course`` besides: a ``CourseOffer`` if it has one that is offered.
    """
    context = catalogue_context(key)
    if context is None:
        return None
    record = context["record"]
    # Read when the part that is the same for everyone is rendered, and not while it is kept.
    context["shared"]["course"] = SimpleLazyObject(lambda: course_offer(record))
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
