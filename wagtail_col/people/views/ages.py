"""The age question, asking a guardian, and the guardian's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_http_methods, require_POST

from wagtail_col.conf import settings
from wagtail_col.language import in_chosen_language
from wagtail_col.own import learners_own, never_kept
from wagtail_col.people import bands, guarding
from wagtail_col.people.asking import safe_path, with_next
from wagtail_col.people.consent_ages import consent_age
from wagtail_col.people.may import Purpose
from wagtail_col.people.models import Guardian
from wagtail_col.shell import render_page


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def my_age(request: HttpRequest) -> HttpResponse:
    """One question with two buttons. ``?next=`` is where it leads."""
    if consent_age() is None:
        return redirect("col_people:my_data")
    if request.method == "POST" and request.POST.get("age") in ("under", "over"):
        under = request.POST["age"] == "under"
        if not bands.say(request.user, is_under=under):
            messages.error(
                request,
                _("You said a short time ago that you are younger. You can change it in a month."),
            )
        # Who is younger sees first what that means, with the way back to where they were.
        onward = safe_path(request, request.POST.get("next", ""))
        return redirect(_my_data(onward) if under or not onward else onward)
    context = {"age": consent_age(), "next": request.GET.get("next", "")}
    return render_page(request, "wagtail_col/people/my_age.html", context)


@learners_own
@require_POST
def ask_guardian(request: HttpRequest) -> HttpResponse:
    """A child asks a parent or guardian, or takes it back."""
    if request.POST.get("take_back"):
        if guarding.take_back(request.user, _number(request, "take_back")):
            messages.success(request, _("You have taken it back. The address is deleted."))
        return redirect("col_people:my_data")
    try:
        guarding.ask(request.user, request.POST.get("email", ""))
    except guarding.NotAsked as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("An e-mail is on its way. You see here what they answer."))
    return redirect("col_people:my_data")


# The link is the key to it: no other site gets to know it, and none shows it in a frame.
@in_chosen_language
@never_kept
@xframe_options_deny
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, secret: str) -> HttpResponse:
    """What a guardian allows each of their children; all of it can be changed at any time."""
    found = guarding.find(secret)
    if found is None:
        return _private(render_page(request, "wagtail_col/people/guardian_not.html", status=404))
    if request.method == "POST":
        _allow(request, found)
        if guarding.find(secret) is None:
            gone = {"children": [], "address_gone": True}
            return _private(render_page(request, "wagtail_col/people/guardian.html", gone))
        return _private(redirect("col_people:guardian", secret))
    children = [
        {
            "consent": consent,
            "name": guarding.name_of(consent.child),
            "choices": [(one, one.value in consent.purposes) for one in Purpose],
        }
        for consent in found.consents.select_related("child").order_by("pk")
    ]
    context = {"children": children, "age": consent_age(), "policy_url": settings.PRIVACY_URL}
    return _private(render_page(request, "wagtail_col/people/guardian.html", context))


def _allow(request: HttpRequest, found: Guardian) -> None:
    consent = found.consents.select_related("child").filter(pk=_number(request)).first()
    if consent is None:
        messages.error(request, _("This child does not ask you any more."))
    elif request.POST.get("unknown"):
        guarding.disown(consent)
        messages.success(request, _("This child is off your page. What you allowed has ended."))
    elif request.POST.get("nothing"):
        guarding.allow(consent, set())
        messages.success(request, _("You allow nothing now. What was on has ended."))
    elif request.POST.get("guardian") != "yes":
        messages.error(request, _("Nothing was changed. Confirm that you are the guardian."))
    else:
        chosen = set(request.POST.getlist("purpose")) & set(Purpose.values)
        guarding.allow(consent, {Purpose(one) for one in chosen})
        messages.success(request, _("Your choice is saved. You can change it here at any time."))


def _number(request: HttpRequest, name: str = "child") -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _my_data(onward: str) -> str:
    path = reverse("col_people:my_data")
    return with_next(path, onward) if onward else path
