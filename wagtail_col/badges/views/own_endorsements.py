"""A learner asks somebody to stand by a badge, sees the answers, and hides what they do not want
on the badge's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wagtail_col.badges import endorsing
from wagtail_col.badges.endorsement_forms import AskForOwnForm
from wagtail_col.badges.endorsement_wording import standing
from wagtail_col.badges.endorsing import NotAsked, State
from wagtail_col.badges.models import Award, Endorsement
from wagtail_col.badges.presenting import achievement_values
from wagtail_col.badges.views.finding import find_award, not_here
from wagtail_col.own import learners_own
from wagtail_col.people.asking import needs
from wagtail_col.people.may import Purpose
from wagtail_col.shell import render_page


@learners_own
@needs(Purpose.SHARING)
@require_http_methods(["GET", "HEAD", "POST"])
def award_endorsements(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who was asked to stand by one's own badge, what they answered, and a form to ask."""
    award = find_award(key)
    if award is None or award.learner_id != request.user.pk:
        return not_here(request, key)
    form = AskForOwnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asked = endorsing.ask(
                award, by=request.user, language=get_language() or "", **form.cleaned_data
            )
        except NotAsked as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                _("We have sent your request to %s. You get an e-mail when they answer.")
                % asked.email,
            )
            return redirect("col_badges:award_endorsements", key)
    context = {
        **achievement_values(award.achievement),
        "award": award,
        "form": form,
        "rows": [_row(endorsement, award) for endorsement in endorsing.of(award)],
        "most": endorsing.MOST_A_DAY,
    }
    status = 400 if form.errors else 200
    return render_page(
        request, "wagtail_col/badges/award_endorsements.html", context, status=status
    )


@learners_own
@require_POST
def hide_endorsement(request: HttpRequest, key: UUID) -> HttpResponse:
    """Off the page of one's own badge, or no longer asked; at once."""
    endorsement = _own(request, key)
    if endorsement is None:
        return not_here(request)
    was_given = endorsement.given_at is not None
    endorsing.hide(endorsement)
    if was_given:
        messages.success(request, _("It is hidden. Nobody else sees it on your badge’s page."))
    else:
        messages.success(request, _("They are no longer asked. The link we sent is closed."))
    return redirect("col_badges:award_endorsements", endorsement.award.key)


@learners_own
@require_POST
def show_endorsement(request: HttpRequest, key: UUID) -> HttpResponse:
    """On the page of one's own badge again."""
    endorsement = _own(request, key)
    if endorsement is None:
        return not_here(request)
    endorsing.show_again(endorsement)
    messages.success(request, _("It stands on your badge’s page again."))
    return redirect("col_badges:award_endorsements", endorsement.award.key)


def _own(request: HttpRequest, key: UUID) -> Endorsement | None:
    return (
        Endorsement.objects.select_related("award")
        .filter(key=key, award__learner=request.user)
        .first()
    )


def _row(endorsement: Endorsement, award: Award) -> dict[str, Any]:
    endorsement.award = award
    state = endorsing.state_of(endorsement)
    return {
        "endorsement": endorsement,
        "state": state.value,
        "standing": standing(state),
        "may_hide": state in (State.WAITING, State.GIVEN),
        "may_show": state == State.HIDDEN,
    }
