"""The page of a badge that somebody has, and the choice of the name on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wagtail_col.badges.forms import NameForm
from wagtail_col.badges.models import Award
from wagtail_col.badges.presenting import award_values
from wagtail_col.badges.views.finding import find_award, not_here, other_languages
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@require_safe
@in_chosen_language
def badge(request: HttpRequest, key: UUID) -> HttpResponse:
    """The badge, who says so and why. Whoever has its address may see it."""
    award = find_award(key)
    if award is None:
        return not_here(request)
    form = NameForm(instance=award) if award.learner == request.user else None
    return _page(request, award, form)


@require_POST
@in_chosen_language
def choose_name(request: HttpRequest, key: UUID) -> HttpResponse:
    """The owner chooses the name that their badge's page shows, or none."""
    award = find_award(key)
    if award is None:
        return not_here(request)
    if not request.user.is_authenticated:
        return redirect_to_login(award.get_absolute_url())
    if award.learner != request.user:
        return not_here(request)
    form = NameForm(request.POST, instance=award)
    if not form.is_valid():
        # The form put what was typed into the award; the page shows what is stored.
        return _page(request, find_award(key), form, status=400)
    award.save(update_fields=["shown_name"])
    if award.shown_name:
        messages.success(request, _("Your badge’s page now shows the name you chose."))
    else:
        messages.success(request, _("Your badge’s page now shows no name."))
    return redirect(award.get_absolute_url() + _language_of(request))


def _language_of(request: HttpRequest) -> str:
    return f"?lang={request.LANGUAGE_CODE}" if "lang" in request.GET else ""


def _page(
    request: HttpRequest, award: Award, form: NameForm | None, status: int = 200
) -> HttpResponse:
    codes = [text.language for text in award.achievement.texts.all()]
    context = {
        **award_values(award),
        "languages": other_languages(award.get_absolute_url(), codes),
        "form": form,
    }
    response = render_page(request, "wagtail_col/badges/badge.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    if form is not None:
        patch_cache_control(response, private=True, no_store=True)
    return response
