"""A step whose dates are past: its next date, what is as good, or asking the organiser."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.presenting import cards
from wagtail_col.learning import waivers
from wagtail_col.learning.alternatives import equal_to
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Step, Waiver, WaiverState
from wagtail_col.learning.stops import lines_of
from wagtail_col.learning.views.lines import page_of
from wagtail_col.learning.views.own import learners_own
from wagtail_col.learning.ways import WaysOn, ways_on
from wagtail_col.people.naming import names_of
from wagtail_col.shell import render_page


class WaiverForm(forms.Form):
    """Why a step should be let go, and what was done in its place."""

    words = forms.CharField(
        label=gettext_lazy("Why you ask"),
        max_length=waivers.MOST_LETTERS,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say in a sentence why you ask.")},
    )
    instead = forms.UUIDField(required=False)

    def __init__(self, data=None, *, offered: list[Listing]) -> None:
        super().__init__(data)
        self._offered = {listing.key: listing for listing in offered}

    def clean_instead(self) -> Listing | None:
        key = self.cleaned_data["instead"]
        if key is not None and key not in self._offered:
            raise forms.ValidationError(_("This is no longer offered. Choose again."))
        return self._offered.get(key)


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def instead(request: HttpRequest, key: UUID) -> HttpResponse:
    """What one can do in place of a step; asking for it to be let go by POST. A constant number
    of queries."""
    step = get_object_or_404(
        Step.objects.select_related("playlist", "listing").prefetch_related(
            "texts", "playlist__texts", "listing__texts"
        ),
        key=key,
    )
    own = Waiver.objects.filter(learner=request.user, step=step)
    if request.method == "POST" and request.POST.get("take-back"):
        if any(waivers.take_back(request.user, one) for one in own):
            messages.success(request, _("You have taken it back."))
        return redirect(request.get_full_path())
    offered = equal_to(step.listing) if step.listing else []
    if request.method != "POST":
        return _show(request, step, WaiverForm(offered=offered), offered)
    form = WaiverForm(request.POST, offered=offered)
    if form.is_valid():
        try:
            waivers.ask(
                request.user, step, form.cleaned_data["words"], form.cleaned_data["instead"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The organiser is asked. You get an e-mail."))
            return redirect(page_of(step.playlist))
    return _show(request, step, form, offered, 422)


def _show(
    request: HttpRequest, step: Step, form: WaiverForm, offered: list[Listing], status: int = 200
) -> HttpResponse:
    line = lines_of([step.playlist])[step.playlist_id] if step.playlist.is_published else None
    stop = next((one for one in line.stops if one.pk == step.pk), None) if line else None
    last = Waiver.objects.filter(learner=request.user, step=step).first()
    try:
        waivers.check_open(request.user, step)
        refusal = None
    except Refused as error:
        refusal = error
    ways = ways_on(request.user, step.playlist, line, step, offered) if line else WaysOn()
    context = {
        "step": step,
        "stop": stop,
        "ways": ways,
        "again": saying.date_in_words(ways.at, ways.at, in_full=True) if ways.at else "",
        "playlist": step.playlist,
        "text": step.playlist.text,
        "back": page_of(step.playlist),
        "cards": cards(offered),
        "form": form,
        "waiver": last,
        "is_waiting": bool(last and last.state == WaiverState.WAITING),
        "refusal": refusal,
        "seen_as": names_of([request.user])[request.user.pk],
    }
    return render_page(request, "wagtail_col/learning/instead.html", context, status)
