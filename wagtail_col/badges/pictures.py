"""The pictures of achievements and awards: drawn once, then kept in the cache.

A picture's fingerprint is a hash of all it is drawn from, so a changed badge is another picture
and nothing has to be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from django.core.cache import cache

from wagtail_col.badges.art import drawing
from wagtail_col.badges.art.drawing import BadgeArt
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.badges.openbadges.baking import bake_png
from wagtail_col.lines import LineColour
from wagtail_col.records import best_text

#: Seconds a drawing is kept at most.
LIFETIME = 7 * 24 * 3600


def art_of(achievement: Achievement, language: str | None = None) -> BadgeArt:
    """What the badge is drawn from, its name in ``language`` (or the nearest)."""
    text = best_text(achievement.texts.all(), language)
    known = achievement.colour in LineColour.values
    return BadgeArt(
        name=text.name if text else "",
        colour=achievement.colour if known else LineColour.TEAL.value,
        icon=achievement.icon,
        outline=achievement.outline or None,
        place=achievement.place,
    )


def fingerprint(art: BadgeArt) -> str:
    """The same for the same picture, another for another."""
    return sha256(repr(art).encode("utf-8", "replace")).hexdigest()


def svg(art: BadgeArt) -> bytes:
    """The badge as an SVG file."""
    return _kept("svg", art, lambda art: drawing.svg(art).encode())


def png(art: BadgeArt) -> bytes:
    """The badge as a PNG file of 512 by 512 pixels."""
    return _kept("png", art, drawing.png)


def baked_png(award: Award) -> bytes:
    """The badge as a PNG file that carries the signed credential; in the award's language."""
    return bake_png(png(art_of(award.achievement, award.language)), award.credential)


def _kept(kind: str, art: BadgeArt, draw: Callable[[BadgeArt], bytes]) -> bytes:
    key = f"wagtail_col:badge:{kind}:{fingerprint(art)}"
    picture = cache.get(key)
    if picture is None:
        try:
            picture = draw(art)
        except ValueError:
            # The outline is decoration: a broken one must not take the badge away.
            picture = draw(replace(art, outline=None))
        cache.set(key, picture, LIFETIME)
    return picture
