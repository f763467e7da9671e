"""A badge that waits for somebody who has no account yet: a link in an e-mail claims it.

The link's secret is 192 bits, derived from a secret in the settings and the invitation's key; the
database holds its hash. So the e-mail can be written again, and a stolen database opens nothing.

Who opens the link and signs in gets the badge, whatever address their account has: the person was
reached at that address, and having the link shows it. To ask for the same address would leave
out everybody who signs up with another one (a school's address that ends with the school year),
and would prove nothing more, since accounts are not asked to show that an address is theirs.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from wagtail_col import vault
from wagtail_col.badges import keys
from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.awarding import award, awardable, supported
from wagtail_col.badges.models import Achievement, Award, Invitation
from wagtail_col.badges.reasons import clean
from wagtail_col.badges.telling import message, send_all
from wagtail_col.badges.texts import one_line, signable
from wagtail_col.language import lang_attribute
from wagtail_col.records import best_text

PURPOSE = "invitation"
BYTES = 24
#: An e-mail that could not be sent is tried again for so long.
LATEST = timedelta(days=30)


class NotClaimable(Exception):
    """The link does not give a badge any more. ``code``: ``claimed`` or ``withdrawn``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def invite_many(
    achievement: Achievement,
    people: Iterable[tuple[str, str]],
    *,
    because: dict,
    language: str,
    by: AbstractBaseUser | None,
) -> dict[str, tuple[Invitation, bool]]:
    """An open invitation for each of ``people`` (address, narrative), and whether it is new.

    By address in lower case. Who has an open one keeps it as it is. The e-mails go out after the
    surrounding transaction is committed. The same number of queries for any number of people.
    Raises ``awarding.NotAwardable`` for a badge that cannot be given now.
    """
    wanted = {email.lower(): narrative for email, narrative in reversed(list(people))}
    if not wanted:
        return {}
    awardable(achievement)
    made = []
    for email, narrative in wanted.items():
        key = uuid.uuid4()
        made.append(
            Invitation(
                key=key,
                secret_hash=digest(_derived(key)),
                achievement=achievement,
                email=email,
                narrative=signable(narrative),
                because=clean(because),
                language=supported(language),
                awarded_by=by,
            )
        )
    with transaction.atomic():
        # Those who have one are left out by the constraint, also when two lists come at once.
        Invitation.objects.bulk_create(made, ignore_conflicts=True)
        opened = {one.email: one for one in open_ones(achievement).filter(email__in=wanted)}
        new = {one.key for one in made}
        tell_after_commit([one.pk for one in opened.values() if one.key in new])
    return {email: (one, one.key in new) for email, one in opened.items()}


def open_ones(achievement: Achievement):
    """The invitations to this badge that still wait."""
    return Invitation.objects.filter(achievement=achievement, claimed_at=None, withdrawn_at=None)


def secret_of(invitation: Invitation) -> str:
    """What its link ends with. ImproperlyConfigured when the secret in the settings that it was
    made with is gone; the link in the e-mail works all the same."""
    for value in vault.derived_with_each(PURPOSE, str(invitation.key)):
        secret = _written(value)
        if digest(secret) == invitation.secret_hash:
            return secret
    raise ImproperlyConfigured(
        'This invitation was made with a secret that is no longer in WAGTAIL_COL["KEYS"].'
    )


def link_of(invitation: Invitation) -> str:
    return absolute("claim", secret_of(invitation)) + f"?lang={invitation.language}"


def find(secret: str) -> Invitation | None:
    """The invitation that a link is for, whatever has become of it."""
    return (
        Invitation.objects.select_related("achievement__issuer")
        .prefetch_related("achievement__texts")
        .filter(secret_hash=digest(secret))
        .first()
    )


def claim(invitation: Invitation, learner: AbstractBaseUser) -> tuple[Award, bool]:
    """The learner's badge, and whether this invitation gave it.

    A learner who has the badge does not use the invitation up: somebody else may be meant.
    Raises ``NotClaimable``, ``awarding.NotAwardable``, ``keys.SigningKeyUnreadable``.
    """
    with transaction.atomic():
        # Two who open the same link at once come one after the other.
        current = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("achievement", "awarded_by")
            .get(pk=invitation.pk)
        )
        check_open(current)
        given, is_new = award(
            current.achievement,
            learner,
            because=current.because,
            language=translation.get_language() or current.language,
            narrative=current.narrative,
            by=current.awarded_by,
            renew=True,
        )
        if is_new:
            _close(current, "claimed_at")
        return given, is_new


