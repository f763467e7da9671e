"""The catalogue's records: territories, providers, interests, skills and listings."""

from .alerts import Alert
from .interests import Interest, InterestName
from .listings import Access, Kind, Listing, ListingText, MapPoint, Occurrence, Part
from .providers import Provider, ProviderText
from .revisions import CatalogueRevision
from .skills import Skill, SkillName
from .territories import Territory, TerritoryKind, TerritoryText

__all__ = [
    "Access",
    "Alert",
    "CatalogueRevision",
    "Interest",
    "InterestName",
    "Kind",
    "Listing",
    "ListingText",
    "MapPoint",
    "Occurrence",
    "Part",
    "Provider",
    "ProviderText",
    "Skill",
    "SkillName",
    "Territory",
    "TerritoryKind",
    "TerritoryText",
]
