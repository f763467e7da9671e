"""What a site with its own base page writes: our mixins on that page."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import AbstractPage

from wagtail_col.pages.types import (
    AbstractOpportunityDate,
    AbstractPlaylistStep,
    OpportunityPageMixin,
    PlaylistPageMixin,
    ProviderPageMixin,
    TerritoryPageMixin,
)


class BasePage(AbstractPage):
    importance = models.CharField(max_length=40, blank=True)


class TerritoryPage(TerritoryPageMixin, BasePage):
    content_panels = BasePage.content_panels + TerritoryPageMixin.content_panels


class ProviderPage(ProviderPageMixin, BasePage):
    content_panels = BasePage.content_panels + ProviderPageMixin.content_panels


class OpportunityPage(OpportunityPageMixin, BasePage):
    content_panels = BasePage.content_panels + OpportunityPageMixin.content_panels


class OpportunityDate(AbstractOpportunityDate):
    page = ParentalKey(OpportunityPage, on_delete=models.CASCADE, related_name="dates")


class PlaylistPage(PlaylistPageMixin, BasePage):
    content_panels = BasePage.content_panels + PlaylistPageMixin.content_panels


class PlaylistStep(AbstractPlaylistStep):
    page = ParentalKey(PlaylistPage, on_delete=models.CASCADE, related_name="steps")
