"""Joining a line, saying that a step was done, fetching a badge that is due. All by POST."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wagtail_col.badges.models import Award
from wagtail_col.language import in_chosen_language
from wagtail_col.learning import courses, journey
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Evidence, Playlist, Step
from wagtail_col.learning.steps import title_of
from wagtail_col.learning.views.own import never_kept


def page_of(playlist: Playlist) -> str:
    """The address of the playlist's page in the active language, else of My learning."""
    text = playlist.text if playlist.is_published else None
    return text.url if text and text.url else reverse("col_learning:mine")


def say_earned(request: HttpRequest, award: Award) -> None:
    """Tell the learner about a new badge, with the way to it."""
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            _("You have earned the badge “%s”.") % award.achievement,
            award.get_absolute_url(),
            _("See your badge"),
        ),
    )


@in_chosen_language
@never_kept
@require_POST
def join(request: HttpRequest, key: UUID) -> HttpResponse:
    """Get on the line. Who has to log in first comes back to its page, with its Join button."""
    playlist = get_object_or_404(Playlist, key=key)
    if not request.user.is_authenticated:
        return redirect_to_login(page_of(playlist))
    try:
        with transaction.atomic():
            journey.join(request.user, playlist)
            done_before = courses.catch_up(request.user, playlist)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("You are on this line now. Start with any station."))
        for step, outcome in done_before:
            if outcome.is_new:
                said = _("You had done “%s” before. It counts.")
                messages.success(request, said % title_of(step))
            for award in filter(None, (outcome.award, outcome.also)):
                say_earned(request, award)
    return redirect(page_of(playlist))


@in_chosen_language
@never_kept
@require_POST
def done(request: HttpRequest, key: UUID) -> HttpResponse:
    """The learner says that an online step is done."""
    step = get_object_or_404(
        Step.objects.select_related("playlist", "listing").prefetch_related(
            "texts", "listing__texts", "playlist__texts"
        ),
        key=key,
    )
    if not request.user.is_authenticated:
        return redirect_to_login(page_of(step.playlist))
    try:
        outcome = journey.finish_step(request.user, step, Evidence.SELF)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Done: “%s”.") % title_of(step))
        if outcome.award:
            say_earned(request, outcome.award)
    return redirect(page_of(step.playlist))


@in_chosen_language
@never_kept
@require_POST
def settle(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the badge to who has done everything and was not given it."""
    playlist = get_object_or_404(Playlist, key=key)
    if not request.user.is_authenticated:
        return redirect_to_login(page_of(playlist))
    try:
        award = journey.settle(request.user, playlist)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if award:
            say_earned(request, award)
    return redirect(page_of(playlist))
