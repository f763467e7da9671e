"""When a badge that asks for others is published: who has those already gets it.

A task, because there may be many of them.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_tasks import task

from wagtail_col.badges.earning import award_earned
from wagtail_col.badges.models import Achievement


@task()
def award_earned_badges(achievement_id: int) -> int:
    """Give the badge to everybody who has what it asks for; how many got it."""
    achievement = Achievement.objects.filter(pk=achievement_id).first()
    return award_earned(achievement) if achievement else 0


def after_publishing(sender: type, instance: Achievement, **kwargs: Any) -> None:
    """Receiver of Wagtail's ``published``."""
    if instance.requirements.exists():
        # Robust: a queue that is down must not undo the publishing.
        transaction.on_commit(lambda: award_earned_badges.enqueue(instance.pk), robust=True)
