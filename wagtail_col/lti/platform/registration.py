"""Dynamic Registration: what a tool says about itself, and what we answer.

Sources: LTI Dynamic Registration 1.0; OpenID Connect Dynamic Client Registration 1.0; RFC 7591.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform import keyset, scopes
from wagtail_col.lti.platform.configuration import CLAIMS, DEEP_LINKING, RESOURCE_LINK
from wagtail_col.lti.platform.requirements import Refused, Requirement, requirement
from wagtail_col.lti.platform.urls import fault

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"

MOST_BYTES = 256 * 1024
MOST_URLS = 50
MOST_CUSTOM = 100
LONGEST_TEXT = 2000
LONGEST_NAME = 255

_SPEC = "Dynamic Registration 1.0"
_SUPPORT = _("The registration was made by the course provider. Tell its support this field.")


def _metadata(code: str, section: str, member: str, says: Any, mend: Any = _SUPPORT) -> Requirement:
    return requirement(code, section, member, says, mend, error="invalid_client_metadata")


TOKEN = requirement(
    "registration-token",
    f"{_SPEC}, 3.5",
    "registration_token",
    _("The registration was made with a link that is not valid, was used before or is too old."),
    _(
        "Begin once more under “Add a course provider”: an invitation is good for one hour and for"
        " one provider."
    ),
    error="invalid_token",
    status=401,
)
SIZE = requirement(
    "registration-size",
    "RFC 9110, 15.5.14",
    "body",
    _("The registration is too long."),
    _SUPPORT,
    error="invalid_client_metadata",
    status=413,
)
JSON = _metadata(
    "registration-json", "RFC 7591, 3.1", "body", _("The registration is not a JSON object.")
)
NAME = _metadata(
    "registration-name",
    f"{_SPEC}, 3.4.2",
    "client_name",
    _("The course provider did not say what it is called."),
)
URL = _metadata(
    "registration-url",
    f"{_SPEC}, 3.4.2",
    "initiate_login_uri",
    _("An address in the registration cannot be used."),
    _("Each has to be a complete address that begins with https://. Tell the provider’s support."),
)
REDIRECT_URI = requirement(
    "registration-redirect-uri",
    "RFC 7591, 3.2.2",
    "redirect_uris",
    _("The addresses that messages are to be sent to cannot be used."),
    _(
        "Each has to be a complete address that begins with https:// and has no “#”, and there has"
        " to be one at least. Tell the provider’s support."
    ),
    error="invalid_redirect_uri",
)
KEYS = _metadata(
    "registration-keys",
    "RFC 7591, 2",
    "jwks_uri",
    _("The course provider gave no keys, or its keys cannot be used."),
)
METHOD = _metadata(
    "registration-method",
    f"{_SPEC}, 3.4.2",
    "token_endpoint_auth_method",
    _("The course provider wants to log in by another way than LTI 1.3 knows."),
)
TOOL_CONFIGURATION = _metadata(
    "registration-tool",
    f"{_SPEC}, 3.4.3",
    "lti-tool-configuration",
    _("The registration does not say what the course provider is as a tool of LTI."),
)
CUSTOM = _metadata(
    "registration-custom",
    f"{_SPEC}, 3.4.3",
    "custom_parameters",
    _("The custom parameters are not names with texts."),
)


@dataclass(frozen=True)
class ToolMetadata:
    """What a tool says about itself, checked. ``scopes`` and ``claims``: those we know."""

    name: str
    login_url: str
    launch_url: str
    redirect_uris: tuple[str, ...]
    deep_linking_url: str = ""
    jwks_url: str = ""
    jwks: dict[str, Any] | None = None
    description: str = ""
    policy_url: str = ""
    contacts: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    custom: dict[str, str] = field(default_factory=dict)


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a registration. Raises ``Refused``."""
    if len(body) > MOST_BYTES:
        raise Refused(SIZE, f"more than {MOST_BYTES} bytes")
    try:
        document = json.loads(body.decode(), object_pairs_hook=_once_each)
        # Neither NaN nor halves of a surrogate pair: they could not be written again.
        written = json.dumps(document, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (ValueError, RecursionError) as error:
        raise Refused(JSON, "not JSON") from error
    if "\\u0000" in written:
        raise Refused(JSON, "U+0000")  # No database keeps it.
    if not isinstance(document, dict):
        raise Refused(JSON, "not an object")
    return document


def read(document: Mapping[str, Any], http_hosts: Collection[str] = ()) -> ToolMetadata:
    """What a tool posted (3.4). ``http_hosts``: hosts that may do without https.

    Raises ``Refused``. What we do not know is passed over (RFC 7591, section 2).
    """
    tool = document.get(TOOL)
    if not isinstance(tool, dict):
        raise Refused(TOOL_CONFIGURATION, "none")
    _check_method(document)
    redirect_uris = _redirect_uris(document.get("redirect_uris"), http_hosts)
    messages = _messages(tool)
    opens, picks = messages.get(RESOURCE_LINK, {}), messages.get(DEEP_LINKING)
    target = _url(tool, "target_link_uri", http_hosts)
    launch_url = _url(opens, "target_link_uri", http_hosts) or target or redirect_uris[0]
    picks_at = _url(picks or {}, "target_link_uri", http_hosts) or target or launch_url
    jwks_url, jwks = _keys(document, http_hosts)
    return ToolMetadata(
        name=_name(document),
        login_url=_url(document, "initiate_login_uri", http_hosts, needed=True),
        launch_url=launch_url,
        redirect_uris=redirect_uris,
        deep_linking_url="" if picks is None else picks_at,
        jwks_url=jwks_url,
        jwks=jwks,
        description=_text(tool.get("description"))[:LONGEST_TEXT],
        policy_url=_optional_url(document.get("policy_uri"), http_hosts),
        contacts=tuple(_text(one)[:200] for one in _list(document.get("contacts"))[:10]),
        scopes=_known(_text(document.get("scope")).split(), scopes.ALL),
        claims=_known(_list(tool.get("claims")), CLAIMS),
        custom=_custom(tool) | _custom(opens),
    )


def answer(
    document: Mapping[str, Any], metadata: ToolMetadata, *, client_id: str, deployment_id: str
) -> dict[str, Any]:
    """What was registered (3.6): the tool's own words, with what we have taken of them."""
    tool = document[TOOL]
    return {
        **{name: document[name] for name in _SAID_AGAIN if name in document},
        "client_id": client_id,
        "client_name": metadata.name,
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "initiate_login_uri": metadata.login_url,
        "redirect_uris": list(metadata.redirect_uris),
        "scope": " ".join(metadata.scopes),
        TOOL: {
            **{name: tool[name] for name in _TOOL_SAID_AGAIN if name in tool},
            "deployment_id": deployment_id,
            "target_link_uri": metadata.launch_url,
            "custom_parameters": metadata.custom,
            "claims": list(metadata.claims),
        },
    }


_SAID_AGAIN = ("jwks_uri", "jwks", "logo_uri", "client_uri", "policy_uri", "tos_uri", "contacts")
_TOOL_SAID_AGAIN = ("domain", "secondary_domains", "description", "messages")


def _check_method(document: Mapping[str, Any]) -> None:
    """Members that may be missing, but say nothing else than LTI 1.3 where they are there."""
    if document.get("token_endpoint_auth_method", "private_key_jwt") != "private_key_jwt":
        raise Refused(METHOD, _text(document["token_endpoint_auth_method"])[:60])
    if "id_token" not in _list(document.get("response_types", ["id_token"])):
        raise Refused(METHOD, "response_types")
    if document.get("application_type", "web") != "web":
        raise Refused(METHOD, "application_type")


def _name(document: Mapping[str, Any]) -> str:
    name = " ".join(_text(document.get("client_name")).split())[:LONGEST_NAME]
    if not name:
        raise Refused(NAME, "none")
    return name


def _redirect_uris(said: Any, http_hosts: Collection[str]) -> tuple[str, ...]:
    uris = _list(said)
    if not 0 < len(uris) <= MOST_URLS:
        raise Refused(REDIRECT_URI, f"{len(uris)} of them")
    for number, uri in enumerate(uris):
        if wrong := fault(uri, http_hosts):
            raise Refused(REDIRECT_URI, f"redirect_uris[{number}]: {wrong}")
    return tuple(dict.fromkeys(uris))


def _url(
    where: Mapping[str, Any], name: str, http_hosts: Collection[str], *, needed: bool = False
) -> str:
    said = where.get(name)
    if said in (None, "") and not needed:
        return ""
    if wrong := fault(said, http_hosts):
        raise Refused(URL, f"{name}: {wrong}")
    return said


def _optional_url(said: Any, http_hosts: Collection[str]) -> str:
    """An address only shown to people: left out when it cannot be used."""
    return "" if fault(said, http_hosts) else said


def _keys(
    document: Mapping[str, Any], http_hosts: Collection[str]
) -> tuple[str, dict[str, Any] | None]:
    """The key set's URL, or the keys themselves: one of both (RFC 7591, section 2)."""
    url, jwks = document.get("jwks_uri"), document.get("jwks")
    if url not in (None, ""):
        if wrong := fault(url, http_hosts):
            raise Refused(KEYS, f"jwks_uri: {wrong}")
        return url, None
    if jwks is None:
        raise Refused(KEYS, "none")
    try:
        return "", keyset.read(jwks)
    except Refused as refused:
        raise Refused(KEYS, f"jwks: {refused.detail}") from refused


def _messages(tool: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """By their type, the first of each (Deep Linking may be there once for each placement)."""
    found: dict[str, Mapping[str, Any]] = {}
    for message in _list(tool.get("messages")):
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise Refused(TOOL_CONFIGURATION, "messages")
        found.setdefault(message["type"], message)
    return found


def _custom(where: Mapping[str, Any]) -> dict[str, str]:
    said = where.get("custom_parameters")
    if said is None:
        return {}
    if not isinstance(said, dict) or len(said) > MOST_CUSTOM:
        raise Refused(CUSTOM, "not an object" if not isinstance(said, dict) else f"{len(said)}")
    found = {}
    for name, value in said.items():
        if not isinstance(value, str | int | float) or len(str(value)) > LONGEST_TEXT:
            raise Refused(CUSTOM, name[:60])
        found[name] = value if isinstance(value, str) else json.dumps(value)
    return found


def _known(said: list[Any], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one in said)


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _text(said: Any) -> str:
    return said if isinstance(said, str) else ""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A member is there twice.")
    return found
