"""Secrets at rest: private keys encrypted with a key from settings, codes derived from it.

``WAGTAIL_COL["KEYS"]`` is a list of secrets of at least 32 characters. The first one
encrypts, all of them decrypt, so a secret is changed by putting the new one in front.
"""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.exceptions import ImproperlyConfigured

from wagtail_col.conf import settings

MINIMUM_LENGTH = 32


class Unreadable(Exception):
    """What was encrypted cannot be read with any of the keys in the settings."""


def _secrets() -> list[str]:
    secrets = list(settings.KEYS)
    if not secrets:
        raise ImproperlyConfigured(
            'WAGTAIL_COL["KEYS"] is empty: signing keys cannot be stored without a secret.'
        )
    return secrets


def _derive(secret: str, purpose: str) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"wagtail_col", info=purpose.encode())
    return hkdf.derive(secret.encode())


def _fernet() -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(_derive(secret, "vault"))) for secret in _secrets()]
    )


def encrypt(value: bytes) -> str:
    """Encrypted and authenticated text of ``value`` (Fernet)."""
    return _fernet().encrypt(value).decode()


def decrypt(token: str) -> bytes:
    """The inverse of ``encrypt``; Unreadable when no key in the settings opens it."""
    try:
        return _fernet().decrypt(token.encode())
    except InvalidToken as error:
        raise Unreadable("No key in WAGTAIL_COL['KEYS'] opens this.") from error


def derive(purpose: str, message: str) -> bytes:
    """32 bytes that only this site can compute for ``message``, one set for each purpose."""
    return derived_with_each(purpose, message)[0]


def derived_with_each(purpose: str, message: str) -> list[bytes]:
    """What ``derive`` gives with each secret: to find again what an older one gave."""
    return [
        hmac.digest(_derive(secret, purpose), message.encode(), "sha256") for secret in _secrets()
    ]
