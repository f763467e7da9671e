from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Page

from wagtail_col.pages.types import (
    AbstractOpportunityDate,
    AbstractPlaylistStep,
    OpportunityPageMixin,
    PlaylistPageMixin,
    ProviderPageMixin,
    TerritoryPageMixin,
)


class TerritoryPage(TerritoryPageMixin, Page):
    """A region, city or district."""

    content_panels = Page.content_panels + TerritoryPageMixin.content_panels
    subpage_types = [
        "col_pages_standard.TerritoryPage",
        "col_pages_standard.ProviderPage",
        "col_pages_standard.OpportunityPage",
        "col_pages_standard.PlaylistPage",
    ]

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")


class ProviderPage(ProviderPageMixin, Page):
    """An organisation that offers learning."""

    content_panels = Page.content_panels + ProviderPageMixin.content_panels
    parent_page_types = ["col_pages_standard.TerritoryPage"]
    subpage_types = ["col_pages_standard.OpportunityPage", "col_pages_standard.PlaylistPage"]

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")


class OpportunityPage(OpportunityPageMixin, Page):
    """Something one can learn."""

    content_panels = Page.content_panels + OpportunityPageMixin.content_panels
    parent_page_types = ["col_pages_standard.TerritoryPage", "col_pages_standard.ProviderPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")


class OpportunityDate(AbstractOpportunityDate):
    """One date of an opportunity."""

    page = ParentalKey(OpportunityPage, on_delete=models.CASCADE, related_name="dates")

    class Meta(AbstractOpportunityDate.Meta):
        verbose_name = _("date")
        verbose_name_plural = _("dates")


class PlaylistPage(PlaylistPageMixin, Page):
    """An ordered path of steps with a badge at its end."""

    content_panels = Page.content_panels + PlaylistPageMixin.content_panels
    parent_page_types = ["col_pages_standard.TerritoryPage", "col_pages_standard.ProviderPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("playlist")
        verbose_name_plural = _("playlists")


class PlaylistStep(AbstractPlaylistStep):
    """One step of a playlist."""

    page = ParentalKey(PlaylistPage, on_delete=models.CASCADE, related_name="steps")

    class Meta(AbstractPlaylistStep.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")
