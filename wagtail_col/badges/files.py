"""A badge as files to carry away: JSON, token, and the two pictures with the badge inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges import pictures, securing
from wagtail_col.badges.models import Award
from wagtail_col.badges.openbadges.svg_baking import bake_svg

CREDENTIAL = "application/vc+ld+json"
TOKEN = "application/vc+jwt"  # noqa: S105
PNG, SVG = "image/png", "image/svg+xml"


@dataclass(frozen=True)
class FileForm:
    """A form in which a badge is saved. ``name``: of the file; ``make`` gives its bytes."""

    name: str
    media_type: str
    title: str | Promise
    explanation: str | Promise
    make: Callable[[Award], bytes]


def _json(award: Award) -> bytes:
    """The signed bytes, exactly as they were stored."""
    return award.credential.encode()


def _token(award: Award) -> bytes:
    return securing.compact(award).encode()


def _svg(award: Award) -> bytes:
    plain = pictures.svg_of(award.achievement, award.language)
    return bake_svg(plain, award.credential)


#: By the name of their addresses.
FORMS = {
    "badge_png": FileForm(
        "badge.png",
        PNG,
        _("Picture (PNG)"),
        _("The signed badge is inside, so anybody can check it. Badge wallets take it."),
        pictures.baked_png,
    ),
    "badge_svg": FileForm(
        "badge.svg",
        SVG,
        _("Picture to print (SVG)"),
        _("Sharp in every size, also with the signed badge inside."),
        _svg,
    ),
    "credential": FileForm(
        "badge.json",
        CREDENTIAL,
        _("Signed badge (JSON)"),
        _("The same without the picture, for badge wallets."),
        _json,
    ),
    "credential_jwt": FileForm(
        "badge.jwt",
        TOKEN,
        _("Signed badge (VC-JWT)"),
        _("Another form of the same, for wallets that ask for a token."),
        _token,
    ),
}
