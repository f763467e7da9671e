"""A wallet, a provider's system and the steps between them and this site."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model, set_token_value

from tests.factories import UserFactory
from wagtail_col.api import connecting, scopes
from wagtail_col.api.models import Application

WALLET = "https://wallet.example.org"
CALLBACK = f"{WALLET}/callback?from=badges"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-of-RFC-7636"
STATE = "state-26357667"


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def metadata(**changes) -> dict:
    """What a wallet registers with; None leaves a member out."""
    values = {
        "client_name": "Example Wallet",
        "client_uri": f"{WALLET}/",
        "logo_uri": f"{WALLET}/logo.png",
        "tos_uri": f"{WALLET}/terms",
        "policy_uri": f"{WALLET}/privacy",
        "software_id": "c88b6ed8-269e-448e-99be-7e2ff47167d1",
        "software_version": "v4.0.30319",
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": " ".join(scopes.LEARNERS),
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def register(client: Client | None = None, **changes):
    """The answer to a registration."""
    return (client or Client()).post(
        reverse("col_api:register"), json.dumps(metadata(**changes)), "application/json"
    )


@dataclass
class Wallet:
    """A registered wallet and a browser of the learner's."""

    client_id: str
    secret: str
    browser: Client
    redirect_uri: str = CALLBACK

    @property
    def application(self) -> Application:
        return Application.objects.get(client_id=self.client_id)

    def query(self, **changes) -> dict:
        values = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(scopes.LEARNERS),
            "state": STATE,
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        } | changes
        return {name: value for name, value in values.items() if value is not None}

    def address(self, **changes) -> str:
        return f"{reverse('col_api:authorize')}?{urlencode(self.query(**changes))}"

    def ask(self, **changes):
        return self.browser.get(self.address(**changes))

    def allow(self, allowed: list[str] | None = None, **changes):
        """The learner ticks and presses the button."""
        wanted = self.query(**changes)["scope"].split()
        data = {"allow": "1", "allowed": wanted if allowed is None else allowed}
        return self.browser.post(self.address(**changes), data)

    def code(self, allowed: list[str] | None = None, **changes) -> str:
        return told(self.allow(allowed, **changes))["code"]

    def token(self, secret: str | None = None, **form):
        """The answer of the token endpoint."""
        return Client().post(
            reverse("col_api:token"),
            urlencode(form),
            "application/x-www-form-urlencoded",
            headers={"Authorization": basic(self.client_id, secret or self.secret)},
        )

    def exchange(self, code: str, **changes):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
        } | changes
        return self.token(**{name: value for name, value in form.items() if value is not None})

    def refresh(self, refresh_token: str, **changes):
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **changes)

    def tokens(self, allowed: list[str] | None = None) -> dict:
        answer = self.exchange(self.code(allowed))
        assert answer.status_code == 200, answer.content
        return answer.json()


def wallet(learner=None, **changes) -> Wallet:
    """A wallet that has registered, in the browser of somebody who is logged in."""
    answer = register(**changes)
    assert answer.status_code == 201, answer.content
    registered = answer.json()
    browser = Client()
    browser.force_login(learner or UserFactory())
    return Wallet(
        registered["client_id"],
        registered["client_secret"],
        browser,
        registered["redirect_uris"][0],
    )


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def told(answer) -> dict[str, str]:
    """What a redirect tells the wallet."""
    assert answer.status_code == 302, (answer.status_code, answer.content[:500])
    query = parse_qs(urlsplit(answer["Location"]).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in query.values()), query
    return {name: values[0] for name, values in query.items()}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def system(issuer, name: str = "Course administration") -> tuple[Application, str]:
    """A provider's system and its secret."""
    secret = generate_client_secret()
    application = Application.objects.create(
        name=name,
        issuer=issuer,
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    return application, secret


def access_token(application, learner=None, scope: str = "", seconds: int = 3600) -> str:
    """A token as the token endpoint stores it, without the way there."""
    raw = generate_client_secret()
    token = get_access_token_model()(
        application=application,
        user=learner,
        scope=scope,
        expires=timezone.now() + timedelta(seconds=seconds),
    )
    set_token_value(token, raw)
    token.save()
    return raw


def wallet_token(learner, *allowed: str, seconds: int = 3600) -> str:
    """A learner's token for these scopes, from a wallet that is connected."""
    registered = register().json()
    application = Application.objects.get(client_id=registered["client_id"])
    connecting.connect(learner, application, allowed)
    return access_token(application, learner, " ".join(allowed), seconds)


def system_token(issuer) -> str:
    return access_token(system(issuer)[0], scope=scopes.ISSUE)
