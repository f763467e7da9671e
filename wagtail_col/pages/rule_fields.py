"""The rule in the form of a playlist: which playlists may come first, and no loop among them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wagtail_col.learning.models import Playlist
from wagtail_col.learning.prerequisites import check_no_loop
from wagtail_col.learning.rules import Rule, StepRule, progress


class PlaylistsField(forms.ModelMultipleChoiceField):
    """Some of the published playlists, by their titles."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, playlist: Playlist) -> str:
        name = f"{playlist.line_name} · " if playlist.line_name else ""
        return f"{name}{playlist}" if playlist.is_published else f"{name}{_('No longer offered')}"


class RuleOfPageMixin:
    """The field ``before``: the other playlists of the site, and those that stand in it already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = self.fields.get("before")
        if plain is None:
            return
        kept = [playlist.pk for playlist in self.instance.before.all()]
        offered = Playlist.objects.filter(Q(state="published") | Q(pk__in=kept))
        if self.instance.pk:
            offered = offered.exclude(key=self.instance.record_key)
        self.fields["before"] = PlaylistsField(
            offered.order_by("line_name", "pk").prefetch_related("texts"),
            label=plain.label,
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_needed(cleaned.get("needed"))
        before = cleaned.get("before")
        if before and self.instance.pk:
            record = Playlist.objects.filter(key=self.instance.record_key).first()
            try:
                check_no_loop(record, cleaned.get("title") or "", before)
            except forms.ValidationError as error:
                self.add_error("before", error.error_dict["before"])
        return cleaned

    def steps_written(self) -> list:
        """The steps as they stand in the form, in their order, without those that make no sense."""
        formset = self.formsets.get("steps")
        if formset is None:
            return []
        formset.is_valid()
        forms_ = [
            form
            for form in formset.forms
            if form.is_valid()
            and (form.has_changed() or form.instance.pk)
            and not form.cleaned_data.get("DELETE")
        ]
        forms_.sort(key=lambda form: form.cleaned_data.get("ORDER") or 0)
        return [form.instance for form in forms_]

    def _check_needed(self, needed: int | None) -> None:
        """Nobody can do 5 of 4 stations."""
        steps = self.steps_written() if needed else []
        if not steps:
            return
        rule = Rule(tuple(StepRule(n, one.is_required, one.choice) for n, one in enumerate(steps)))
        of = len(progress(rule).counting)
        if needed > of:
            said = ngettext(
                "There is %(of)s station that counts: ask for no more, or leave it empty.",
                "There are %(of)s stations that count: ask for no more, or leave it empty.",
                of,
            )
            self.add_error("needed", said % {"of": of})
