"""What learners say when they share a badge, a collection, or want a certificate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.models import Award, ImportedBadge
from wagtail_col.badges.sharing import MOST_IN_A_COLLECTION
from wagtail_col.badges.shelving import ShelfItem
from wagtail_col.badges.texts import check_signable, one_line

MOST_LETTERS = 120


class _OneLine(forms.CharField):
    """A text that can be signed, on one line whatever was sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_LETTERS, **options)
        self.validators.append(check_signable)

    def clean(self, value: Any) -> str:
        return one_line(super().clean(value))


class ShareForm(forms.Form):
    """The name on the page behind a link, chosen by whose badge it is."""

    shown_name = _OneLine(
        label=_("Name to show"),
        required=False,
        help_text=_("Anybody who has the link sees this name. Leave it empty to show no name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, pseudonym: str = "", **kwargs: Any) -> None:
        """``pseudonym``: what others see in place of any name, for who is under age."""
        super().__init__(*args, **kwargs)
        if pseudonym:
            field = self.fields["shown_name"]
            field.initial = pseudonym
            field.widget.attrs["autocomplete"] = "off"
            field.help_text = _(
                "Others see you under this name, whatever you write. Leave it empty to show no "
                "name."
            )


class CollectionForm(ShareForm):
    """Several of one's own badges behind one link.

    ``cleaned_data["badges"]`` holds the badges themselves, in the order they are offered.
    """

    title = _OneLine(
        label=_("Title"),
        help_text=_(
            "Whoever opens the link reads it first. For example: “What I learned in 2026”."
        ),
    )
    badges = forms.MultipleChoiceField(
        label=_("Badges to show"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["title", "badges", "shown_name"]

    def __init__(self, *args: Any, own: Iterable[ShelfItem], **kwargs: Any) -> None:
        """``own``: the learner's badges."""
        super().__init__(*args, **kwargs)
        self._own = {str(item.key): item for item in own}
        self.fields["badges"].choices = [(key, item.name) for key, item in self._own.items()]
        self.fields["badges"].error_messages["required"] = _("Choose at least one badge.")

    def clean_badges(self) -> list[Award | ImportedBadge]:
        chosen = set(self.cleaned_data["badges"])
        if len(chosen) > MOST_IN_A_COLLECTION:
            raise ValidationError(
                _("A collection has at most %(most)s badges. Make a second one for the others."),
                code="too-many",
                params={"most": MOST_IN_A_COLLECTION},
            )
        return [item.badge for key, item in self._own.items() if key in chosen]

    def offered(self) -> list[tuple[ShelfItem, bool]]:
        """Every badge and whether it is chosen."""
        chosen = {str(key) for key in self["badges"].value() or ()}
        return [(item, key in chosen) for key, item in self._own.items()]


class CertificateForm(forms.Form):
    """The name on a certificate, which is printed and not kept."""

    name = _OneLine(
        label=_("Your name, as it should be printed"),
        help_text=_("We put it on the certificate and do not keep it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    show_name = forms.BooleanField(
        label=_("Show this name on the page behind the code as well"),
        help_text=_("Then whoever scans the code sees that name and badge belong together."),
        required=False,
    )
