"""A badge that was given, as the tests of this floor need it."""

import uuid

from django.utils import timezone

from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement, Award, ImportedBadge

BECAUSE = {
    "playlist": "0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f",
    "title": "Podcast from zero",
    "url": "http://testserver/en/podcast/",
    "steps": [
        {"title": "Tell a story", "how": "self", "at": "2026-10-03T08:00:00+00:00"},
        {"title": "Record it", "how": "code", "at": "2026-10-10T08:00:00+00:00"},
        {"title": "Show it", "how": "organiser", "at": "2026-10-24T08:00:00+00:00"},
    ],
}


def slovene(achievement: Achievement) -> None:
    AchievementTextFactory(
        achievement=achievement,
        language="sl",
        name="Raziskovalka",
        description="Pozna okolico.",
        criteria="Opravila vse obvezne korake.",
    )


def badge(learner=None, achievement=None, *, language="en", **values) -> Award:
    """A badge somebody was given just now."""
    given, created = award(
        achievement or AchievementFactory(),
        learner or UserFactory(),
        because={**BECAUSE, **values.pop("because", {})},
        language=language,
        **values,
    )
    if not created:
        raise ValueError("The learner has this badge already.")
    return given


def shared_badge(learner=None, achievement=None, *, shown_name="", **values) -> Award:
    """The same, with a link under which everybody sees it."""
    given = badge(learner, achievement, **values)
    sharing.share(given.learner, [given], shown_name=shown_name)
    return given


def brought(learner, name="Swimmer", **values) -> ImportedBadge:
    """A badge from elsewhere, as it is kept after it was checked: real, and the learner's own."""
    return ImportedBadge.objects.create(
        learner=learner,
        **{
            "form": "ob3-json",
            "source": "{}",
            "fingerprint": uuid.uuid4().hex,
            "identifier": f"https://elsewhere.example/{uuid.uuid4()}",
            "name": name,
            "issuer_name": "Pool",
            "verdict": "genuine",
            "is_own": True,
            "awarded_at": timezone.now(),
            "checked_at": timezone.now(),
        }
        | values,
    )
