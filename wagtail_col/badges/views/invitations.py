"""The link in an invitation: what badge waits there, for whoever opens it; POST claims it.

Looking gives nothing, so programs that open links in e-mails do no harm. The address that was
invited is never shown: the link may have been passed on.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wagtail_col.badges import inviting, keys
from wagtail_col.badges.awarding import NotAwardable
from wagtail_col.badges.models import Award, Invitation
from wagtail_col.badges.presenting import achievement_values, issuer_values
from wagtail_col.badges.views.finding import kept_by_nobody, stay
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@in_chosen_language
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, secret: str) -> HttpResponse:
    """The badge behind a link, and the button that claims it."""
    invitation = inviting.find(secret)
    if invitation is None:
        stay(request)
        return _answer(request, "claim_unknown", {}, 404)
    if request.method == "POST":
        response = _claim(request, invitation)
        return response if response is not None else _show(request, invitation, secret)
    return _show(request, invitation, secret)


def _claim(request: HttpRequest, invitation: Invitation) -> HttpResponse | None:
    """Where to go with the badge; None when the page has to say why there is none."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(_login_url(request))
    try:
        award, is_new = inviting.claim(invitation, request.user)
    except inviting.NotClaimable:
        invitation.refresh_from_db()
        return None
    except (NotAwardable, keys.SigningKeyUnreadable):
        messages.error(
            request,
            _("The badge cannot be given at the moment. Your link is kept: try again later."),
        )
        return None
    if is_new:
        messages.success(request, _("The badge is yours."))
    else:
        messages.info(request, _("You have this badge already, so the link was not used."))
    return redirect(award)


def _show(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    achievement = invitation.achievement
    user = request.user
    state = "open"
    try:
        inviting.check_open(invitation)
    except inviting.NotClaimable as refusal:
        state = refusal.code
    if state == "open" and not achievement.live:
        state = "not-now"
    held = (
        Award.objects.filter(achievement=achievement, learner=user).first()
        if user.is_authenticated
        else None
    )
    context = {
        **achievement_values(achievement),
        "issuer": issuer_values(keys.issuer_of(achievement)),
        "state": state,
        "event": invitation.because.get("title", "") if state == "open" else "",
        "narrative": invitation.narrative if state == "open" else "",
        "held": held,
        "claim_url": _here(request, secret),
        "login_url": "" if user.is_authenticated else _login_url(request),
    }
    return _answer(request, "claim", context, 200 if state == "open" else 410)


def _answer(request: HttpRequest, name: str, context: dict, status: int) -> HttpResponse:
    response = kept_by_nobody(
        render_page(request, f"wagtail_col/badges/{name}.html", context, status=status)
    )
    # The address is the secret: other sites are not told of it.
    response["Referrer-Policy"] = "same-origin"
    return response


def _here(request: HttpRequest, secret: str) -> str:
    language = request.GET.get("lang", "")
    address = reverse("col_badges:claim", args=[secret])
    return f"{address}?{urlencode({'lang': language})}" if language else address


def _login_url(request: HttpRequest) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
