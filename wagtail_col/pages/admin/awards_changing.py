"""One learner's badge: why it was given, taking it back, suspending it, renewing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_col.badges import awarding, reasons
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Award
from wagtail_col.badges.texts import check_signable
from wagtail_col.pages.admin.awards_pages import BadgeView, learner, person, state

MOST_LETTERS = 1000


class ReasonForm(forms.Form):
    """Why a badge is taken back or suspended."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MOST_LETTERS,
        validators=[check_signable],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever is shown the badge reads it. Write no names."),
    )


class AwardView(BadgeView):
    """All that is known about one award, and what can be done with it."""

    template_name = "wagtail_col/pages/awards_award.html"

    @cached_property
    def award(self) -> Award:
        awards = self.badge.awards.select_related("learner", "awarded_by")
        return get_object_or_404(awards.defer("credential", "compact"), key=self.kwargs["key"])

    @cached_property
    def learner(self) -> tuple[str, str]:
        """Name and address, as they may be shown."""
        return learner(self.award.learner)

    @property
    def award_url(self) -> str:
        return self.to("award", self.award.key)

    def get_page_title(self) -> str:
        return self.learner[0]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        award = self.award
        code, words = state(award)
        return super().get_context_data(
            award=award,
            learner=self.learner[0],
            email=self.learner[1],
            by=person(award.awarded_by),
            why=reasons.in_words(award.because),
            editions=award.past_editions.count(),
            state=code,
            state_in_words=words,
            **kwargs,
        )


class _Ask(AwardView):
    """A page that asks for a reason; only POST does it."""

    template_name = "wagtail_col/pages/awards_ask.html"

    def trail(self) -> list[dict]:
        return [*super().trail(), {"url": self.award_url, "label": self.learner[0]}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.answer(form)
        try:
            self.act(form.cleaned_data["reason"])
        except SigningKeyUnreadable:
            form.add_error(None, cannot_sign())
            return self.answer(form)
        return redirect(self.award_url)

    def act(self, reason: str) -> None:
        raise NotImplementedError

    def answer(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, media=form.media))


class RevokeView(_Ask):
    page_title = gettext_lazy("Take the badge back")
    extra_context = {
        "says": gettext_lazy(
            "Everybody who checks the badge is told that it was taken back, and why. This cannot "
            "be undone."
        ),
        "button": gettext_lazy("Take it back"),
    }

    def get_page_title(self) -> str:
        return str(self.page_title)

    def act(self, reason: str) -> None:
        awarding.revoke(self.award, reason)
        messages.success(
            self.request,
            _("The badge of %(who)s is taken back.") % {"who": self.learner[0]},
        )


class SuspendView(_Ask):
    page_title = gettext_lazy("Suspend the badge")
    extra_context = {
        "says": gettext_lazy(
            "Everybody who checks the badge is told that it does not hold for now, and why. You "
            "can end this at any time."
        ),
        "button": gettext_lazy("Suspend it"),
    }

    def get_page_title(self) -> str:
        return str(self.page_title)

    def act(self, reason: str) -> None:
        awarding.suspend(self.award, reason)
        messages.success(
            self.request,
            _("The badge of %(who)s is suspended.") % {"who": self.learner[0]},
        )


class _Act(AwardView):
    """Only by POST: looking at its address does nothing."""

    http_method_names = ["post"]


class ResumeView(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            awarding.resume(self.award)
        except SigningKeyUnreadable:
            messages.error(request, cannot_sign())
        else:
            messages.success(request, _("The badge holds again."))
        return redirect(self.award_url)


class RenewView(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            renewed = awarding.renew(self.award, by=request.user)
        except awarding.NotAwardable as refusal:
            messages.error(request, refusal.message)
        except SigningKeyUnreadable:
            messages.error(request, cannot_sign())
        else:
            if renewed:
                messages.success(request, _("The badge is renewed. The learner is told."))
            else:
                messages.warning(
                    request, _("The badge would not last longer. Nothing was changed.")
                )
        return redirect(self.award_url)


def cannot_sign() -> str:
    return _(
        "The site cannot sign badges at present. Nothing was changed. Tell who looks after it."
    )
