"""Codes that organisers show at a place, and what happens when a learner enters one.

A code is derived from a secret in the settings and the row's key. The database holds its hash
alone, and the organiser's page can still show it again. A code of an opportunity shows that
somebody was there; a code of a badge gives the badge. Learners type both into the same box.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.badges.awarding import NotAwardable, award
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.catalogue.models import Listing
from wagtail_col.learning import codes, journey, opportunity_badges, recognising, tries
from wagtail_col.learning.code_making import aim_of, make_code, text_of
from wagtail_col.learning.journey import Outcome, Refused
from wagtail_col.learning.models import (
    ClaimCode,
    CodeUse,
    Completion,
    Enrolment,
    Evidence,
    Playlist,
    Step,
)

__all__ = ["ChooseLine", "Found", "Redeemed", "look", "make_code", "redeem", "text_of"]


class ChooseLine(Exception):
    """The code is right, but the learner is on none of the lines it counts for."""

    def __init__(self, found: Found) -> None:
        super().__init__("Choose one of the lines.")
        self.found = found


@dataclass(frozen=True)
class Found:
    """What a code is for, and for whom it would do what. Steps carry their playlist."""

    code: ClaimCode
    #: Steps on lines the learner is on, not done yet: entering the code does them.
    open: tuple[Step, ...] = ()
    #: Steps on lines the learner is on that are done already.
    done: tuple[Step, ...] = ()
    #: Steps on lines the learner could join.
    offered: tuple[Step, ...] = ()
    #: The badge that entering the code gives, or gives anew for another while.
    badge: Achievement | None = None
    #: The learner's own award of the badge the code is for, if they have it.
    award: Award | None = None

    @property
    def listing(self) -> Listing | None:
        return self.code.listing


@dataclass(frozen=True)
class Redeemed:
    """What entering a code did: each step with its outcome. ``done`` were done before."""

    code: ClaimCode
    steps: tuple[tuple[Step, Outcome], ...] = ()
    done: tuple[Step, ...] = ()
    offered: tuple[Step, ...] = ()
    #: The badge the code itself or its opportunity gave just now.
    earned: Award | None = None
    #: The same badge, which the learner had before.
    had: Award | None = None

    @property
    def listing(self) -> Listing | None:
        return self.code.listing


def look(learner: AbstractBaseUser, text: str, *, address: str = "") -> Found:
    """What the code would do for this learner, without doing it. Refuses as ``redeem`` does."""
    return _found(learner, _code(learner, text, address))


def redeem(
    learner: AbstractBaseUser,
    text: str,
    playlist: Playlist | None = None,
    *,
    address: str = "",
) -> Redeemed:
    """Give the badge the code is for; do its steps on every line the learner is on.

    With ``playlist`` the learner joins that line first. One learner uses a code once, however
    often it is entered and for however many lines. Raises, with nothing changed: Refused (its
    ``code``: wrong-code, not-yet, expired, used-up, listing-withdrawn, badge-withdrawn,
    taken-back, not-awardable, no-line, not-on-line), ``tries.TooMany``, or ChooseLine when there
    is a line to join first.
    """
    code = _code(learner, text, address)
    with transaction.atomic():
        if playlist is not None:
            if not _steps(code).filter(playlist=playlist).exists():
                raise Refused("not-on-line", _("This code does not count for that line."))
            journey.join(learner, playlist)
        # In one order, so that two codes entered at once do not wait for each other.
        list(
            Enrolment.objects.select_for_update()
            .filter(learner=learner, playlist__in=_steps(code).values("playlist"))
            .order_by("pk")
        )
        found = _found(learner, code)
        if not found.open and not found.badge:
            if found.offered and playlist is None:
                raise ChooseLine(found)
            return Redeemed(code, done=found.done, offered=found.offered, had=found.award)
        is_first = _use(learner, code)
        earned = _earn(learner, found, renew=is_first) if found.badge else None
        steps = tuple(
            (step, journey.finish_step(learner, step, Evidence.CODE, code)) for step in found.open
        )
        if playlist is not None:
            # After the code's own steps: what it shows was shown by the code.
            recognising.count_before(learner, playlist)
        if is_first and not (earned or steps):
            _give_back(learner, code)
        return Redeemed(
            code,
            steps=steps,
            done=found.done,
            offered=found.offered,
            earned=earned,
            had=None if earned else _own(learner, found.badge),
        )


def _code(learner: AbstractBaseUser, text: str, address: str) -> ClaimCode:
    """The code somebody typed, if it exists and may be used now."""
    typed = codes.read(text)
    failed = tries.begin(learner, address, aim_of(typed))
    code = None
    if codes.is_code(typed):
        code = (
            ClaimCode.objects.select_related("listing", "achievement")
            .filter(code_hash=codes.digest(typed))
            .first()
        )
    if code is None:
        raise _wrong(typed)
    tries.forgive(failed)
    _check(learner, code)
    return code


def _wrong(typed: str) -> Refused:
    if len(typed) != codes.LENGTH:
        message = ngettext(
            "A code has 16 letters and numbers. This one has %(count)s.",
            "A code has 16 letters and numbers. This one has %(count)s.",
            len(typed),
        ) % {"count": len(typed)}
        return Refused("wrong-code", message)
    return Refused("wrong-code", _("There is no such code. Look at the letters again."))


def _check(learner: AbstractBaseUser, code: ClaimCode) -> None:
    if code.listing is not None and not code.listing.is_published:
        raise Refused(
            "listing-withdrawn",
            _("What this code was for is no longer offered. Ask the organiser."),
        )
    if code.achievement is not None and not code.achievement.live:
        raise Refused(
            "badge-withdrawn",
            _("The badge of this code is not given at present. Ask the organiser."),
        )
    now = timezone.now()
    if code.valid_from and now < code.valid_from:
        raise Refused(
            "not-yet", _("This code works from %(when)s. Try again then.") % _when(code.valid_from)
        )
    if code.valid_until and now > code.valid_until:
        raise Refused(
            "expired",
            _("This code stopped working on %(when)s. Ask the organiser for a new one.")
            % _when(code.valid_until),
        )
    if code.most_uses is not None and code.uses >= code.most_uses and not _has_used(learner, code):
        raise _used_up()


def _when(moment: datetime) -> dict[str, str]:
    return {"when": date_format(timezone.localtime(moment), "DATETIME_FORMAT")}


def _used_up() -> Refused:
    return Refused(
        "used-up",
        _("As many people have used this code as may use it. Ask the organiser for another one."),
    )


def _has_used(learner: AbstractBaseUser, code: ClaimCode) -> bool:
    # Uses of opportunities' codes were written down as completions alone before there were badges.
    return (
        CodeUse.objects.filter(learner=learner, code=code).exists()
        or Completion.objects.filter(learner=learner, claim_code=code).exists()
    )


def _use(learner: AbstractBaseUser, code: ClaimCode) -> bool:
    """Count one use of this learner; False when it is counted already.

    The database compares and counts in one step, so the last use is used once.
    """
    if _has_used(learner, code):
        return False
    _row, is_first = CodeUse.objects.get_or_create(code=code, learner=learner)
    some_left = Q(most_uses__isnull=True) | Q(uses__lt=F("most_uses"))
    if is_first and not ClaimCode.objects.filter(some_left, pk=code.pk).update(uses=F("uses") + 1):
        raise _used_up()
    return is_first


def _give_back(learner: AbstractBaseUser, code: ClaimCode) -> None:
    """The use was for nothing: at this very moment the learner got the badge by another way."""
    CodeUse.objects.filter(learner=learner, code=code).delete()
    ClaimCode.objects.filter(pk=code.pk).update(uses=F("uses") - 1)


def _earn(learner: AbstractBaseUser, found: Found, *, renew: bool) -> Award | None:
    """Give the badge; None when there is nothing to give any more. Refused when it cannot be
    given and the code does nothing else."""
    try:
        if found.listing is not None:
            return opportunity_badges.give(learner, found.listing, Evidence.CODE, renew=renew)
        return _give_for_code(learner, found.code, renew)
    except (NotAwardable, SigningKeyUnreadable) as error:
        refusal = journey.cannot_be_given(found.badge, error)
        if found.open:
            return None
        raise refusal from error


def _give_for_code(learner: AbstractBaseUser, code: ClaimCode, renew: bool) -> Award | None:
    given, is_new = award(
        code.achievement,
        learner,
        because={"by": "code", "title": code.event, "assessed": "organiser"},
        language=journey.active_language(),
        renew=renew,
    )
    return given if is_new else None


def _steps(code: ClaimCode) -> QuerySet[Step]:
    """Steps that are this code's listing, on lines that are offered."""
    if code.listing_id is None:
        return Step.objects.none()
    return Step.objects.published().filter(
        listing=code.listing_id, playlist__in=Playlist.objects.published()
    )


