"""Starting a line without an account, and what a device keeps: looked at, carried on, deleted."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from wagtail_col.badges.pacing import is_too_often, network
from wagtail_col.language import in_chosen_language
from wagtail_col.learning import device as devices
from wagtail_col.learning.device import Device
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Playlist
from wagtail_col.learning.presenting import line_cards
from wagtail_col.learning.views.lines import page_of
from wagtail_col.learning.views.own import never_kept
from wagtail_col.shell import render_page

#: Codes that one network may make or try in a minute; a school is one network.
MOST_CODES = 60


class CarryForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the other device"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the code that the other device shows.")},
    )


@in_chosen_language
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is kept when one starts without an account, and the button."""
    playlist = get_object_or_404(Playlist.objects.published(), key=key)
    if request.user.is_authenticated:
        return redirect(page_of(playlist))
    if request.method == "POST":
        response = redirect(page_of(playlist))
        device = devices.read(request) or Device({})
        try:
            devices.write(request, response, device.joined(playlist.pk))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return response
    context = {"playlist": playlist, "text": playlist.text, "back": page_of(playlist)}
    return render_page(request, "wagtail_col/learning/start.html", context)


@in_chosen_language
@never_kept
@require_http_methods(["GET", "HEAD"])
def device(request: HttpRequest) -> HttpResponse:
    """What this device keeps; and the form for what another one keeps."""
    return _show(request, CarryForm())


# The number of wrong codes is limited by the network: a code is for half an hour and one use.
@in_chosen_language
@never_kept
@require_POST
def carry(request: HttpRequest) -> HttpResponse:
    """Make a code for what this device keeps. It is shown once."""
    kept = devices.read(request)
    if kept is None:
        return redirect("col_learning:device")
    if is_too_often("device-code", network(request), MOST_CODES):
        return _too_many(request)
    return _show(request, CarryForm(), code=devices.make_code(kept))


@in_chosen_language
@never_kept
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take over what another device kept: into the account, or to this device."""
    form = CarryForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    if is_too_often("device-code", network(request), MOST_CODES):
        return _too_many(request)
    response = redirect("col_learning:device")
    try:
        with transaction.atomic():
            lines = devices.use_code(form.cleaned_data["code"])
            if request.user.is_authenticated:
                devices.add_to(request.user, lines)
                response = redirect("col_learning:mine")
            else:
                kept = devices.read(request) or Device({})
                devices.write(request, response, kept.merged(lines))
    except Refused as refusal:
        form.add_error("code", refusal.message)
        return _show(request, form, status=422)
    messages.success(request, _("What you did on the other device is here now."))
    return response


@in_chosen_language
@never_kept
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what this device keeps."""
    response = redirect("col_learning:device")
    devices.forget(response)
    messages.success(request, _("This device keeps nothing any more."))
    return response


def _too_many(request: HttpRequest) -> HttpResponse:
    form = CarryForm({"code": request.POST.get("code", "")})
    form.add_error("code", _("Too many codes from your network. Wait a minute."))
    response = _show(request, form, status=429)
    response.headers["Retry-After"] = "60"
    return response


def _show(request: HttpRequest, form: CarryForm, status: int = 200, code: str = "") -> HttpResponse:
    kept = devices.read(request)
    lines = kept.lines if kept else {}
    playlists = Playlist.objects.published().filter(pk__in=lines).order_by("pk") if lines else ()
    context = {
        "form": form,
        "kept": kept,
        "cards": line_cards(playlists, device=lines),
        "code": code,
    }
    return render_page(request, "wagtail_col/learning/device.html", context, status)
