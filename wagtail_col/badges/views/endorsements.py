"""Answering a request for an endorsement from the link in an e-mail, without an account; and the
signed document of an endorsement."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wagtail_col.badges import endorsing, keys, sharing
from wagtail_col.badges.endorsement_forms import AnswerForm
from wagtail_col.badges.endorsement_mail import kind_of
from wagtail_col.badges.endorsement_signing import name_of, subject_of
from wagtail_col.badges.endorsing import NotOpen, NotSignable, State
from wagtail_col.badges.models import Endorsement, Issuer
from wagtail_col.badges.presenting import achievement_values, issuer_values
from wagtail_col.badges.views.documents import CREDENTIAL
from wagtail_col.badges.views.finding import missing, not_here, other_languages
from wagtail_col.badges.views.serving import as_download, checked_each_time, open_document
from wagtail_col.conf import languages
from wagtail_col.language import in_chosen_language
from wagtail_col.own import never_kept
from wagtail_col.shell import render_page

#: These are what became of the link, and not what the visitor just did.
_OVER = (State.EXPIRED, State.CANCELLED, State.VOID)


def secret_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: the page's address is a secret, so nobody is told it and nobody lists it."""

    @wraps(view)
    def kept(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        # Not "no-referrer": a form would be sent without the origin that CSRF protection reads.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_kept(kept)


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
def endorse(request: HttpRequest, secret: str) -> HttpResponse:
    """What is asked, and the answer: look how it will stand there, sign, decline, take back.

    Opening the link changes nothing: programs that read e-mails open links too.
    """
    endorsement = endorsing.find(secret)
    if endorsement is None:
        return not_here(request)
    if request.method != "POST":
        return _page(request, endorsement, AnswerForm())
    act = _ACTIONS.get(request.POST.get("action", ""), _look)
    try:
        return act(request, endorsement)
    except NotOpen:
        # Answered meanwhile, perhaps in another window: show how things stand.
        return redirect(request.get_full_path())


def _look(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    if endorsing.state_of(endorsement) != State.WAITING:
        raise NotOpen(endorsing.state_of(endorsement))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, endorsement, form, status=400)
    return _page(request, form.preview(endorsement), form, is_preview=True)


def _change(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    """Back to the form, with what was written."""
    fields = AnswerForm.base_fields
    written = {name: request.POST[name] for name in fields if name in request.POST}
    return _page(request, endorsement, AnswerForm(initial=written))


def _sign(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            endorsing.give(endorsement, **form.answer())
        except ValidationError as error:
            form.add_error(None, error)
        except NotSignable:
            form.add_error(
                None,
                _("This cannot be signed. Write it in plain words, without special characters."),
            )
        else:
            return redirect(request.get_full_path())
    return _page(request, endorsement, form, status=400)


def _decline(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    endorsing.decline(endorsement)
    return redirect(request.get_full_path())


def _withdraw(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    endorsing.withdraw(endorsement)
    return redirect(request.get_full_path())


_ACTIONS = {
    "look": _look,
    "change": _change,
    "sign": _sign,
    "decline": _decline,
    "withdraw": _withdraw,
}


def _page(
    request: HttpRequest,
    endorsement: Endorsement,
    form: AnswerForm,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    state = endorsing.state_of(endorsement)
    context = {
        **_about(endorsement),
        "form": form,
        "is_preview": is_preview,
        "state": state.value,
        "days": endorsing.OPEN_FOR.days,
        "languages": other_languages(request.path, list(languages())),
    }
    if is_preview or state in (State.GIVEN, State.HIDDEN):
        endorsement.given_at = endorsement.given_at or timezone.now()
        context["endorsements"] = [
            endorsing.values_of(endorsement, keys.shown_issuer().name) | {"key": None}
        ]
    name = "endorse"
    if state not in (State.WAITING, State.GIVEN, State.HIDDEN):
        name, status = "endorse_closed", 410 if state in _OVER else 200
    return render_page(request, f"wagtail_col/badges/{name}.html", context, status=status)


def _about(endorsement: Endorsement) -> dict[str, Any]:
    """What the visitor may know of what is endorsed: of a learner, the name they gave for this."""
    thing = subject_of(endorsement)
    context = {
        "kind": kind_of(thing),
        "name": name_of(thing),
        "who": endorsement.shown_name,
        "message": endorsement.message,
    }
    if isinstance(thing, Issuer):
        return {**context, "issuer": issuer_values(thing)}
    achievement = endorsement.achievement or endorsement.award.achievement
    return {
        **context,
        **achievement_values(achievement),
        "issuer": issuer_values(achievement.issuer or keys.shown_issuer()),
    }


@open_document
def endorsement(request: HttpRequest, key: UUID) -> HttpResponse:
    """The signed endorsement, exactly as it was stored, while it is shown. ``?download`` saves it.

    One of a learner's badge is for whoever may see the badge.
    """
    found = (
        Endorsement.objects.select_related("award")
        .filter(key=key, given_at__isnull=False, hidden_at=None, withdrawn_at=None)
        .first()
    )
    if found is None or not (
        found.award is None or sharing.may_be_seen_by(request.user, found.award)
    ):
        raise missing(request)
    response = checked_each_time(request, found.credential.encode(), CREDENTIAL)
    return as_download(response, "endorsement.json") if "download" in request.GET else response
