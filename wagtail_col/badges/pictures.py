"""The pictures of achievements and awards: drawn once, then kept in the cache; or uploaded.

A drawing's fingerprint is a hash of all it is drawn from, so a changed badge is another picture
and nothing has to be forgotten.

An uploaded picture takes the drawing's place, with one exception: nothing here turns an SVG into
pixels, so where a PNG is needed and an SVG was uploaded, the drawing is used.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from django.core.cache import cache

from wagtail_col.badges import uploads
from wagtail_col.badges.art import drawing
from wagtail_col.badges.art.drawing import BadgeArt
from wagtail_col.badges.art.frames import SHAPES
from wagtail_col.badges.models import Achievement, Award, BadgeShape, Picture, PictureType
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
        shape=achievement.shape if achievement.shape in SHAPES else BadgeShape.ROUND.value,
    )


def svg_of(achievement: Achievement, language: str | None = None) -> bytes:
    """The achievement's picture as an SVG file: what was uploaded, or our drawing."""
    picture = achievement.picture
    if picture is None:
        return svg(art_of(achievement, language))
    content = bytes(picture.content)
    return content if picture.media_type == PictureType.SVG else _around(picture, content)


def png_of(achievement: Achievement, language: str | None = None) -> bytes:
    """The same as a PNG file of 512 by 512 pixels. An uploaded SVG has none: our drawing."""
    picture = achievement.picture
    if picture is not None and picture.media_type == PictureType.PNG:
        return bytes(picture.content)
    return png(art_of(achievement, language))


def has_own_png(achievement: Achievement) -> bool:
    """Whether a PNG shows the same as the SVG does."""
    return achievement.picture is None or achievement.picture.media_type == PictureType.PNG


def baked_png(award: Award) -> bytes:
    """The badge as a PNG file that carries the signed credential; in the award's language."""
    return bake_png(png_of(award.achievement, award.language), award.credential)


def keep(cleaned: uploads.Cleaned, instead_of: Picture | None = None) -> Picture:
    """Store what somebody uploaded; ``instead_of`` when that is the same picture."""
    if instead_of is not None and bytes(instead_of.content) == cleaned.content:
        return instead_of
    return Picture.objects.create(**cleaned._asdict())


def fingerprint(art: BadgeArt) -> str:
    """The same for the same picture, another for another."""
    return sha256(repr(art).encode("utf-8", "replace")).hexdigest()


def svg(art: BadgeArt) -> bytes:
    """The drawing as an SVG file."""
    return _kept("svg", art, lambda art: drawing.svg(art).encode())


def png(art: BadgeArt) -> bytes:
    """The drawing as a PNG file of 512 by 512 pixels."""
    return _kept("png", art, drawing.png)


def _around(picture: Picture, content: bytes) -> bytes:
    """An SVG file that is nothing but this PNG, for where an SVG is asked for."""
    width, height = picture.width, picture.height
    data = b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{data}"/></svg>\n'
    ).encode()


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
