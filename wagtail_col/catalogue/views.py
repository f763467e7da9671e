"""Pages and files of single opportunities, and the page that says what was wrong in an address."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from wagtail_col.catalogue.calendar import calendar
from wagtail_col.catalogue.conditional import same_for_everyone
from wagtail_col.catalogue.detail import published_listing
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.pages import opportunity_context
from wagtail_col.catalogue.search import BadQuery
from wagtail_col.catalogue.territories import trail
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@require_safe
@in_chosen_language
def listing(request: HttpRequest, key: UUID) -> HttpResponse:
    """An opportunity by its key: its page where it has one, else the record's own page."""
    context = opportunity_context(key)
    if context is None:
        return _gone(request, key)
    if context["text"].url:
        # Not for ever: the page may move, the key stays.
        return HttpResponseRedirect(context["text"].url)
    return render_page(request, "wagtail_col/catalogue/opportunity.html", context)


@require_safe
@in_chosen_language
@same_for_everyone
def listing_calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """The dates of an opportunity as an iCalendar file."""
    found = published_listing(key)
    if found is None:
        return _gone(request, key)
    text = found.text
    name = slugify(text.title)[:60] or "opportunity"
    return HttpResponse(
        calendar(found, text),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


def _gone(request: HttpRequest, key: UUID) -> HttpResponse:
    """410 for what was here once, 404 for what never was. Nothing of it is told."""
    withdrawn = get_object_or_404(Listing, key=key)
    if withdrawn.is_published:
        raise Http404
    return render_page(
        request,
        "wagtail_col/catalogue/gone.html",
        {
            "around": next(
                (p for p in reversed(trail(withdrawn.territory, itself=True)) if p.url), None
            )
        },
        status=410,
    )


#: What people type themselves: type of the field and of the keys of a phone.
TYPED = {"near": ("text", ""), "age": ("text", "numeric"), "from": ("date", ""), "to": ("date", "")}


def refused(request: HttpRequest, refusal: BadQuery, onwards: str, again: str = "") -> HttpResponse:
    """The page for a search that makes no sense: what is wrong in it, and a way on.

    ``again`` is the address that reads the same parameters: there what was typed can be put right,
    or left out, and the rest of the search is kept.
    """
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in (refusal.parameter, "page")
        for value in values
        if value
    ]
    field_type, keys = TYPED.get(refusal.parameter, ("", ""))
    context = {
        "refusal": refusal,
        "onwards": onwards,
        "again": again,
        "kept": kept if again else [],
        "without": f"{again}?{urlencode(kept)}",
        "field_type": field_type if again else "",
        "keys": keys,
        "given": request.GET.get(refusal.parameter, ""),
    }
    return render_page(request, "wagtail_col/catalogue/refused.html", context, status=400)
