"""Tools, their keys, courses and people, as the tests of this floor need them."""

from __future__ import annotations

import json
import uuid
from functools import cache
from typing import Any

import jwt as pyjwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from tests.factories import UserFactory
from wagtail_col import vault
from wagtail_col.lti.models import (
    Context,
    Course,
    DeepLinkReturn,
    LaunchTicket,
    LineItem,
    Membership,
    PlatformKey,
    ResourceLink,
    Role,
    TicketKind,
    Tool,
    ToolState,
    ToolUser,
)
from wagtail_col.lti.platform import jwt

ISSUER = "http://testserver"
TOOL_HOST = "https://tool.example.org"
TOOL_KID = "tool-key"


@cache
def _made(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def rsa_key(name: str = TOOL_KID, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key pair of the run: one for each name."""
    return _made(name, bits)


def private_key(name: str = "platform-key") -> jwt.PrivateKey:
    """A key as the platform signs with one."""
    return jwt.PrivateKey(name, rsa_key(name))


def make_platform_key() -> PlatformKey:
    """The platform's active key: the run's, because making one takes half a second."""
    key = private_key()
    pem = key.rsa_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made, _created = PlatformKey.objects.get_or_create(
        kid=key.kid,
        defaults={"public_jwk": public_jwk(key.kid), "private_encrypted": vault.encrypt(pem)},
    )
    return made


def public_jwk(name: str = TOOL_KID, key: rsa.RSAPrivateKey | None = None, **members) -> dict:
    """The public half as it stands in a key set."""
    jwk = json.loads(RSAAlgorithm.to_jwk((key or rsa_key(name)).public_key()))
    return {
        "kty": "RSA",
        "n": jwk["n"],
        "e": jwk["e"],
        "kid": name,
        "alg": "RS256",
        "use": "sig",
    } | members


def jwks(*names: str) -> dict:
    return {"keys": [public_jwk(name) for name in names or (TOOL_KID,)]}


def sign_as_tool(
    claims: dict[str, Any],
    kid: str | None = TOOL_KID,
    key: Any = None,
    algorithm: str = "RS256",
    headers: dict | None = None,
) -> str:
    """A token as a tool would send it; anything about it can be made wrong."""
    extra = {**({"kid": kid} if kid else {}), **(headers or {})}
    return pyjwt.encode(claims, key if key is not None else rsa_key(), algorithm, headers=extra)


def make_tool(**values) -> Tool:
    """A tool in use that may do everything, with its keys pasted (nothing is fetched)."""
    return Tool.objects.create(
        **{
            "name": "Course house",
            "state": ToolState.ACTIVE,
            "login_url": f"{TOOL_HOST}/login",
            "launch_url": f"{TOOL_HOST}/launch",
            "deep_linking_url": f"{TOOL_HOST}/pick",
            "redirect_uris": [f"{TOOL_HOST}/launch", f"{TOOL_HOST}/pick"],
            "jwks": jwks(),
            "may_names": True,
            "may_emails": True,
            "may_grades": True,
            "may_rosters": True,
        }
        | values
    )


def make_course(tool: Tool | None = None, **values) -> Course:
    """A course that reports a score out of 100."""
    return Course.objects.create(
        **{
            "tool": tool or make_tool(),
            "identity": uuid.uuid4().hex,
            "url": f"{TOOL_HOST}/courses/1",
            "title": "First aid",
            "score_maximum": 100.0,
        }
        | values
    )


def make_context(title: str = "Podcast from zero", key: uuid.UUID | None = None) -> Context:
    return Context.objects.create(key=key or uuid.uuid4(), title=title)


def make_link(course: Course | None = None, context: Context | None = None) -> ResourceLink:
    """A placed course, without a line item."""
    return ResourceLink.objects.create(
        course=course or make_course(), context=context or make_context()
    )


def make_line_item(link: ResourceLink, **values) -> LineItem:
    """The placed course's own line item."""
    return LineItem.objects.create(
        **{
            "tool": link.course.tool,
            "context": link.context,
            "resource_link": link,
            "label": link.course.title,
            "score_maximum": link.course.score_maximum or 100.0,
            "by_tool": False,
        }
        | values
    )


def make_tool_user(tool: Tool, user=None, **values) -> ToolUser:
    """Somebody who has agreed to share name and e-mail address."""
    return ToolUser.objects.create(
        **{
            "tool": tool,
            "user": user or UserFactory(first_name="Ana", last_name="Novak"),
            "shares_name": True,
            "shares_email": True,
            "decided_at": timezone.now(),
        }
        | values
    )


def make_member(
    context: Context, tool_user: ToolUser, role: str = Role.LEARNER, **values
) -> Membership:
    return Membership.objects.create(
        **{
            "context": context,
            "tool_user": tool_user,
            "role": role,
            "changed_at": timezone.now(),
        }
        | values
    )


def make_picking_ticket(tool: Tool, user, context_key: uuid.UUID, **values) -> LaunchTicket:
    """Somebody is looking around in a tool's catalogue, for one page."""
    context, _new = Context.objects.get_or_create(key=context_key)
    tool_user, _new = ToolUser.objects.get_or_create(tool=tool, user=user)
    now = timezone.now()
    return LaunchTicket.objects.create(
        **{
            "kind": TicketKind.DEEP_LINKING,
            "tool": tool,
            "tool_user": tool_user,
            "context": context,
            "session": "session",
            "role": Role.EDITOR,
            "language": "en",
            "opens_in": "window",
            "return_path": "/admin/",
            "expires_at": now,
            "used_at": now,
        }
        | values
    )


def make_return(tool: Tool, user, context_key: uuid.UUID, *items: dict) -> DeepLinkReturn:
    """What somebody picked: content items as they come."""
    return DeepLinkReturn.objects.create(
        ticket=make_picking_ticket(tool, user, context_key),
        items=[{"item": item, "picture": ""} for item in items or (content_item(),)],
    )


def content_item(**members) -> dict:
    """A course with a score, as a catalogue sends it."""
    return {
        "type": "ltiResourceLink",
        "url": f"{TOOL_HOST}/courses/1",
        "title": "First aid",
        "lineItem": {"scoreMaximum": 10, "resourceId": "first-aid"},
    } | members
