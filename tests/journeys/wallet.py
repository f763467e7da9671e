"""A badge wallet on the same machine: a library's OAuth client, and a page to come back to."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from authlib.integrations.requests_client import OAuth2Session

ALL = "credential.readonly credential.upsert profile.readonly profile.update"
SCOPE = " ".join(
    [f"https://purl.imsglobal.org/spec/ob/v3p0/scope/{name}" for name in ALL.split()]
    + ["offline_access"]
)


class Wallet:
    """Finds its way from the address of a site alone, as a wallet does."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Callback)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.description = requests.get(f"{site}/ims/ob/v3p0/discovery", timeout=30).json()
        self.api = self.description["servers"][0]["url"]
        scheme = self.description["components"]["securitySchemes"]["OAuth2ACG"]
        self.registration = scheme["x-imssf-registrationUrl"]
        self.flow = scheme["flows"]["authorizationCode"]
        self.session: OAuth2Session | None = None

    def register(self) -> dict:
        """Dynamic registration (RFC 7591); the client for all that follows."""
        answer = requests.post(
            self.registration,
            json={
                "client_name": "Pocket Wallet",
                "client_uri": f"{self.url}/",
                "logo_uri": f"{self.url}/logo.png",
                "tos_uri": f"{self.url}/terms",
                "policy_uri": f"{self.url}/privacy",
                "software_id": "pocket",
                "software_version": "1",
                "redirect_uris": [f"{self.url}/callback"],
                "scope": SCOPE,
            },
            timeout=30,
        )
        answer.raise_for_status()
        registered = answer.json()
        self.session = OAuth2Session(
            registered["client_id"],
            registered["client_secret"],
            token_endpoint_auth_method="client_secret_basic",
            scope=registered["scope"],
            redirect_uri=registered["redirect_uris"][0],
            code_challenge_method="S256",
            token_endpoint=self.flow["tokenUrl"],
        )
        return registered

    def begin(self, verifier: str) -> str:
        """Where the learner's browser is sent; the library makes challenge and state."""
        url, self.state = self.session.create_authorization_url(
            self.flow["authorizationUrl"], code_verifier=verifier
        )
        return url

    def finish(self, came_back: str, verifier: str) -> dict:
        """The tokens, for the address the browser came back to; the library checks the state."""
        return self.session.fetch_token(
            self.flow["tokenUrl"],
            authorization_response=came_back,
            state=self.state,
            code_verifier=verifier,
        )

    def close(self) -> None:
        self.server.shutdown()


class _Callback(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>Wallet</title><p>Back in the wallet.</p>")

    def log_message(self, *args: object) -> None:
        """Nothing into the test's output."""
