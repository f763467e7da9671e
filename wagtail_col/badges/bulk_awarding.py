"""Giving one badge to many: what ``awarding.award`` does, with few queries and quick signing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from wagtail_col.badges import keys, reasons, statuslists
from wagtail_col.badges.awarding import (
    TRIES,
    NotAwardable,
    awardable,
    drafted,
    follow,
    lock_learners,
    supported,
)
from wagtail_col.badges.models import Achievement, Award, Requirement
from wagtail_col.badges.openbadges import bulk, proof
from wagtail_col.badges.openbadges.errors import OpenBadgesError
from wagtail_col.badges.telling import tell_after_commit
from wagtail_col.badges.texts import signable

#: Awards in one transaction: what a process that dies half-way leaves undone, at most.
CHUNK = 250


class Result(NamedTuple):
    """What a learner has now, and whether it was given just now."""

    learner: AbstractBaseUser
    award: Award
    is_new: bool


def award_many(
    achievement: Achievement,
    learners: Iterable[tuple[AbstractBaseUser, str]],
    *,
    because: dict,
    language: str,
    by: AbstractBaseUser | None = None,
) -> list[Result]:
    """Give the badge to each of ``learners``, who come with a narrative (it may be empty).

    The rules are those of ``awarding.award``: idempotent, safe beside others, e-mails and what
    the badge leads to included. One transaction and the same number of queries for each ``CHUNK``
    (the badges that follow have their own). ``language`` is for learners who have no badge yet;
    the others get it in the language of their last one. One result for each learner, in order.

    Raises ``NotAwardable`` and ``keys.SigningKeyUnreadable``; chunks before stay.
    """
    once = {learner.pk: (learner, narrative) for learner, narrative in reversed(list(learners))}
    results: list[Result] = []
    for chunk in _chunks(reversed(once.values())):
        with transaction.atomic():
            results += _give(achievement, chunk, reasons.clean(because), language, by)
    return results


def _give(
    achievement: Achievement,
    chunk: list[tuple[AbstractBaseUser, str]],
    because: dict,
    language: str,
    by: AbstractBaseUser | None,
) -> list[Result]:
    ids = [learner.pk for learner, _narrative in chunk]
    lock_learners(ids)
    achievement = awardable(achievement)
    had = _awards(achievement, ids)
    languages = _languages(ids)
    waiting = [
        (
            learner,
            {
                "because": because,
                "narrative": signable(narrative),
                "language": supported(languages.get(learner.pk, language)),
                "awarded_by": by,
            },
        )
        for learner, narrative in chunk
        if learner.pk not in had
    ]
    new: dict[int, Award] = {}
    for _try in range(TRIES):
        if not waiting:
            break
        new |= _saved(_signed(achievement, waiting))
        waiting = [one for one in waiting if one[0].pk not in new]
        if waiting:
            # Their places were taken, or somebody who locks no learner was quicker.
            had |= _awards(achievement, [learner.pk for learner, _values in waiting])
            waiting = [one for one in waiting if one[0].pk not in had]
    else:
        raise RuntimeError(f"Not all found a place in a status list in {TRIES} tries.")
    if new:
        tell_after_commit([award.pk for award in new.values()])
        if Requirement.objects.filter(required=achievement).exists():
            for award in new.values():
                follow(award)
    return [
        Result(learner, new.get(learner.pk) or had[learner.pk], learner.pk in new)
        for learner, _narrative in chunk
    ]


def _signed(achievement: Achievement, waiting: list[tuple[AbstractBaseUser, dict]]) -> list[Award]:
    """An award for each, signed and not saved."""
    now = timezone.now().replace(microsecond=0)
    try:
        issuer = keys.issuer_of(achievement)
        places = statuslists.award_places(issuer, now, len(waiting))
        pairs = [
            drafted(achievement, issuer, learner, place, values, now, None)
            for (learner, values), place in zip(waiting, places, strict=True)
        ]
        key = keys.active_key(issuer)
        documents = [document for _award, document in pairs]
        method = f"{proof.issuer_id(documents[0])}#{key.public_multibase}"
        signed = bulk.sign_many(documents, keys.private_half(key), method, now)
        for (award, _document), document in zip(pairs, signed, strict=True):
            award.credential = statuslists.as_bytes(document)
    except OpenBadgesError as error:
        raise NotAwardable("not-signable", error.message) from error
    return [award for award, _document in pairs]


def _saved(awards: list[Award]) -> dict[int, Award]:
    """Those that could be saved, by learner."""
    Award.objects.bulk_create(awards, ignore_conflicts=True)
    # What was left out because of a conflict is not told: which of them are there now is asked.
    primary = dict(
        Award.objects.filter(key__in=[award.key for award in awards]).values_list("key", "pk")
    )
    saved = {}
    for award in awards:
        if award.key in primary:
            award.pk = primary[award.key]
            saved[award.learner_id] = award
    return saved


def _awards(achievement: Achievement, learner_ids: list[int]) -> dict[int, Award]:
    found = Award.objects.filter(achievement=achievement, learner__in=learner_ids)
    return {award.learner_id: award for award in found.defer("credential", "compact")}


def _languages(learner_ids: list[int]) -> dict[int, str]:
    """The language of each learner's last badge."""
    awards = Award.objects.filter(learner__in=learner_ids).order_by("awarded_at", "pk")
    return dict(awards.values_list("learner_id", "language"))


def _chunks(
    learners: Iterable[tuple[AbstractBaseUser, str]],
) -> Iterator[list[tuple[AbstractBaseUser, str]]]:
    rest = list(learners)
    for start in range(0, len(rest), CHUNK):
        yield rest[start : start + CHUNK]
