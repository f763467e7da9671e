"""Giving a badge: to a list that is pasted or uploaded, or to one person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_col.badges import address_lists, award_lists, inviting
from wagtail_col.badges.awarding import NotAwardable, award, supported
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.mailable import check_mailable
from wagtail_col.badges.texts import check_signable
from wagtail_col.conf import languages
from wagtail_col.pages.admin.awards_pages import BadgeView, learner

MOST_LETTERS = 200


class _WhatForForm(forms.Form):
    """What both forms ask: for what, and in which language to write."""

    event = forms.CharField(
        label=gettext_lazy("For what"),
        max_length=MOST_LETTERS,
        validators=[check_signable, check_mailable],
        help_text=gettext_lazy(
            "The course or event, for example “Robotics camp, July 2026”. It is part of the badge."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("For those who have no badge yet; others get it in theirs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(languages().items())
        self.fields["language"].initial = supported(get_language() or "")


class GiveListForm(_WhatForForm):
    """A list: typed or pasted, or a file."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, or with commas between them. Or paste a table whose first line names the "
            "columns: email, narrative."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a table as CSV file"),
        required=False,
        help_text=gettext_lazy(
            "Its first line names the columns: email, and narrative for what you write about each "
            "one’s work. Whoever is shown the badge reads that."
        ),
    )
    field_order = ["event", "addresses", "file", "language"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        text, file = values.get("addresses", "").strip(), values.get("file")
        if bool(text) == bool(file):
            raise ValidationError(
                _("Paste addresses or choose a file: one of both.")
                if text
                else _("Paste addresses, or choose a file.")
            )
        try:
            values["read"] = (
                address_lists.read_file(file.read(address_lists.MOST_BYTES + 1))
                if file
                else address_lists.read_text(text)
            )
        except address_lists.Unreadable as refusal:
            self.add_error("file" if file else "addresses", refusal.message)
        return values


class GiveListView(BadgeView):
    """Where the list comes in. What it would do is shown next; nothing is given yet."""

    template_name = "wagtail_col/pages/awards_give.html"
    page_title = gettext_lazy("Give to a list")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(GiveListForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = GiveListForm(request.POST, request.FILES)
        if not form.is_valid() or not self.badge.live:
            messages.error(request, _("Nothing was given. See below what to change."))
            return self.answer(form)
        read = form.cleaned_data["read"]
        made = award_lists.make(
            self.badge,
            read,
            event=form.cleaned_data["event"],
            language=form.cleaned_data["language"],
            by=request.user,
        )
        if read.note:
            messages.warning(request, read.note)
        if read.merged:
            messages.warning(request, merged_in_words(read.merged))
        return redirect(self.to("list", made.key))

    def answer(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, media=form.media))


class GiveOneForm(_WhatForForm):
    """One person."""

    who = forms.CharField(
        label=gettext_lazy("E-mail or user name"),
        max_length=254,
        help_text=gettext_lazy(
            "Somebody without an account gets an e-mail with a link that gives them the badge."
        ),
    )
    narrative = forms.CharField(
        label=gettext_lazy("What you write about it"),
        required=False,
        max_length=address_lists.MOST_LETTERS,
        validators=[check_signable, check_mailable],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For example what was special. It is part of the badge."),
    )
    field_order = ["who", "event", "narrative", "language"]

    def clean_who(self):
        """The account; or, when there is none, the e-mail address."""
        said = self.cleaned_data["who"].strip()
        model = get_user_model()
        names = Q(**{f"{model.USERNAME_FIELD}__iexact": said})
        names |= Q(**{f"{model.get_email_field_name()}__iexact": said})
        found = list(model._default_manager.filter(names, is_active=True)[:2])
        if len(found) > 1:
            raise ValidationError(
                _("Several accounts have this e-mail address. Write the user name.")
            )
        if found:
            return found[0]
        try:
            validate_email(said)
        except ValidationError as error:
            raise ValidationError(
                _("There is no account with this name. Write an e-mail address.")
            ) from error
        return said.lower()


class GiveOneView(BadgeView):
    """Give the badge to one person, with words of one's own."""

    template_name = "wagtail_col/pages/awards_give_one.html"
    page_title = gettext_lazy("Give to one person")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(GiveOneForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = GiveOneForm(request.POST)
        if form.is_valid():
            try:
                return self.give(**form.cleaned_data)
            except NotAwardable as refusal:
                form.add_error(None, refusal.message)
            except SigningKeyUnreadable:
                form.add_error(
                    None, _("The site cannot sign badges at present. Tell who looks after it.")
                )
        messages.error(request, _("Nothing was given. See below what to change."))
        return self.answer(form)

    def give(self, who: Any, event: str, narrative: str, language: str) -> HttpResponse:
        by = self.request.user
        because = {"by": "hand", "title": event, "assessed": "organiser"}
        if isinstance(who, str):
            [[_invitation, is_new]] = inviting.invite_many(
                self.badge, [(who, narrative)], because=because, language=language, by=by
            ).values()
            said = (
                _("There is no account for %(who)s yet: an e-mail with a link goes there.")
                if is_new
                else _("%(who)s was invited before. Nothing was sent again.")
            )
            messages.success(self.request, said % {"who": who})
            return redirect(self.to("invited"))
        given, is_new = award(
            self.badge, who, because=because, language=language, narrative=narrative, by=by
        )
        said = _("%(who)s has the badge now.") if is_new else _("%(who)s had the badge already.")
        messages.success(self.request, said % {"who": learner(who)[0]})
        return redirect(self.to("award", given.key))

    def answer(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, media=form.media))


def merged_in_words(count: int) -> str:
    return ngettext(
        "%(count)s line had an address that was there before. It counts once.",
        "%(count)s lines had addresses that were there before. Each counts once.",
        count,
    ) % {"count": count}
