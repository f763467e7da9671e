"""A person takes their data along: at once, or in the background where there is much of it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone, translation

from wagtail_col.people.held import counts
from wagtail_col.people.models import DataCopy
from wagtail_col.people.tasks import make_copy

#: With more rows it is made in the background: pictures of badges take a moment each.
AT_ONCE = 200
#: So long a copy waits to be fetched.
KEPT = timedelta(days=7)
#: Who asks again meanwhile waits for the same one.
PATIENCE = timedelta(hours=1)


def is_large(person: AbstractBaseUser) -> bool:
    return sum(count for _held, count in counts(person)) > AT_ONCE


def ask(person: AbstractBaseUser) -> DataCopy:
    """Have a new copy made in the background; one that is being made is waited for."""
    now = timezone.now()
    with transaction.atomic():
        copy, created = DataCopy.objects.select_for_update().get_or_create(
            person=person, defaults={"asked_at": now, "language": _language()}
        )
        if not created and copy.made_at is None and copy.asked_at > now - PATIENCE:
            return copy
        copy.asked_at, copy.made_at, copy.content = now, None, b""
        copy.language = _language()
        copy.save()
        transaction.on_commit(lambda: make_copy.enqueue(copy.pk), robust=True)
    return copy


def waiting(person: AbstractBaseUser) -> DataCopy | None:
    """The copy that is being made or waits to be fetched, without its content."""
    fresh = timezone.now() - KEPT
    return DataCopy.objects.filter(person=person, asked_at__gt=fresh).defer("content").first()


def forget() -> int:
    """Delete copies that nobody fetched in time; how many."""
    return DataCopy.objects.filter(asked_at__lte=timezone.now() - KEPT).delete()[0]


def _language() -> str:
    return translation.get_language() or "en"
