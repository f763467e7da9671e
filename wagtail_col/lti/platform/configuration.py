"""What we say about ourselves to tools: the openid-configuration.

Sources: LTI Dynamic Registration 1.0, section 3.3; OpenID Connect Discovery 1.0, section 3.
"""

from __future__ import annotations

from typing import Any

from wagtail_col.lti.platform import scopes
from wagtail_col.lti.platform.launch import PRODUCT

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"

#: Claims about a person that an id_token may have, if its tool may see them and the person agrees.
NAMES = ("name", "given_name", "family_name")
EMAIL = "email"
CLAIMS = ("iss", "sub", *NAMES, EMAIL, "locale")
#: Custom parameters that are filled in (``launch``), without their ``$``.
VARIABLES = (
    "Context.id",
    "Context.title",
    "Context.type",
    "CourseSection.title",
    "Membership.role",
    "Message.documentTarget",
    "Message.locale",
    "Message.returnURL",
    "Person.email.primary",
    "Person.name.family",
    "Person.name.full",
    "Person.name.given",
    "ResourceLink.available.endDateTime",
    "ResourceLink.available.startDateTime",
    "ResourceLink.available.user.endDateTime",
    "ResourceLink.available.user.startDateTime",
    "ResourceLink.description",
    "ResourceLink.id",
    "ResourceLink.submission.endDateTime",
    "ResourceLink.submission.startDateTime",
    "ResourceLink.submission.user.endDateTime",
    "ResourceLink.submission.user.startDateTime",
    "ResourceLink.title",
    "ToolPlatform.productFamilyCode",
    "ToolPlatform.version",
    "ToolPlatformInstance.guid",
    "ToolPlatformInstance.name",
    "ToolPlatformInstance.url",
    "User.id",
)


def configuration(
    *,
    issuer: str,
    authorization_endpoint: str,
    token_endpoint: str,
    jwks_uri: str,
    registration_endpoint: str,
    version: str,
) -> dict[str, Any]:
    """The openid-configuration that tools read before they register (3.3)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": authorization_endpoint,
        "token_endpoint": token_endpoint,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": jwks_uri,
        "registration_endpoint": registration_endpoint,
        "scopes_supported": ["openid", *scopes.ALL],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "grant_types_supported": ["implicit", "client_credentials"],
        # Each tool knows a person by another identifier.
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": list(CLAIMS),
        "authorization_server": issuer,
        PLATFORM: {
            "product_family_code": PRODUCT,
            "version": version,
            "messages_supported": [
                {"type": RESOURCE_LINK},
                {"type": DEEP_LINKING, "placements": ["ContentArea"]},
                {"type": SUBMISSION_REVIEW},
            ],
            "variables": list(VARIABLES),
        },
    }
