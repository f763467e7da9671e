"""What a badge's credential says: from an award and its achievement to an unsigned document."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.badges.addresses import (
    absolute,
    achievement_url,
    did_of,
    issuer_url,
    status_list_url,
)
from wagtail_col.badges.models import Achievement, Award, Issuer
from wagtail_col.badges.openbadges import credential, status
from wagtail_col.badges.texts import one_line, signable
from wagtail_col.badges.wording import how_it_was_shown
from wagtail_col.records import best_text

#: More steps than any line has; what a credential can carry is limited.
MOST_STEPS = 100
MOST_LETTERS = 200


def new_salt() -> str:
    return secrets.token_hex(16)


def clean_because(because: dict) -> dict:
    """Only what belongs into it, as plain lines of text that can be signed."""
    steps = because.get("steps") or []
    return {
        "playlist": one_line(str(because.get("playlist") or "")),
        "title": one_line(str(because.get("title") or ""), MOST_LETTERS),
        "url": _web_address(because.get("url")),
        "steps": [
            {
                "title": one_line(str(step.get("title") or ""), MOST_LETTERS),
                "how": one_line(str(step.get("how") or "")),
                "at": one_line(str(step.get("at") or "")),
            }
            for step in steps
        ],
    }


def unsigned_credential(award: Award, issuer: Issuer) -> dict:
    """The Open Badges 3.0 credential of an award that is not saved yet.

    The texts are the learner's language's, or the nearest there are. Who earned it is said by a
    salted hash of the e-mail address, or by an identifier that means nothing. Raises
    ``openbadges.errors.OpenBadgesError``.
    """
    language = award.language
    with translation.override(language):
        narrative = evidence_in_words(award.because)
    return credential.build(
        absolute("credential", award.key),
        issuer=profile_of(issuer),
        achievement=claim_of(award.achievement, language),
        subject=_subject(award),
        valid_from=award.awarded_at,
        valid_until=award.valid_until,
        evidence=(
            credential.EvidenceItem(
                narrative,
                name=award.because["title"],
                id=f"{absolute('badge', award.key)}#evidence",
            ),
        ),
        status=status.entry(status_list_url(award.status_list), award.status_index),
    )


def profile_of(issuer: Issuer) -> credential.Profile:
    return credential.Profile(
        id=did_of(issuer),
        name=one_line(issuer.name),
        url=issuer.url or issuer_url(issuer),
        description=signable(issuer.description),
        email=issuer.email,
    )


def claim_of(achievement: Achievement, language: str) -> credential.AchievementClaim:
    """The achievement in ``language`` or the nearest it has; the other ones as related."""
    texts = list(achievement.texts.all())
    text = best_text(texts, language)
    return credential.AchievementClaim(
        id=achievement_url(achievement),
        name=one_line(text.name),
        description=signable(text.description),
        criteria=signable(text.criteria),
        criteria_id=f"{achievement_url(achievement)}#criteria",
        image=f"{absolute('achievement_png', achievement.key)}?lang={text.language}",
        language=text.language,
        other_languages=tuple(
            (other.language, achievement_url(achievement, other.language))
            for other in sorted(texts, key=lambda t: t.language)
            if other.language != text.language
        ),
    )


def evidence_in_words(because: dict) -> str:
    """What was done and how it was shown, in the active language; plain text, a line a step."""
    steps = because["steps"]
    lines = []
    if because["title"]:
        lines.append(_("Finished the line “%s”.") % because["title"])
    if because["url"]:
        lines.append(because["url"])
    lines += [_step_in_words(step) for step in steps[:MOST_STEPS]]
    if len(steps) > MOST_STEPS:
        more = len(steps) - MOST_STEPS
        lines.append(ngettext("And %s more step.", "And %s more steps.", more) % more)
    return "\n".join(lines) or _("Earned as the criteria say.")


def _step_in_words(step: dict[str, Any]) -> str:
    shown = how_it_was_shown(step["how"])
    moment = moment_of(step)
    parts = [step["title"] or _("A step"), shown]
    if moment:
        parts.append(formats.date_format(timezone.localdate(moment), "DATE_FORMAT"))
    return "- " + " – ".join(str(part) for part in parts)


def moment_of(step: dict[str, Any]) -> datetime | None:
    """When a step was done: aware, or None when that is not known."""
    try:
        moment = parse_datetime(step.get("at") or "")
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _subject(award: Award) -> credential.Subject:
    learner = award.learner
    email = str(getattr(learner, learner.get_email_field_name(), "") or "").strip().lower()
    if email:
        return credential.Subject(email=email, salt=award.salt)
    return credential.Subject(id=f"urn:uuid:{uuid.uuid4()}")


def _web_address(url: Any) -> str:
    """``url`` when it is an http(s) address: it is shown as a link."""
    url = str(url or "")
    return one_line(url) if url.startswith(("https://", "http://")) else ""
