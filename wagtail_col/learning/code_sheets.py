"""Cards with a code each that works once: made together, printed, and withdrawn together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges.models import Achievement
from wagtail_col.badges.texts import one_line
from wagtail_col.learning.code_making import MOST_LETTERS, check_times, new_code, text_of
from wagtail_col.learning.models import ClaimCode, CodeSheet

#: Cards that are made at once.
MOST_CARDS = 500


@dataclass(frozen=True)
class Card:
    """A card that can still be used. ``number``: its place in the sheet, from 1."""

    number: int
    text: str


def make_sheet(
    achievement: Achievement,
    *,
    count: int,
    by: AbstractBaseUser | None,
    event: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> CodeSheet:
    """``count`` cards, 1 to ``MOST_CARDS``, whose codes give a badge to one learner each.

    ValidationError when the number or the times make no sense.
    """
    if not 1 <= count <= MOST_CARDS:
        raise ValidationError(
            {"count": _("Choose a number from 1 to %(most)s.") % {"most": MOST_CARDS}}
        )
    check_times(valid_from, valid_until)
    with transaction.atomic():
        event = one_line(event, MOST_LETTERS)
        sheet = CodeSheet.objects.create(achievement=achievement, event=event, made_by=by)
        ClaimCode.objects.bulk_create(
            [
                new_code(
                    achievement=achievement,
                    event=event,
                    sheet=sheet,
                    valid_from=valid_from,
                    valid_until=valid_until,
                    most_uses=1,
                    created_by=by,
                )
                for _number in range(count)
            ]
        )
    return sheet


def cards(sheet: CodeSheet) -> list[Card]:
    """The cards that nobody has used and that were not withdrawn, with the numbers they had when
    the sheet was made. Two queries at most, however many there are.

    ImproperlyConfigured when the secret they were made with is no longer in the settings.
    """
    now = timezone.now()
    return [
        Card(number, text_of(code))
        for number, code in enumerate(sheet.codes.order_by("pk"), 1)
        if not code.uses and (code.valid_until is None or code.valid_until > now)
    ]


def are_readable(sheet: CodeSheet) -> bool:
    """Whether the codes of the sheet can still be printed."""
    first = sheet.codes.first()
    try:
        return first is None or bool(text_of(first))
    except ImproperlyConfigured:
        return False


def withdraw_unused(sheet: CodeSheet) -> int:
    """Cards that nobody has used stop working; how many these were."""
    now = timezone.now()
    still_good = Q(valid_until=None) | Q(valid_until__gt=now)
    return sheet.codes.filter(still_good, uses=0).update(valid_until=now)
