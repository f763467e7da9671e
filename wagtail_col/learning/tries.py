"""How often somebody may get a code wrong.

Counted in the database, so that it holds across processes, by account and by network address.
The address is REMOTE_ADDR alone: X-Forwarded-For is the visitor's to write. A site behind a
proxy sets REMOTE_ADDR from what its own proxy says, or all its visitors share one count, which
is why the count by address is a higher one.
"""

from __future__ import annotations

import math
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone

from wagtail_col.conf import settings
from wagtail_col.learning.models import FailedClaim
from wagtail_col.vault import derive

WINDOW = timedelta(minutes=1)


class TooMany(Exception):
    """Too many wrong codes. ``retry_after``: seconds until the next try is looked at."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tries, wait {retry_after} seconds.")
        self.retry_after = retry_after


def begin(learner: AbstractBaseUser, address: str = "") -> FailedClaim:
    """Count a try as failed before it is looked at; ``forgive`` it when the code is right.

    Written first and counted after, so that many tries at once are all counted. Call it outside
    of any transaction that may be rolled back. Raises TooMany; a try that is refused is not
    counted, so waiting is enough.
    """
    now = timezone.now()
    FailedClaim.objects.filter(at__lte=now - WINDOW).delete()
    failed = FailedClaim.objects.create(
        learner=learner, address=_hidden(address) if address else "", at=now
    )
    waits = [
        _wait(FailedClaim.objects.filter(learner=learner), settings.CLAIM_TRIES_PER_MINUTE),
    ]
    if failed.address and settings.CLAIM_TRIES_PER_MINUTE_AND_ADDRESS is not None:
        waits.append(
            _wait(
                FailedClaim.objects.filter(address=failed.address),
                settings.CLAIM_TRIES_PER_MINUTE_AND_ADDRESS,
            )
        )
    if any(waits):
        failed.delete()
        raise TooMany(max(waits))
    return failed


def forgive(failed: FailedClaim) -> None:
    """The code was right after all."""
    failed.delete()


def left(learner: AbstractBaseUser) -> int:
    """How many more wrong codes the account may enter now."""
    used = FailedClaim.objects.filter(learner=learner, at__gt=timezone.now() - WINDOW).count()
    return max(0, settings.CLAIM_TRIES_PER_MINUTE - used)


def _wait(tries: QuerySet[FailedClaim], most: int) -> int:
    """Seconds until one more try fits into ``most`` a minute; 0 when it fits now."""
    now = timezone.now()
    newest = list(
        tries.filter(at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)[: most + 1]
    )
    if len(newest) <= most:
        return 0
    # The try itself is the newest; it fits once the oldest of the ones that fill the minute is out.
    return max(1, math.ceil((newest[-1] + WINDOW - now).total_seconds()))


def _hidden(address: str) -> str:
    return derive("address", address).hex()
