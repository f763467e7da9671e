"""The keys that sign our messages: one that signs, and those that tools can still or already read.

A new key is published a day before it signs (``AHEAD``), because tools keep our key set for a
while and not all of them look again when they meet a key they do not know. So a key's
``retired_at`` may lie in the future: until then it signs, and the next one is only published.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wagtail_col import vault
from wagtail_col.lookups import LookUp
from wagtail_col.lti.models import PlatformKey
from wagtail_col.lti.platform.jwt import PrivateKey

#: RSA with 2048 bits, the least that RS256 may have and what every tool can read (RFC 7518, 3.3).
BITS = 2048
#: How long before it signs a new key is published.
AHEAD = timedelta(days=1)
#: How long a key that no longer signs stays published.
KEPT = timedelta(days=30)


class PlatformKeyUnreadable(Exception):
    """The private half cannot be decrypted with the secrets in the settings."""


def active_key() -> PrivateKey:
    """The key that signs now, made when there is none. Safe when two ask at the same time.

    One query; the key itself is loaded once in a process, which takes longer than signing.
    Raises PlatformKeyUnreadable with what to do about it.
    """
    found = _ACTIVE.first(now=timezone.now())
    if found is None:
        key = _first_key()
        found = key.kid, key.private_encrypted
    return PrivateKey(found[0], _loaded(*found))


def public_jwks() -> dict:
    """``{"keys": [...]}`` (RFC 7517): keys that sign, will sign, and have signed until lately."""
    keys = [jwk for (jwk,) in _PUBLISHED.all(since=timezone.now() - KEPT)]
    return {"keys": keys or [_first_key().public_jwk]}


def rotate(*, at_once: bool = False, leaked: bool = False) -> PlatformKey:
    """Make a new key, published now. It signs a day later (``AHEAD``), the old one until then.

    ``at_once``: it signs now; tools that keep our key set may refuse messages until they look
    again. ``leaked``: so too, and the keys until now are forgotten, with all they have signed.
    """
    for _try in range(3):
        try:
            return _rotate(at_once=at_once, leaked=leaked)
        except IntegrityError:
            pass  # Another rotation was done in between: this one comes after it.
    return _rotate(at_once=at_once, leaked=leaked)


def signs_from(key: PlatformKey) -> datetime:
    """When the newest key begins to sign: as soon as the one before it retires."""
    before = PlatformKey.objects.exclude(pk=key.pk).exclude(retired_at=None)
    retired_at = before.order_by("-retired_at").values_list("retired_at", flat=True).first()
    return max(retired_at or key.created_at, key.created_at)


def _unretired(now: datetime) -> QuerySet[PlatformKey]:
    """Keys that may sign: the first one does."""
    coming = Q(retired_at=None) | Q(retired_at__gt=now)
    return PlatformKey.objects.filter(coming).order_by(F("retired_at").asc(nulls_last=True), "pk")


def _published(since: datetime) -> QuerySet[PlatformKey]:
    kept = Q(retired_at=None) | Q(retired_at__gt=since)
    return PlatformKey.objects.filter(kept).order_by("-pk")


_ACTIVE = LookUp(lambda now: _unretired(now).values_list("kid", "private_encrypted")[:1])
_PUBLISHED = LookUp(lambda since: _published(since).values_list("public_jwk"))


def _first_key() -> PlatformKey:
    try:
        with transaction.atomic():
            return _new_key()
    except IntegrityError:
        return PlatformKey.objects.get(retired_at=None)


def _rotate(*, at_once: bool, leaked: bool) -> PlatformKey:
    now = timezone.now()
    with transaction.atomic():
        if leaked:
            PlatformKey.objects.all().delete()
        elif at_once:
            _unretired(now).update(retired_at=now)
        else:
            PlatformKey.objects.filter(retired_at=None).update(retired_at=now + AHEAD)
        return _new_key()


def _new_key() -> PlatformKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    jwk = _public_jwk(private.public_key())
    return PlatformKey.objects.create(
        kid=jwk["kid"], public_jwk=jwk, private_encrypted=vault.encrypt(pem)
    )


def _public_jwk(public: rsa.RSAPublicKey) -> dict:
    """The public half as a JWK (RFC 7518, 6.3.1), named by its thumbprint."""
    numbers = public.public_numbers()
    members = {"e": _unsigned(numbers.e), "kty": "RSA", "n": _unsigned(numbers.n)}
    return {**members, "kid": thumbprint(members), "alg": "RS256", "use": "sig"}


def thumbprint(members: dict) -> str:
    """RFC 7638, 3: SHA-256 of the key's required members in order, without any space."""
    required = {name: members[name] for name in ("e", "kty", "n")}
    text = json.dumps(required, separators=(",", ":"), sort_keys=True)
    return _base64url(sha256(text.encode()).digest())


def _unsigned(number: int) -> str:
    return _base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@lru_cache(maxsize=8)
def _loaded(kid: str, encrypted: str) -> rsa.RSAPrivateKey:
    try:
        return serialization.load_pem_private_key(vault.decrypt(encrypted), password=None)
    except vault.Unreadable as error:
        raise PlatformKeyUnreadable(
            f"The key {kid}, which signs messages to course providers, cannot be read with the "
            "secrets in WAGTAIL_COL['KEYS']. Put the secret that it was stored with back at the "
            "end of that list, or make a new key with: manage.py rotate_lti_key --now"
        ) from error