def _found(learner: AbstractBaseUser, code: ClaimCode) -> Found:
    badge, own = _badge(learner, code)
    steps = (
        _steps(code)
        .select_related("playlist", "listing")
        .prefetch_related("texts", "playlist__texts", "listing__texts")
        .order_by("playlist_id", "position", "pk")
    )
    joined = set(Enrolment.objects.filter(learner=learner).values_list("playlist_id", flat=True))
    done = set(
        Completion.objects.filter(learner=learner, step__in=steps).values_list("step_id", flat=True)
    )
    found = Found(
        code=code,
        open=tuple(s for s in steps if s.playlist_id in joined and s.pk not in done),
        done=tuple(s for s in steps if s.playlist_id in joined and s.pk in done),
        offered=tuple(s for s in steps if s.playlist_id not in joined),
        badge=badge,
        award=own,
    )
    if not (found.open or found.done or found.offered or badge or own):
        raise Refused(
            "no-line", _("This code is right, but it does not count for any line at present.")
        )
    return found


def _own(learner: AbstractBaseUser, achievement: Achievement | None) -> Award | None:
    return Award.objects.filter(achievement=achievement, learner=learner).first()


def _badge(learner: AbstractBaseUser, code: ClaimCode) -> tuple[Achievement | None, Award | None]:
    """The badge that the code gives this learner, and the learner's award of it if there is one.

    Who has a badge that is good for a while gets it anew with a code they have not used.
    """
    achievement = code.achievement or opportunity_badges.badge_of(code.listing)
    if achievement is None:
        return None, None
    own = _own(learner, achievement)
    if own is None:
        return achievement, None
    if own.is_revoked:
        if code.achievement is None:
            return None, None
        raise Refused(
            "taken-back",
            _("This badge was taken back from you, so a code does not give it. Ask the organiser."),
        )
    is_renewed = own.valid_until is not None and not _has_used(learner, code)
    return achievement if is_renewed else None, own
