"""Giving a badge, once; taking it back, suspending it, and renewing it."""

from __future__ import annotations

import calendar
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _

from wagtail_col.badges import keys, reasons, statuslists
from wagtail_col.badges.certifying import new_salt, unsigned_credential
from wagtail_col.badges.models import Achievement, Award, Issuer, PastEdition
from wagtail_col.badges.openbadges.errors import OpenBadgesError
from wagtail_col.badges.signals import awarded
from wagtail_col.badges.telling import tell_after_commit
from wagtail_col.badges.texts import signable

logger = logging.getLogger(__name__)

#: Each try fails only when another award took the same one of 131,072 places in this moment.
TRIES = 10
#: What adds less than this to a badge's time is the same award asked for twice.
LEAST_RENEWAL = timedelta(days=1)


class NotAwardable(Exception):
    """This badge cannot be given. ``code`` is for programs, the message for an editor.

    Codes: ``not-live`` (a draft or taken offline), ``no-text`` (name, description or criteria
    missing), ``not-signable`` (the site's address or a text cannot be signed); of a renewal
    ``taken-back``, ``suspended`` and ``no-end`` (it is valid for ever).
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
    narrative: str = "",
    by: AbstractBaseUser | None = None,
    renew: bool = False,
) -> tuple[Award, bool]:
    """The learner's badge for this achievement, and whether it was given or renewed just now.

    Idempotent, and safe when several processes call it at the same moment: one award, one
    e-mail. An award that was taken back stays taken back.

    ``because`` says why (its shape is in ``reasons``) and ``narrative`` what the organiser writes
    about this learner's work: both are shown to whoever sees the badge. ``language`` is the
    learner's. Without ``valid_until`` the badge lasts as long as its achievement says. ``by`` is
    who gives it. With ``renew`` an award that has an end, and is neither taken back nor
    suspended, is signed again when that makes it last longer by a day at least.

    In the same transaction follow the badges that this one leads to. The e-mail goes out after
    the surrounding transaction is committed.

    Raises ``NotAwardable``, and ``keys.SigningKeyUnreadable`` when the settings lost the secret.
    Nothing is written then.
    """
    given = _given(achievement, learner)
    if given is not None and not renew:
        return given, False
    with transaction.atomic():
        # Whoever waited here for another one's write need not sign in vain.
        lock_learners([learner.pk])
        given = _given(achievement, learner)
        if given is None:
            new = _give(
                awardable(achievement),
                learner,
                {
                    "because": reasons.clean(because),
                    "language": supported(language),
                    "narrative": signable(narrative),
                    "awarded_by": by,
                },
                valid_until,
            )
            if new is not None:
                tell_after_commit([new.pk])
                follow(new)
                return new, True
            given = _given(achievement, learner)
        if renew and given.valid_until and not (given.is_revoked or given.is_suspended):
            return _renewed(
                given,
                because=because,
                language=language,
                valid_until=valid_until,
                narrative=narrative,
                by=by,
            )
        return given, False


def renew(
    award: Award,
    *,
    because: dict | None = None,
    language: str = "",
    valid_until: datetime | None = None,
    narrative: str | None = None,
    by: AbstractBaseUser | None = None,
) -> bool:
    """Sign the award again with dates from now on; whether that was done.

    What was not said stays as it was. The credential before is kept and verifies until its own
    end. False when it would not last a day longer. Raises ``NotAwardable``, with the codes of a
    renewal besides the others.
    """
    with transaction.atomic():
        lock_learners([award.learner_id])
        current = Award.objects.select_related("learner").get(pk=award.pk)
        if current.is_revoked:
            raise NotAwardable("taken-back", _("This badge was taken back. It is not renewed."))
        if current.is_suspended:
            raise NotAwardable(
                "suspended", _("This badge is suspended. End that first, then renew it.")
            )
        if current.valid_until is None:
            raise NotAwardable("no-end", _("This badge is valid for ever. There is no need."))
        _award, is_new = _renewed(
            current,
            because=current.because if because is None else because,
            language=language or current.language,
            valid_until=valid_until,
            narrative=current.narrative if narrative is None else narrative,
            by=by,
        )
    award.refresh_from_db()
    return is_new


def revoke(award: Award, reason: str) -> None:
    """Take a badge back: the award and the published lists change together, or neither.

    ``reason`` is shown on the badge's page. A badge that is taken back stays as it is. Every
    edition of it is taken back.
    """
    with transaction.atomic():
        now = _now()
        done = Award.objects.filter(pk=award.pk, revoked_at=None).update(
            revoked_at=now, revocation_reason=signable(reason)
        )
        if done:
            statuslists.mark_revoked(Award.objects.get(pk=award.pk), now)
    award.refresh_from_db(fields=["revoked_at", "revocation_reason"])


def suspend(award: Award, reason: str) -> None:
    """Say that a badge does not hold for now; ``resume`` ends that. All of it or nothing.

    ``reason`` is shown on the badge's page. Nothing happens to a badge that is suspended or
    taken back.
    """
    with transaction.atomic():
        now = _now()
        done = Award.objects.filter(pk=award.pk, revoked_at=None, suspended_at=None).update(
            suspended_at=now, suspension_reason=signable(reason)
        )
        if done:
            statuslists.mark_suspended(Award.objects.get(pk=award.pk), now)
    award.refresh_from_db(fields=["suspended_at", "suspension_reason"])


def resume(award: Award) -> None:
    """End a suspension: the badge holds again. A badge that was taken back stays so."""
    with transaction.atomic():
        done = Award.objects.filter(pk=award.pk, revoked_at=None, suspended_at__isnull=False)
        if done.update(suspended_at=None, suspension_reason=""):
            statuslists.mark_resumed(Award.objects.get(pk=award.pk), _now())
    award.refresh_from_db(fields=["suspended_at", "suspension_reason"])


def awardable(achievement: Achievement) -> Achievement:
    """The achievement as it is published now; the caller's copy may be older, or a draft.

    Raises ``NotAwardable`` when it is not published or not complete.
    """
    current = (
        Achievement.objects.select_related("issuer", "picture")
        .prefetch_related("texts", "skills__skill__names")
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


def lock_learners(ids: list[int]) -> None:
    """Nobody else gives these learners anything until the transaction ends.

    Always first and in one order, so that no two wait for each other. Rows that refer to a
    learner are written meanwhile by others. SQLite has no row locks and needs none.
    """
    learners = get_user_model()._default_manager.select_for_update(no_key=True, of=("self",))
    list(learners.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def follow(award: Award) -> None:
    """Give what this badge leads to. What goes wrong there does not undo this badge."""
    try:
        with transaction.atomic():
            awarded.send(Award, award=award)
    except (NotAwardable, keys.SigningKeyUnreadable) as error:
        logger.error("What badge %s leads to could not be given: %s", award.key, error)


def drafted(
    achievement: Achievement,
    issuer: Issuer,
    learner: AbstractBaseUser,
    place: dict,
    values: dict,
    now: datetime,
    valid_until: datetime | None,
) -> tuple[Award, dict]:
    """An award that is neither signed nor saved, and the credential to sign.

    ``place`` and ``values`` are fields of the award. Raises ``openbadges.errors.OpenBadgesError``.
    """
    new = Award(
        achievement=achievement,
        learner=learner,
        awarded_at=now,
        valid_until=_end(achievement, now, valid_until),
        salt=new_salt(),
        **place,
        **values,
    )
    return new, unsigned_credential(new, issuer)


def supported(language: str) -> str:
    """A language of the site, the nearest to this one or the site's own."""
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return settings.LANGUAGE_CODE


