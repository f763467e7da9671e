"""The page types as abstract classes, for a site to put on its own base page.

They are mixins without a base page: ``class TerritoryPage(TerritoryPageMixin, Page)``.
``wagtail_col.pages.standard`` does just that for every site with Wagtail's own base page.
"""

from .opportunity import AbstractOpportunityDate, OpportunityPageMixin
from .playlist import AbstractPlaylistStep, PlaylistPageMixin
from .provider import ProviderPageMixin
from .territory import TerritoryPageMixin

__all__ = [
    "AbstractOpportunityDate",
    "AbstractPlaylistStep",
    "OpportunityPageMixin",
    "PlaylistPageMixin",
    "ProviderPageMixin",
    "TerritoryPageMixin",
]
