"""A learner's badges from elsewhere: bring one, look at it, check it again, delete it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wagtail_col.badges import importing, pacing
from wagtail_col.badges.forms import GivenForm
from wagtail_col.badges.importing import NotImportable
from wagtail_col.badges.models import ImportedBadge
from wagtail_col.badges.shelving import is_verified, says_of
from wagtail_col.badges.views.finding import not_here
from wagtail_col.badges.views.receiving import received
from wagtail_col.conf import settings
from wagtail_col.own import learners_own
from wagtail_col.shell import render_page


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Add a badge from elsewhere: paste it, choose its file, or give its address."""
    form, status = GivenForm(), 200
    if request.method == "POST":
        form, status = received(request, GivenForm)
        if form.is_valid():
            if _is_too_often(request):
                form.add_error(None, _too_often())
                status = 429
            else:
                try:
                    badge, created = importing.bring(request.user, form.cleaned_data["source"])
                except NotImportable as error:
                    form.add_error("file" if request.FILES else "text", error.message)
                else:
                    _say_how_it_went(request, badge, created)
                    return redirect("col_badges:imported", badge.key)
    return render_page(request, "wagtail_col/badges/import.html", {"form": form}, status=status)


@learners_own
@require_safe
def imported(request: HttpRequest, key: UUID) -> HttpResponse:
    """One badge from elsewhere, as its learner sees it."""
    badge = _own(request, key)
    if badge is None:
        return not_here(request, key)
    context = {
        "badge": badge,
        "state_in_words": says_of(badge),
        "is_verified": is_verified(badge),
        "share": badge.shares.filter(stopped_at=None, is_collection=False).first(),
    }
    return render_page(request, "wagtail_col/badges/imported.html", context)


@learners_own
@require_POST
def check_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask again whether it holds."""
    badge = _own(request, key)
    if badge is None:
        return not_here(request, key)
    if _is_too_often(request):
        messages.error(request, _too_often())
    elif importing.check_again(badge):
        messages.success(request, _("The badge was checked. See below what came of it."))
    else:
        messages.warning(
            request,
            _("Nothing could be found out now. What is known from before stays. Try later."),
        )
    return redirect("col_badges:imported", badge.key)


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete it here, after asking."""
    badge = _own(request, key)
    if badge is None:
        return not_here(request, key)
    if request.method == "POST":
        name = badge.name
        importing.delete(badge)
        messages.success(request, _("“%s” was deleted here.") % name)
        return redirect("col_badges:import_badge")
    return render_page(request, "wagtail_col/badges/import_delete.html", {"badge": badge})


def _own(request: HttpRequest, key: UUID) -> ImportedBadge | None:
    return (
        ImportedBadge.objects.select_related("learner", "picture")
        .filter(key=key, learner=request.user)
        .first()
    )


def _say_how_it_went(request: HttpRequest, badge: ImportedBadge, created: bool) -> None:
    if created:
        messages.success(request, _("The badge was added to your passport."))
    else:
        messages.success(request, _("You had this badge already. It was brought up to date."))


def _is_too_often(request: HttpRequest) -> bool:
    return pacing.is_too_often("import", request.user.pk, settings.CHECKS_PER_MINUTE_AND_ADDRESS)


def _too_often() -> str:
    return _("That were many badges in a short time. Wait a minute.")
