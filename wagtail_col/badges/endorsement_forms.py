"""What is said when somebody is asked to stand by a badge, and what they answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.endorsing import MOST_OF_COMMENT, MOST_OF_MESSAGE, MOST_OF_NAME, NotAsked
from wagtail_col.badges.mailable import check_mailable, check_visible
from wagtail_col.badges.models import Endorsement
from wagtail_col.badges.texts import check_signable, one_line


class _Described(forms.Form):
    """Fields look like those of our pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                is_long = isinstance(field.widget, forms.Textarea)
                field.widget.attrs["class"] = "col-input" + " col-input--words" * is_long


class AskForm(_Described):
    """Whom to ask, and what to tell them; of a badge or an issuer."""

    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_("Best one at their work: the part after the @ is shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("A message to them"),
        required=False,
        max_length=MOST_OF_MESSAGE,
        validators=[check_signable, check_mailable],
        help_text=_("So that they know why you ask. Without web or e-mail addresses."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def refuse(self, error: NotAsked) -> None:
        """Say why it was not sent, where it can be changed."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, ValidationError(error.message, code=error.code))


class AskForOwnForm(AskForm):
    """The same for a learner's own badge."""

    shown_name = forms.CharField(
        label=_("Your name, as they read it"),
        required=False,
        max_length=MOST_OF_NAME,
        validators=[check_signable, check_mailable],
        help_text=_("They read it in the e-mail and behind its link. It is not signed."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["email", "shown_name", "message"]


class AnswerForm(_Described):
    """What an employer or a school says."""

    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=200,
        validators=[check_signable, check_visible],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    person = forms.CharField(
        label=_("Your name and role"),
        max_length=200,
        validators=[check_signable, check_visible],
        help_text=_("For example “Ana Robles, head of the workshop”."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    website = forms.URLField(
        label=_("Website of your organisation (optional)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    comment = forms.CharField(
        label=_("Why you stand by it"),
        max_length=MOST_OF_COMMENT,
        validators=[check_signable, check_visible],
        help_text=_("One to three sentences. What have you seen, what is it worth to you?"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    speaks = forms.BooleanField(
        label=_("I may say this for my organisation, and I know that others will read it."),
        error_messages={"required": _("Without this we cannot sign it.")},
    )

    def answer(self) -> dict[str, str]:
        """What ``endorsing.give`` takes."""
        return {
            "organisation": one_line(self.cleaned_data["organisation"]),
            "person": one_line(self.cleaned_data["person"]),
            "website": self.cleaned_data["website"],
            "comment": self.cleaned_data["comment"],
        }

    def preview(self, endorsement: Endorsement) -> Endorsement:
        """``endorsement`` with the answer in it, not saved."""
        for name, value in self.answer().items():
            setattr(endorsement, name, value)
        return endorsement
