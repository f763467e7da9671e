"""A learner's way: playlists and their steps, who is on them, what was done, claim codes, and
what learners send in."""

from .claims import ClaimCode, CodeSheet, CodeUse, FailedClaim
from .devices import CarriedProgress, TakenOver
from .playlists import OpportunityBadge, Playlist, PlaylistText, Step, StepKind, StepText
from .progress import Completion, Enrolment, Evidence
from .submissions import EvidenceFile, Reviewer, ReviewState, Submission
from .waivers import Waiver, WaiverState

__all__ = [
    "CarriedProgress",
    "ClaimCode",
    "CodeSheet",
    "CodeUse",
    "Completion",
    "Enrolment",
    "Evidence",
    "EvidenceFile",
    "FailedClaim",
    "OpportunityBadge",
    "Playlist",
    "PlaylistText",
    "ReviewState",
    "Reviewer",
    "Step",
    "StepKind",
    "StepText",
    "Submission",
    "TakenOver",
    "Waiver",
    "WaiverState",
]
