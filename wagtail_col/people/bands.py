"""A person says in which age band they are. The birthday is never asked for."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.people.may import Purpose
from wagtail_col.people.models import AgeBand
from wagtail_col.people.signals import no_longer_allowed

#: Nobody gets older at once: who said that they are below it can say otherwise after this.
AFTER = timedelta(days=30)


def band_of(person: AbstractBaseUser) -> AgeBand | None:
    return AgeBand.objects.filter(person=person).first()


def may_say_older(band: AgeBand) -> bool:
    return not band.is_under or band.said_at <= timezone.now() - AFTER


def say(person: AbstractBaseUser, *, is_under: bool) -> bool:
    """Keep what the person says. False: they said to be below it a short time ago.

    What is optional and was on for them ends when they are below it.
    """
    with transaction.atomic():
        band, created = AgeBand.objects.select_for_update().get_or_create(
            person=person,
            defaults={
                "is_under": is_under,
                "said_at": timezone.now(),
                "pseudonym": _new_name() if is_under else "",
            },
        )
        if not created and band.is_under != is_under:
            if not is_under and not may_say_older(band):
                return False
            band.is_under, band.said_at = is_under, timezone.now()
            band.pseudonym = _new_name() if is_under else ""
            band.save()
        if is_under:
            no_longer_allowed.send(type(person), person=person, purposes=set(Purpose))
    return True


def _new_name() -> str:
    return _("Traveller %(number)s") % {"number": secrets.randbelow(9000) + 1000}
