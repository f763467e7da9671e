"""OpenID Connect third-party initiated login: the URL that begins it, and what a tool answers.

Sources: Security Framework 1.0, section 5.1.1; OpenID Connect Core 1.0, sections 3.1.2 and 4;
LTI 1.3, section 4.1; LTI Client Side postMessages 1.0 (``lti_storage_target``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform import urls
from wagtail_col.lti.platform.requirements import Refused, requirement

#: What is read of an authentication request; the rest is passed over (OpenID Connect, 3.1.2.1).
PARAMETERS = (
    "scope",
    "response_type",
    "response_mode",
    "prompt",
    "client_id",
    "redirect_uri",
    "login_hint",
    "lti_message_hint",
    "state",
    "nonce",
)
#: Characters of the longest value of a parameter: tools put whole tokens into ``state``.
LONGEST = 16 * 1024

_SECTION = "Security Framework 1.0, 5.1.1.2"
_SUPPORT = _("This is a fault of the course provider. Tell its support the name of the field.")

CLIENT = requirement(
    "login-client",
    _SECTION,
    "client_id",
    _("No course provider here has this client id."),
    _("Copy the client id that is shown here to the settings of the course provider."),
    error="unauthorized_client",
)
REDIRECT_URI = requirement(
    "login-redirect-uri",
    _SECTION,
    "redirect_uri",
    _("The course provider wants the answer at an address that is not registered."),
    _(
        "Compare the redirect URLs of this course provider with the address it asked for, letter"
        " by letter. Add that address only if it belongs to the provider."
    ),
)
REPEATED = requirement(
    "login-repeated",
    "RFC 6749, 3.1",
    "query",
    _("The course provider sent the same field twice."),
    _SUPPORT,
)
TOO_LONG = requirement(
    "login-too-long",
    _SECTION,
    "query",
    _("The course provider sent a field that is too long."),
    _SUPPORT,
)
SCOPE = requirement(
    "login-scope",
    _SECTION,
    "scope",
    _("The course provider did not ask for “openid”."),
    _SUPPORT,
    error="invalid_scope",
)
RESPONSE_TYPE = requirement(
    "login-response-type",
    _SECTION,
    "response_type",
    _("The course provider did not ask for an “id_token”."),
    _SUPPORT,
    error="unsupported_response_type",
)
RESPONSE_MODE = requirement(
    "login-response-mode",
    _SECTION,
    "response_mode",
    _("The course provider did not ask for the answer as “form_post”."),
    _SUPPORT,
)
PROMPT = requirement(
    "login-prompt",
    _SECTION,
    "prompt",
    _("The course provider wants people to log in once more."),
    _SUPPORT,
)
NONCE = requirement(
    "login-nonce",
    _SECTION,
    "nonce",
    _("The course provider sent no “nonce”, so it could not tell a copied message."),
    _SUPPORT,
)
LOGIN_HINT = requirement(
    "login-hint",
    _SECTION,
    "login_hint",
    _("The course provider did not send back who wants to open the course."),
    _("Open the course from this site, not from a bookmark. If that fails too, tell its support."),
)
MESSAGE_HINT = requirement(
    "login-message-hint",
    "LTI 1.3, 4.1.1",
    "lti_message_hint",
    _("The course provider did not send back which course is meant."),
    _("Open the course from this site, not from a bookmark. If that fails too, tell its support."),
)


@dataclass(frozen=True)
class Initiation:
    """What a tool is told at its login URL. ``storage_target``: the name of the frame it can keep
    its state in, for a tool inside a frame (where it has no cookies)."""

    issuer: str
    target_link_uri: str
    login_hint: str
    message_hint: str
    client_id: str
    deployment_id: str
    storage_target: str = ""


@dataclass(frozen=True)
class AuthenticationRequest:
    """What a tool answered, as it came; "" where it said nothing. ``repeated``, ``too_long``: the
    names of fields that were so."""

    scope: str = ""
    response_type: str = ""
    response_mode: str = ""
    prompt: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    login_hint: str = ""
    lti_message_hint: str = ""
    state: str = ""
    nonce: str = ""
    repeated: tuple[str, ...] = ()
    too_long: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str]:
        """The fields that were sent, to send them once more."""
        return {name: value for name in PARAMETERS if (value := getattr(self, name))}


def initiation_params(initiation: Initiation) -> dict[str, str]:
    """The parameters of a login initiation, in the order of the specification."""
    params = {
        "iss": initiation.issuer,
        "target_link_uri": initiation.target_link_uri,
        "login_hint": initiation.login_hint,
        "lti_message_hint": initiation.message_hint,
        "client_id": initiation.client_id,
        "lti_deployment_id": initiation.deployment_id,
    }
    if initiation.storage_target:
        params["lti_storage_target"] = initiation.storage_target
    return params


def initiation_url(login_url: str, initiation: Initiation) -> str:
    """Where the browser goes: the tool's login URL, its own query kept, with our parameters.

    A parameter of ours that stands in the login URL already is replaced: said twice it would be
    refused, or the wrong one believed.
    """
    params = initiation_params(initiation)
    url = urlsplit(login_url)
    own = [
        piece
        for piece in url.query.split("&")
        if piece and unquote_plus(piece.partition("=")[0]) not in params
    ]
    return urlunsplit(url._replace(query="&".join([*own, urlencode(params)]), fragment=""))


def read_authentication_request(params: Mapping[str, Sequence[str]]) -> AuthenticationRequest:
    """What a tool sent, by field.

    Refuses nothing yet: ``check_redirect_uri`` and ``check_form`` do.
    """
    values: dict[str, str] = {}
    repeated, too_long = [], []
    for name in PARAMETERS:
        given = params.get(name) or [""]
        if len(given) > 1:
            repeated.append(name)
        if any(len(value) > LONGEST for value in given):
            too_long.append(name)
        else:
            values[name] = given[0]
    return AuthenticationRequest(**values, repeated=tuple(repeated), too_long=tuple(too_long))


def check_redirect_uri(
    request: AuthenticationRequest, registered: Collection[str], *, http_hosts: Collection[str] = ()
) -> None:
    """Refuses where the answer must not go: then nothing at all is sent to that address.

    Compared as it is with each of ``registered``; only an empty path and ``/`` are the same. What
    was registered by mistake (``javascript:``, http) is refused all the same; see ``urls.fault``.
    """
    uri = request.redirect_uri
    fault = "sent twice" if "redirect_uri" in request.repeated else urls.fault(uri, http_hosts)
    if fault:
        raise Refused(REDIRECT_URI, fault)
    if uri not in registered and not any(_same_root(uri, other) for other in registered):
        near = any(
            isinstance(other, str) and uri.strip("/") == other.strip("/") for other in registered
        )
        found = _without_query(uri)
        raise Refused(
            REDIRECT_URI, f"{found} (only the slash at its end differs)" if near else found
        )


def check_form(request: AuthenticationRequest) -> None:
    """Refuses a request that is not the one request LTI knows. Its redirect_uri is checked before.

    ``prompt`` may be missing, which means the same here; ``state`` is the tool's own affair.
    """
    if request.repeated:
        raise Refused(REPEATED, ", ".join(request.repeated))
    if request.too_long:
        raise Refused(TOO_LONG, ", ".join(request.too_long))
    if "openid" not in request.scope.split():
        raise Refused(SCOPE, request.scope)
    if request.response_type != "id_token":
        raise Refused(RESPONSE_TYPE, request.response_type)
    if request.response_mode != "form_post":
        raise Refused(RESPONSE_MODE, request.response_mode)
    if request.prompt not in ("", "none"):
        raise Refused(PROMPT, request.prompt)
    if not request.nonce:
        raise Refused(NONCE)
    if not request.login_hint:
        raise Refused(LOGIN_HINT, "none")
    if not request.lti_message_hint:
        raise Refused(MESSAGE_HINT, "none")


def origin_of(url: str) -> str:
    """``https://host:port`` of a URL, as a content security policy writes it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _same_root(uri: str, other: object) -> bool:
    """``https://host`` and ``https://host/`` are one address (RFC 3986, section 6.2.3)."""
    if not isinstance(other, str) or uri.rstrip("/") != other.rstrip("/"):
        return False
    return re.fullmatch(r"https?://[^/?#]+/?", uri) is not None and not uri.endswith("//")


def _without_query(uri: str) -> str:
    """Enough to recognise the address by, without what may be personal in it."""
    return uri.partition("?")[0][:200] + ("?…" if "?" in uri else "")
