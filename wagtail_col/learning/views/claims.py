"""Entering a code, typed or from a QR picture. Looking never completes anything; POST does."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from wagtail_col.learning import claims, tries
from wagtail_col.learning.claims import ChooseLine, Found, Redeemed
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.learning.steps import title_of
from wagtail_col.learning.views.lines import page_of, say_done, say_earned
from wagtail_col.learning.views.own import learners_own
from wagtail_col.shell import render_page


class ClaimForm(forms.Form):
    """A code; ``playlist`` when the learner chose a line to join with it."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=100,
        error_messages={"required": gettext_lazy("Type the code the organiser shows.")},
    )
    playlist = forms.UUIDField(
        required=False, error_messages={"invalid": gettext_lazy("This line is no longer offered.")}
    )

    def clean_playlist(self) -> Playlist | None:
        key = self.cleaned_data["playlist"]
        if key is None:
            return None
        playlist = Playlist.objects.published().filter(key=key).first()
        if playlist is None:
            raise forms.ValidationError(_("This line is no longer offered."))
        return playlist


# A wrong code is counted even when the rest of the request is rolled back.
@transaction.non_atomic_requests
@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """The form to type a code into; with ``?step=`` it says for which step."""
    if request.method == "POST":
        return _redeem(request, ClaimForm(request.POST))
    return _show_form(request, ClaimForm())


@transaction.non_atomic_requests
@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def claim_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where a QR picture leads: what the code is for, and a button."""
    form = ClaimForm({"code": code, "playlist": request.POST.get("playlist", "")})
    if request.method == "POST":
        return _redeem(request, form)
    if not form.is_valid():
        return _show_form(request, form, status=422)
    try:
        found = claims.look(request.user, code, address=_address(request))
    except (Refused, tries.TooMany) as error:
        return _show_refusal(request, form, error)
    return _show_found(request, found, code)


def _redeem(request: HttpRequest, form: ClaimForm) -> HttpResponse:
    if not form.is_valid():
        return _show_form(request, form, status=422)
    code, playlist = form.cleaned_data["code"], form.cleaned_data["playlist"]
    try:
        redeemed = claims.redeem(request.user, code, playlist, address=_address(request))
    except ChooseLine as choice:
        return _show_found(request, choice.found, code)
    except (Refused, tries.TooMany) as error:
        return _show_refusal(request, form, error)
    return _tell(request, redeemed, code)


def _address(request: HttpRequest) -> str:
    # Not X-Forwarded-For: whoever asks writes that.
    return request.META.get("REMOTE_ADDR", "")


def _tell(request: HttpRequest, redeemed: Redeemed, code: str) -> HttpResponse:
    """Messages about what was done, on the page of the line it was done on, or of the badge."""
    if redeemed.earned:
        say_earned(request, redeemed.earned)
    for step, outcome in redeemed.steps:
        count = outcome.progress.needed_count
        said = ngettext(
            "“%(step)s” is done. %(done)s of %(count)s station on “%(line)s”.",
            "“%(step)s” is done. %(done)s of %(count)s stations on “%(line)s”.",
            count,
        )
        words = {
            "step": title_of(step),
            "done": outcome.progress.done_count,
            "count": count,
            "line": step.playlist,
        }
        say_done(request, said % words, step)
        for award in filter(None, (outcome.award, outcome.also)):
            say_earned(request, award)
    if not (redeemed.steps or redeemed.earned):
        if redeemed.code.achievement is not None:
            messages.info(request, _("You have this badge already."))
        else:
            messages.info(request, _("You had done this already. It counts."))
    done = [step for step, _outcome in redeemed.steps] or redeemed.done
    if done and redeemed.code.achievement is None:
        return redirect(page_of(done[0].playlist))
    badge = redeemed.earned or redeemed.had
    if redeemed.offered:
        found = Found(redeemed.code, offered=redeemed.offered, award=badge)
        return _show_found(request, found, code)
    return redirect(badge.get_absolute_url())


def _show_found(request: HttpRequest, found: Found, code: str) -> HttpResponse:
    """What a code is for, with a button for each thing it can do."""
    badge = found.badge or (found.award.achievement if found.award else None)
    context = {
        "found": found,
        "code": code,
        "listing_text": found.listing.text if found.listing else None,
        "badge": badge,
        "badge_text": badge.text if badge else None,
    }
    return render_page(request, "wagtail_col/learning/claim_confirm.html", context)


def _show_refusal(
    request: HttpRequest, form: ClaimForm, error: Refused | tries.TooMany
) -> HttpResponse:
    if isinstance(error, tries.TooMany):
        message = ngettext(
            "Too many wrong codes. Wait %(count)s second, then try again.",
            "Too many wrong codes. Wait %(count)s seconds, then try again.",
            error.retry_after,
        ) % {"count": error.retry_after}
        form.add_error("code", message)
        response = _show_form(request, form, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    form.add_error("code", error.message)
    left = tries.left(request.user) if error.code == "wrong-code" else None
    return _show_form(request, form, status=422, left=left)


def _show_form(
    request: HttpRequest, form: ClaimForm, status: int = 200, left: int | None = None
) -> HttpResponse:
    step = _step(request)
    context = {"form": form, "step": step, "step_title": title_of(step) if step else ""}
    context["left"] = left
    return render_page(request, "wagtail_col/learning/claim.html", context, status)


def _step(request: HttpRequest) -> Step | None:
    """The step somebody came from; only to say its name."""
    try:
        key = UUID(request.GET.get("step", ""))
    except ValueError:
        return None
    return (
        Step.objects.published()
        .filter(key=key, playlist__in=Playlist.objects.published())
        .select_related("playlist", "listing")
        .prefetch_related("texts", "listing__texts", "playlist__texts")
        .first()
    )
