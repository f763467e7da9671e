"""Badges that are given by themselves to whoever has the badges they ask for.

Every look at what a learner has locks the learner's own row first. So two badges that are given at
the same moment are looked at one after the other, and the second look sees the first badge.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Iterable
from contextvars import ContextVar
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation

from wagtail_col.badges import requirements
from wagtail_col.badges.addresses import achievement_url
from wagtail_col.badges.awarding import NotAwardable, award
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Achievement, Award, ImportedBadge, Requirement
from wagtail_col.badges.verifying import Verdict
from wagtail_col.records import best_text

logger = logging.getLogger(__name__)

#: What the badges lead to that are given while ``consider`` is at work: it goes on with them, so
#: that a long chain of badges is a loop and not a deep call.
_waiting: ContextVar[deque | None] = ContextVar("col_badges_waiting", default=None)


class Standing(NamedTuple):
    """One of the badges that a badge asks for, and whether a learner has it."""

    requirement: Requirement
    is_held: bool


def consider(
    learner: AbstractBaseUser, earned: Achievement | ImportedBadge, *, language: str
) -> list[Award]:
    """Give every badge that the learner has earned now that they have ``earned``, each once.

    Also those that these badges lead to in turn. A badge that cannot be given is logged and left
    out: what was earned before must not be lost with it. Idempotent; ``language`` is the
    learner's. ``award_earned_badges`` finds later what was left out.
    """
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(earned)
        return []
    given: list[Award] = []
    waiting = deque([earned])
    token = _waiting.set(waiting)
    try:
        with transaction.atomic():
            while waiting:
                given += _next(learner, waiting.popleft(), language)
    finally:
        _waiting.reset(token)
    return given


def standing(achievement: Achievement, learner: AbstractBaseUser | None) -> list[Standing]:
    """The badges this one asks for, in the order they were written down, with what the learner
    has of them (None: nobody). Three queries however many there are."""
    required = list(
        achievement.requirements.select_related("required")
        .prefetch_related("required__texts")
        .order_by("pk")
    )
    held = _held(learner, required) if learner is not None and required else set()
    return [Standing(one, _what(one) in held) for one in required]


def award_earned(achievement: Achievement) -> int:
    """Give a badge to everybody who has what it asks for and not yet the badge; how many got it.

    For badges that ask for others since a moment at which learners had those already. Each
    learner is a transaction of their own, so it can be stopped and called again.
    """
    required = list(achievement.requirements.all())
    if not required or not achievement.live:
        return 0
    held: Counter[int] = Counter()
    here = [one.required_id for one in required if one.required_id]
    elsewhere = [one.elsewhere for one in required if not one.required_id]
    for rows in (
        _standing_awards().filter(achievement__in=here).values("learner"),
        _genuine_imports().filter(achievement_id__in=elsewhere).values("learner"),
    ):
        name = "achievement" if rows.model is Award else "achievement_id"
        for row in rows.annotate(held=Count(name, distinct=True)).order_by():
            held[row["learner"]] += row["held"]
    enough = requirements.how_many(achievement.needed, len(required))
    ready = {learner for learner, count in held.items() if count >= enough}
    ready -= set(achievement.awards.values_list("learner", flat=True))
    given = 0
    for learner in get_user_model().objects.filter(pk__in=ready).order_by("pk").iterator():
        last = (
            Award.objects.filter(learner=learner).values_list("language", flat=True).first() or ""
        )
        with transaction.atomic():
            _lock(learner)
            given += _give(achievement, required, learner, last) is not None
    return given


def _next(
    learner: AbstractBaseUser, earned: Achievement | ImportedBadge, language: str
) -> Iterable[Award]:
    """What this one badge, which the learner has, leads to directly."""
    if isinstance(earned, ImportedBadge):
        asks = Q(requirements__elsewhere=earned.achievement_id) & ~Q(requirements__elsewhere="")
    else:
        asks = Q(requirements__required=earned)
    candidates = list(
        Achievement.objects.filter(asks, live=True)
        .exclude(awards__learner=learner)
        .distinct()
        .order_by("pk")
    )
    if not candidates:
        return []
    _lock(learner)
    required: dict[int, list[Requirement]] = {one.pk: [] for one in candidates}
    for one in (
        Requirement.objects.filter(achievement__in=candidates)
        .select_related("required")
        .prefetch_related("required__texts")
        .order_by("pk")
    ):
        required[one.achievement_id].append(one)
    given = [_give(one, required[one.pk], learner, language) for one in candidates]
    return [award for award in given if award is not None]


def _give(
    achievement: Achievement,
    required: list[Requirement],
    learner: AbstractBaseUser,
    language: str,
) -> Award | None:
    """The new award, or None when it is not earned, was given before, or cannot be given."""
    held = _held(learner, required)
    if not requirements.is_met(achievement.needed, {_what(one) for one in required}, held):
        return None
    try:
        given, is_new = award(
            achievement,
            learner,
            because=_because(
                achievement, [one for one in required if _what(one) in held], language
            ),
            language=language,
        )
    except (NotAwardable, SigningKeyUnreadable):
        logger.exception("Badge %s was earned by other badges and not given.", achievement.key)
        return None
    return given if is_new else None


def _because(achievement: Achievement, counted: list[Requirement], language: str) -> dict:
    with translation.override(language or None):
        text = best_text(achievement.texts.all())
        return {
            "by": "badges",
            "title": text.name if text else "",
            "url": achievement_url(achievement),
            "assessed": "rule",
            "badges": [
                {
                    "name": str(one),
                    "url": achievement_url(one.required) if one.required_id else one.elsewhere,
                }
                for one in counted
            ],
        }


def _what(requirement: Requirement) -> int | str:
    """What is asked for: the number of a badge of this site, or the address of another one."""
    return requirement.required_id or requirement.elsewhere


def _held(learner: AbstractBaseUser, required: Iterable[Requirement]) -> set[int | str]:
    """What of it the learner has now: neither taken back, nor suspended, nor over."""
    here = [one.required_id for one in required if one.required_id]
    elsewhere = [one.elsewhere for one in required if not one.required_id]
    held: set[int | str] = set()
    if here:
        held |= set(
            _standing_awards()
            .filter(learner=learner, achievement__in=here)
            .values_list("achievement", flat=True)
        )
    if elsewhere:
        held |= set(
            _genuine_imports()
            .filter(learner=learner, achievement_id__in=elsewhere)
            .values_list("achievement_id", flat=True)
        )
    return held


def _standing_awards() -> QuerySet[Award]:
    return Award.objects.filter(_not_over(), revoked_at=None, suspended_at=None)


def _genuine_imports() -> QuerySet[ImportedBadge]:
    return ImportedBadge.objects.filter(_not_over(), verdict=Verdict.GENUINE.value, is_own=True)


def _not_over() -> Q:
    return Q(valid_until=None) | Q(valid_until__gte=timezone.now())


def _lock(learner: AbstractBaseUser) -> None:
    """Nobody else looks at what this learner has until the transaction ends."""
    # Rows that refer to the learner are written meanwhile by others, which do not wait for this.
    list(
        get_user_model()
        .objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=learner.pk)
        .values_list("pk", flat=True)
    )
