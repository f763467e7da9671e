"""A provider's own system gives the badges of its organisation, and takes them back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from rest_framework import serializers

from wagtail_col.api.errors import Refused
from wagtail_col.api.models import Application
from wagtail_col.badges import awarding, inviting
from wagtail_col.badges.accounts import accounts_of
from wagtail_col.badges.addresses import achievement_url
from wagtail_col.badges.mailable import check_mailable
from wagtail_col.badges.models import Achievement, Award, Issuer
from wagtail_col.badges.texts import check_signable

LONGEST_NARRATIVE = 2000
LONGEST_EVENT = 200
LONGEST_REASON = 500
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: They are signed, and they go into an e-mail to whoever is invited.
_TEXTS = [check_signable, check_mailable]


class _Strict(serializers.Serializer):
    """Members that are not known are an error: a misspelt one would be lost in silence."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            fault = ["There is no such member."]
            raise serializers.ValidationError(dict.fromkeys(unknown, fault))
        return super().to_internal_value(data)


class _Text(serializers.CharField):
    """Text as it is sent; a number is none."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class AwardRequest(_Strict):
    """Who gets which badge, and why."""

    achievement = serializers.UUIDField()
    email = serializers.EmailField(max_length=254)
    narrative = _Text(
        max_length=LONGEST_NARRATIVE, required=False, allow_blank=True, validators=_TEXTS
    )
    event = _Text(max_length=LONGEST_EVENT, required=False, allow_blank=True, validators=_TEXTS)
    evidence = serializers.URLField(max_length=2000, required=False)
    language = serializers.ChoiceField(choices=[], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES

    def validate_achievement(self, value: UUID) -> UUID:
        # The field takes numbers and other ways to write one as well.
        if self.initial_data["achievement"] != str(value):
            raise serializers.ValidationError("A UUID is written in lower case with dashes.")
        return value

    def validate_evidence(self, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise serializers.ValidationError("It has to begin with https:// or http://.")
        return value


class RevocationRequest(_Strict):
    """Why a badge is taken back; anybody who is shown the badge reads it."""

    reason = _Text(max_length=LONGEST_REASON, validators=[check_signable])


def checked(serializer: serializers.Serializer) -> dict[str, Any]:
    """What was sent, checked. Raises Refused (400) that names each wrong member."""
    if not serializer.is_valid():
        faults = (
            f"{name}: {' '.join(map(str, messages))}"
            for name, messages in serializer.errors.items()
        )
        raise Refused(400, "invalid", " ".join(faults))
    return serializer.validated_data


def own_achievements(issuer: Issuer) -> QuerySet[Achievement]:
    """The badges of this organisation; those that name no issuer are the site's."""
    own = Q(issuer=issuer) if issuer.slug else Q(issuer=issuer) | Q(issuer=None)
    return Achievement.objects.filter(own)


def own_awards(issuer: Issuer) -> QuerySet[Award]:
    """The badges given by this organisation."""
    return (
        Award.objects.filter(achievement__in=own_achievements(issuer), status_list__issuer=issuer)
        .select_related("achievement")
        .defer("credential", "compact")
    )


def give(application: Application, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Give the badge to whoever has the address, or invite them by e-mail when nobody has it.

    Idempotent: 201 when it was given or somebody was invited just now, 200 when they have it.
    Raises Refused: 404, 403 for another organisation's badge, 409 for one that cannot be given.
    """
    achievement = _own(application.issuer, sent["achievement"])
    because = {
        "by": "system",
        "title": sent.get("event", ""),
        "url": sent.get("evidence", ""),
        "assessed": "organiser",
    }
    language = sent.get("language") or settings.LANGUAGE_CODE
    narrative = sent.get("narrative", "")
    learner = account_of(sent["email"])
    try:
        if learner is None:
            awarding.awardable(achievement)
            [(invitation, is_new)] = inviting.invite_many(
                achievement,
                [(sent["email"], narrative)],
                because=because,
                language=language,
                by=None,
            ).values()
            return (201 if is_new else 200), {
                "outcome": "invited",
                "invitation": {"key": str(invitation.key)},
            }
        award, is_new = awarding.award(
            achievement, learner, because=because, language=language, narrative=narrative
        )
    except awarding.NotAwardable as error:
        raise Refused(409, error.code, error.message) from error
    return (201 if is_new else 200), {
        "outcome": "given" if is_new else "already",
        "award": award_values(award),
    }


def take_back(issuer: Issuer, key: str, reason: str) -> tuple[int, dict[str, Any]]:
    """Take one of one's own back; taking it back again changes nothing. Raises Refused (404)."""
    award = find_award(issuer, key)
    awarding.revoke(award, reason)
    return 200, {"award": award_values(award)}


def find_award(issuer: Issuer, key: str) -> Award:
    """One of one's own. Whatever else is in an address: there is no such badge (Refused, 404)."""
    award = own_awards(issuer).filter(key=key).first() if _KEY.fullmatch(key) else None
    if award is None:
        raise Refused(404, "not_found", "There is no such badge of this organisation.")
    return award


def account_of(email: str) -> AbstractBaseUser | None:
    """The one active account with this e-mail address; nobody when there are several."""
    found = accounts_of([email]).get(email.lower(), [])
    return found[0] if len(found) == 1 else None


def achievement_values(achievement: Achievement) -> dict[str, Any]:
    text = achievement.text
    return {
        "key": str(achievement.key),
        "name": text.name if text else "",
        "description": text.description if text else "",
        "languages": sorted(text.language for text in achievement.texts.all()),
        "published": achievement.live,
        "url": achievement_url(achievement),
    }


def award_values(award: Award) -> dict[str, Any]:
    """An award without its learner: the system that gave it knows whom it gave it to."""
    return {
        "key": str(award.key),
        "achievement": str(award.achievement.key),
        "awarded_at": _moment(award.awarded_at),
        "valid_until": _moment(award.valid_until),
        "suspended_at": _moment(award.suspended_at),
        "revoked_at": _moment(award.revoked_at),
        "revocation_reason": award.revocation_reason,
        "event": str(award.because.get("title") or ""),
    }


def _own(issuer: Issuer, key: UUID) -> Achievement:
    achievement = own_achievements(issuer).filter(key=key).first()
    if achievement is None:
        # That a published badge is there is no secret.
        if Achievement.objects.filter(key=key, live=True).exists():
            raise Refused(403, "not_yours", "This badge is another organisation's.")
        raise Refused(404, "not_found", "There is no such badge.")
    return achievement


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
