"""Guardians: a child asks, an e-mail goes out, its link shows what they allow their children.

One guardian may have several children, and a child several guardians: one yes is enough. What is
taken back ends at once, unless another guardian allows it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.people.bands import band_of
from wagtail_col.people.guardian_links import digest, link_of, name_of, secret_of
from wagtail_col.people.may import Purpose, may
from wagtail_col.people.models import Guardian, GuardianConsent
from wagtail_col.people.signals import no_longer_allowed
from wagtail_col.people.tasks import tell_guardian

#: Requests of one child, and to one address, in a day.
MOST_A_DAY = 3
#: So long a request waits for an answer.
OPEN_FOR = timedelta(days=30)


__all__ = [
    "NotAsked",
    "allow",
    "ask",
    "disown",
    "find",
    "forget",
    "guardian_at",
    "link_of",
    "name_of",
    "take_back",
]


class NotAsked(Exception):
    """No guardian was asked. The message is for the child.

    Codes: ``not-under``, ``bad-email``, ``own-address``, ``too-many``, ``answered``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def ask(child: AbstractBaseUser, email: str) -> GuardianConsent:
    """Ask the guardian at this address; the e-mail goes out after the commit. Raises NotAsked.

    Asked again, the same request is sent once more, at most ``MOST_A_DAY`` times a day in all.
    """
    email = email.strip().lower()
    _check(child, email)
    now = timezone.now()
    with transaction.atomic():
        get_user_model()._base_manager.select_for_update().get(pk=child.pk)
        recent = GuardianConsent.objects.filter(asked_at__gt=now - timedelta(days=1))
        asked = recent.filter(child=child).exclude(guardian__email=email)
        to_them = recent.filter(guardian__email=email)
        if asked.count() >= MOST_A_DAY or to_them.count() >= MOST_A_DAY:
            raise NotAsked("too-many", _("That were many e-mails for one day. Ask again tomorrow."))
        if to_them.filter(child=child).exists():
            raise NotAsked(
                "too-many",
                _("You have asked this address today. Tell them to look for the e-mail."),
            )
        guardian = guardian_at(email)
        consent, created = GuardianConsent.objects.get_or_create(
            guardian=guardian, child=child, defaults={"asked_at": now}
        )
        if not created:
            consent.asked_at = now
            consent.save(update_fields=["asked_at"])
        transaction.on_commit(lambda: tell_guardian.enqueue(consent.pk), robust=True)
    return consent


def find(secret: str) -> Guardian | None:
    """Whose link this is."""
    return Guardian.objects.filter(secret_hash=digest(secret)).first()


def allow(consent: GuardianConsent, purposes: set[Purpose]) -> None:
    """The guardian allows exactly this from now on. What was allowed before and is not any more
    ends at once."""
    with transaction.atomic():
        current = GuardianConsent.objects.select_for_update().get(pk=consent.pk)
        before = {Purpose(one) for one in current.purposes}
        current.purposes = sorted(purpose.value for purpose in purposes)
        current.answered_at = timezone.now()
        current.save(update_fields=["purposes", "answered_at"])
        _end(current.child, before - purposes)


def forget() -> int:
    """Delete requests nobody answered, and guardians without any; how many requests."""
    old = GuardianConsent.objects.filter(
        answered_at=None, asked_at__lte=timezone.now() - OPEN_FOR
    ).delete()[0]
    Guardian.objects.filter(consents=None).delete()
    return old


def take_back(child: AbstractBaseUser, consent_id: int) -> bool:
    """The child takes back what nobody has answered, with the address; whether there was such."""
    waiting = GuardianConsent.objects.filter(pk=consent_id, child=child, answered_at=None)
    return _delete(waiting)


def disown(consent: GuardianConsent) -> None:
    """Who was asked says that they are not this child's guardian: what they allowed ends, and
    their address goes unless another child names it."""
    _delete(GuardianConsent.objects.filter(pk=consent.pk))


def _delete(consents: QuerySet[GuardianConsent]) -> bool:
    with transaction.atomic():
        guardians = list(consents.values_list("guardian", flat=True))
        found = bool(consents.delete()[0])
        Guardian.objects.filter(pk__in=guardians, consents=None).delete()
    return found


def consent_deleted(sender: type, instance: GuardianConsent, **kwargs: Any) -> None:
    """A receiver of ``post_delete``: a guardian who is gone allows nothing any more."""
    child = get_user_model()._base_manager.filter(pk=instance.child_id).first()
    if child is not None and instance.purposes:
        _end(child, {Purpose(one) for one in instance.purposes})


def _end(child: AbstractBaseUser, purposes: set[Purpose]) -> None:
    over = {purpose for purpose in purposes if not may(child, purpose)}
    if over:
        no_longer_allowed.send(type(child), person=child, purposes=over)


def _check(child: AbstractBaseUser, email: str) -> None:
    band = band_of(child)
    if band is None or not band.is_under:
        raise NotAsked("not-under", _("You decide for yourself. Nobody has to be asked."))
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAsked("bad-email", _("This is not an e-mail address.")) from error
    if len(email) > 254:
        raise NotAsked("bad-email", _("This is not an e-mail address."))
    own = str(getattr(child, child.get_email_field_name(), "") or "").strip().lower()
    if email == own:
        raise NotAsked("own-address", _("This is your own address. Write your guardian’s."))


def guardian_at(email: str) -> Guardian:
    """Who reads this address, with a link of their own; who is new reads the active language."""
    known = Guardian.objects.filter(email=email).first()
    if known is not None:
        return known
    made = Guardian(email=email, language=translation.get_language() or "en")
    made.secret_hash = digest(secret_of(made))
    made.save()
    return made
