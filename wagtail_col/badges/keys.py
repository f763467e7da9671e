"""The keys that sign badges: one active key an issuer, every retired one still published."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Site

from wagtail_col import vault
from wagtail_col.badges.models import Achievement, Issuer, SigningKey
from wagtail_col.badges.openbadges import proof
from wagtail_col.badges.openbadges.did import decode_multikey, encode_multikey
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


def active_key(issuer: Issuer) -> SigningKey:
    """The key that signs now, made when there is none. Safe when two ask at the same time."""
    key = issuer.keys.filter(retired_at=None).first()
    if key is not None:
        return key
    try:
        with transaction.atomic():
            return _new_key(issuer)
    except IntegrityError:
        return issuer.keys.get(retired_at=None)


def _new_key(issuer: Issuer) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        issuer=issuer,
        public_multibase=encode_multikey(private.public_key()),
        private_encrypted=vault.encrypt(private.private_bytes_raw()),
    )


def private_half(key: SigningKey) -> Ed25519PrivateKey:
    """The decrypted private key. Raises ``SigningKeyUnreadable`` with what to do about it."""
    try:
        return Ed25519PrivateKey.from_private_bytes(vault.decrypt(key.private_encrypted))
    except vault.Unreadable as error:
        raise SigningKeyUnreadable(
            f"The key {key.public_multibase} cannot be read with the secrets in "
            "WAGTAIL_COL['KEYS']. Put the secret that it was stored with back at the end of that "
            "list, or make a new key with: manage.py rotate_badge_key"
        ) from error


def public_keys(issuer: Issuer) -> list[Ed25519PublicKey]:
    """Every key that ever signed for the issuer, the newest first."""
    found = issuer.keys.order_by("-created_at", "-pk").values_list("public_multibase", flat=True)
    return [decode_multikey(text) for text in found]


def rotate(issuer: Issuer) -> SigningKey:
    """Retire the active key and make a new one. What the old one signed keeps verifying."""
    with transaction.atomic():
        # Two rotations at once come one after the other.
        Issuer.objects.select_for_update().get(pk=issuer.pk)
        issuer.keys.filter(retired_at=None).update(retired_at=timezone.now())
        return _new_key(issuer)


def sign(document: dict, issuer: Issuer, created: datetime) -> dict:
    """``document`` with the proof of the issuer's active key.

    The document already names its issuer by DID. Raises ``SigningKeyUnreadable``, and
    ``openbadges.errors.OpenBadgesError`` for what cannot be signed.
    """
    key = active_key(issuer)
    method = f"{proof.issuer_id(document)}#{key.public_multibase}"
    return proof.sign(document, private_half(key), method, created)
