"""Tools and their keys, courses and where they are placed, learners as tools know them, results."""

from .courses import Context, Course, LineItem, ResourceLink
from .keys import PlatformKey
from .log import LogEntry, Message, Outcome
from .people import Membership, MembershipState, Role, ToolUser
from .results import Result, Score
from .tickets import DeepLinkReturn, LaunchTicket, RegistrationInvite, SeenToken, TicketKind
from .tools import OpensIn, Tool, ToolState

__all__ = [
    "Context",
    "Course",
    "DeepLinkReturn",
    "LaunchTicket",
    "LineItem",
    "LogEntry",
    "Membership",
    "MembershipState",
    "Message",
    "OpensIn",
    "Outcome",
    "PlatformKey",
    "RegistrationInvite",
    "ResourceLink",
    "Result",
    "Role",
    "Score",
    "SeenToken",
    "TicketKind",
    "Tool",
    "ToolState",
    "ToolUser",
]
