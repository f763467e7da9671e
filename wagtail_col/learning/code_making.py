"""Codes as organisers make them: derived from a secret, so that they can be shown again."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col import vault
from wagtail_col.badges.models import Achievement
from wagtail_col.badges.texts import one_line
from wagtail_col.catalogue.models import Listing
from wagtail_col.learning import codes
from wagtail_col.learning.derived_codes import derived, derived_again
from wagtail_col.learning.models import ClaimCode

#: Letters of an event's name, as the model keeps it.
MOST_LETTERS = 200


def make_code(
    listing: Listing,
    *,
    by: AbstractBaseUser | None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    most_uses: int | None = None,
) -> ClaimCode:
    """A new code for a listing. ValidationError when its times or uses make no sense."""
    check_times(valid_from, valid_until)
    _check_uses(most_uses)
    code = new_code(
        listing=listing,
        valid_from=valid_from,
        valid_until=valid_until,
        most_uses=most_uses,
        created_by=by,
    )
    code.save(force_insert=True)
    return code


def make_badge_code(
    achievement: Achievement,
    *,
    by: AbstractBaseUser | None,
    event: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    most_uses: int | None = None,
) -> ClaimCode:
    """A new code that gives a badge at an event, whose name becomes part of the badge.

    ValidationError when its times or uses make no sense.
    """
    check_times(valid_from, valid_until)
    _check_uses(most_uses)
    code = new_code(
        achievement=achievement,
        event=one_line(event, MOST_LETTERS),
        valid_from=valid_from,
        valid_until=valid_until,
        most_uses=most_uses,
        created_by=by,
    )
    code.save(force_insert=True)
    return code


def replace(code: ClaimCode, *, by: AbstractBaseUser | None) -> ClaimCode:
    """Another code for the same, with the uses that are left; this one stops working.

    ValidationError when this one does not work any more.
    """
    with transaction.atomic():
        old = ClaimCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
        over = old.valid_until is not None and old.valid_until <= timezone.now()
        left = None if old.most_uses is None else old.most_uses - old.uses
        if over or left == 0:
            raise ValidationError(_("This code does not work any more. Make a new one."))
        new = new_code(
            listing_id=old.listing_id,
            achievement_id=old.achievement_id,
            event=old.event,
            valid_from=old.valid_from,
            valid_until=old.valid_until,
            most_uses=left,
            created_by=by,
        )
        new.save(force_insert=True)
        withdraw(old)
    return new


def withdraw(code: ClaimCode) -> None:
    """Nobody can use the code any more. What was done with it stays done."""
    now = timezone.now()
    code.valid_until = min(filter(None, (code.valid_until, now)))
    code.valid_from = min(filter(None, (code.valid_from, now)))
    code.save(update_fields=["valid_from", "valid_until"])


def new_code(**values) -> ClaimCode:
    """A code with a secret of its own, not saved."""
    key = uuid.uuid4()
    text = derived("claim", str(key))
    return ClaimCode(
        key=key,
        code_hash=codes.digest(text),
        opening=vault.derive("claim-opening", text[: codes.OPENING]).hex(),
        **values,
    )


def text_of(claim_code: ClaimCode) -> str:
    """The code in four groups, as the organiser shows it.

    ImproperlyConfigured when the secret it was made with is no longer in the settings. Learners
    who have the code can still use it; the organiser makes a new one to show.
    """
    if code := derived_again("claim", str(claim_code.key), claim_code.code_hash):
        return code
    raise ImproperlyConfigured(
        'This code was made with a secret that is no longer in WAGTAIL_COL["KEYS"]. '
        "Put the old secret back behind the new one, or make a new code."
    )


def aim_of(typed: str) -> str:
    """The badge or opportunity one of whose codes begins as what was typed does; "" if none."""
    openings = vault.derived_with_each("claim-opening", typed[: codes.OPENING])
    found = (
        ClaimCode.objects.filter(opening__in=[opening.hex() for opening in openings])
        .order_by("pk")
        .values_list("achievement_id", "listing_id")
        .first()
    )
    if found is None:
        return ""
    achievement, listing = found
    return f"badge-{achievement}" if achievement else f"opportunity-{listing}"


def check_times(valid_from: datetime | None, valid_until: datetime | None) -> None:
    if valid_from and valid_until and valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The end has to be after the start.")})


def _check_uses(most_uses: int | None) -> None:
    if most_uses is not None and most_uses < 1:
        raise ValidationError({"most_uses": _("At least one learner has to be able to use it.")})
