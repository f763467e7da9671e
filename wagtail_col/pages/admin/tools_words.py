"""What a course provider's page says: its state and what to do next, values to copy."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_col.conf import base_url
from wagtail_col.lti import registering
from wagtail_col.lti.models import Tool, ToolState


class Value(NamedTuple):
    """Something the other side has to know, and what it is called elsewhere."""

    name: str
    label: str
    value: str
    also: str


class Standing(NamedTuple):
    """Where a provider stands and what to do next; ``status``: of Wagtail's help block."""

    status: str
    says: str
    next: str


def values_for(tool: Tool) -> list[Value]:
    """What the provider's administrators write into their own settings."""
    return [
        Value(
            "issuer",
            _("Platform ID"),
            base_url(),
            _("Also called issuer. It names this site."),
        ),
        Value("client-id", _("Client ID"), tool.client_id, _("Names this connection.")),
        Value(
            "deployment-id",
            _("Deployment ID"),
            tool.deployment_id,
            _("Some providers ask for it afterwards, under “Deployments”."),
        ),
        Value(
            "auth",
            _("Authentication request URL"),
            _absolute("auth"),
            _("Also called OIDC authorization endpoint."),
        ),
        Value("token", _("Access token URL"), _absolute("token"), _("Also called token endpoint.")),
        Value(
            "jwks",
            _("Key set URL"),
            _absolute("jwks"),
            _("Also called public keyset URL or JWKS URL."),
        ),
    ]


def missing(tool: Tool) -> list[str]:
    """What has to be written in before anybody can open a course, in words."""
    labels = {
        "login_url": _("login URL"),
        "launch_url": _("launch URL"),
        "redirect_uris": _("redirect URLs"),
        "jwks_url": _("key set URL"),
    }
    gaps = registering.missing(tool)
    if "launch_url" in gaps and "redirect_uris" in gaps:
        # With a launch URL there is a redirect URL.
        gaps.remove("redirect_uris")
    return [labels[name] for name in gaps]


def standing(tool: Tool) -> Standing:
    """In a sentence, for somebody who looks at it for the first time."""
    if tool.state == ToolState.ACTIVE:
        if not tool.deep_linking_url:
            return Standing(
                "info",
                _("In use."),
                _(
                    "It has no catalogue to pick courses from, because its deep linking URL is "
                    "missing. Ask the provider for it."
                ),
            )
        return Standing(
            "info",
            _("In use."),
            _("Editors pick its courses in a playlist or an opportunity: “Add online course”."),
        )
    if tool.state == ToolState.SUSPENDED:
        return Standing(
            "warning",
            _("Suspended: nobody can open its courses."),
            _("What learners have done is kept. Resume it when all is well again."),
        )
    if tool.state == ToolState.REFUSED:
        return Standing(
            "warning",
            _("Refused: it cannot be used."),
            _("Change your mind below, or delete it."),
        )
    if gaps := missing(tool):
        return Standing(
            "warning",
            _("Not connected yet. Missing: %(what)s.") % {"what": ", ".join(gaps)},
            _(
                "Give the course provider the values under “For the course provider”, and write "
                "in what it shows you."
            ),
        )
    return Standing(
        "warning",
        _("Waiting for your approval: nobody can open its courses yet."),
        _("Look at what it may do, tick what you agree to, and approve."),
    )


def _absolute(name: str) -> str:
    return base_url() + reverse(f"col_lti:{name}")
