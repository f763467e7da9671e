"""Joining a line, pausing and leaving it, saying that a step was done, fetching a badge that is
due. All by POST."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wagtail_col.badges.models import Award
from wagtail_col.language import in_chosen_language
from wagtail_col.learning import device as devices
from wagtail_col.learning import journey
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Completion, Evidence, Playlist, Step
from wagtail_col.learning.recognising import get_on
from wagtail_col.learning.steps import title_of
from wagtail_col.learning.views.own import learners_own, never_kept
from wagtail_col.people.asking import on_the_way
from wagtail_col.shell import render_page


def page_of(playlist: Playlist) -> str:
    """The address of the playlist's page in the active language, else of My learning."""
    text = playlist.text if playlist.is_published else None
    return text.url if text and text.url else reverse("col_learning:mine")


def say_done(request: HttpRequest, said: str, step: Step) -> None:
    """Tell the learner that a step is done, and ask the one question, which they may skip."""
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            said,
            reverse("col_learning:reflect", args=[step.key]),
            _("What do you take with you?"),
        ),
    )


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
        was_here = Completion.objects.filter(learner=request.user, step__playlist=playlist).exists()
        joined = get_on(request.user, playlist)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if was_here:
            messages.success(request, _("You are on this line again. Go on where you were."))
        else:
            messages.success(request, _("You are on this line now. Start with any station."))
        for step, outcome in joined.done_before:
            messages.success(request, _("You had done “%s” before. It counts.") % title_of(step))
            for award in filter(None, (outcome.award, outcome.also)):
                say_earned(request, award)
    return redirect(on_the_way(request.user, page_of(playlist)))


@in_chosen_language
@never_kept
@require_POST
def pause(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the line aside; joining it again goes on."""
    playlist = get_object_or_404(Playlist, key=key)
    if not request.user.is_authenticated:
        return redirect_to_login(page_of(playlist))
    try:
        journey.pause(request.user, playlist)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("This line waits for you. What you did is kept."))
    return redirect(page_of(playlist))


@in_chosen_language
@never_kept
@require_POST
def name(request: HttpRequest, key: UUID) -> HttpResponse:
    """Hide one's name from who runs the line, or show it (``show`` is "1")."""
    playlist = get_object_or_404(Playlist, key=key)
    if not request.user.is_authenticated:
        return redirect_to_login(page_of(playlist))
    shows = request.POST.get("show") == "1"
    try:
        journey.show_name(request.user, playlist, shows=shows)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        shown = _("Who runs this line sees your name now.")
        hidden = _("Who runs this line does not see your name any more.")
        messages.success(request, shown if shows else hidden)
    return redirect(page_of(playlist))


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: UUID) -> HttpResponse:
    """What leaving means, and the button for it."""
    playlist = get_object_or_404(Playlist, key=key)
    if request.method == "POST":
        journey.leave(request.user, playlist)
        messages.success(request, _("You have left this line. What you did is kept."))
        return redirect(page_of(playlist))
    context = {"playlist": playlist, "text": playlist.text, "back": page_of(playlist)}
    return render_page(request, "wagtail_col/learning/leave.html", context)


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
        return _done_on_device(request, step)
    try:
        outcome = journey.finish_step(request.user, step, Evidence.SELF)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        say_done(request, _("Done: “%s”.") % title_of(step), step)
        if outcome.award:
            say_earned(request, outcome.award)
    return redirect(page_of(step.playlist))


def _done_on_device(request: HttpRequest, step: Step) -> HttpResponse:
    """The same for who is on the line without an account; others log in first."""
    device = devices.read(request)
    if device is None or step.playlist_id not in device.lines:
        return redirect_to_login(page_of(step.playlist))
    response = redirect(page_of(step.playlist))
    try:
        devices.write(request, response, devices.finish_step(device, step))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Done: “%s”.") % title_of(step))
    return response


@in_chosen_language
@never_kept
@require_POST
def settle(request: HttpRequest, key: UUID) -> HttpResponse:
    """Finish the line, and give the badge to who has done everything and was not given it."""
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
