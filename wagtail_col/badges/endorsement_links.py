"""The link by which somebody without an account answers a request for an endorsement.

Its secret has 192 bits. It is derived from a secret in the settings and the row's key; the
database holds its hash alone, so a stolen database opens no link, and an e-mail that was not sent
can be sent later.
"""

from __future__ import annotations

import base64
import uuid
from hashlib import sha256

from django.core.exceptions import ImproperlyConfigured

from wagtail_col import vault
from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.models import Endorsement

_PURPOSE = "endorsement"
_BYTES = 24


def digest(secret: str) -> str:
    """What the database holds. With so many bits a plain hash cannot be turned back."""
    return sha256(secret.encode()).hexdigest()


def digest_for(key: uuid.UUID) -> str:
    """The hash of the secret of a new request with this key."""
    return digest(_encode(vault.derive(_PURPOSE, str(key))))


def link(endorsement: Endorsement) -> str:
    """The complete address in the e-mail.

    ImproperlyConfigured when the secret it was made with is no longer in the settings; whoever
    has the e-mail can still use it.
    """
    for value in vault.derived_with_each(_PURPOSE, str(endorsement.key)):
        secret = _encode(value)
        if digest(secret) == endorsement.secret_hash:
            return absolute("endorse", secret)
    raise ImproperlyConfigured(
        'This link was made with a secret that is no longer in WAGTAIL_COL["KEYS"]. '
        "Put the old secret back behind the new one."
    )


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value[:_BYTES]).decode()
