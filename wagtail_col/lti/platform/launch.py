"""The messages that open a tool: what each of them says, as the claims of an id_token.

Sources: LTI 1.3 core, section 5; Deep Linking 2.0, section 4.4; Submission Review 1.0, section 3;
Assignment and Grade Services 2.0, section 3.1; Names and Role Provisioning Services 2.0, 3.6.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform import library
from wagtail_col.lti.platform.custom import substitute
from wagtail_col.lti.platform.requirements import Refused, requirement
from wagtail_col.lti.platform.roles import role_uris

_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
VERSION = "1.3.0"
#: Seconds until an id_token is no longer believed. Tools look at ``iat`` and some allow ten.
LIFETIME = 300
#: A playlist is a course section: of the context types it is the one that people are members of,
#: with a roster and a gradebook. A course offering or template has none, a group has no grades.
CONTEXT_TYPE = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"
PRODUCT = "wagtail_col"

#: What may be picked: a course that is opened by LTI, or a plain link.
ACCEPTED_TYPES = ("ltiResourceLink", "link")

INCOMPLETE = requirement(
    "message-incomplete",
    "LTI 1.3, 5.3",
    "id_token",
    _("A message to the course provider would not have been complete, so it was not sent."),
    _("Pick the course again from the provider’s catalogue, or complete its settings here."),
    error="server_error",
    status=500,
)


@dataclass(frozen=True)
class Platform:
    """This site. ``issuer``: its address without a slash at the end, which is its identity too."""

    issuer: str
    name: str = ""
    version: str = ""


@dataclass(frozen=True)
class Person:
    """Who opens it. ``sub``: their pseudonym at this tool. Names and e-mail address are only here
    when the tool may have them and the person agreed."""

    sub: str
    role: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""

    def identity(self) -> dict[str, str]:
        """The claims of OpenID Connect about them, none of them empty."""
        members = ("name", "given_name", "family_name", "email")
        return {member: value for member in members if (value := getattr(self, member).strip())}


@dataclass(frozen=True)
class Grades:
    """Where the grade services are. ``line_item_url`` only where there is exactly one line item."""

    line_items_url: str
    line_item_url: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Envelope:
    """What every message says. ``framed``: it opens inside a page of this site. ``return_url``:
    where people go afterwards. ``custom``: not yet filled in; ``variables``: beyond those that
    follow from the rest of this. ``now``: seconds since 1970."""

    platform: Platform
    client_id: str
    deployment_id: str
    target_link_uri: str
    person: Person
    locale: str
    context_id: str
    context_title: str
    framed: bool
    return_url: str
    nonce: str
    now: int
    custom: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    grades: Grades | None = None
    members_url: str = ""


@dataclass(frozen=True)
class Link:
    """A course placed in the context."""

    id: str
    title: str
    description: str = ""


def resource_link_claims(envelope: Envelope, link: Link) -> dict[str, Any]:
    """LtiResourceLinkRequest: somebody opens a course.

    Raises ``Refused`` when a claim that has to be there would be empty.
    """
    message = _message(envelope)
    message.set_resource_link_claim(link.id, _line(link.description), _line(link.title))
    return _finished(message, "LtiResourceLinkRequest", envelope, link)


def submission_review_claims(envelope: Envelope, link: Link, submitter: Person) -> dict[str, Any]:
    """LtiSubmissionReviewRequest: somebody looks at what ``submitter`` handed in.

    Raises ``Refused`` also without a line item.
    """
    if envelope.grades is None or not envelope.grades.line_item_url:
        raise Refused(INCOMPLETE, "lineitem")
    message = _message(envelope)
    message.set_resource_link_claim(link.id, _line(link.description), _line(link.title))
    message.set_extra_claims(
        {
            f"{_CLAIM}for_user": {
                "user_id": submitter.sub,
                **submitter.identity(),
                "roles": role_uris(submitter.role),
            }
        }
    )
    return _finished(message, "LtiSubmissionReviewRequest", envelope, link)


def deep_linking_claims(
    envelope: Envelope, *, deep_link_return_url: str, data: str
) -> dict[str, Any]:
    """LtiDeepLinkingRequest: an editor picks courses. ``data`` comes back with what was picked."""
    message = _message(envelope)
    message.set_extra_claims(
        library.deep_linking_claim(
            return_url=deep_link_return_url, data=data, accept_types=ACCEPTED_TYPES
        )
    )
    return _finished(message, "LtiDeepLinkingRequest", envelope, None)


def _message(envelope: Envelope) -> library.Message:
    person = envelope.person
    message = library.Message(
        issuer=envelope.platform.issuer,
        client_id=envelope.client_id,
        deployment_id=envelope.deployment_id,
        target_link_uri=envelope.target_link_uri,
    )
    message.set_user_data(person.sub, role_uris(person.role))
    message.set_launch_context_claim(
        envelope.context_id, [CONTEXT_TYPE], context_title=_line(envelope.context_title)
    )
    message.set_launch_presentation_claim(_target(envelope), envelope.return_url)
    message.set_extra_claims(
        {
            **person.identity(),
            "locale": envelope.locale,
            f"{_CLAIM}tool_platform": _platform_claim(envelope.platform),
        }
    )
    if envelope.grades:
        message.set_extra_claims(
            library.grade_claim(
                line_items_url=envelope.grades.line_items_url,
                line_item_url=envelope.grades.line_item_url,
                scopes=envelope.grades.scopes,
            )
        )
    if envelope.members_url:
        message.set_extra_claims(library.roster_claim(envelope.members_url))
    return message


def _finished(
    message: library.Message, message_type: str, envelope: Envelope, link: Link | None
) -> dict[str, Any]:
    custom = substitute(envelope.custom, _variables(envelope, link))
    if custom:
        message.set_custom_parameters_claim(custom)
    claims = message.claims()
    claims[f"{_CLAIM}message_type"] = message_type
    claims[f"{_CLAIM}version"] = VERSION
    claims[f"{_CLAIM}launch_presentation"]["locale"] = envelope.locale
    claims["nonce"] = envelope.nonce
    claims["iat"] = envelope.now
    claims["exp"] = envelope.now + LIFETIME
    _check_complete(claims)
    return claims


def _check_complete(claims: dict[str, Any]) -> None:
    """The library sends whatever it has; a claim that has to be there is looked at here."""
    required = ["iss", "aud", "sub", "nonce", f"{_CLAIM}deployment_id", f"{_CLAIM}target_link_uri"]
    missing = [name for name in required if not claims.get(name)]
    link = claims.get(f"{_CLAIM}resource_link")
    if link is not None and not link.get("id"):
        missing.append("resource_link")
    if missing:
        raise Refused(INCOMPLETE, ", ".join(name.removeprefix(_CLAIM) for name in missing))


def _variables(envelope: Envelope, link: Link | None) -> dict[str, str]:
    """LTI 1.3, appendix B: the variables we know."""
    person, platform = envelope.person, envelope.platform
    found = {
        "User.id": person.sub,
        "Person.sourcedId": "",
        "Person.name.full": person.name,
        "Person.name.given": person.given_name,
        "Person.name.family": person.family_name,
        "Person.email.primary": person.email,
        "Membership.role": ",".join(role_uris(person.role)),
        "Context.id": envelope.context_id,
        "Context.type": CONTEXT_TYPE,
        "Context.title": _line(envelope.context_title),
        "CourseSection.title": _line(envelope.context_title),
        "Message.documentTarget": _target(envelope),
        "Message.locale": envelope.locale,
        "Message.returnURL": envelope.return_url,
        "ToolPlatform.productFamilyCode": PRODUCT,
        "ToolPlatform.version": platform.version,
        "ToolPlatformInstance.guid": platform.issuer,
        "ToolPlatformInstance.name": platform.name,
        "ToolPlatformInstance.url": platform.issuer,
    }
    if link:
        found |= {
            "ResourceLink.id": link.id,
            "ResourceLink.title": _line(link.title),
            "ResourceLink.description": _line(link.description),
        }
    return {**found, **envelope.variables}


def _platform_claim(platform: Platform) -> dict[str, str]:
    claim = {
        "guid": platform.issuer,
        "name": _line(platform.name),
        "url": platform.issuer,
        "product_family_code": PRODUCT,
        "version": platform.version,
    }
    return {name: value for name, value in claim.items() if value}


def _target(envelope: Envelope) -> str:
    return "iframe" if envelope.framed else "window"


def _line(text: str) -> str:
    """Text in one line, without space around it: certification refuses stray whitespace."""
    return " ".join(text.split())
