"""A learner's way: playlists and their steps, who is on them, what was done, and claim codes."""

from .claims import ClaimCode, FailedClaim
from .playlists import Playlist, PlaylistText, Step, StepKind, StepText
from .progress import Completion, Enrolment, Evidence

__all__ = [
    "ClaimCode",
    "Completion",
    "Enrolment",
    "Evidence",
    "FailedClaim",
    "Playlist",
    "PlaylistText",
    "Step",
    "StepKind",
    "StepText",
]
