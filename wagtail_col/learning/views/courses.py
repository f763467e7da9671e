"""Opening an online course: from a station of a line, or from an opportunity. All by GET.

A link, and no form: a site's content security policy follows a form to wherever it is redirected,
and a course provider is none of its own addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.presenting import url_of
from wagtail_col.learning.coursework import opens_in_words
from wagtail_col.learning.journey import line_withdrawn
from wagtail_col.learning.models import Enrolment, Playlist, PlaylistText, Step
from wagtail_col.learning.steps import course_of, title_of
from wagtail_col.learning.views.framing import framed
from wagtail_col.learning.views.own import learners_own
from wagtail_col.lookups import LookUp
from wagtail_col.lti import consent, launching, members, placing, reaching
from wagtail_col.lti.models import (
    Course,
    LineItem,
    OpensIn,
    ResourceLink,
    Role,
    TicketKind,
    ToolUser,
)
from wagtail_col.records import best_text
from wagtail_col.shell import render_page

#: In the address: open it although the provider's server did not answer ours.
ALL_THE_SAME = "all_the_same"
MENTOR_PERMISSION = "col_learning.mentor_learners"

_STEP = LookUp(lambda key: Step.objects.filter(key=key), "playlist")
_TEXTS = LookUp(
    lambda playlist: PlaylistText.objects.filter(playlist=playlist).values_list(*_Text._fields)
)
_ENROLMENT = LookUp(
    lambda learner, playlist: Enrolment.objects.filter(learner=learner, playlist=playlist)
)
_COURSE = LookUp(lambda key: Course.objects.filter(key=key), "tool")


class _Text(NamedTuple):
    """What a line is called in a language, and its page: its description can be long."""

    pk: int
    language: str
    title: str
    url: str


@dataclass(frozen=True)
class Place:
    """A course, and the playlist or opportunity somebody opens it from. ``back``: its page."""

    course: UUID | None
    context: UUID
    context_title: str
    back: str
    #: The step it is; None for an opportunity, which is called as its context is.
    step: Step | None = None
    colour: str = ""

    @property
    def title(self) -> str:
        """What our own pages call it; asked for by those alone."""
        return title_of(self.step) if self.step else self.context_title


@learners_own
@require_GET
def open_course(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open the course of a step: as a learner who is on the line, or as a mentor."""
    step = _step(key)
    place = _place_of(step)
    if not step.playlist.is_published:
        return _closed(request, place, line_withdrawn().message, 410)
    if not step.is_published or place.course is None:
        return _closed(request, place, _("This step is no longer part of the line."), 410)
    enrolment = _ENROLMENT.first(learner=request.user.pk, playlist=step.playlist_id)
    if enrolment is None and not _is_mentor(request.user):
        text = _("Join this line first. Then you can open the course.")
        return _closed(request, place, text, 403, playlist=step.playlist)
    if enrolment is not None:
        _remember_language(enrolment)
    return _open(request, place, Role.LEARNER if enrolment else Role.MENTOR)


