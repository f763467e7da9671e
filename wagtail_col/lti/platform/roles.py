"""Our roles in the words of LTI.

Source: LTI 1.3 core, appendix A.2 (role vocabularies). Context roles say what somebody is in this
playlist; the institution role beside it is for tools that look at nothing else.
"""

from __future__ import annotations

_CONTEXT = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
_INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"

LEARNER = f"{_CONTEXT}Learner"
MENTOR = f"{_CONTEXT}Mentor"
CONTENT_DEVELOPER = f"{_CONTEXT}ContentDeveloper"
INSTRUCTOR = f"{_CONTEXT}Instructor"

#: By ``models.Role``. An editor is an instructor too: pickers open for nobody else.
ROLES: dict[str, tuple[str, ...]] = {
    "learner": (LEARNER, f"{_INSTITUTION}Learner"),
    "mentor": (MENTOR, f"{_INSTITUTION}Mentor"),
    "editor": (INSTRUCTOR, CONTENT_DEVELOPER, f"{_INSTITUTION}Instructor"),
}


def role_uris(role: str) -> list[str]:
    """The URIs for one of our roles. Raises ValueError for another."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role.")
    return list(ROLES[role])
