"""Taking out what is of no use any more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from oauth2_provider.models import (
    clear_expired,
    get_access_token_model,
    get_refresh_token_model,
)

from wagtail_col.api.answering import LIFETIME
from wagtail_col.api.models import Application, Connection, Grant, KeptAnswer, RegistrationTry
from wagtail_col.api.registering import WINDOW

#: A wallet that registered and that nobody has let in: anybody can register any number of them.
NEVER_USED_AFTER = timedelta(days=1)
#: One that was let in once, and that nobody is connected with any more.
UNUSED_AFTER = timedelta(days=365)
#: A connection is left alone for so long, whatever it has.
YOUNG = timedelta(days=1)


def clean() -> int:
    """Delete expired tokens and codes, connections without any token left, wallets nobody uses,
    old answers and counted tries. How many wallets went."""
    now = timezone.now()
    clear_expired()
    KeptAnswer.objects.filter(at__lt=now - LIFETIME).delete()
    RegistrationTry.objects.filter(at__lte=now - WINDOW).delete()
    theirs = {"user": OuterRef("learner"), "application": OuterRef("application")}
    Connection.objects.filter(
        ~Exists(get_refresh_token_model().objects.filter(**theirs, revoked=None)),
        ~Exists(get_access_token_model().objects.filter(**theirs)),
        ~Exists(Grant.objects.filter(**theirs)),
        since__lt=now - YOUNG,
    ).delete()
    unused = Application.objects.filter(
        Q(last_used_at=None, created__lt=now - NEVER_USED_AFTER)
        | Q(last_used_at__lt=now - UNUSED_AFTER),
        registration_source=Application.RegistrationSource.DCR,
        connections=None,
    )
    count = unused.count()
    unused.delete()
    return count
