"""Attendance codes: an organiser makes one for an opportunity, shows it, and withdraws it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import segno
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_col.catalogue.models import Listing
from wagtail_col.conf import base_url
from wagtail_col.learning import claims, code_making
from wagtail_col.learning.models import ClaimCode
from wagtail_col.pages.admin.about_page import AboutPageView
from wagtail_col.pages.sources import ListingMixin

BEFORE = timedelta(hours=1)
AFTER = timedelta(hours=2)


class CodeForm(forms.Form):
    """When a code works and how often."""

    valid_from = forms.DateTimeField(
        label=gettext_lazy("Works from"), required=False, widget=AdminDateTimeInput
    )
    valid_until = forms.DateTimeField(
        label=gettext_lazy("Works until"), required=False, widget=AdminDateTimeInput
    )
    most_uses = forms.IntegerField(
        label=gettext_lazy("How many learners may use it"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Empty: as many as come."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        until = values.get("valid_until")
        if until and until <= timezone.now():
            self.add_error("valid_until", _("This is over already. Choose a later time."))
        return values


def defaults(listing: Listing) -> dict[str, Any]:
    """From an hour before the next date begins to two hours after it ends."""
    now = timezone.now()
    date = listing.occurrences.filter(ends_at__gte=now).order_by("starts_at").first()
    if date is None:
        return {}
    return {"valid_from": date.starts_at - BEFORE, "valid_until": date.ends_at + AFTER}


class _PageView(AboutPageView):
    """A view about one page's listing, for those who may edit that page."""

    header_icon = "col-code"

    def is_about(self, page) -> bool:
        return isinstance(page, ListingMixin)

    @cached_property
    def listing(self) -> Listing | None:
        return Listing.objects.published().filter(key=self.page.record_key).first()

    def back(self) -> HttpResponse:
        return redirect("col_admin_codes", self.page.pk)


class CodesView(_PageView):
    """The codes of an opportunity, and a form for another one."""

    template_name = "wagtail_col/pages/codes.html"
    page_title = gettext_lazy("Attendance codes")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = defaults(self.listing) if self.listing else {}
        return self.answer(CodeForm(initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CodeForm(request.POST)
        if self.listing is None:
            return self.back()
        if form.is_valid():
            try:
                code = claims.make_code(self.listing, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect("col_admin_code", self.page.pk, code.key)
        messages.error(request, _("No code was made. See below what to change."))
        return self.answer(form)

    def answer(self, form: CodeForm) -> HttpResponse:
        codes = self.listing.claim_codes.order_by("-created_at") if self.listing else []
        return self.render_to_response(
            self.get_context_data(
                page=self.page,
                listing=self.listing,
                form=form,
                media=form.media,
                codes=[{"code": code, "text": shown(code), "state": state(code)} for code in codes],
            )
        )


class ShowCodeView(_PageView):
    """One code as large as the screen: a picture to scan, letters to type."""

    template_name = "wagtail_col/pages/show_code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.code()
        text = shown(code)
        link = absolute("col_learning:claim_code", text) if text else ""
        typed = absolute("col_learning:claim")
        return super().get_context_data(
            code=code,
            text=text,
            state=state(code),
            link=link,
            qr=picture(link) if link else "",
            address=urlsplit(typed).netloc + urlsplit(typed).path,
            title=str(code.listing),
            back=reverse("col_admin_codes", args=[self.page.pk]),
            page=self.page,
            **kwargs,
        )

    def code(self) -> ClaimCode:
        if self.listing is None:
            raise Http404
        return get_object_or_404(self.listing.claim_codes, key=self.kwargs["key"])


class WithdrawCodeView(ShowCodeView):
    """A code that nobody may use any more. What was done with it stays done."""

    template_name = "wagtail_col/pages/withdraw_code.html"
    page_title = gettext_lazy("Withdraw a code")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code_making.withdraw(self.code())
        messages.success(request, _("The code is withdrawn. Nobody can use it any more."))
        return self.back()


def shown(code: ClaimCode) -> str:
    """The code's letters, or "" when the secret it was made with is gone."""
    try:
        return claims.text_of(code)
    except ImproperlyConfigured:
        return ""


def state(code: ClaimCode) -> str:
    """What a code is good for now, in words."""
    now = timezone.now()
    if code.valid_until and now > code.valid_until:
        return _("Over")
    if code.most_uses is not None and code.uses >= code.most_uses:
        return _("Used up")
    if code.valid_from and now < code.valid_from:
        return _("Not yet")
    return _("Works now")


def absolute(name: str, *args: str) -> str:
    """The full address of one of our views, as a phone has to know it."""
    return f"{base_url()}{reverse(name, args=args)}"


def picture(link: str) -> str:
    """A link as a QR code: SVG without any style, sized by the sheet around it."""
    return segno.make(link, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None
    )