def check_open(invitation: Invitation) -> None:
    """Raises ``NotClaimable`` for one that was claimed or withdrawn."""
    if invitation.claimed_at:
        raise NotClaimable("claimed", _("This badge was claimed before. A link works once."))
    if invitation.withdrawn_at:
        raise NotClaimable(
            "withdrawn",
            _("The organiser has withdrawn this badge. Ask them if it should be yours."),
        )


def withdraw(invitation: Invitation) -> None:
    """The link gives nothing any more. Nothing happens to one that was claimed."""
    with transaction.atomic():
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not current.claimed_at and not current.withdrawn_at:
            _close(current, "withdrawn_at")
    invitation.refresh_from_db()


def send_again(invitation: Invitation) -> None:
    """Send an open invitation's e-mail once more, after the surrounding transaction."""
    with transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(emailed_at=None)
        tell_after_commit([invitation.pk])


def tell_invited(invitation_id: int) -> bool:
    """Send the e-mail unless it was sent. Whether it went out now; raises the mailer's errors."""
    invitation = (
        Invitation.objects.select_related("achievement__issuer")
        .filter(pk=invitation_id, emailed_at=None, claimed_at=None, withdrawn_at=None)
        .first()
    )
    if invitation is None:
        return False
    sent = Invitation.objects.filter(pk=invitation.pk, emailed_at=None)
    # Taken first, so that two workers do not both send it.
    if not sent.update(emailed_at=timezone.now()):
        return False
    try:
        with translation.override(invitation.language):
            _message(invitation).send()
    except BaseException:
        Invitation.objects.filter(pk=invitation.pk).update(emailed_at=None)
        raise
    return True


def tell_all_invited(invitation_ids: Iterable[int]) -> int:
    """The same for many; how many went out. See ``telling.send_all``."""
    return send_all(tell_invited, invitation_ids)


@task()
def tell_people_invited(invitation_ids: list[int]) -> int:
    """The same, behind."""
    return tell_all_invited(invitation_ids)


def tell_after_commit(invitation_ids: list[int]) -> None:
    """Have the e-mails sent once the invitations are certain."""
    if not invitation_ids:
        return

    def tell() -> None:
        tell_people_invited.enqueue(invitation_ids)

    # Robust: a queue that is down must not undo the invitations.
    transaction.on_commit(tell, robust=True)


def waiting() -> list[int]:
    """Invitations whose e-mail could not be sent when they were made."""
    found = Invitation.objects.filter(
        emailed_at=None,
        claimed_at=None,
        withdrawn_at=None,
        made_at__gt=timezone.now() - LATEST,
    )
    return list(found.order_by("made_at").values_list("pk", flat=True))


def digest(secret: str) -> str:
    """What the database holds of a secret. With 192 bits a plain hash cannot be turned back."""
    return sha256(secret.encode()).hexdigest()


def _derived(key: uuid.UUID) -> str:
    return _written(vault.derive(PURPOSE, str(key)))


def _written(value: bytes) -> str:
    return base64.urlsafe_b64encode(value[:BYTES]).decode()


def _close(invitation: Invitation, moment: str) -> None:
    # The address has served its purpose: it is not kept.
    setattr(invitation, moment, timezone.now())
    invitation.email = ""
    invitation.save(update_fields=[moment, "email"])


def _message(invitation: Invitation):
    achievement = invitation.achievement
    text = best_text(achievement.texts.all())
    issuer = keys.issuer_of(achievement).name
    context = {
        "name": one_line(text.name),
        "text": text,
        "text_lang": lang_attribute(text.language),
        "language": invitation.language,
        "url": link_of(invitation),
        "picture": absolute("achievement_png", achievement.key),
        "title": invitation.because.get("title", ""),
        "narrative": invitation.narrative,
        "issuer": issuer,
    }
    subject = _("%(issuer)s gives you a badge: %(name)s") % {
        "issuer": one_line(issuer, 100),
        "name": context["name"],
    }
    return message("invitation", one_line(subject), context, invitation.email)
