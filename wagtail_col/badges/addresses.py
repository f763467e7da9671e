"""Where the things of a badge are found: complete addresses, which are signed and sent.

They begin with the address from the settings, never with a request's host: that one is the
visitor's to choose. Keys in them cannot be guessed.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.urls import reverse

from wagtail_col.badges.models import Achievement, Issuer, StatusList
from wagtail_col.badges.openbadges.did import did_web
from wagtail_col.conf import base_url

_UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_STATUS_LIST = re.compile(rf"https?://.+/col/badges/status/{_UUID}\.json")
_REVOCATION_LIST = re.compile(
    r"https?://.+/col/badges/(?:issuer|issuers/([-a-zA-Z0-9_]+))/revocations\.json"
)
_BADGE = re.compile(rf"https?://([^/?#]+)/(?:[^?#]*/)?col/badges/{_UUID}(?:[/?#].*)?")


def absolute(name: str, *args: object) -> str:
    """The complete address behind one of this floor's url names."""
    return base_url() + reverse(f"col_badges:{name}", args=args)


def did_of(issuer: Issuer) -> str:
    """The issuer's did:web; the site itself has the one of its host.

    Raises ``openbadges.errors.DidError`` when the site has no usable address.
    """
    path = ("col", "badges", "issuers", issuer.slug) if issuer.slug else ()
    return did_web(base_url(), *path)


def is_did_of_this_site(did: str) -> bool:
    """Whether an issuer with this DID would be published by this site."""
    site = did_web(base_url())
    return did == site or did.startswith(f"{site}:")


def issuer_url(issuer: Issuer) -> str:
    """The page that says who the issuer is."""
    return absolute("issuer", issuer.slug) if issuer.slug else absolute("site_issuer")


def achievement_url(achievement: Achievement, language: str = "") -> str:
    """The achievement's identifier, which is also the page about it (in ``language``)."""
    return absolute("achievement", achievement.key) + (f"?lang={language}" if language else "")


def status_list_url(status_list: StatusList) -> str:
    return absolute("status_list", status_list.key)


def revocation_list_url(issuer: Issuer) -> str:
    """The issuer's 1EdTech list of what was taken back."""
    if issuer.slug:
        return absolute("revocation_list", issuer.slug)
    return absolute("site_revocation_list")


def revocation_list_slug(url: str) -> str | None:
    """Whose list this is, at whichever host the site was then: a short name, "" for the site's."""
    match = _REVOCATION_LIST.fullmatch(url)
    return (match[1] or "") if match else None


def status_list_key(url: str) -> UUID | None:
    """The key in the address of one of our lists, at whichever host the site was then."""
    match = _STATUS_LIST.fullmatch(url)
    return UUID(match[1]) if match else None


def badge_key(url: str) -> tuple[str, UUID] | None:
    """Host (with port) and key in the address of a badge, here or elsewhere; None for others."""
    match = _BADGE.fullmatch(url)
    return (match[1].lower(), UUID(match[2])) if match else None
