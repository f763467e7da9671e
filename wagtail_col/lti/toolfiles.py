"""A course provider's set-up in a JSON file: read, checked, and brought into the database.

For people who keep their set-up in files. The same file may be read again and again: it changes
what it names, and makes nothing twice. ``FIELDS`` are the members it may have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_col import conf
from wagtail_col.lti import toolkeys
from wagtail_col.lti.models import OpensIn, Tool, ToolState
from wagtail_col.lti.platform import keyset
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.platform.urls import fault

MOST_URLS = 50
_IDENTIFIER = re.compile(r"[A-Za-z0-9._~-]{8,64}")


class FileFault(Exception):
    """A file cannot be taken: ``field`` is the member that is wrong ("" for all of it)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


def read(text: str) -> list[dict[str, Any]]:
    """The tools in a file: an object, or a list of them. Raises FileFault. Nothing is changed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileFault("", _("This is no JSON: %(error)s") % {"error": error}) from error
    found = document if isinstance(document, list) else [document]
    return [_values(one, f"[{n}]" if len(found) > 1 else "") for n, one in enumerate(found)]


@transaction.atomic
def apply(values: dict[str, Any]) -> tuple[Tool, str]:
    """Bring a tool in line with what ``read`` gave: "added", "changed" or "unchanged".

    It is found by its client id if the file names one, otherwise by its name. Raises FileFault.
    """
    tool = _find(values)
    if tool is None:
        tool = Tool(state=ToolState.PENDING)
        done = "added"
    elif all(getattr(tool, name) == value for name, value in values.items()):
        return tool, "unchanged"
    else:
        done = "changed"
    other_keys = done == "changed" and values.get("jwks_url", tool.jwks_url) != tool.jwks_url
    for name, value in values.items():
        setattr(tool, name, value)
    if not tool.jwks_url and not tool.jwks:
        raise FileFault("jwks_url", _("The keys are missing: give this, or “jwks”."))
    if not tool.redirect_uris:
        own = (tool.launch_url, tool.deep_linking_url)
        tool.redirect_uris = list(dict.fromkeys(filter(None, own)))
    tool.save()
    if other_keys:
        toolkeys.forget(tool)
    return tool, done


def _find(values: dict[str, Any]) -> Tool | None:
    tools = Tool.objects.select_for_update()
    if client_id := values.get("client_id"):
        found = tools.filter(client_id=client_id).first()
    else:
        named = list(tools.filter(name=values["name"])[:2])
        if len(named) > 1:
            raise FileFault("client_id", _("Several have this name: say which one is meant."))
        found = named[0] if named else None
    deployment_id = values.get("deployment_id")
    if deployment_id:
        others = Tool.objects.filter(deployment_id=deployment_id)
        if others.exclude(pk=found.pk if found else None).exists():
            raise FileFault("deployment_id", _("Another course provider has it."))
    return found


def _values(said: Any, where: str) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise FileFault(where, _("A course provider is a JSON object."))
    dot = f"{where}." if where else ""
    if unknown := sorted(set(said) - set(FIELDS)):
        known = ", ".join(FIELDS)
        raise FileFault(
            f"{dot}{unknown[0]}",
            _("There is no such field. There are: %(known)s") % {"known": known},
        )
    for name in ("name", "login_url", "launch_url"):
        if name not in said:
            raise FileFault(f"{dot}{name}", _("This is missing."))
    values = {}
    for name, value in said.items():
        try:
            values[name] = FIELDS[name](value)
        except ValueError as error:
            raise FileFault(f"{dot}{name}", str(error)) from error
    return values


def _name(value: Any) -> str:
    name = " ".join(_text(value).split())
    if not 0 < len(name) <= 255:
        raise ValueError(_("This is a text of 1 to 255 characters."))
    return name


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(_("This is a text."))
    return value


def _url(value: Any) -> str:
    if wrong := fault(value, conf.settings.FETCH_PRIVATE_HOSTS):
        raise ValueError(
            _("This is no complete address that begins with https:// (%(wrong)s).")
            % {"wrong": wrong}
        )
    return value


def _optional_url(value: Any) -> str:
    return "" if value in ("", None) else _url(value)


def _urls(value: Any) -> list[str]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_URLS:
        raise ValueError(_("This is a list of addresses, one at least."))
    return [_url(one) for one in value]


def _jwks(value: Any) -> dict | None:
    if value is None:
        return None
    try:
        return keyset.read(value)
    except Refused as refused:
        raise ValueError(f"{refused.requirement.says} ({refused.detail})") from refused


def _custom(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError(_("This is an object of names and texts."))
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("This is true or false."))
    return value


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(_("This is one of: %(choices)s") % {"choices": ", ".join(choices)})
        return value

    return check


def _identifier(value: Any) -> str:
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise ValueError(_("This is 8 to 64 letters, digits and -._~, and nobody else’s."))
    return value


def _keys(value: Any) -> list[str]:
    try:
        return [str(UUID(one)) for one in value]
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(_("This is a list of keys (UUIDs).")) from error


#: The members of a file and how each is read. ``docs/reference/commands.md`` describes them.
FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "login_url": _url,
    "launch_url": _url,
    "deep_linking_url": _optional_url,
    "redirect_uris": _urls,
    "jwks_url": _optional_url,
    "jwks": _jwks,
    "custom": _custom,
    "description": _text,
    "policy_url": _optional_url,
    "may_names": _flag,
    "may_emails": _flag,
    "may_grades": _flag,
    "may_rosters": _flag,
    "opens_in": _one_of(*OpensIn.values),
    "offered_to": _keys,
    "state": _one_of(*ToolState.values),
    "client_id": _identifier,
    "deployment_id": _identifier,
}
