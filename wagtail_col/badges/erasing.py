"""When an account goes, its badges and links go with it; their addresses say so (410).

Nothing about anybody is kept: the key, the day, and which badge it was, so that the number of
times a badge was given does not tell that somebody left. The status lists stay as they are.
"""

from __future__ import annotations

from typing import Any

from wagtail_col.badges.models import Achievement, Award, Erased, ImportedBadge, Share


def remember(sender: type, instance: Award | ImportedBadge | Share, **kwargs: Any) -> None:
    """A receiver of ``pre_delete``: the address of what goes answers 410 from now on."""
    achievement = instance.achievement_id if isinstance(instance, Award) else None
    Erased.objects.get_or_create(key=instance.key, defaults={"achievement_id": achievement})


def times_given(achievement: Achievement) -> int:
    """How often the badge was given, also to those whose account is gone."""
    return achievement.awards.count() + achievement.erased.count()
