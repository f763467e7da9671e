"""The badge of an opportunity: whoever has done it gets it, with or without a playlist."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone, translation

from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.catalogue.models import CatalogueRevision, Listing
from wagtail_col.conf import base_url
from wagtail_col.learning.models import Evidence, OpportunityBadge

#: What is enough to get it, and who vouches for that. Saying so oneself is not enough.
ASSESSED = {
    Evidence.CODE: "organiser",
    Evidence.ORGANISER: "organiser",
    Evidence.SCORE: "rule",
}


def set_badge(listing: UUID, achievement: UUID | None) -> None:
    """Write down which badge the opportunity with this key gives; None: none. Idempotent."""
    found = Listing.objects.filter(key=listing).first()
    if found is None:
        return
    badge = Achievement.objects.filter(key=achievement).first() if achievement else None
    if badge is None:
        OpportunityBadge.objects.filter(listing=found).delete()
    else:
        OpportunityBadge.objects.update_or_create(listing=found, defaults={"achievement": badge})


def badge_of(listing: Listing | None) -> Achievement | None:
    """The badge that the opportunity gives now: a published one, of a published opportunity."""
    if listing is None or not listing.is_published:
        return None
    return (
        Achievement.objects.filter(opportunities__listing=listing, live=True)
        .prefetch_related("texts")
        .first()
    )


def give(
    learner: AbstractBaseUser, listing: Listing, how: str, *, renew: bool = False
) -> Award | None:
    """Give the opportunity's badge to who has just done it; None when there is none to give, or
    the learner has it. ``how`` is one of ``Evidence``; ``renew``: also anew, to who has it.

    Raises what ``awarding.award`` raises, with nothing written.
    """
    achievement = badge_of(listing) if how in ASSESSED else None
    if achievement is None:
        return None
    text = listing.text
    title = text.title if text else ""
    given, is_new = award(
        achievement,
        learner,
        because={
            "by": "opportunity",
            "title": title,
            "url": f"{base_url()}{text.url}" if text and text.url else "",
            "steps": [{"title": title, "how": str(how), "at": timezone.now().isoformat()}],
            "assessed": ASSESSED[how],
        },
        language=translation.get_language() or "",
        renew=renew,
    )
    return given if is_new else None


def shown_otherwise(sender, *, instance: Achievement, **kwargs) -> None:
    """After a badge was published or taken offline: pages of its opportunities and playlists that
    are kept say something old."""
    if instance.opportunities.exists() or instance.playlists.exists():
        CatalogueRevision.next()
