"""Joining a group by its link or a card, and leaving it. Looking never joins; POST does."""

from __future__ import annotations

from contextlib import contextmanager
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from wagtail_col.badges.pacing import forgive, is_too_often, network
from wagtail_col.conf import settings
from wagtail_col.language import in_chosen_language
from wagtail_col.learning import codes, groups, tries
from wagtail_col.learning.group_mail import organiser_of, what_is_seen
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import LearnerGroup
from wagtail_col.learning.views.lines import page_of
from wagtail_col.learning.views.own import learners_own, never_kept
from wagtail_col.people.asking import on_the_way
from wagtail_col.people.may import pseudonym
from wagtail_col.people.naming import own_name
from wagtail_col.shell import render_page


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the group"),
        max_length=100,
        error_messages={"required": gettext_lazy("Type the code on the card.")},
    )


@in_chosen_language
@never_kept
@require_http_methods(["GET", "HEAD"])
def enter(request: HttpRequest) -> HttpResponse:
    """A form to type a code into; it leads to the group."""
    if "code" not in request.GET:
        return _ask(request, CodeForm())
    form = CodeForm(request.GET)
    if not form.is_valid():
        return _ask(request, form, 422)
    code = codes.read(form.cleaned_data["code"])
    if not codes.is_code(code):
        form.add_error("code", _("A code has 16 letters and numbers. Look at it again."))
        return _ask(request, form, 422)
    return redirect("col_learning:group", codes.grouped(code))


# A wrong code is counted even when the rest of the request is rolled back.
@transaction.non_atomic_requests
@in_chosen_language
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, code: str) -> HttpResponse:
    """Where a group's link, an invitation or a card leads: what joining means, and the button."""
    try:
        with _counted(request):
            found = groups.find(code)
    except tries.TooMany as error:
        response = _over(request, _("Too many wrong codes. Wait a minute, then try again."), 429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except Refused as refusal:
        return _over(request, refusal.message, 422 if refusal.code == "wrong-code" else 410)
    if request.method != "POST":
        return _show(request, found, code)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    try:
        groups.join(request.user, found)
    except Refused as refusal:
        return _show(request, found, code, refusal.message)
    messages.success(request, _("You are in the group “%s” now.") % found.group)
    return redirect(on_the_way(request.user, page_of(found.group.playlist)))


@learners_own
@require_POST
def leave_group(request: HttpRequest, key: UUID) -> HttpResponse:
    """Out of the group at once. ``back`` is "data": to the page that says who can see what."""
    left = get_object_or_404(LearnerGroup, key=key, members__learner=request.user)
    groups.leave(request.user, left)
    messages.success(
        request, _("You have left the group “%s”. What you did is kept, and the line too.") % left
    )
    if request.POST.get("back") == "data":
        return redirect("col_people:my_data")
    return redirect(page_of(left.playlist))


@contextmanager
def _counted(request: HttpRequest):
    """Count a try as failed until it turns out to be right; raises ``tries.TooMany``.

    Of accounts and of networks as for codes of attendance; strangers by their network alone.
    """
    if request.user.is_authenticated:
        failed = tries.begin(request.user, request.META.get("REMOTE_ADDR", ""))
        try:
            yield
        except Refused as refusal:
            if refusal.code != "wrong-code":
                tries.forgive(failed)
            raise
        tries.forgive(failed)
        return
    counts = (
        (network(request), settings.CLAIM_TRIES_PER_MINUTE_AND_ADDRESS),
        ("everybody", settings.CLAIM_TRIES_PER_MINUTE_IN_ALL),
    )
    # Each is counted, whatever another one says.
    too_often = [is_too_often("group", who, most) for who, most in counts]
    if any(too_often):
        raise tries.TooMany(60)
    try:
        yield
    except Refused as refusal:
        if refusal.code == "wrong-code":
            raise
        _forgive(counts)
        raise
    _forgive(counts)


def _forgive(counts) -> None:
    for who, most in counts:
        if most is not None:
            forgive("group", who)


def _show(request: HttpRequest, found: groups.Found, code: str, problem: str = "") -> HttpResponse:
    learner = request.user if request.user.is_authenticated else None
    group, member = found.group, found.member
    taken = bool(member and member.learner_id and (not learner or member.learner_id != learner.pk))
    context = {
        "group": group,
        "text": group.playlist.text,
        "organiser": organiser_of(group),
        "code": code,
        "problem": problem,
        "is_taken": taken,
        "is_in": bool(learner and groups.membership(learner, group)),
        # Not before somebody has signed in: a card that was found tells no name.
        "name": learner
        and ((member.label if member else "") or pseudonym(learner) or own_name(learner)),
        "back": page_of(group.playlist),
        "says": what_is_seen(group),
        "login": _login(request),
    }
    status = 422 if problem else 410 if taken else 200
    return render_page(request, "wagtail_col/learning/group.html", context, status)


def _login(request: HttpRequest) -> str:
    """To log in or sign up, and come back here."""
    return f"{resolve_url(django_settings.LOGIN_URL)}?next={quote(request.get_full_path())}"


def _ask(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    return render_page(request, "wagtail_col/learning/group_code.html", {"form": form}, status)


def _over(request: HttpRequest, message: str, status: int) -> HttpResponse:
    form = CodeForm({"code": ""})
    form.full_clean()
    form.errors.clear()
    form.add_error("code", message)
    return _ask(request, form, status)
