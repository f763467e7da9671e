"""A badge that was given, as the tests of this floor need it."""

from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement, Award

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
