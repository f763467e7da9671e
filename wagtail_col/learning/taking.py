"""Of what waits for an answer: who has taken it, so that two do not look at the same one.

Taking is a note to one's colleagues, not a lock: nobody waits because somebody is on holiday.
Who may look at something is for the caller to know.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone

from wagtail_col.learning.models import Submission, Waiver


def take(thing: Submission | Waiver, by: AbstractBaseUser, *, over: bool = False) -> bool:
    """Take it, with ``over`` also from somebody else. False: somebody has it, or it is decided."""
    free = Q() if over else Q(taken_by=None) | Q(taken_by=by)
    open_ones = type(thing).objects.filter(free, pk=thing.pk, state="waiting")
    return bool(open_ones.update(taken_by=by, taken_at=timezone.now()))


def give_back(thing: Submission | Waiver, by: AbstractBaseUser) -> bool:
    """Say that one does not look at it after all; False: one had not taken it."""
    own = type(thing).objects.filter(pk=thing.pk, taken_by=by)
    return bool(own.update(taken_by=None, taken_at=None))
