"""Codes that are derived from a secret in the settings and a row's own key, and not stored.

The database holds the digest of each, by which it is found and by which it is known again.
"""

from __future__ import annotations

from wagtail_col import vault
from wagtail_col.learning import codes


def derived(purpose: str, message: str) -> str:
    """The code of ``message`` for ``purpose``, with the newest secret. As it is read, ungrouped."""
    return codes.encode(vault.derive(purpose, message))


def derived_again(purpose: str, message: str, digest: str) -> str:
    """The code that has this digest, in four groups as it is shown; "" when the secret it was made
    with is no longer in the settings. ImproperlyConfigured when there is none at all."""
    found = (codes.encode(value) for value in vault.derived_with_each(purpose, message))
    return next((codes.grouped(code) for code in found if codes.digest(code) == digest), "")
