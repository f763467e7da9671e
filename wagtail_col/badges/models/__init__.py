"""Issuers and their keys, achievements, awards and the lists that say which were revoked."""

from .achievements import Achievement, AchievementText
from .awards import Award
from .issuers import Issuer, SigningKey
from .status import StatusList

__all__ = ["Achievement", "AchievementText", "Award", "Issuer", "SigningKey", "StatusList"]