@learners_own
@require_GET
def open_listing_course(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open the course of an opportunity. There is nothing to join."""
    listing = get_object_or_404(
        Listing.objects.published().prefetch_related("texts"), key=key, course__isnull=False
    )
    text = listing.text
    title = text.title if text else str(listing.key)
    place = Place(listing.course, listing.key, title, url_of(listing, text))
    return _open(request, place, Role.MENTOR if _is_mentor(request.user) else Role.LEARNER)


@learners_own
@require_GET
def review_course(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the learner what they have handed in, at the course provider's."""
    step = _step(key)
    place = _place_of(step)
    # Handed in after opening it from the line, or from the opportunity.
    contexts = [place.context, *([step.listing.key] if step.listing else [])]
    line_items = (
        LineItem.objects.filter(
            resource_link__course__key=place.course,
            context__key__in=contexts,
            submission_review__isnull=False,
            results__tool_user__user=request.user,
        )
        .select_related("resource_link__course__tool", "tool", "context")
        .order_by("by_tool", "pk")
    )
    line_item = min(line_items, key=lambda item: contexts.index(item.context.key), default=None)
    if line_item is None:
        raise Http404("There is nothing to look at.")
    return _launch(
        request,
        replace(place, context=line_item.context.key, context_title=line_item.context.title),
        line_item.resource_link.course,
        Role.LEARNER,
        kind=TicketKind.SUBMISSION_REVIEW,
        line_item=line_item,
    )


def _open(request: HttpRequest, place: Place, role: str) -> HttpResponse:
    placed = placing.find(place.course, place.context) if place.course else None
    course = placed.course if placed else _COURSE.first(key=place.course)
    if course is None:
        # Not 404: a site in several languages answers that with another page.
        return _closed(request, place, _("This course is not offered at present."), 410)
    opens = opens_in_words(course.available_from, course.available_until, timezone.now())
    if opens and role == Role.LEARNER:
        return _closed(request, place, f"{opens}.", 403)
    known = members.find_tool_user(course.tool, request.user)
    if course.tool.is_active and consent.needed(course.tool, known):
        ask = reverse("col_learning:course_provider", args=[course.tool.key])
        language = translation.get_language()
        return redirect(f"{ask}?{urlencode({'next': request.get_full_path(), 'lang': language})}")
    return _launch(
        request, place, course, role, kind=TicketKind.RESOURCE_LINK, known=known, placed=placed
    )


def _launch(
    request: HttpRequest,
    place: Place,
    course: Course,
    role: str,
    *,
    kind: str,
    line_item: LineItem | None = None,
    known: ToolUser | None = None,
    placed: ResourceLink | None = None,
) -> HttpResponse:
    try:
        opening = launching.begin(
            kind,
            tool=course.tool,
            user=request.user,
            context_key=place.context,
            context_title=place.context_title,
            role=role,
            session_key=request.session.session_key or "",
            language=translation.get_language() or "",
            return_path=place.back,
            course=course,
            line_item=line_item,
            known=known,
            placed=placed,
            unasked=ALL_THE_SAME in request.GET,
        )
    except launching.Unavailable as unavailable:
        # It stands in the launch log by now.
        status = unavailable.refused.requirement.status
        again = request.path if unavailable.code == reaching.TOOL_AWAY.code else ""
        return _closed(request, place, unavailable.message, status, again=again)
    if opening.opens_in == OpensIn.FRAME:
        return framed(request, opening, title=place.title, back=place.back, colour=place.colour)
    return HttpResponseRedirect(opening.url)


def _closed(
    request: HttpRequest,
    place: Place,
    message: str,
    status: int,
    playlist: Playlist | None = None,
    again: str = "",
) -> HttpResponse:
    """The page that says why the course does not open, and how to go on.

    ``again``: where it may open in a moment.
    """
    context = {"place": place, "message": message, "playlist": playlist, "again": again}
    return render_page(request, "wagtail_col/learning/course_closed.html", context, status)


def _step(key: UUID) -> Step:
    step = _STEP.first(key=key)
    if step is None:
        raise Http404("There is no such step.")
    return step


def _place_of(step: Step) -> Place:
    playlist = step.playlist
    text = best_text(map(_Text._make, _TEXTS.all(playlist=playlist.pk)))
    page = text.url if text and playlist.is_published else ""
    return Place(
        course=course_of(step),
        context=playlist.key,
        context_title=text.title if text else str(playlist.key),
        back=page or reverse("col_learning:mine"),
        step=step,
        colour=playlist.colour,
    )


def _is_mentor(user: AbstractBaseUser) -> bool:
    return user.has_perm(MENTOR_PERMISSION)


def _remember_language(enrolment: Enrolment) -> None:
    """Results come from the provider's server; a badge they earn is in the learner's language."""
    language = translation.get_language() or ""
    if language and enrolment.language != language:
        enrolment.language = language
        enrolment.save(update_fields=["language"])
