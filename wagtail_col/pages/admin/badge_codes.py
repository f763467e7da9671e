"""Codes of badges: an organiser makes one for an event, shows it, prints cards, withdraws them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.badges.permissions import awardable_by
from wagtail_col.badges.texts import check_signable
from wagtail_col.learning import code_making, code_sheets
from wagtail_col.learning.models import ClaimCode, CodeSheet
from wagtail_col.pages.admin.awarders import AwardersMenuItem, AwarderView
from wagtail_col.pages.admin.codes import CodeForm, absolute, picture, shown, state

NAME = "col_badge_codes"
#: Badges on one page of the list, and codes or sheets on a badge's page, the newest.
PAGE = 50
#: Cards on a sheet of A4: two beside each other, five below each other.
CARDS_A_PAGE = 10


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


def event_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("For what"),
        max_length=code_making.MOST_LETTERS,
        validators=[check_signable],
        help_text=gettext_lazy("The event or course. Whoever is shown the badge reads it."),
    )


class BadgeCodeForm(CodeForm):
    """What a code is for, when it works and how often."""

    event = event_field()
    field_order = ["event"]


class CardsForm(CodeForm):
    """How many cards, what they are for, and when they work."""

    event = event_field()
    count = forms.IntegerField(
        label=gettext_lazy("How many cards"),
        min_value=1,
        max_value=code_sheets.MOST_CARDS,
        help_text=gettext_lazy("Each has a code of its own that one learner can use once."),
    )
    most_uses = None
    field_order = ["event", "count"]


class IndexView(AwarderView):
    """The badges that somebody may give, with how many codes of each work."""

    template_name = "wagtail_col/pages/badge_codes_index.html"
    page_title = gettext_lazy("Badge codes")
    header_icon = "col-code"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        working = (Q(claim_codes__valid_until=None) | Q(claim_codes__valid_until__gt=now)) & Q(
            claim_codes__sheet=None, claim_codes__isnull=False
        )
        badges = (
            awardable_by(self.request.user)
            .filter(live=True)
            .select_related("issuer")
            .prefetch_related("texts")
            .annotate(working=Count("claim_codes", filter=working))
            .order_by("-pk")
        )
        page = Paginator(badges, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(badges=page, **kwargs)


class _BadgeView(AwarderView):
    header_icon = "col-code"

    def trail(self) -> list[dict]:
        return [{"url": url("index"), "label": _("Badge codes")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The address's own parts are among them, and its badge is a key.
        return super().get_context_data(**{**kwargs, "badge": self.badge})

    def made(self, form: forms.Form, make, view: str) -> HttpResponse | None:
        """Make what the form describes and show it; None, with what is wrong, when it cannot."""
        if form.is_valid():
            try:
                new = make(self.badge, by=self.request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(url(view, self.badge.key, new.key))
        return None


class CodesView(_BadgeView):
    """The codes and cards of a badge, and a form for another code."""

    template_name = "wagtail_col/pages/badge_codes.html"

    def get_page_title(self) -> str:
        return str(self.badge)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(BadgeCodeForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.badge.live:
            return redirect(url("codes", self.badge.key))
        form = BadgeCodeForm(request.POST)
        done = self.made(form, code_making.make_badge_code, "code")
        if done is None:
            messages.error(request, _("No code was made. See below what to change."))
        return done or self.answer(form)

    def answer(self, form: forms.Form) -> HttpResponse:
        codes = self.badge.claim_codes.filter(sheet=None).order_by("-created_at")[:PAGE]
        return self.render_to_response(
            self.get_context_data(
                form=form,
                media=form.media,
                codes=[{"code": code, "text": shown(code), "state": state(code)} for code in codes],
                sheets=with_counts(self.badge.code_sheets.order_by("-made_at"))[:PAGE],
            )
        )


def with_counts(sheets: QuerySet[CodeSheet]) -> QuerySet[CodeSheet]:
    """Each sheet with how many cards were ``made``, ``used``, and are still ``good``."""
    lasts = Q(codes__valid_until=None) | Q(codes__valid_until__gt=timezone.now())
    return sheets.annotate(
        made=Count("codes"),
        used=Count("codes", filter=Q(codes__uses__gt=0)),
        good=Count("codes", filter=lasts & Q(codes__uses=0)),
    )


class CodeView(_BadgeView):
    """One code as large as the screen: a picture to scan, letters to type."""

    template_name = "wagtail_col/pages/show_code.html"

    @cached_property
    def code(self) -> ClaimCode:
        return get_object_or_404(self.badge.claim_codes.filter(sheet=None), key=self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = shown(self.code)
        link = absolute("col_learning:claim_code", text) if text else ""
        return super().get_context_data(
            code=self.code,
            text=text,
            state=state(self.code),
            link=link,
            qr=picture(link) if link else "",
            address=typed_address(),
            title=str(self.badge),
            back=url("codes", self.badge.key),
            replace=url("replace", self.badge.key, self.code.key),
            **kwargs,
        )


class ReplaceView(CodeView):
    """A new code in place of one that went where it should not. Only by POST."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            new = code_making.replace(self.code, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(url("codes", self.badge.key))
        return redirect(url("code", self.badge.key, new.key))


