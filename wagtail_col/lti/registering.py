"""Tools that register themselves, and what becomes of them: approved, refused, suspended.

A coordinator begins (``start``) and opens the tool's registration page with an invitation; the
tool reads our configuration, posts what it is (``register``) and waits for approval.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col import __version__, conf, fetching
from wagtail_col.lti import log
from wagtail_col.lti.models import Message, RegistrationInvite, Tool, ToolState
from wagtail_col.lti.platform import configuration as about_us
from wagtail_col.lti.platform import registration, scopes
from wagtail_col.lti.platform.requirements import Refused

#: How long a tool has for registering itself.
LIFETIME = timedelta(hours=1)
#: Of each permission its field on the tool.
PERMISSIONS = ("may_names", "may_emails", "may_grades", "may_rosters")


class Started(NamedTuple):
    """Where the tool's registration page opens; ``invite.tool`` is there when it has registered."""

    url: str
    invite: RegistrationInvite


class NotReady(Exception):
    """A tool cannot be put into use: ``missing`` names the fields that are empty."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def start(url: str, user: AbstractBaseUser | None = None) -> Started:
    """Invite the tool whose registration link this is. Raises FetchRefused for a link that is none.

    The invitation is good for an hour and for one tool. Only a hash of its token is kept.
    """
    fetching.check_url(url)
    token = secrets.token_urlsafe(32)
    invite = RegistrationInvite.objects.create(
        digest=_digest(token), created_by=user, expires_at=timezone.now() + LIFETIME
    )
    return Started(url_for(url, token), invite)


def url_for(url: str, token: str) -> str:
    """The tool's registration link with what it needs to register here (3.2)."""
    parts = urlsplit(url)
    own = {
        "openid_configuration": _absolute("openid_configuration"),
        "registration_token": token,
    }
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in own]
    return urlunsplit((*parts[:3], urlencode([*query, *own.items()]), ""))


def configuration() -> dict[str, Any]:
    """What tools read about us before they register."""
    return about_us.configuration(
        issuer=conf.base_url(),
        authorization_endpoint=_absolute("auth"),
        token_endpoint=_absolute("token"),
        jwks_uri=_absolute("jwks"),
        registration_endpoint=_absolute("register"),
        version=__version__,
    )


def register(token: str, body: bytes) -> dict[str, Any]:
    """The tool that posted ``body`` with an invitation's token is there, and waits for approval.

    The answer for it. Raises ``Refused``: then nothing is there, and the invitation is still good
    unless it was that. The log has either, but for tokens that never were: they can be anybody's.
    """
    try:
        answer, tool = _register(token, body)
    except Refused as refused:
        if RegistrationInvite.objects.filter(digest=_digest(token)).exists():
            log.refused(None, Message.REGISTRATION, refused)
        raise
    log.done(tool, Message.REGISTRATION)
    return answer


def _register(token: str, body: bytes) -> tuple[dict[str, Any], Tool]:
    open_invites = RegistrationInvite.objects.filter(
        digest=_digest(token), tool=None, expires_at__gt=timezone.now()
    )
    # Before anything of what a stranger posted is looked at.
    if not open_invites.exists():
        raise Refused(registration.TOKEN, _why(token))
    document = registration.read_json(body)
    metadata = registration.read(document, conf.settings.FETCH_PRIVATE_HOSTS)
    with transaction.atomic():
        invite = open_invites.select_for_update().first()
        if invite is None:
            raise Refused(registration.TOKEN, "used")
        tool = _make(metadata, invite)
        # Where rows are not locked, this decides between two that come at once.
        if not open_invites.filter(pk=invite.pk).update(tool=tool):
            raise Refused(registration.TOKEN, "used")
    answer = registration.answer(
        document, metadata, client_id=tool.client_id, deployment_id=tool.deployment_id
    )
    return answer, tool


def _make(metadata: registration.ToolMetadata, invite: RegistrationInvite) -> Tool:
    return Tool.objects.create(
        name=metadata.name,
        description=metadata.description,
        login_url=metadata.login_url,
        launch_url=metadata.launch_url,
        deep_linking_url=metadata.deep_linking_url,
        redirect_uris=list(metadata.redirect_uris),
        jwks_url=metadata.jwks_url,
        jwks=metadata.jwks,
        custom=metadata.custom,
        asked_scopes=list(metadata.scopes),
        asked_claims=list(metadata.claims),
        contacts=list(metadata.contacts),
        policy_url=metadata.policy_url,
        created_by=invite.created_by,
    )


def _why(token: str) -> str:
    """What is the matter with an invitation."""
    invite = RegistrationInvite.objects.filter(digest=_digest(token)).first()
    if invite is None:
        return "unknown"
    return "used" if invite.tool_id else "expired"


def wants(tool: Tool) -> dict[str, bool]:
    """The permissions a tool asked for when it registered itself, by their fields."""
    claims, asked = set(tool.asked_claims), set(tool.asked_scopes)
    return {
        "may_names": not claims.isdisjoint(about_us.NAMES),
        "may_emails": about_us.EMAIL in claims,
        "may_grades": not asked.isdisjoint(scopes.GRADES),
        "may_rosters": scopes.MEMBERS_READ in asked,
    }


def asks(tool: Tool) -> list[str]:
    """What a tool asked for when it registered itself, a sentence each, for a coordinator."""
    words = {
        "may_names": _("To see the names of learners who agree to that."),
        "may_emails": _("To see the e-mail addresses of learners who agree to that."),
        "may_grades": _("To report progress and scores of learners, and to read them again."),
        "may_rosters": _("To list the learners of its courses who agree to that."),
    }
    wanted = wants(tool)
    return [words[name] for name in PERMISSIONS if wanted[name]]


def missing(tool: Tool) -> list[str]:
    """The fields without which no course of the tool can be opened."""
    needed = ("login_url", "launch_url", "redirect_uris")
    keys = [] if tool.jwks_url or tool.jwks else ["jwks_url"]
    return [name for name in needed if not getattr(tool, name)] + keys


def approve(
    tool: Tool,
    *,
    names: bool | None = None,
    emails: bool | None = None,
    grades: bool | None = None,
    rosters: bool | None = None,
) -> None:
    """Put a tool into use, with these permissions. None: what it has already.

    Progress and scores, which say nothing about who it is, are given to whoever asked for them;
    the rest has to be said. Raises NotReady. Names and addresses still need the consent of each
    learner.
    """
    if empty := missing(tool):
        raise NotReady(empty)
    wanted = wants(tool)
    for field, given in zip(PERMISSIONS, (names, emails, grades, rosters), strict=True):
        by_itself = field == "may_grades" and wanted[field]
        granted = by_itself or getattr(tool, field) if given is None else given
        setattr(tool, field, granted)
    _move(tool, ToolState.ACTIVE, *PERMISSIONS)


def refuse(tool: Tool) -> None:
    """The tool is not wanted. It can still be approved later."""
    _move(tool, ToolState.REFUSED)


def suspend(tool: Tool) -> None:
    """The tool's courses cannot be opened and it reaches nothing of ours, until it is approved."""
    _move(tool, ToolState.SUSPENDED)


def _move(tool: Tool, state: ToolState, *fields: str) -> None:
    tool.state = state
    tool.save(update_fields=["state", *fields])


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _absolute(name: str) -> str:
    return conf.base_url() + reverse(f"col_lti:{name}")
