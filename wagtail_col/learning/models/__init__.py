"""A learner's way: playlists and their steps, who is on them, what was done, claim codes, and
what learners send in."""

from .claims import ClaimCode, CodeSheet, CodeUse, FailedClaim
from .dates import CalendarFeed, Reminders, SentReminder
from .devices import CarriedProgress, TakenOver
from .groups import GroupMember, LearnerGroup
from .own_learning import OwnLearning, Reflection
from .past import PastLearners
from .playlists import (
    OpportunityBadge,
    Playlist,
    PlaylistText,
    PlaylistVersion,
    Step,
    StepKind,
    StepText,
    VersionStep,
)
from .progress import Completion, Enrolment, Evidence
from .submissions import EvidenceFile, Reviewer, ReviewState, Submission
from .waivers import Waiver, WaiverState

__all__ = [
    "CalendarFeed",
    "CarriedProgress",
    "ClaimCode",
    "CodeSheet",
    "CodeUse",
    "Completion",
    "Enrolment",
    "Evidence",
    "EvidenceFile",
    "FailedClaim",
    "GroupMember",
    "LearnerGroup",
    "OpportunityBadge",
    "OwnLearning",
    "PastLearners",
    "Playlist",
    "PlaylistText",
    "PlaylistVersion",
    "Reflection",
    "Reminders",
    "ReviewState",
    "Reviewer",
    "SentReminder",
    "Step",
    "StepKind",
    "StepText",
    "Submission",
    "TakenOver",
    "VersionStep",
    "Waiver",
    "WaiverState",
]
