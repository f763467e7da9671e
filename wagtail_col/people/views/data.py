"""What the site holds about a person, for that person: to see, to take along, to delete."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_col.own import learners_own
from wagtail_col.people import bands, erasing, taking
from wagtail_col.people.asking import safe_path
from wagtail_col.people.consent_ages import consent_age
from wagtail_col.people.copying import zipped
from wagtail_col.people.held import Held, counts
from wagtail_col.people.may import Purpose, may
from wagtail_col.people.models import GuardianConsent
from wagtail_col.people.registry import holdings
from wagtail_col.people.signals import seen_now
from wagtail_col.personal import LEARNER, ONLY_LEARNER, Basis, Erasure
from wagtail_col.shell import render_page


@dataclass(frozen=True)
class Shown:
    """One kind of data about a person. ``who`` they are to it: empty for whom it is about."""

    data: str | Promise
    count: int
    purpose: str | Promise
    seen_by: str | Promise
    kept: str | Promise
    basis: str | Promise
    article: str
    who: str | Promise


@learners_own
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Who can see what about me. The number of queries is that of the declarations."""
    found = counts(request.user)
    context = {
        "shown": [_shown(one, count) for one, count in found],
        "copy": taking.waiting(request.user),
        "may_erase": _may_erase(request),
        "onward": safe_path(request, request.GET.get("next", "")),
        "seen": [
            one
            for _receiver, some in seen_now.send(type(request.user), person=request.user)
            for one in some
        ],
        **_age(request),
    }
    return render_page(request, "wagtail_col/people/my_data.html", context)


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """The copy: at once (POST), or in the background, then fetched here (GET)."""
    if request.method == "POST":
        if not taking.is_large(request.user):
            return _file(zipped(request.user))
        taking.ask(request.user)
        messages.info(request, _("Your copy is being made. It waits on this page for 7 days."))
        return redirect("col_people:my_data")
    ready = taking.waiting(request.user)
    if ready is None or ready.made_at is None:
        return redirect("col_people:my_data")
    return _file(bytes(ready.content))


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Says what goes and what remains (GET); deletes the account and all about it (POST)."""
    if not _may_erase(request):
        return render_page(request, "wagtail_col/people/erase_not.html", status=403)
    if request.method == "POST":
        if request.POST.get("sure") == "yes":
            erasing.erase(request.user)
            logout(request)
            return render_page(request, "wagtail_col/people/erased.html")
        messages.error(request, _("Nothing was deleted. Tick the box if you are sure."))
    found = counts(request.user)
    goes = [_shown(one, n) for one, n in found if one.path.erasure is Erasure.DELETE]
    stays = [_shown(one, n) for one, n in found if one.path.erasure is Erasure.ANONYMISE]
    there = {one.holding.model for one, _count in found}
    remains = [one.remains for one in holdings().values() if one.remains and one.model in there]
    context = {"goes": goes, "stays": stays, "remains": list(dict.fromkeys(remains))}
    return render_page(request, "wagtail_col/people/erase.html", context)


def _age(request: HttpRequest) -> dict:
    """The age band, and what guardians said, where the site asks for it."""
    if consent_age() is None:
        return {}
    band = bands.band_of(request.user)
    consents = GuardianConsent.objects.filter(child=request.user).select_related("guardian")
    return {
        "age": consent_age(),
        "band": band,
        "older": bool(band and band.is_under and bands.may_say_older(band)),
        "guardians": [
            (one, [Purpose(purpose).label for purpose in one.purposes])
            for one in consents.order_by("pk")
        ],
        "purposes": [(one.label, may(request.user, one)) for one in Purpose],
    }


def _may_erase(request: HttpRequest) -> bool:
    """Who runs the site is not deleted by a click: somebody else takes over first."""
    return not (getattr(request.user, "is_superuser", False) or request.user.is_staff)


def _shown(one: Held, count: int) -> Shown:
    holding = one.holding
    basis: Basis = holding.basis
    return Shown(
        data=holding.data,
        count=count,
        purpose=holding.purpose,
        seen_by=_("only you") if holding.seen_by == ONLY_LEARNER else holding.seen_by,
        kept=holding.kept,
        basis=basis.label,
        article=basis.article,
        who="" if one.path.who == LEARNER else one.path.who,
    )


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="my-data-{day}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
