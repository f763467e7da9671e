"""The link in a guardian's e-mails. Its secret is derived and never stored."""

from __future__ import annotations

import base64
from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser

from wagtail_col import vault
from wagtail_col.conf import base_url
from wagtail_col.people.models import Guardian

PURPOSE = "guardian"
#: 144 bits.
BYTES = 18


def link_of(guardian: Guardian) -> str:
    return f"{base_url()}/col/guardian/{secret_of(guardian)}/?lang={guardian.language}"


def name_of(child: AbstractBaseUser) -> str:
    """By what a guardian knows the child: the account's address, or its user name. Nothing that
    somebody could write an advertisement into."""
    address = str(getattr(child, child.get_email_field_name(), "") or "")
    return address or child.get_username()


def secret_of(guardian: Guardian) -> str:
    for value in vault.derived_with_each(PURPOSE, str(guardian.key)):
        secret = base64.urlsafe_b64encode(value[:BYTES]).decode()
        if not guardian.secret_hash or digest(secret) == guardian.secret_hash:
            return secret
    raise vault.Unreadable("This link was made with a secret that is gone.")


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
