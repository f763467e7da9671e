"""The catalogue's records: territories, providers, interests, skills and listings."""

from .alerts import Alert
from .importing import (
    ImportedItem,
    ImportPiece,
    ImportRun,
    ImportSource,
    ImportTwin,
    RunState,
    Verdict,
)
from .interests import Interest, InterestName
from .listings import Access, Kind, Listing, ListingText, MapPoint, Occurrence, Part
from .providers import Provider, ProviderText
from .revisions import CatalogueRevision
from .skills import Skill, SkillName
from .territories import Territory, TerritoryKind, TerritoryText
from .words import Word, WordPart

__all__ = [
    "Access",
    "Alert",
    "CatalogueRevision",
    "ImportPiece",
    "ImportRun",
    "ImportSource",
    "ImportTwin",
    "ImportedItem",
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
    "RunState",
    "Skill",
    "SkillName",
    "Territory",
    "TerritoryKind",
    "TerritoryText",
    "Verdict",
    "Word",
    "WordPart",
]
