"""The catalogue's records: territories, providers, interests and listings."""

from .interests import Interest, InterestName
from .listings import Kind, Listing, ListingText, MapPoint, Occurrence
from .providers import Provider, ProviderText
from .revisions import CatalogueRevision
from .territories import Territory, TerritoryKind, TerritoryText

__all__ = [
    "CatalogueRevision",
    "Interest",
    "InterestName",
    "Kind",
    "Listing",
    "ListingText",
    "MapPoint",
    "Occurrence",
    "Provider",
    "ProviderText",
    "Territory",
    "TerritoryKind",
    "TerritoryText",
]