class WithdrawView(CodeView):
    """A code that nobody may use any more. The badges it gave stay."""

    template_name = "wagtail_col/pages/withdraw_badge_code.html"
    page_title = gettext_lazy("Withdraw a code")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code_making.withdraw(self.code)
        messages.success(request, _("The code is withdrawn. Nobody can use it any more."))
        return redirect(url("codes", self.badge.key))


class MakeCardsView(_BadgeView):
    """A form for cards."""

    template_name = "wagtail_col/pages/make_cards.html"
    page_title = gettext_lazy("Print cards")

    def trail(self) -> list[dict]:
        here = {"url": url("codes", self.badge.key), "label": str(self.badge)}
        return [*super().trail(), here]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(CardsForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.badge.live:
            return redirect(url("codes", self.badge.key))
        form = CardsForm(request.POST)
        done = self.made(form, code_sheets.make_sheet, "cards")
        if done is None:
            messages.error(request, _("No cards were made. See below what to change."))
        return done or self.answer(form)

    def answer(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, media=form.media))


class CardsView(_BadgeView):
    """The cards of a sheet that can still be used, laid out for A4."""

    template_name = "wagtail_col/pages/cards.html"

    @cached_property
    def sheet(self) -> CodeSheet:
        return get_object_or_404(with_counts(self.badge.code_sheets), key=self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_readable = code_sheets.are_readable(self.sheet)
        cards = [
            {
                "number": card.number,
                "text": card.text,
                "qr": picture(absolute("col_learning:claim_code", card.text)),
            }
            for card in (code_sheets.cards(self.sheet) if is_readable else ())
        ]
        first = self.sheet.codes.first()
        return super().get_context_data(
            sheet=self.sheet,
            pages=[cards[at : at + CARDS_A_PAGE] for at in range(0, len(cards), CARDS_A_PAGE)],
            count=len(cards),
            is_readable=is_readable,
            code=first,
            address=typed_address(),
            text=self.badge.text,
            back=url("codes", self.badge.key),
            **kwargs,
        )


class WithdrawCardsView(CardsView):
    """Cards that nobody has used stop working. Looking at it prints nothing and asks first."""

    template_name = "wagtail_col/pages/withdraw_cards.html"
    page_title = gettext_lazy("Withdraw cards")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return _BadgeView.get_context_data(self, sheet=self.sheet, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = code_sheets.withdraw_unused(self.sheet)
        said = ngettext(
            "%(count)s card is withdrawn. Nobody can use it any more.",
            "%(count)s cards are withdrawn. Nobody can use them any more.",
            count,
        )
        messages.success(request, said % {"count": count})
        return redirect(url("codes", self.badge.key))


def typed_address() -> str:
    """Where a learner types a code, without the part that browsers add themselves."""
    parts = urlsplit(absolute("col_learning:claim"))
    return parts.netloc + parts.path


class BadgeCodesViewSet(ViewSet):
    """Give badges at an event: a code on the wall, or a card for everyone."""

    name = NAME
    url_prefix = "learning/badge-codes"
    icon = "col-code"
    menu_label = gettext_lazy("Badge codes")
    menu_item_class = AwardersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", IndexView.as_view(), name="index"),
            path("<uuid:badge>/", CodesView.as_view(), name="codes"),
            path("<uuid:badge>/cards/", MakeCardsView.as_view(), name="make_cards"),
            path("<uuid:badge>/cards/<uuid:key>/", CardsView.as_view(), name="cards"),
            path(
                "<uuid:badge>/cards/<uuid:key>/withdraw/",
                WithdrawCardsView.as_view(),
                name="withdraw_cards",
            ),
            path("<uuid:badge>/<uuid:key>/", CodeView.as_view(), name="code"),
            path("<uuid:badge>/<uuid:key>/replace/", ReplaceView.as_view(), name="replace"),
            path("<uuid:badge>/<uuid:key>/withdraw/", WithdrawView.as_view(), name="withdraw"),
        ]
