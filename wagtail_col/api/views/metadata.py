"""What clients read about us first (RFC 8414; Open Badges 2.1, section 5)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from wagtail_col.api import registering, scopes
from wagtail_col.api.addresses import absolute, privacy_url, terms_url
from wagtail_col.badges.keys import shown_issuer
from wagtail_col.badges.views.serving import DOCUMENT_LIFETIME, open_document
from wagtail_col.conf import base_url

MANIFEST_CONTEXT = "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld"


@open_document
def authorization_server(request: HttpRequest) -> HttpResponse:
    """OAuth 2.0 Authorization Server Metadata."""
    return _answer(
        {
            "issuer": base_url(),
            "authorization_endpoint": absolute("authorize"),
            "token_endpoint": absolute("token"),
            "registration_endpoint": absolute("register"),
            "revocation_endpoint": absolute("revoke"),
            "scopes_supported": [*scopes.LEARNERS, *scopes.SYSTEMS],
            "response_types_supported": registering.RESPONSE_TYPES,
            "response_modes_supported": ["query"],
            "grant_types_supported": [*registering.GRANT_TYPES, "client_credentials"],
            "token_endpoint_auth_methods_supported": [registering.AUTH_METHOD],
            "revocation_endpoint_auth_methods_supported": [registering.AUTH_METHOD],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": absolute("openapi"),
            "op_policy_uri": privacy_url(),
            "op_tos_uri": terms_url(),
        }
    )


@open_document
def badge_connect(request: HttpRequest) -> HttpResponse:
    """The manifest of the Badge Connect API."""
    return _answer(
        {
            "@context": MANIFEST_CONTEXT,
            "id": absolute("badge_connect"),
            "type": "Manifest",
            "badgeConnectAPI": [
                {
                    "id": f"{absolute('badge_connect')}#v2p1",
                    "type": "BadgeConnectAPI",
                    "name": shown_issuer().name,
                    "apiBase": absolute("v2_assertions").removesuffix("/assertions"),
                    "version": "v2p1",
                    "scopesOffered": [*scopes.V2, scopes.OFFLINE],
                    "registrationUrl": absolute("register"),
                    "authorizationUrl": absolute("authorize"),
                    "tokenUrl": absolute("token"),
                    "tokenRevocationUrl": absolute("revoke"),
                    "termsOfServiceUrl": terms_url(),
                    "privacyPolicyUrl": privacy_url(),
                }
            ],
        }
    )


def _answer(document: dict) -> HttpResponse:
    response = JsonResponse(document)
    response.headers["Cache-Control"] = f"public, max-age={DOCUMENT_LIFETIME}"
    return response
