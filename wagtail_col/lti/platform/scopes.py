"""What a tool may ask our services for.

Sources: Assignment and Grade Services 2.0, section 3.6; Names and Role Provisioning Services 2.0,
section 3.1.
"""

from __future__ import annotations

_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"

LINE_ITEM = f"{_AGS}lineitem"
LINE_ITEM_READ = f"{_AGS}lineitem.readonly"
RESULT_READ = f"{_AGS}result.readonly"
SCORE = f"{_AGS}score"
MEMBERS_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

#: In the order in which they are told to tools.
GRADES = (LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE)
ALL = (*GRADES, MEMBERS_READ)


def scopes_of(may_grades: bool, may_rosters: bool) -> list[str]:
    """The scopes of a tool with these permissions."""
    return [*(GRADES if may_grades else ()), *((MEMBERS_READ,) if may_rosters else ())]
