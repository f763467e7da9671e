"""Giving a badge, once, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _

from wagtail_col.badges import keys, statuslists, tasks
from wagtail_col.badges.certifying import clean_because, new_salt, unsigned_credential
from wagtail_col.badges.models import Achievement, Award
from wagtail_col.badges.openbadges.errors import OpenBadgesError

#: Each try fails only when another award took the same one of 131,072 places in this moment.
TRIES = 10


class NotAwardable(Exception):
    """This badge cannot be given. ``code`` is for programs, the message for an editor.

    Codes: ``not-live`` (a draft or taken offline), ``no-text`` (name, description or criteria
    missing), ``not-signable`` (the site's address or a text cannot be signed).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def award(
    achievement: Achievement,
    learner: AbstractBaseUser,
    *,
    because: dict,
    language: str,
    valid_until: datetime | None = None,
) -> tuple[Award, bool]:
    """The learner's badge for this achievement, and whether it was given just now.

    Idempotent, and safe when several processes call it at the same moment: one award, one
    e-mail. An award that was taken back stays taken back.

    ``because`` says why: ``{"playlist": key, "title": str, "url": complete address, "steps":
    [{"title": str, "how": "code|self|organiser|score", "at": ISO date-time}]}``. It is shown
    to anybody who sees the badge, so it holds no name and no address. ``language`` is the
    learner's. The e-mail goes out after the surrounding transaction is committed.

    Raises ``NotAwardable``, and ``keys.SigningKeyUnreadable`` when the settings lost the secret.
    Nothing is written then.
    """
    given = _given(achievement, learner)
    if given is not None:
        return given, False
    language = _supported(language)
    because = clean_because(because)
    with transaction.atomic():
        # Whoever waited here for another one's write need not sign in vain.
        given = _given(achievement, learner)
        if given is not None:
            return given, False
        achievement = _awardable(achievement)
        for _try in range(TRIES):
            try:
                new = _signed(achievement, learner, because, language, valid_until)
            except OpenBadgesError as error:
                raise NotAwardable("not-signable", error.message) from error
            try:
                with transaction.atomic():
                    new.save(force_insert=True)
            except IntegrityError:
                given = _given(achievement, learner)
                if given is not None:
                    return given, False
                continue
            _tell_after_commit(new)
            return new, True
    raise RuntimeError(f"No place in a status list was free in {TRIES} tries.")


def revoke(award: Award, reason: str) -> None:
    """Take a badge back: the award and the published list change together, or neither.

    ``reason`` is shown on the badge's page. A badge that is taken back stays as it is.
    """
    now = timezone.now().replace(microsecond=0)
    with transaction.atomic():
        taken_back = Award.objects.filter(pk=award.pk, revoked_at=None).update(
            revoked_at=now, revocation_reason=reason
        )
        if taken_back:
            statuslists.set_bit(award.status_list_id, award.status_index, now)
    award.refresh_from_db(fields=["revoked_at", "revocation_reason"])


def _tell_after_commit(award: Award) -> None:
    def tell() -> None:
        tasks.tell_learner.enqueue(award.pk)

    # Robust: a queue that is down must not undo what was earned.
    transaction.on_commit(tell, robust=True)


def _given(achievement: Achievement, learner: AbstractBaseUser) -> Award | None:
    return Award.objects.filter(achievement=achievement, learner=learner).first()


def _awardable(achievement: Achievement) -> Achievement:
    """The achievement as it is published now; the caller's copy may be older, or a draft."""
    current = (
        Achievement.objects.select_related("issuer")
        .prefetch_related("texts")
        .filter(pk=achievement.pk, live=True)
        .first()
    )
    if current is None:
        raise NotAwardable("not-live", _("This badge is not published, so it is not given yet."))
    text = current.text
    if text is None or not all(
        part.strip() for part in (text.name, text.description, text.criteria)
    ):
        raise NotAwardable(
            "no-text", _("This badge needs a name, what it says and how it is earned.")
        )
    return current


def _signed(
    achievement: Achievement,
    learner: AbstractBaseUser,
    because: dict,
    language: str,
    valid_until: datetime | None,
) -> Award:
    """An award with its signed credential, not saved."""
    # Credentials have whole seconds.
    now = timezone.now().replace(microsecond=0)
    issuer = keys.issuer_of(achievement)
    status_list, index = statuslists.free_place(issuer, now)
    new = Award(
        achievement=achievement,
        learner=learner,
        awarded_at=now,
        valid_until=valid_until.replace(microsecond=0) if valid_until else None,
        because=because,
        language=language,
        salt=new_salt(),
        status_list=status_list,
        status_index=index,
    )
    document = unsigned_credential(new, issuer)
    new.credential = statuslists.as_bytes(keys.sign(document, issuer, now))
    return new


def _supported(language: str) -> str:
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return settings.LANGUAGE_CODE
