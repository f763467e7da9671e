"""The rule in the form of a playlist: which playlists may come first, and no loop among them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_col.learning.models import Playlist
from wagtail_col.learning.prerequisites import check_no_loop


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
        before = cleaned.get("before")
        if before and self.instance.pk:
            record = Playlist.objects.filter(key=self.instance.record_key).first()
            try:
                check_no_loop(record, cleaned.get("title") or "", before)
            except forms.ValidationError as error:
                self.add_error("before", error.error_dict["before"])
        return cleaned
