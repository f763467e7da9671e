"""What pages and e-mails show of a badge, as plain values for the templates."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from wagtail_col.badges import pictures
from wagtail_col.badges.addresses import absolute, issuer_url
from wagtail_col.badges.art import drawing
from wagtail_col.badges.certifying import moment_of
from wagtail_col.badges.models import Achievement, Award, Issuer
from wagtail_col.badges.openbadges.verification import Report
from wagtail_col.badges.verifying import Verdict, verdict
from wagtail_col.badges.wording import VERDICTS, check_in_words, how_it_was_shown, reason_in_words
from wagtail_col.language import lang_attribute

_ICONS = {"code": "qr", "self": "check", "organiser": "provider", "score": "online"}


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
    return {
        **achievement_values(award.achievement),
        "award": award,
        "award_lang": lang_attribute(award.language),
        "language": _language(),
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
        "issuer": issuer_values(award.issuer),
        "address": absolute("badge", award.key),
        "credential_address": absolute("credential", award.key),
    }


def issuer_values(issuer: Issuer) -> dict[str, Any]:
    return {
        "name": issuer.name,
        "description": issuer.description,
        "website": issuer.url,
        "email": issuer.email,
        "page": issuer_url(issuer),
    }


def verification_values(report: Report) -> dict[str, Any]:
    """A report of checks in words."""
    found = verdict(report)
    heading, explanation = VERDICTS[found]
    document = report.document
    if not explanation and report.failure:
        explanation = reason_in_words(report.failure)
    return {
        "verdict": found.value,
        "is_genuine": found == Verdict.GENUINE,
        # Neither good nor bad: nothing was found out.
        "is_open": found in (Verdict.ELSEWHERE, Verdict.UNKNOWN),
        "heading": heading,
        "explanation": explanation,
        "checks": [check_in_words(check, document) for check in report.checks],
    }


def preview_of(achievement: Achievement) -> dict[str, Any]:
    """For an editor's preview: all texts, and the picture of what is not saved yet."""
    return {
        "texts": [
            {"text": text, "lang": lang_attribute(text.language)}
            for text in achievement.texts.all()
        ],
        "colour": achievement.colour,
        # Drawn by us from values; the words inside are escaped there.
        "picture": mark_safe(drawing.svg(pictures.art_of(achievement))),  # noqa: S308
    }


def _language() -> str:
    return get_language() or ""
