"""E-mails before a date: one a learner and run, each date once, off by one click."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.badges.texts import one_line
from wagtail_col.catalogue.models import Occurrence
from wagtail_col.conf import base_url, settings
from wagtail_col.learning.dates import OwnDate, own_dates
from wagtail_col.learning.models import Reminders, SentReminder
from wagtail_col.people.may import Purpose, may

logger = logging.getLogger(__name__)

SALT = "wagtail_col.learning.reminders"
#: So long before it begins: whoever runs this once a day misses none.
AHEAD = timedelta(hours=36)
#: What was sent is remembered this long after the date.
KEPT = timedelta(days=30)


def want(learner: AbstractBaseUser) -> Reminders:
    """Switch them on, in the active language."""
    wanted, _created = Reminders.objects.update_or_create(
        learner=learner, defaults={"language": translation.get_language() or ""}
    )
    return wanted


def stop(learner: AbstractBaseUser) -> None:
    Reminders.objects.filter(learner=learner).delete()


def stop_for(sender: type, person: AbstractBaseUser, purposes: set, **kwargs: Any) -> None:
    """A receiver of ``people.signals.no_longer_allowed``."""
    if Purpose.EMAILS in purposes:
        stop(person)


def stop_link(wanted: Reminders) -> str:
    """The signed address that stops them without a log-in."""
    token = signing.Signer(salt=SALT).sign(wanted.key.hex)
    return f"{base_url()}{reverse('col_learning:stop_reminders', args=[token])}"


def of_link(token: str) -> UUID | None:
    """The key in a signed address; None when nobody signed it."""
    try:
        return UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def send_due(now: datetime | None = None) -> tuple[int, int]:
    """Send what is due; how many e-mails went out and how many could not be sent.

    Run again at once it sends nothing: each date is written down before its e-mail goes, and taken
    out again when that fails. Queries grow with the learners who have a date, not with all.
    """
    now = now or timezone.now()
    sent = failed = 0
    for wanted in _with_dates(now).iterator(chunk_size=200):
        try:
            sent += _remind(wanted, now)
        except Exception:  # The mail server's errors are of every kind.
            logger.exception("A reminder could not be sent.")
            failed += 1
    return sent, failed


def clean() -> int:
    """Forget what was sent before dates long past; how many there were."""
    return SentReminder.objects.filter(starts_at__lt=timezone.now() - KEPT).delete()[0]


def _with_dates(now: datetime):
    """Who wants reminders and is on a line with a date that begins soon."""
    soon = Occurrence.objects.filter(starts_at__gt=now, starts_at__lte=now + AHEAD)
    return (
        Reminders.objects.filter(
            learner__is_active=True,
            learner__col_enrolments__paused_at=None,
            learner__col_enrolments__completed_at=None,
            learner__col_enrolments__playlist__steps__listing__in=soon.values("listing"),
        )
        .select_related("learner")
        .distinct()
        .order_by("pk")
    )


def _remind(wanted: Reminders, now: datetime) -> bool:
    learner = wanted.learner
    address = getattr(learner, learner.get_email_field_name(), "")
    if not address or not may(learner, Purpose.EMAILS):
        return False
    due = _take(learner, _due(learner, now))
    if not due:
        return False
    try:
        with translation.override(wanted.language or translation.get_language()):
            _message(wanted, [own for own, _row in due], address).send()
    except BaseException:
        SentReminder.objects.filter(pk__in=[row.pk for _own, row in due]).delete()
        raise
    return True


def _due(learner: AbstractBaseUser, now: datetime) -> list[OwnDate]:
    """Dates to remind of: the first one of each opportunity, and its last chance."""
    soon = [own for own in own_dates(learner, now) if now < own.date.starts_at <= now + AHEAD]
    before = defaultdict(set)
    past = SentReminder.objects.filter(learner=learner, listing__in=[o.listing for o in soon])
    for listing, starts_at in past.values_list("listing", "starts_at"):
        before[listing].add(starts_at)
    return [
        own
        for own in soon
        if not before[own.listing.pk]
        or (
            own.date.ends_at == own.listing.ends_at
            and own.date.starts_at not in before[own.listing.pk]
        )
    ]


def _take(learner: AbstractBaseUser, due: list[OwnDate]) -> list[tuple[OwnDate, SentReminder]]:
    """Write them down first: of two runs at once each date is in the e-mail of one."""
    taken, seen = [], set()
    for own in due:
        if own.listing.pk in seen:
            continue
        seen.add(own.listing.pk)
        row, is_new = SentReminder.objects.get_or_create(
            learner=learner, listing=own.listing, starts_at=own.date.starts_at
        )
        if is_new:
            taken.append((own, row))
    return taken


def _message(wanted: Reminders, due: list[OwnDate], address: str) -> EmailMultiAlternatives:
    link = stop_link(wanted)
    context = {
        "dates": [
            {
                "title": one_line(own.title),
                "when": own.when,
                "where": own.where,
                "says": own.says,
                "url": _url(own),
            }
            for own in due
        ],
        "language": wanted.language,
        "stop_url": f"{link}?lang={wanted.language}",
    }
    if len(due) == 1:
        subject = _("Soon: %(title)s") % {"title": due[0].title}
    else:
        subject = ngettext("Soon: %(count)s date", "Soon: %(count)s dates", len(due)) % {
            "count": len(due)
        }
    made = EmailMultiAlternatives(
        subject=one_line(subject),
        body=render_to_string("wagtail_col/learning/email/reminder.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[address],
        # RFC 2369 and RFC 8058: the mail program's own button stops them.
        headers={
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    made.attach_alternative(
        render_to_string("wagtail_col/learning/email/reminder.html", context), "text/html"
    )
    return made


def _url(own: OwnDate) -> str:
    return f"{base_url()}{own.url}"
