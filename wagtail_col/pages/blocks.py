"""Blocks for the StreamFields of any page: playlists one wants to show, and what learners tell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_col.learning.models import Playlist
from wagtail_col.learning.presenting import LineCard, line_cards


def published_playlists() -> list[tuple[str, str]]:
    """Keys and names of the playlists one may choose. A constant number of queries."""
    found = Playlist.objects.published().filter(archived_at=None).prefetch_related("texts")
    named = [
        (str(one.key), f"{one.line_name} · {one}" if one.line_name else str(one)) for one in found
    ]
    return sorted(named, key=lambda pair: pair[1])


def cards_of(keys: list[str]) -> list[LineCard]:
    """Cards of those of the playlists that are offered, in the order of their keys, in the active
    language. A constant number of queries, none for none."""
    wanted = [UUID(key) for key in keys]
    if not wanted:
        return []
    found = {one.key: one for one in Playlist.objects.published().filter(key__in=wanted)}
    return line_cards([found[key] for key in wanted if key in found])


class _ByKey:
    """Choices whose values are keys, written as they are kept: Wagtail would look for each of them
    among all choices, asking for these anew for every one."""

    def normalize_choice(self, value: Any) -> str | None:
        return value


class PlaylistsBlock(_ByKey, blocks.MultipleChoiceBlock):
    """Keys of playlists."""


class PlaylistBlock(_ByKey, blocks.ChoiceBlock):
    """The key of a playlist."""


class FeaturedPlaylistsBlock(blocks.StructBlock):
    """Playlists chosen by an editor, each as a card. What is withdrawn is left out."""

    title = blocks.CharBlock(label=_("title"), max_length=100)
    playlists = PlaylistsBlock(
        label=_("playlists"), choices=published_playlists, widget=forms.CheckboxSelectMultiple
    )

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["cards"] = cards_of(value["playlists"])
        return context

    class Meta:
        label = _("Featured playlists")
        icon = "col-line"
        template = "wagtail_col/learning/featured.html"


class LearnerStoryBlock(blocks.StructBlock):
    """What one person tells. That they agreed is noted for editors, and shown to nobody else."""

    words = blocks.TextBlock(label=_("in their own words"), max_length=600)
    name = blocks.CharBlock(
        label=_("name"),
        max_length=60,
        help_text=_("As they want to be called here. Of somebody under age: a made-up name."),
    )
    playlist = PlaylistBlock(label=_("playlist"), choices=published_playlists, required=False)
    agreed = blocks.CharBlock(
        label=_("how and when they agreed"),
        max_length=200,
        help_text=_("For you: “by e-mail, 3 May 2026”. It is not shown."),
    )
    is_under_age = blocks.BooleanBlock(label=_("is under age"), required=False)
    is_made_up = blocks.BooleanBlock(label=_("the name is made up"), required=False)
    guardian_agreed = blocks.BooleanBlock(label=_("a guardian has agreed"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["is_under_age"]:
            lacking = {
                name: ValidationError(said)
                for name, said in (
                    ("is_made_up", _("Give somebody under age a made-up name.")),
                    ("guardian_agreed", _("A guardian has to agree first.")),
                )
                if not cleaned[name]
            }
            if lacking:
                raise StructBlockValidationError(lacking)
        return cleaned

    class Meta:
        label = _("story")
        icon = "openquote"


class LearnerStoriesBlock(blocks.StructBlock):
    """Stories of learners, each with the playlist it is about."""

    title = blocks.CharBlock(label=_("title"), max_length=100)
    stories = blocks.ListBlock(LearnerStoryBlock(), label=_("stories"))

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        keys = dict.fromkeys(story["playlist"] for story in value["stories"] if story["playlist"])
        cards = {str(card.key): card for card in cards_of(list(keys))}
        context["told"] = [(story, cards.get(story["playlist"])) for story in value["stories"]]
        return context

    class Meta:
        label = _("Stories of learners")
        icon = "openquote"
        template = "wagtail_col/learning/stories.html"
