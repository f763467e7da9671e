"""Texts in several languages in one form: one text a language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm


class OneTextALanguage(WagtailAdminModelForm):
    """Says at the field what the database would refuse only when all is half written.

    Rows are saved one after the other, so a saved row cannot take the language another saved
    row has until now, even when that one is given another language in the same form.
    """

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for formset in self.formsets.values():
            if "language" in formset.form.base_fields and formset.is_valid():
                _check(formset)
        return values


def _check(formset) -> None:
    kept = [form for form in formset.forms if not form.cleaned_data.get("DELETE")]
    held = {form.initial["language"]: form for form in kept if form.instance.pk}
    for form in kept:
        holder = held.get(form.cleaned_data.get("language"))
        if holder is not None and holder is not form:
            form.add_error(
                "language",
                _(
                    "There is a text in this language already. Change that one, or remove it "
                    "and save before you write a new one."
                ),
            )
