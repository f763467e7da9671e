"""A learner's profile as their wallet gets it, and what of it a wallet may change.

Source: Open Badges 3.0, sections 6.2.4, 6.2.5 and B.1.22 (Profile).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist, ValidationError

from wagtail_col.api.errors import Refused
from wagtail_col.api.models import Connection
from wagtail_col.badges.openbadges.jsonld import OPEN_BADGES

#: Members of a Profile, and the fields of an account that hold them, where it has these.
_NAMES = {"givenName": "first_name", "familyName": "last_name"}


def identifier(connection: Connection) -> str:
    """What the wallet knows the learner by; another wallet gets another one."""
    return f"urn:uuid:{connection.key}"


def profile(connection: Connection) -> dict[str, Any]:
    learner = connection.learner
    values = {
        "@context": [OPEN_BADGES],
        "id": identifier(connection),
        "type": ["Profile"],
        "name": learner.get_full_name() if hasattr(learner, "get_full_name") else "",
        "email": email_of(learner),
        **{
            member: getattr(learner, field)
            for member, field in _NAMES.items()
            if _has(learner, field)
        },
    }
    return {member: value for member, value in values.items() if value}


def profile_v2(connection: Connection) -> dict[str, Any]:
    """The same for Open Badges 2.1."""
    values = profile(connection)
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "id": values["id"],
        "type": "Profile",
        **{name: values[name] for name in ("name", "email") if name in values},
    }


def update(connection: Connection, sent: dict[str, Any]) -> dict[str, Any]:
    """Take the learner's name from a whole Profile; the profile as it is then.

    What an account does not hold is not kept, as the standard allows. Raises Refused (400).
    """
    check(connection, sent)
    learner = connection.learner
    changed = []
    for member, field in _NAMES.items():
        if member in sent and _has(learner, field):
            setattr(learner, field, _cleaned(learner, field, member, sent[member]))
            changed.append(field)
    if changed:
        learner.save(update_fields=changed)
    return profile(connection)


def check(connection: Connection, sent: dict[str, Any]) -> None:
    """Whether this is a profile of this learner. Raises Refused (400)."""
    types = sent.get("type")
    if "Profile" not in (types if isinstance(types, list) else [types]):
        raise Refused(400, "type", "A Profile has the type Profile.")
    if sent.get("id") != identifier(connection):
        raise Refused(400, "id", "This is not the profile of this learner.")
    if "email" in sent and sent["email"] != email_of(connection.learner):
        raise Refused(400, "email", "Learners change their e-mail address on this site alone.")


def email_of(learner: AbstractBaseUser) -> str:
    return str(getattr(learner, learner.get_email_field_name(), "") or "")


def _cleaned(learner: AbstractBaseUser, field: str, member: str, value: Any) -> str:
    if not isinstance(value, str) or not (value == "" or value.isprintable()):
        raise Refused(400, member, f"{member} has to be one line of text.")
    try:
        return learner._meta.get_field(field).clean(value.strip(), learner)
    except ValidationError as error:
        raise Refused(400, member, " ".join(error.messages)) from error


def _has(learner: AbstractBaseUser, field: str) -> bool:
    try:
        learner._meta.get_field(field)
    except FieldDoesNotExist:
        return False
    return True
