"""Dynamic Registration from the tool's side (LTI Dynamic Registration 1.0, section 3)."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from tests.lti.provider.platforms import Platform

CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPES = [AGS + "lineitem", AGS + "score", AGS + "result.readonly", NRPS]
NAME = "Open Classroom (example)"
DESCRIPTION = "A handful of short courses about the sky, to try things out."


class RegistrationFailed(Exception):
    """Said to the person who looks at the window."""


def metadata(url: str) -> dict:
    """The client's metadata, as they are posted (section 3.5)."""
    launch = f"{url}/launch"
    return {
        "application_type": "web",
        "client_name": NAME,
        "client_uri": url,
        "logo_uri": f"{url}/pictures/stars.png",
        "policy_uri": f"{url}/policy",
        "contacts": ["teachers@classroom.example"],
        "initiate_login_uri": f"{url}/login",
        "redirect_uris": [launch],
        "jwks_uri": f"{url}/jwks",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        CONFIGURATION: {
            "domain": urlsplit(url).netloc,
            "description": DESCRIPTION,
            "target_link_uri": launch,
            "custom_parameters": {"language": "$Message.locale"},
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": [
                {"type": "LtiResourceLinkRequest"},
                {
                    "type": "LtiDeepLinkingRequest",
                    "target_link_uri": launch,
                    "label": "Pick courses",
                },
                {"type": "LtiSubmissionReviewRequest"},
            ],
        },
    }


def register(url: str, configuration_url: str, token: str | None) -> Platform:
    """Read the platform's configuration, post ours, and take what comes back."""
    configuration = _json(requests.get(configuration_url, timeout=10))
    issuer = configuration.get("issuer", "")
    if urlsplit(issuer)[:2] != urlsplit(configuration_url)[:2]:
        raise RegistrationFailed("The configuration is not where its issuer lives.")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = _json(
        requests.post(
            configuration["registration_endpoint"], json=metadata(url), headers=headers, timeout=10
        )
    )
    return Platform(
        issuer=issuer,
        client_id=answer["client_id"],
        deployment_id=answer[CONFIGURATION]["deployment_id"],
        auth_login_url=configuration["authorization_endpoint"],
        auth_token_url=configuration["token_endpoint"],
        key_set_url=configuration["jwks_uri"],
        audience=configuration.get("authorization_server", ""),
    )


def _json(response: requests.Response) -> dict:
    if not response.ok:
        raise RegistrationFailed(f"{response.url} answered {response.status_code}: {response.text}")
    return response.json()
