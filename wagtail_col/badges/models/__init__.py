"""Issuers and their keys, achievements, awards, the lists that say which were revoked; and what
people do with badges: give them to many, share them, bring them from elsewhere, endorse them."""

from .achievements import (
    Achievement,
    AchievementSkill,
    AchievementText,
    Assessment,
    BadgeShape,
    Level,
    Requirement,
)
from .awards import Award, PastEdition
from .endorsements import Endorsement
from .giving import AwardList, Invitation, ListedLearner, Outcome
from .imports import ImportedBadge, ImportForm
from .issuers import Issuer, KeyKind, SigningKey, StatusForm
from .pictures import Picture, PictureType
from .shares import Erased, Share
from .skills import Framework, Skill, SkillName
from .status import RevokedCredential, StatusList, StatusPurpose

__all__ = [
    "Achievement",
    "AchievementSkill",
    "AchievementText",
    "Assessment",
    "Award",
    "AwardList",
    "BadgeShape",
    "Endorsement",
    "Erased",
    "Framework",
    "ImportForm",
    "ImportedBadge",
    "Invitation",
    "Issuer",
    "KeyKind",
    "Level",
    "ListedLearner",
    "Outcome",
    "PastEdition",
    "Picture",
    "PictureType",
    "Requirement",
    "RevokedCredential",
    "Share",
    "SigningKey",
    "Skill",
    "SkillName",
    "StatusForm",
    "StatusList",
    "StatusPurpose",
]
