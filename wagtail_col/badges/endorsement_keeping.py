"""How long requests for endorsements are kept that came to nothing."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from wagtail_col.badges.endorsing import OPEN_FOR
from wagtail_col.badges.models import Endorsement

#: After its link has expired, who asked still sees for this long that there was no answer.
AFTER = timedelta(days=30)
#: So long a no keeps the same address from being asked again, and an endorser who took theirs back
#: can be reached about it.
REMEMBERED = timedelta(days=365)


def forget() -> int:
    """Delete requests without an answer and old refusals, and addresses of who took theirs back
    long ago: how many rows. What was given stays with the badge, and its place in the status list.
    """
    now = timezone.now()
    unanswered = Endorsement.objects.filter(
        given_at=None, declined_at=None, asked_at__lte=now - OPEN_FOR - AFTER
    )
    refused = Endorsement.objects.filter(given_at=None, declined_at__lte=now - REMEMBERED)
    taken_back = Endorsement.objects.filter(withdrawn_at__lte=now - REMEMBERED).exclude(email="")
    return unanswered.delete()[0] + refused.delete()[0] + taken_back.update(email="")
