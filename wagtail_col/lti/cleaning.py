"""Takes out what has served: tickets, used tokens, invitations, old entries of the launch log."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from wagtail_col.lti import picking, reaching
from wagtail_col.lti.models import LaunchTicket, LogEntry, RegistrationInvite, SeenToken

#: How long the launch log is kept.
LOG_KEPT = timedelta(days=30)
#: A ticket outlives its five minutes: a catalogue can be browsed for long before it answers.
TICKETS_KEPT = timedelta(days=1)
#: Who is that late has not answered. Until then a late answer is told that it is too late.
UNUSED_KEPT = timedelta(hours=1)
#: So that a coordinator can still see that an invitation was too old.
INVITES_KEPT = timedelta(days=1)
#: Rows in one statement: others write meanwhile.
BATCH = 1000


def clean() -> dict[str, int]:
    """Take out what is old. How many of each, by ``"tickets"``, ``"tokens"``, …"""
    now = timezone.now()
    unused = now - UNUSED_KEPT
    return {
        # Before the tickets that tell of it are taken out.
        "unanswered": reaching.tell_of_unanswered(unused),
        "unused": _delete(
            LaunchTicket.objects.filter(
                used_at=None, expires_at__lt=unused, deep_link_return__isnull=True
            )
        ),
        "picks": picking.clean(),
        # With its ticket would go what somebody picked and has not added to a page yet.
        "tickets": _delete(
            LaunchTicket.objects.filter(
                expires_at__lt=now - TICKETS_KEPT, deep_link_return__isnull=True
            )
        ),
        "tokens": _delete(SeenToken.objects.filter(expires_at__lt=now)),
        "invites": _delete(RegistrationInvite.objects.filter(expires_at__lt=now - INVITES_KEPT)),
        "log": _delete(LogEntry.objects.filter(at__lt=now - LOG_KEPT)),
    }


def _delete(old: QuerySet) -> int:
    deleted = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        # Filtered once more: what somebody needs again meanwhile stays.
        _all, found = old.filter(pk__in=keys).delete()
        deleted += found.get(old.model._meta.label, 0)
    return deleted