def _give(
    achievement: Achievement,
    learner: AbstractBaseUser,
    values: dict,
    valid_until: datetime | None,
) -> Award | None:
    """The award, signed and saved; None when another process has given it meanwhile."""
    for _try in range(TRIES):
        new = _signed(achievement, learner, values, valid_until)
        try:
            with transaction.atomic():
                new.save(force_insert=True)
        except IntegrityError:
            if _given(achievement, learner) is not None:
                return None
            continue
        return new
    raise _no_place()


def _renewed(
    old: Award,
    *,
    because: dict,
    language: str,
    valid_until: datetime | None,
    narrative: str,
    by: AbstractBaseUser | None,
) -> tuple[Award, bool]:
    """The award with a new edition of its credential. The learner is locked."""
    achievement = awardable(old.achievement)
    until = _end(achievement, _now(), valid_until)
    if until is not None and until - old.valid_until < LEAST_RENEWAL:
        return old, False
    values = {
        "key": old.key,
        "because": reasons.clean(because),
        "language": supported(language),
        "narrative": signable(narrative),
        "awarded_by": by,
    }
    past = PastEdition(
        award=old,
        credential=old.credential,
        compact=old.compact,
        awarded_at=old.awarded_at,
        valid_until=old.valid_until,
        status_list_id=old.status_list_id,
        status_index=old.status_index,
    )
    for _try in range(TRIES):
        new = _signed(achievement, old.learner, values, valid_until)
        new.pk = old.pk
        try:
            with transaction.atomic():
                new.save(force_update=True)
                past.save()
        except IntegrityError:
            continue
        tell_after_commit([new.pk])
        return new, True
    raise _no_place()


def _signed(
    achievement: Achievement, learner: AbstractBaseUser, values: dict, valid_until: datetime | None
) -> Award:
    """An award with its signed credential, not saved."""
    # Credentials have whole seconds.
    now = _now()
    try:
        issuer = keys.issuer_of(achievement)
        [place] = statuslists.award_places(issuer, now, 1)
        new, document = drafted(achievement, issuer, learner, place, values, now, valid_until)
        new.credential = statuslists.as_bytes(keys.sign(document, issuer, now))
    except OpenBadgesError as error:
        raise NotAwardable("not-signable", error.message) from error
    return new


def _given(achievement: Achievement, learner: AbstractBaseUser) -> Award | None:
    return Award.objects.filter(achievement=achievement, learner=learner).first()


def _end(
    achievement: Achievement, start: datetime, valid_until: datetime | None
) -> datetime | None:
    if valid_until is not None:
        return valid_until.replace(microsecond=0)
    if achievement.lasts_months is None:
        return None
    return months_after(start, achievement.lasts_months)


def months_after(start: datetime, months: int) -> datetime:
    """The same day and time so many months later; the last day of a shorter month."""
    local = timezone.localtime(start).replace(tzinfo=None)
    year, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + year, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return timezone.make_aware(local.replace(year=year, month=month, day=day))


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)


def _no_place() -> RuntimeError:
    return RuntimeError(f"No place in a status list was free in {TRIES} tries.")
