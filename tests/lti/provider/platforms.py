"""The platforms this provider is connected to, its own key, and how PyLTI1p3 asks for both."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pylti1p3.deployment import Deployment
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.registration import Registration
from pylti1p3.tool_config import ToolConfAbstract


@dataclass(frozen=True)
class Platform:
    """What to know of a platform. ``audience``: of client assertions, if not the token URL."""

    issuer: str
    client_id: str
    deployment_id: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    audience: str = ""

    @classmethod
    def from_form(cls, form) -> Platform:
        """From a form or JSON; raises KeyError for what is missing."""
        required = [field.name for field in fields(cls) if field.name != "audience"]
        values = {name: str(form[name]).strip() for name in required}
        return cls(**values, audience=str(form.get("audience", "")).strip())


class Platforms(ToolConfAbstract):
    """All platforms by issuer and client id; in ``file`` too when one is given."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[tuple[str, str], Platform] = {}
        kept = json.loads(file.read_text()) if file and file.exists() else {}
        self.private_pem = kept.get("key") or new_key()
        private = serialization.load_pem_private_key(self.private_pem.encode(), None)
        self.public_pem = (
            private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )
        for each in kept.get("platforms", []):
            self.add(Platform(**each))

    def __iter__(self):
        return iter(self._known.values())

    def add(self, platform: Platform) -> None:
        self._known[platform.issuer, platform.client_id] = platform
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            kept = {"key": self.private_pem, "platforms": [asdict(each) for each in self]}
            self._file.write_text(json.dumps(kept, indent=1))

    def get(self, issuer: str, client_id: str | None) -> Platform | None:
        """The one with this client id, or the only one of the issuer when no client id is said."""
        of_issuer = [each for each in self if each.issuer == issuer]
        if client_id:
            of_issuer = [each for each in of_issuer if each.client_id == client_id]
        return of_issuer[0] if len(of_issuer) == 1 else None

    def public_jwks(self) -> dict:
        return {"keys": [Registration.get_jwk(self.public_pem)]}

    # What PyLTI1p3 asks for

    def check_iss_has_one_client(self, iss: str) -> bool:
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        return True

    def find_registration_by_params(self, iss: str, client_id: str, *_args, **_kwargs):
        platform = self.get(iss, client_id)
        if platform is None:
            return None
        registration = Registration()
        registration.set_issuer(platform.issuer).set_client_id(platform.client_id)
        registration.set_auth_login_url(platform.auth_login_url)
        registration.set_auth_token_url(platform.auth_token_url)
        registration.set_key_set_url(platform.key_set_url)
        registration.set_tool_private_key(self.private_pem)
        registration.set_tool_public_key(self.public_pem)
        if platform.audience:
            registration.set_auth_audience(platform.audience)
        return registration

    def find_deployment_by_params(self, iss, deployment_id, client_id, *_args, **_kwargs):
        platform = self.get(iss, client_id)
        if platform is None or platform.deployment_id != deployment_id:
            return None
        return Deployment().set_deployment_id(deployment_id)


class Memory(LaunchDataStorage):
    """Launches of this process, by keys that cannot be guessed; no cookie has to find them."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, object] = {}

    def get_session_cookie_name(self) -> None:
        return None

    def can_set_keys_expiration(self) -> bool:
        return False

    def get_value(self, key: str):
        return self._values.get(self._prepare_key(key))

    def set_value(self, key: str, value: object, exp: int | None = None) -> None:
        self._values[self._prepare_key(key)] = value

    def check_value(self, key: str) -> bool:
        """Whether it is there; a nonce is there once."""
        name = self._prepare_key(key)
        return self._values.pop(name, None) is not None if "nonce" in key else name in self._values


def new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
