"""Saving a search and forgetting it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from wagtail_col.catalogue.alerts.seen import packed
from wagtail_col.catalogue.models import Alert
from wagtail_col.catalogue.scoping import written
from wagtail_col.catalogue.search import Query
from wagtail_col.confirmed_emails import confirmed_emails
from wagtail_col.people.may import Purpose, may, why_not

#: Searches one learner may save.
MOST_ALERTS = 20
#: What a search may find when it is saved; of a broader one nobody wants to be told everything.
MOST_FOUND = 5000
#: Days between two e-mails to one learner, at least.
DAYS = 7


class CannotSave(Exception):
    """Why a search is not saved; ``str()`` of it is for the learner."""


def save(learner: AbstractBaseUser, query: Query, language: str) -> Alert:
    """Save a search for a learner; of one that is saved already, the alert there is.

    Raises CannotSave with the reason.
    """
    search = written(query)
    if len(search) > Alert._meta.get_field("search").max_length:
        raise CannotSave(_("This search has too many filters. Take some away first."))
    if not may(learner, Purpose.EMAILS):
        raise CannotSave(why_not(learner))
    if not email_of(learner):
        raise CannotSave(_("Your account has no confirmed e-mail address. Add one first."))
    found = list(query.listings().values_list("pk", flat=True)[: MOST_FOUND + 1])
    if len(found) > MOST_FOUND:
        raise CannotSave(
            _(
                "This search finds more than %(most)s things. Choose an interest or a district "
                "first, so that the e-mail stays short."
            )
            % {"most": number_format(MOST_FOUND, use_l10n=True, force_grouping=True)}
        )
    with transaction.atomic():
        # One after the other, so that nobody passes the limit with two requests at once.
        get_user_model().objects.select_for_update().get(pk=learner.pk)
        alerts = list(Alert.objects.filter(learner=learner).only("search", "due_at", "key"))
        for alert in alerts:
            if alert.search == search:
                return alert
        if len(alerts) >= MOST_ALERTS:
            raise CannotSave(
                _("You have saved %(most)s searches. Stop one of them first.")
                % {"most": MOST_ALERTS}
            )
        return Alert.objects.create(
            learner=learner,
            search=search,
            language=language,
            seen=packed(found),
            due_at=min((alert.due_at for alert in alerts), default=next_due()),
        )


def stop(learner_id: object, key: UUID) -> bool:
    """Forget one search of a learner. Whether it was there."""
    return bool(Alert.objects.filter(learner=learner_id, key=key).delete()[0])


def stop_for(sender: type, person: AbstractBaseUser, purposes: set, **kwargs: Any) -> None:
    """A receiver of ``people.signals.no_longer_allowed``."""
    if Purpose.EMAILS in purposes:
        stop_all(person.pk)


def stop_all(learner_id: object) -> int:
    """Forget all searches of a learner; how many there were."""
    return Alert.objects.filter(learner=learner_id).delete()[0]


def next_due(now: datetime | None = None) -> datetime:
    """The first moment of the day a week from now: a run that comes a little earlier each week
    still finds it due."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return timezone.make_aware(today + timedelta(days=DAYS))


def email_of(learner: AbstractBaseUser) -> str:
    """Where alerts go: the address of the learner's account if it is confirmed to be theirs, else
    another one that is; "" if there is none."""
    own = str(getattr(learner, learner.get_email_field_name(), "") or "").strip()
    confirmed = confirmed_emails(learner)
    if own.lower() in map(str.lower, confirmed):
        return own
    return next(iter(confirmed), "")
