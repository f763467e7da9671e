"""Who leaves the site does not change how many took part: the counts of playlists stay."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, F, Q

from wagtail_col.learning.models import Enrolment, PastLearners, Playlist


def remember(sender: type, person: AbstractBaseUser, **kwargs: Any) -> None:
    """A receiver of ``people.signals.erasing``."""
    joined = Enrolment.objects.filter(learner=person).values_list("playlist", "completed_at")
    for playlist, completed_at in joined.order_by("playlist"):
        PastLearners.objects.get_or_create(playlist_id=playlist)
        PastLearners.objects.filter(playlist_id=playlist).update(
            joined=F("joined") + 1, finished=F("finished") + (1 if completed_at else 0)
        )


def people_on(playlist: Playlist) -> int:
    """How many are or were on it, also those whose account is gone. Who left it does not count."""
    return _together(playlist, Count("enrolments"), "past_learners__joined")


def finished(playlist: Playlist) -> int:
    """The same of those who finished it."""
    done = Count("enrolments", filter=Q(enrolments__completed_at__isnull=False))
    return _together(playlist, done, "past_learners__finished")


def _together(playlist: Playlist, now: Count, past: str) -> int:
    counted = Playlist.objects.filter(pk=playlist.pk).annotate(now=now)
    row = counted.values_list("now", past).first()
    return sum(number or 0 for number in row or ())
