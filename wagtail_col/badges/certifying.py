"""What a badge's credential says: from an award and its achievement to an unsigned document."""

from __future__ import annotations

import secrets
import uuid

from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_col.badges import pictures, reasons, skills
from wagtail_col.badges.addresses import (
    absolute,
    achievement_url,
    did_of,
    issuer_url,
    revocation_list_url,
    status_list_url,
)
from wagtail_col.badges.models import Achievement, Award, Issuer, Level, StatusForm
from wagtail_col.badges.openbadges import credential, revocation, status
from wagtail_col.badges.texts import one_line, signable
from wagtail_col.records import best_text


def new_salt() -> str:
    return secrets.token_hex(16)


def unsigned_credential(award: Award, issuer: Issuer) -> dict:
    """The Open Badges 3.0 credential of an award that is not saved yet.

    The texts are the learner's language's, or the nearest there are. Who earned it is said by a
    salted hash of the e-mail address, or by an identifier that means nothing. Raises
    ``openbadges.errors.OpenBadgesError``.
    """
    language = award.language
    with translation.override(language):
        narrative = _evidence_in_words(award)
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
        status=_status_of(award),
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
    image = "achievement_png" if pictures.has_own_png(achievement) else "achievement_svg"
    return credential.AchievementClaim(
        id=achievement_url(achievement),
        name=one_line(text.name),
        description=signable(text.description),
        criteria=signable(text.criteria),
        criteria_id=f"{achievement_url(achievement)}#criteria",
        image=f"{absolute(image, achievement.key)}?lang={text.language}",
        alignments=skills.alignments_of(achievement, text.language),
        language=text.language,
        other_languages=tuple(
            (other.language, achievement_url(achievement, other.language))
            for other in sorted(texts, key=lambda t: t.language)
            if other.language != text.language
        ),
        scale=_scale_of(achievement, text.language),
    )


def _scale_of(achievement: Achievement, language: str) -> credential.Scale | None:
    if achievement.level not in Level.values or not achievement.level:
        return None
    with translation.override(language):
        return credential.Scale(
            name=_("Level"),
            levels=tuple(
                credential.Level(level.value, str(level.label)) for level in Level if level.value
            ),
            reached=achievement.level,
        )


def _evidence_in_words(award: Award) -> str:
    """What the organiser wrote about it, what was done and how it was shown, in the active
    language: plain text, a line a fact."""
    written = signable(award.narrative)
    told = "\n".join(reasons.in_words(award.because))
    return f"{written}\n\n{told}" if written else told


def _status_of(award: Award) -> dict | list[dict]:
    """Where it is looked up whether the award still holds."""
    issuer = award.status_list.issuer
    if issuer.status_form == StatusForm.REVOCATION_LIST:
        return revocation.entry(revocation_list_url(issuer))
    taken_back = status.entry(status_list_url(award.status_list), award.status_index)
    if award.suspension_list is None:
        return taken_back
    listed = status_list_url(award.suspension_list)
    return [taken_back, status.entry(listed, award.suspension_index, "suspension")]


def _subject(award: Award) -> credential.Subject:
    learner = award.learner
    email = str(getattr(learner, learner.get_email_field_name(), "") or "").strip().lower()
    # Means nothing; a token has to name its subject by one (Open Badges 3.0, 8.2.4.1).
    identifier = f"urn:uuid:{uuid.uuid4()}"
    if email:
        return credential.Subject(id=identifier, email=email, salt=award.salt)
    return credential.Subject(id=identifier)
