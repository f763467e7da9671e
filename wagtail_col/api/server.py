"""The OAuth 2.0 server: authorization code with refresh for wallets, client credentials for
systems of providers, and nothing else of what there is."""

from __future__ import annotations

from typing import Any

from oauthlib.oauth2 import ClientCredentialsGrant, WebApplicationServer


class Server(WebApplicationServer):
    """Open Badges 3.0, section 7.1 (authorization code), and RFC 6749, section 4.4."""

    def __init__(self, request_validator: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(request_validator, *args, **kwargs)
        self.grant_types["client_credentials"] = ClientCredentialsGrant(request_validator)
