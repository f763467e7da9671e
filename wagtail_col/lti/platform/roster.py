"""The members of a context, as tools with that permission read them.

Source: Names and Role Provisioning Services 2.0, sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.custom import substitute
from wagtail_col.lti.platform.launch import Person
from wagtail_col.lti.platform.requirements import requirement
from wagtail_col.lti.platform.roles import ROLES, role_uris

#: Media type (section 2.1).
CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
#: Query parameters that narrow the members down (sections 2.4.1 and 3).
FILTERS = ("role", "rlid")
#: Statuses (section 2.3); the last one in differences only.
ACTIVE, INACTIVE, DELETED = "Active", "Inactive", "Deleted"

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
#: Beginnings of variables whose value is another one for each member (section 3.2).
_PERSONAL = ("$User.", "$Person.", "$Membership.")

MEMBERS_LINK = requirement(
    "members-link",
    "Names and Role Provisioning Services 2.0, 3.1",
    "rlid",
    _("The list of learners is asked for a course that this provider has not got in this place."),
    _("The course may have been taken out of the playlist. Nothing has to be done."),
    error="not_found",
    status=404,
)
MEMBERS_SINCE = requirement(
    "members-since",
    "Names and Role Provisioning Services 2.0, 2.4.3",
    "since",
    _("The address for what has changed since the last time was changed."),
    _("The course provider has to use that address exactly as we gave it. Tell its support."),
)


@dataclass(frozen=True)
class Member:
    """``person`` holds a name or an e-mail address only where the tool may have it."""

    person: Person
    status: str


def container_json(
    url: str, *, context_id: str, title: str, members: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    """The container at ``url``."""
    context = {"id": context_id, **({"title": title} if title else {})}
    return {"id": url, "context": context, "members": list(members)}


def member_json(member: Member, custom: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A member as we answer it.

    ``custom``: the custom parameters of the course when it is asked for one (section 3.2). Those
    that say something about the member come with it, filled in.
    """
    person = member.person
    members: dict[str, Any] = {
        "user_id": person.sub,
        "roles": role_uris(person.role),
        "status": member.status,
        **person.identity(),
    }
    if custom is not None and member.status != DELETED:
        members["message"] = [_message(person, custom)]
    return members


def roles_like(value: str) -> set[str]:
    """Our roles that a ``role`` of a query means: a URI, or the last part of a context role."""
    uri = value if ":" in value else f"{_MEMBERSHIP}{value}"
    return {role for role, uris in ROLES.items() if uri in uris}


def _message(person: Person, custom: Mapping[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {f"{_CLAIM}message_type": "LtiResourceLinkRequest"}
    personal = {
        name: value
        for name, value in custom.items()
        if isinstance(value, str) and value.startswith(_PERSONAL)
    }
    if personal:
        message[f"{_CLAIM}custom"] = substitute(personal, _variables(person))
    return message


def _variables(person: Person) -> dict[str, str]:
    return {
        "User.id": person.sub,
        "Person.sourcedId": "",
        "Person.name.full": person.name,
        "Person.name.given": person.given_name,
        "Person.name.family": person.family_name,
        "Person.email.primary": person.email,
        "Membership.role": ",".join(role_uris(person.role)),
    }
