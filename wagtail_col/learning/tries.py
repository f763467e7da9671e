"""How often somebody may get a code wrong.

Counted in the database, so that it holds across processes, four ways at once:

- by account;
- by network: REMOTE_ADDR alone, since X-Forwarded-For is the visitor's to write. A site behind a
  proxy sets REMOTE_ADDR from what its own proxy says, or all its visitors share one count, which
  is why this count is a higher one. Of IPv6 the first 64 bits are a network: whoever has one
  address there has them all;
- by what the code was aimed at: a wrong code whose first four letters are those of a code of this
  badge (or opportunity). Somebody who saw a part of a code and tries the rest with many accounts
  from many networks is counted here;
- of everybody together. With 80 bits there is nothing to find even without this, but nobody is
  given thousands of answers a minute.
"""

from __future__ import annotations

import math
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

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


def begin(learner: AbstractBaseUser, address: str = "", aimed_at: str = "") -> FailedClaim:
    """Count a try as failed before it is looked at; ``forgive`` it when the code is right.

    ``aimed_at`` names the badge or opportunity whose code this nearly is, "" when it is near none.
    Written first and counted after, so that many tries at once are all counted. Call it outside
    of any transaction that may be rolled back. Raises TooMany; a try that is refused is not
    counted, so waiting is enough.
    """
    now = timezone.now()
    forget()
    failed = FailedClaim.objects.create(
        learner=learner,
        address=_hidden(network_of(address)) if address else "",
        aimed_at=aimed_at,
        at=now,
    )
    waits = [_wait(tries, most) for tries, most in _counts(failed) if most is not None]
    if any(waits):
        failed.delete()
        raise TooMany(max(waits))
    return failed


def forget() -> int:
    """Delete tries that no longer count; how many."""
    return FailedClaim.objects.filter(at__lte=timezone.now() - WINDOW).delete()[0]


def forgive(failed: FailedClaim) -> None:
    """The code was right after all."""
    failed.delete()


def left(learner: AbstractBaseUser) -> int:
    """How many more wrong codes the account may enter now."""
    used = FailedClaim.objects.filter(learner=learner, at__gt=timezone.now() - WINDOW).count()
    return max(0, settings.CLAIM_TRIES_PER_MINUTE - used)


def network_of(address: str) -> str:
    """What one visitor can be told by: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), 64), strict=False))
    return str(found)


def _counts(failed: FailedClaim) -> list[tuple[QuerySet[FailedClaim], int | None]]:
    """The tries that this one is counted with, and how many a minute may have; None: any."""
    tries = FailedClaim.objects.all()
    counts = [
        (tries.filter(learner=failed.learner_id), settings.CLAIM_TRIES_PER_MINUTE),
        (tries, settings.CLAIM_TRIES_PER_MINUTE_IN_ALL),
    ]
    if failed.address:
        same = tries.filter(address=failed.address)
        counts.append((same, settings.CLAIM_TRIES_PER_MINUTE_AND_ADDRESS))
    if failed.aimed_at:
        same = tries.filter(aimed_at=failed.aimed_at)
        counts.append((same, settings.CLAIM_TRIES_PER_MINUTE_AND_BADGE))
    return counts


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
