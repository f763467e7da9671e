"""A course provider as text: what the other side needs to know, what we know, what it may do."""

from __future__ import annotations

from django.urls import reverse

from wagtail_col.conf import base_url
from wagtail_col.lti import registering, toolkeys
from wagtail_col.lti.models import Tool


def line(tool: Tool) -> str:
    """The tool on one line."""
    return f"{tool.pk}  {tool.name}  {tool.state}  client id {tool.client_id}"


def blocks(tool: Tool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings, each with names and values. In English, as set-up is written."""
    return [
        (f"{tool.name} ({tool.state})", [("Number", str(tool.pk)), ("Key", str(tool.key))]),
        ("To enter at the course provider", for_the_tool(tool)),
        ("Known of the course provider", _of_the_tool(tool)),
        ("It may", _permissions(tool)),
    ]


def for_the_tool(tool: Tool) -> list[tuple[str, str]]:
    """What is entered at the tool, by the names most of them use."""
    return [
        ("Issuer (platform id)", base_url()),
        ("Client id", tool.client_id),
        ("Deployment id", tool.deployment_id),
        ("Authentication request URL", _absolute("auth")),
        ("Access token URL", _absolute("token")),
        ("Public key set URL", _absolute("jwks")),
        ("OpenID configuration", _absolute("openid_configuration")),
    ]


def _of_the_tool(tool: Tool) -> list[tuple[str, str]]:
    keys = tool.jwks_url or ("pasted" if tool.jwks else "none")
    values = [
        ("Login URL", tool.login_url),
        ("Launch URL", tool.launch_url),
        ("Deep linking URL", tool.deep_linking_url or "none: it has no catalogue"),
        *(("Redirect URL", str(uri)) for uri in tool.redirect_uris),
        ("Keys", keys),
        ("Opens in", tool.opens_in),
        *((f"Custom parameter {name}", str(value)) for name, value in tool.custom.items()),
        *(("Contact", str(contact)) for contact in tool.contacts),
    ]
    if tool.policy_url:
        values.append(("Privacy policy", tool.policy_url))
    if tool.keys_fetched_at:
        values.append(("Keys last fetched", f"{tool.keys_fetched_at:%Y-%m-%d %H:%M} UTC"))
    if tool.keys_error:
        values.append(("Keys could not be fetched", toolkeys.error(tool)))
    return values


def _permissions(tool: Tool) -> list[tuple[str, str]]:
    wants = registering.wants(tool)
    return [
        (
            name.removeprefix("may_"),
            ("yes" if getattr(tool, name) else "no") + (", asked for" if wants[name] else ""),
        )
        for name in registering.PERMISSIONS
    ]


def _absolute(name: str) -> str:
    return base_url() + reverse(f"col_lti:{name}")
