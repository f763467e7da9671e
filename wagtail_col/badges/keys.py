"""The keys that sign badges: one active key of each kind an issuer, every retired one published.

Ed25519 signs badges as JSON, P-256 (ES256) signs the same badges as tokens.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Site

from wagtail_col import vault
from wagtail_col.badges.models import Achievement, Issuer, KeyKind, SigningKey
from wagtail_col.badges.openbadges import jwt, proof
from wagtail_col.badges.openbadges.did import (
    SignersKey,
    decode_multikey,
    encode_multikey,
    token_key_id,
)
from wagtail_col.conf import settings


class SigningKeyUnreadable(Exception):
    """The private half cannot be decrypted with the secrets in the settings."""


def issuer_of(achievement: Achievement) -> Issuer:
    """Who signs this achievement's badges: its issuer, or the site itself."""
    return achievement.issuer or site_issuer()


def site_issuer() -> Issuer:
    """The site's own issuer, made when it is first needed. It can be edited afterwards."""
    issuer, _created = Issuer.objects.get_or_create(slug="", defaults={"name": _site_name()})
    return issuer


def shown_issuer(slug: str = "") -> Issuer | None:
    """The issuer as a page shows it, without writing: the site's own one may not be stored yet."""
    found = Issuer.objects.filter(slug=slug).first()
    return found or (None if slug else Issuer(slug="", name=_site_name()))


def _site_name() -> str:
    site = Site.objects.filter(is_default_site=True).first()
    return (
        settings.ISSUER_NAME
        or (site.site_name if site else "")
        or getattr(django_settings, "WAGTAIL_SITE_NAME", "")
        or (site.hostname if site else "")
        or "Cities of Learning"
    )


def active_key(issuer: Issuer, *, kind: KeyKind = KeyKind.ED25519) -> SigningKey:
    """The key that signs now, made when there is none. Safe when two ask at the same time."""
    key = issuer.keys.filter(kind=kind, retired_at=None).first()
    if key is not None:
        return key
    try:
        with transaction.atomic():
            return _new_key(issuer, kind)
    except IntegrityError:
        return issuer.keys.get(kind=kind, retired_at=None)


def _new_key(issuer: Issuer, kind: KeyKind = KeyKind.ED25519) -> SigningKey:
    if kind == KeyKind.ES256:
        private = ec.generate_private_key(ec.SECP256R1())
        secret = private.private_numbers().private_value.to_bytes(32)
    else:
        private = Ed25519PrivateKey.generate()
        secret = private.private_bytes_raw()
    return SigningKey.objects.create(
        kind=kind,
        issuer=issuer,
        public_multibase=encode_multikey(private.public_key()),
        private_encrypted=vault.encrypt(secret),
    )


def private_half(key: SigningKey) -> Ed25519PrivateKey | ec.EllipticCurvePrivateKey:
    """The decrypted private key. Raises ``SigningKeyUnreadable`` with what to do about it."""
    try:
        secret = vault.decrypt(key.private_encrypted)
    except vault.Unreadable as error:
        raise SigningKeyUnreadable(
            f"The key {key.public_multibase} cannot be read with the secrets in "
            "WAGTAIL_COL['KEYS']. Put the secret that it was stored with back at the end of that "
            "list, or make a new key with: manage.py rotate_badge_key"
        ) from error
    if key.kind == KeyKind.ES256:
        return ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())
    return Ed25519PrivateKey.from_private_bytes(secret)


def public_keys(issuer: Issuer) -> list[SignersKey]:
    """Every key that ever signed for the issuer, the newest first."""
    found = issuer.keys.order_by("-created_at", "-pk").values_list("public_multibase", flat=True)
    return [decode_multikey(text) for text in found]


def rotate(issuer: Issuer, *, kind: KeyKind = KeyKind.ED25519) -> SigningKey:
    """Retire the active key of this kind and make a new one. What the old one signed keeps
    verifying."""
    with transaction.atomic():
        # Two rotations at once come one after the other.
        Issuer.objects.select_for_update().get(pk=issuer.pk)
        issuer.keys.filter(kind=kind, retired_at=None).update(retired_at=timezone.now())
        return _new_key(issuer, kind)


def sign(document: dict, issuer: Issuer, created: datetime) -> dict:
    """``document`` with the proof of the issuer's active key.

    The document already names its issuer by DID. Raises ``SigningKeyUnreadable``, and
    ``openbadges.errors.OpenBadgesError`` for what cannot be signed.
    """
    key = active_key(issuer)
    method = f"{proof.issuer_id(document)}#{key.public_multibase}"
    return proof.sign(document, private_half(key), method, created)


def sign_token(document: dict, issuer: Issuer) -> str:
    """``document``, which has no proof, as a compact JWS of the issuer's active ES256 key.

    The document already names its issuer by DID. Raises ``SigningKeyUnreadable``, and
    ``openbadges.errors.OpenBadgesError`` for what cannot be signed.
    """
    private = private_half(active_key(issuer, kind=KeyKind.ES256))
    kid = token_key_id(proof.issuer_id(document) or "", private.public_key())
    return jwt.sign(document, private, kid)
