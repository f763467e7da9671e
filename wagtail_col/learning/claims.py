"""Codes that organisers show at a place, and what happens when a learner enters one.

A code is derived from a secret in the settings and the row's key. The database holds its hash
alone, and the organiser's page can still show it again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col import vault
from wagtail_col.catalogue.models import Listing
from wagtail_col.learning import codes, journey, tries
from wagtail_col.learning.journey import Outcome, Refused
from wagtail_col.learning.models import ClaimCode, Completion, Enrolment, Evidence, Playlist, Step


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
    open: tuple[Step, ...]
    #: Steps on lines the learner is on that are done already.
    done: tuple[Step, ...]
    #: Steps on lines the learner could join.
    offered: tuple[Step, ...]

    @property
    def listing(self) -> Listing:
        return self.code.listing


@dataclass(frozen=True)
class Redeemed:
    """What entering a code did: each step with its outcome. ``done`` were done before."""

    listing: Listing
    steps: tuple[tuple[Step, Outcome], ...]
    done: tuple[Step, ...] = ()


def make_code(
    listing: Listing,
    *,
    by: AbstractBaseUser | None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    most_uses: int | None = None,
) -> ClaimCode:
    """A new code for a listing. ValidationError when its times or uses make no sense."""
    if valid_from and valid_until and valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The end has to be after the start.")})
    if most_uses is not None and most_uses < 1:
        raise ValidationError({"most_uses": _("At least one learner has to be able to use it.")})
    key = uuid.uuid4()
    return ClaimCode.objects.create(
        key=key,
        listing=listing,
        code_hash=codes.digest(codes.encode(vault.derive("claim", str(key)))),
        valid_from=valid_from,
        valid_until=valid_until,
        most_uses=most_uses,
        created_by=by,
    )


def text_of(claim_code: ClaimCode) -> str:
    """The code in four groups, as the organiser shows it.

    ImproperlyConfigured when the secret it was made with is no longer in the settings. Learners
    who have the code can still use it; the organiser makes a new one to show.
    """
    for value in vault.derived_with_each("claim", str(claim_code.key)):
        code = codes.encode(value)
        if codes.digest(code) == claim_code.code_hash:
            return codes.grouped(code)
    raise ImproperlyConfigured(
        'This code was made with a secret that is no longer in WAGTAIL_COL["KEYS"]. '
        "Put the old secret back behind the new one, or make a new code."
    )


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
    """Do the steps the code is for, on every line the learner is on.

    With ``playlist`` the learner joins that line first. One learner uses a code once, however
    often it is entered and for however many lines. Raises, with nothing changed: Refused (its
    ``code``: wrong-code, not-yet, expired, used-up, listing-withdrawn, no-line, not-on-line),
    ``tries.TooMany``, or ChooseLine when there is a line to join first.
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
        if not found.open and found.offered and playlist is None:
            raise ChooseLine(found)
        if found.open and not _has_used(learner, code):
            _use(code)
        return Redeemed(
            listing=code.listing,
            steps=tuple(
                (step, journey.finish_step(learner, step, Evidence.CODE, code))
                for step in found.open
            ),
            done=found.done,
        )


def _code(learner: AbstractBaseUser, text: str, address: str) -> ClaimCode:
    """The code somebody typed, if it exists and may be used now."""
    failed = tries.begin(learner, address)
    typed = codes.read(text)
    code = None
    if codes.is_code(typed):
        code = (
            ClaimCode.objects.select_related("listing")
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
    return Refused("wrong-code", _("No activity has this code. Look at the letters again."))


def _check(learner: AbstractBaseUser, code: ClaimCode) -> None:
    if not code.listing.is_published:
        raise Refused(
            "listing-withdrawn",
            _("What this code was for is no longer offered. Ask the organiser."),
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
    return Completion.objects.filter(learner=learner, claim_code=code).exists()


def _use(code: ClaimCode) -> None:
    """Count one use. The database compares and counts in one step, so the last use is used once."""
    some_left = Q(most_uses__isnull=True) | Q(uses__lt=F("most_uses"))
    if not ClaimCode.objects.filter(some_left, pk=code.pk).update(uses=F("uses") + 1):
        raise _used_up()


def _steps(code: ClaimCode):
    """Steps that are this code's listing, on lines that are offered."""
    return Step.objects.published().filter(
        listing=code.listing_id, playlist__in=Playlist.objects.published()
    )


def _found(learner: AbstractBaseUser, code: ClaimCode) -> Found:
    steps = (
        _steps(code)
        .select_related("playlist", "listing")
        .prefetch_related("texts", "playlist__texts", "listing__texts")
        .order_by("playlist_id", "position", "pk")
    )
    joined = set(Enrolment.objects.filter(learner=learner).values_list("playlist_id", flat=True))
    done = set(
        Completion.objects.filter(learner=learner, step__listing=code.listing_id).values_list(
            "step_id", flat=True
        )
    )
    found = Found(
        code=code,
        open=tuple(s for s in steps if s.playlist_id in joined and s.pk not in done),
        done=tuple(s for s in steps if s.playlist_id in joined and s.pk in done),
        offered=tuple(s for s in steps if s.playlist_id not in joined),
    )
    if not (found.open or found.done or found.offered):
        raise Refused(
            "no-line", _("This code is right, but it does not count for any line at present.")
        )
    return found
