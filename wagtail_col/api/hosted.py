"""Our badges as Open Badges 2.0 documents, each at an address of its own.

What issuers and badges are is open to everybody. An assertion is open while its learner shares
the badge, or while a wallet they connected has it: older wallets verify by asking that address.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.utils import translation

from wagtail_col.api.addresses import absolute
from wagtail_col.api.models import Connection
from wagtail_col.badges import sharing
from wagtail_col.badges.addresses import issuer_url
from wagtail_col.badges.certifying import claim_of, profile_of
from wagtail_col.badges.keys import issuer_of
from wagtail_col.badges.models import Achievement, Award, Issuer
from wagtail_col.badges.openbadges import v2


def assertion_url(award: Award) -> str:
    return absolute("hosted_assertion", award.key)


def issuer_document(issuer: Issuer) -> dict:
    profile = profile_of(issuer)
    return v2.issuer(
        v2.Issuer(
            id=_issuer_address(issuer),
            name=profile.name,
            url=profile.url or issuer_url(issuer),
            email=profile.email,
            description=profile.description,
        )
    )


def badge_class_document(achievement: Achievement, language: str = "") -> dict:
    """In ``language`` (the active one), or the nearest there is."""
    claim = claim_of(achievement, language or translation.get_language() or "")
    return v2.badge_class(
        v2.BadgeClass(
            id=absolute("hosted_badge_class", achievement.key),
            name=claim.name,
            description=claim.description,
            criteria=claim.criteria,
            criteria_url=claim.criteria_id,
            image=claim.image,
            issuer=_issuer_address(issuer_of(achievement)),
            language=claim.language,
            skills=tuple(
                v2.Skill(each.target_name, each.target_url, each.target_framework, each.target_code)
                for each in claim.alignments
            ),
        )
    )


def assertion_document(award: Award) -> dict:
    """The award as it was signed, in the older form."""
    signed = json.loads(award.credential)
    return v2.assertion(
        assertion_url(award),
        badge=absolute("hosted_badge_class", award.achievement.key),
        recipient=v2.recipient_of(signed["credentialSubject"]),
        issued_on=award.awarded_at,
        expires=award.valid_until,
        evidence=tuple(
            v2.Evidence(each["narrative"])
            for each in signed.get("evidence", [])
            if each.get("narrative")
        ),
    )


def is_open(award: Award) -> bool:
    """Whether anybody may ask for its assertion now."""
    return sharing.is_shared(award) or award.hosted_for.exists()


def hand_over(connection: Connection, awards: Iterable[Award]) -> None:
    """Remember that this wallet has these, so that their addresses stay open for it."""
    through = Connection.hosted.through
    through.objects.bulk_create(
        [through(connection_id=connection.pk, award_id=award.pk) for award in awards],
        ignore_conflicts=True,
    )


def _issuer_address(issuer: Issuer) -> str:
    if issuer.slug:
        return absolute("hosted_issuer", issuer.slug)
    return absolute("hosted_site_issuer")
