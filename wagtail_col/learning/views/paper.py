"""A line on paper, and where the codes on it lead."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail_col.badges.certificate.printing import CannotPrintError
from wagtail_col.badges.pacing import is_too_often, network
from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.conditional import same_for_everyone
from wagtail_col.language import in_chosen_language
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.learning.paper.making import FORMS, pdf_of
from wagtail_col.learning.views.lines import page_of

#: That one network may have in a minute: each takes a computer a moment.
MOST = 60


@in_chosen_language
@same_for_everyone
@require_safe
def paper(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    """A poster or a folded card as PDF; the same for everybody."""
    playlist = get_object_or_404(Playlist.objects.published().prefetch_related("texts"), key=key)
    if form not in FORMS:
        raise Http404("There is a poster and a card.")
    if is_too_often("paper", network(request), MOST):
        return HttpResponse(
            _("That were many in a short time. Wait a minute."),
            status=429,
            headers={"Retry-After": "60"},
            content_type="text/plain; charset=utf-8",
        )
    try:
        content = remembered("paper", (playlist.pk, form), lambda: pdf_of(playlist, form))
    except CannotPrintError:
        return HttpResponse(
            _("This line cannot be printed at present. Print its page in place of it."),
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{form}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@in_chosen_language
@require_safe
def step(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where the code on paper leads: the station on the page of its line, also years later."""
    found = get_object_or_404(
        Step.objects.select_related("playlist").prefetch_related("playlist__texts"), key=key
    )
    if not found.playlist.is_published:
        raise Http404("This line is no longer offered.")
    return redirect(f"{page_of(found.playlist)}#step-{found.key}")
