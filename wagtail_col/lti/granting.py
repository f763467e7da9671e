"""Who may use our services: access tokens, given to tools and asked for with every call."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wagtail_col.lookups import LookUp
from wagtail_col.lti import keys, log, seen, toolkeys
from wagtail_col.lti.addresses import issuer, token_url
from wagtail_col.lti.models import Message, Tool, ToolState
from wagtail_col.lti.platform import tokens
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.platform.scopes import scopes_of

_IN_USE = LookUp(
    lambda client_id, deployment_id: Tool.objects.filter(
        client_id=client_id, deployment_id=deployment_id, state=ToolState.ACTIVE
    )
)
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class NotGranted(Exception):
    """No access token; ``error`` is the code that RFC 6749, section 5.2, has for it."""

    def __init__(self, refused: Refused, error: str) -> None:
        super().__init__(str(refused))
        self.refused = refused
        self.error = error


class Caller(NamedTuple):
    """A tool in use, and what its access token says."""

    tool: Tool
    access: tokens.Access


def grant(form: Mapping[str, list[str]]) -> dict[str, Any]:
    """An access token for who proves to be a tool in use (RFC 6749, section 5.1). Logged.

    ``form``: the parameters of the request with their values. Raises NotGranted.
    """
    tool = error = None
    try:
        request = tokens.read_request(form)
        # Whatever is wrong with who it says it is comes to the same for who asks.
        error = "invalid_client"
        tool = _claimed(request)
        _check_proof(tool, request)
        error = None
        scopes = tokens.granted(request.scopes, scopes_of(tool.may_grades, tool.may_rosters))
    except Refused as refused:
        log.refused(tool, Message.TOKEN, refused)
        raise NotGranted(refused, error or refused.requirement.error) from refused
    access_token = tokens.issue(
        keys.active_key(),
        issuer=issuer(),
        audience=audience(),
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        scopes=scopes,
        now=int(time.time()),
    )
    log.done(tool, Message.TOKEN)
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": tokens.LIFETIME,
        "scope": " ".join(scopes),
    }


def caller(authorization: str | None) -> Caller:
    """Whose access token an ``Authorization`` header holds. Raises ``Refused``.

    Looked up with every call, so that a tool which is suspended is out at once.
    """
    access = tokens.read_access(
        tokens.bearer(authorization),
        keys.public_jwks(),
        issuer=issuer(),
        audience=audience(),
        now=time.time(),
    )
    tool = _IN_USE.first(client_id=access.client_id, deployment_id=access.deployment_id)
    if tool is None:
        raise Refused(tokens.ACCESS_TOKEN, "of a course provider that is not in use")
    return Caller(tool, access)


def check_scope(asking: Caller, any_of: Iterable[str]) -> None:
    """One of these scopes is in the token, and still permitted. Raises ``Refused``."""
    tool = asking.tool
    tokens.check_scope(asking.access, scopes_of(tool.may_grades, tool.may_rosters), any_of)


def _claimed(request: tokens.TokenRequest) -> Tool:
    client_id = tokens.claimed_client(request)
    tool = None
    if _CLIENT_ID.fullmatch(client_id):
        tool = Tool.objects.filter(client_id=client_id).first()
    if tool is None:
        raise Refused(tokens.ASSERTION_CLIENT)
    return tool


def _check_proof(tool: Tool, request: tokens.TokenRequest) -> None:
    if not tool.is_active:
        raise Refused(tokens.ASSERTION_STATE)
    claims = toolkeys.verify(tool, request.assertion)
    tokens.check_assertion(
        claims,
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        audiences={token_url(), issuer()},
        now=time.time(),
    )
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    if not seen.remember(tool, "assertion", claims["jti"], expires_at):
        raise Refused(tokens.ASSERTION_REPLAY)


def audience() -> str:
    """Who our access tokens are for: these services, and nobody our messages are for."""
    return f"{issuer()}/col/lti/services"
