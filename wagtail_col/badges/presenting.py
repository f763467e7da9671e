"""What pages and e-mails show of a badge, as plain values for the templates."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from wagtail_col.badges import pictures
from wagtail_col.badges.addresses import absolute, issuer_url
from wagtail_col.badges.art import drawing
from wagtail_col.badges.files import FORMS
from wagtail_col.badges.models import Achievement, Award, ImportedBadge, Issuer, Share
from wagtail_col.badges.reasons import in_words, moment_of
from wagtail_col.badges.shelving import STATES, is_verified, says_of, state_of
from wagtail_col.badges.wording import how_it_was_shown
from wagtail_col.language import lang_attribute

_ICONS = {
    "code": "qr",
    "self": "check",
    "organiser": "provider",
    "score": "online",
    "recognised": "check",
    "waived": "provider",
}


def achievement_values(achievement: Achievement) -> dict[str, Any]:
    """An achievement in the active language: text, addresses, colour. No queries of its own when
    texts were prefetched."""
    text = achievement.text
    return {
        "achievement": achievement,
        "text": text,
        "text_lang": lang_attribute(text.language) if text else "",
        "name": text.name if text else "",
        "colour": achievement.colour,
        "social_picture": f"{absolute('achievement_png', achievement.key)}?lang={_language()}",
    }


def award_values(award: Award) -> dict[str, Any]:
    """A badge that somebody has, for its page and the page that verifies it."""
    because = award.because
    state = state_of(award)
    return {
        **achievement_values(award.achievement),
        "award": award,
        "award_lang": lang_attribute(award.language),
        "language": _language(),
        "state": state,
        "state_in_words": STATES.get(state, ""),
        # When it was first given, if it was renewed since (``views.finding.find_award``).
        "renewed": getattr(award, "first_given", None),
        # The parts below say the rest, as lists and links.
        "reasons": in_words({**because, "url": "", "steps": [], "badges": []}),
        "done_title": because.get("title", ""),
        "done_url": because.get("url", ""),
        "steps": [
            {
                "title": step["title"],
                "how": how_it_was_shown(step["how"]),
                "icon": _ICONS.get(step["how"], "check"),
                "at": moment_of(step),
            }
            for step in because.get("steps", [])
        ],
        "badges_done": because.get("badges", []),
        "issuer": issuer_values(award.issuer),
        "address": absolute("badge", award.key),
        "credential_address": absolute("credential", award.key),
        "files": [
            {"view": f"col_badges:{name}", "title": form.title, "explanation": form.explanation}
            for name, form in FORMS.items()
        ],
    }


def share_values(share: Share) -> dict[str, Any]:
    """A link, for its page and for whose it is."""
    return {
        "key": share.key,
        "address": absolute("shared", share.key),
        "is_collection": share.is_collection,
        "title": share.title,
        "shown_name": share.shown_name,
        "made_at": share.made_at,
    }


def imported_values(imported: ImportedBadge) -> dict[str, Any]:
    """A badge from elsewhere, for a page that shows it to others. What came with it is text."""
    return {
        "imported": imported,
        "name": imported.name,
        "state_in_words": says_of(imported),
        "is_verified": is_verified(imported),
        "picture": reverse("col_badges:imported_picture", args=[imported.key])
        if imported.picture_id
        else "",
    }


def issuer_values(issuer: Issuer) -> dict[str, Any]:
    return {
        "name": issuer.name,
        "description": issuer.description,
        "website": issuer.url,
        "email": issuer.email,
        "page": issuer_url(issuer),
    }


def preview_of(achievement: Achievement) -> dict[str, Any]:
    """For an editor's preview: all texts, and the picture of what is not saved yet."""
    return {
        "texts": [
            {"text": text, "lang": lang_attribute(text.language)}
            for text in achievement.texts.all()
        ],
        "colour": achievement.colour,
        "own_picture": reverse("col_badges:picture", args=[achievement.picture.key])
        if achievement.picture_id
        else "",
        # Drawn by us from values; the words inside are escaped there.
        "picture": mark_safe(drawing.svg(pictures.art_of(achievement))),  # noqa: S308
    }


def _language() -> str:
    return get_language() or ""
