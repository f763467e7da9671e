"""Endorsements: asking an employer or a school, their answer, and what is shown of it.

The link in the e-mail opens without an account. It is good for one endorsement: to give it or to
decline, and to take it back later.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges import endorsement_tasks, keys, permissions, statuslists
from wagtail_col.badges.endorsement_links import digest, digest_for
from wagtail_col.badges.endorsement_signing import domain_of, sign
from wagtail_col.badges.mailable import check_mailable, check_visible
from wagtail_col.badges.models import Achievement, Award, Endorsement, Issuer
from wagtail_col.badges.openbadges.errors import OpenBadgesError
from wagtail_col.badges.texts import check_signable, one_line, signable
from wagtail_col.language import lang_attribute
from wagtail_col.people.may import Purpose, may, pseudonym, why_not

Thing = Achievement | Issuer | Award

#: How long an unanswered link works.
OPEN_FOR = timedelta(days=90)
DAY = timedelta(days=1)
#: Requests of one account in a day: of a learner, and of somebody who looks after badges.
MOST_A_DAY = 5
MOST_OF_EDITORS_A_DAY = 50
#: Requests to one address in a day, whoever asks.
MOST_TO_ONE_A_DAY = 5
#: Letters of the message in the e-mail, and of what the endorser writes.
MOST_OF_MESSAGE = 500
MOST_OF_NAME = 120
MOST_OF_COMMENT = 2000
#: Endorsements shown of one thing, the newest.
MOST_SHOWN = 30
#: What an endorser writes.
_WRITTEN = ("organisation", "person", "website", "comment")
#: Two endorsements are drawn the same place in a list of 131,072 only by great chance.
TRIES = 5


class State(StrEnum):
    """How far an endorsement has come."""

    WAITING = "waiting"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    #: What it is about was taken back before there was an answer.
    VOID = "void"
    DECLINED = "declined"
    GIVEN = "given"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class NotAsked(Exception):
    """This request is not sent. ``code`` is for programs, the message for who asks; ``field``
    names what to change ("" for none).

    Codes: ``not-yours``, ``taken-back``, ``not-live``, ``bad-email``, ``own-address``,
    ``not-allowed``, ``bad-text``, ``already-asked``, ``declined-before``, ``too-many``,
    ``too-many-to-one``.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotOpen(Exception):
    """The link does not do this (any more). ``state`` says how things stand."""

    def __init__(self, state: State) -> None:
        super().__init__(f"The endorsement is {state.value}.")
        self.state = state


class NotSignable(Exception):
    """What was written cannot be signed. The message says why, in English."""


def of(thing: Thing) -> QuerySet[Endorsement]:
    """Every request about this thing, answered or not, the newest first."""
    return thing.endorsements.order_by("-asked_at", "-pk")


def may_ask(user: Any, thing: Thing) -> bool:
    """Whose badge it is asks for it; for badges and issuers, who looks after them."""
    if isinstance(thing, Award):
        return user.pk is not None and thing.learner_id == user.pk
    if isinstance(thing, Issuer):
        return not thing.is_endorser and permissions.may_manage(user, thing)
    return permissions.may_award(user, thing)


def ask(
    thing: Thing,
    *,
    email: str,
    by: AbstractBaseUser,
    language: str,
    message: str = "",
    shown_name: str = "",
) -> Endorsement:
    """Ask whoever reads this address to stand by ``thing``. The e-mail goes out after the commit.

    ``message`` is plain text; ``shown_name`` is the learner's name as the endorser reads it, for
    an award alone. Raises ``NotAsked``; nothing is written then.
    """
    if not may_ask(by, thing):
        raise NotAsked("not-yours", _("This badge is not yours to ask for."))
    if isinstance(thing, Award) and thing.is_revoked:
        raise NotAsked("taken-back", _("This badge was taken back, so nobody can be asked."))
    if isinstance(thing, Achievement) and not thing.live:
        raise NotAsked("not-live", _("Publish this badge first: who is asked has to see it."))
    if isinstance(thing, Award):
        if not may(by, Purpose.SHARING):
            raise NotAsked("not-allowed", why_not(by))
        shown_name = (pseudonym(by) or shown_name) if shown_name else ""
    email = email.strip().lower()
    _check_email(email, by)
    _check_text(message, MOST_OF_MESSAGE, "message")
    _check_text(shown_name, MOST_OF_NAME, "shown_name")
    key = uuid.uuid4()
    with transaction.atomic():
        # Several requests of one account at once come one after the other, and all are counted.
        get_user_model()._default_manager.select_for_update().get(pk=by.pk)
        _check_limits(thing, email, by)
        made = Endorsement.objects.create(
            key=key,
            email=email,
            secret_hash=digest_for(key),
            language=language,
            asked_by=by,
            message=signable(message),
            shown_name=one_line(shown_name) if isinstance(thing, Award) else "",
            **{_field(thing): thing},
        )
        _after_commit(endorsement_tasks.ask_endorser, made)
    return made


def find(secret: str) -> Endorsement | None:
    """What the link with this secret is about."""
    return (
        Endorsement.objects.select_related(
            "achievement__issuer",
            "issuer",
            "award__achievement__issuer",
            "award__learner",
            "endorser",
        )
        .filter(secret_hash=digest(secret))
        .first()
    )


def state_of(endorsement: Endorsement) -> State:
    """How things stand now."""
    if endorsement.withdrawn_at:
        return State.WITHDRAWN
    if endorsement.given_at:
        return State.HIDDEN if endorsement.hidden_at else State.GIVEN
    if endorsement.declined_at:
        return State.DECLINED
    if endorsement.hidden_at:
        return State.CANCELLED
    if endorsement.award and endorsement.award.is_revoked:
        return State.VOID
    if endorsement.asked_at + OPEN_FOR < timezone.now():
        return State.EXPIRED
    return State.WAITING


def give(
    endorsement: Endorsement, *, organisation: str, person: str, website: str, comment: str
) -> Endorsement:
    """Sign what the endorser confirmed: once, also when it is confirmed twice at the same moment.

    Raises ``NotOpen`` when there is nothing to answer any more, ``ValidationError`` by field for
    texts that cannot stand there, ``NotSignable``.
    """
    with transaction.atomic():
        current = _locked(endorsement, State.WAITING)
        current.organisation, current.person = organisation, person
        current.website, current.comment = website, comment
        check_answer(current)
        current.organisation, current.person = one_line(organisation), one_line(person)
        current.comment = signable(comment)
        now = timezone.now().replace(microsecond=0)
        current.given_at = now
        for _try in range(TRIES):
            try:
                with transaction.atomic():
                    sign(current, now)
                    current.save()
            except OpenBadgesError as error:
                raise NotSignable(error.message) from error
            except IntegrityError:
                continue
            transaction.on_commit(
                lambda: endorsement_tasks.tell_asker.enqueue(current.pk), robust=True
            )
            return current
    raise RuntimeError(f"No place in a status list was free in {TRIES} tries.")


def check_answer(endorsement: Endorsement) -> None:
    """ValidationError, by field, for what an endorser may not write."""
    problems = {}
    for name in ("organisation", "person", "comment"):
        try:
            check_visible(getattr(endorsement, name))
        except ValidationError as error:
            problems[name] = error.messages
        if not getattr(endorsement, name).strip():
            problems[name] = [_("This is needed.")]
    if len(endorsement.comment) > MOST_OF_COMMENT:
        problems["comment"] = [_("This is too long: at most %s letters.") % MOST_OF_COMMENT]
    website = endorsement.website
    if website and not website.startswith(("https://", "http://")):
        problems["website"] = [_("This is not the address of a website.")]
    others = {field.name for field in endorsement._meta.fields} - set(_WRITTEN)
    try:
        endorsement.clean_fields(exclude=others)
    except ValidationError as error:
        problems = error.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


def decline(endorsement: Endorsement) -> None:
    """The answer is no. Who asked sees that; why is nobody's business. Raises ``NotOpen``."""
    with transaction.atomic():
        current = _locked(endorsement, State.WAITING)
        current.declined_at = timezone.now()
        current.save(update_fields=["declined_at"])


def withdraw(endorsement: Endorsement) -> None:
    """The endorser takes it back: gone from every page, and from here on a copy of the signed
    document shows as taken back. What they wrote is deleted. Raises ``NotOpen``."""
    with transaction.atomic():
        current = _locked(endorsement, State.GIVEN, State.HIDDEN)
        now = timezone.now().replace(microsecond=0)
        statuslists.set_bit(current.status_list_id, current.status_index, now)
        current.withdrawn_at = now
        current.person = current.website = current.comment = current.credential = ""
        current.save(update_fields=["withdrawn_at", "person", "website", "comment", "credential"])


def hide(endorsement: Endorsement) -> None:
    """Off the page at once; a request without an answer is called off."""
    Endorsement.objects.filter(pk=endorsement.pk, hidden_at=None).update(hidden_at=timezone.now())
    endorsement.refresh_from_db(fields=["hidden_at"])


def show_again(endorsement: Endorsement) -> None:
    """On the page again. A request that was called off stays so."""
    Endorsement.objects.filter(pk=endorsement.pk, given_at__isnull=False).update(hidden_at=None)
    endorsement.refresh_from_db(fields=["hidden_at"])


def _shown(thing: Thing) -> QuerySet[Endorsement]:
    return thing.endorsements.filter(
        given_at__isnull=False, hidden_at=None, withdrawn_at=None
    ).order_by("-given_at", "-pk")[:MOST_SHOWN]


def shown_for(thing: Thing) -> list[dict[str, Any]]:
    """The endorsements that stand on the page of ``thing``, as its template shows them, the newest
    first. Empty for a thing that is not stored, and for an award that was taken back."""
    if thing.pk is None or (isinstance(thing, Award) and thing.is_revoked):
        return []
    site = ""
    values = []
    for endorsement in _shown(thing):
        site = site or keys.shown_issuer().name
        values.append(values_of(endorsement, site))
    return values


def values_of(endorsement: Endorsement, site: str) -> dict[str, Any]:
    """One endorsement for ``parts/endorsements.html``, or the preview of one."""
    return {
        "key": endorsement.key,
        "organisation": endorsement.organisation,
        "person": endorsement.person,
        "website": endorsement.website,
        "comment": endorsement.comment,
        "lang": lang_attribute(endorsement.language),
        "given_at": endorsement.given_at,
        "domain": domain_of(endorsement.email),
        "site": site,
    }


def documents_for(thing: Thing) -> list[dict]:
    """The signed documents of ``shown_for``: members of ``endorsement`` in Open Badges 3.0."""
    if thing.pk is None or (isinstance(thing, Award) and thing.is_revoked):
        return []
    return [json.loads(text) for text in _shown(thing).values_list("credential", flat=True)]


def _after_commit(task: Any, endorsement: Endorsement) -> None:
    # Robust: a queue that is down must not undo what was said. The e-mail is sent later.
    transaction.on_commit(lambda: task.enqueue(endorsement.pk), robust=True)


def _field(thing: Thing) -> str:
    return type(thing)._meta.model_name


def _locked(endorsement: Endorsement, *states: State) -> Endorsement:
    """The row as it is now, held until the end of the transaction. Raises ``NotOpen``."""
    current = (
        Endorsement.objects.select_for_update(of=("self",))
        .select_related("award__achievement", "achievement", "issuer")
        .get(pk=endorsement.pk)
    )
    state = state_of(current)
    if state not in states:
        raise NotOpen(state)
    return current


def _check_email(email: str, by: AbstractBaseUser) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAsked("bad-email", _("This is not an e-mail address."), "email") from error
    if len(email) > 254:
        raise NotAsked("bad-email", _("This is not an e-mail address."), "email")
    own = str(getattr(by, by.get_email_field_name(), "") or "").strip().lower()
    if email == own:
        raise NotAsked("own-address", _("This is your own address. Ask somebody else."), "email")


def _check_text(text: str, most: int, field: str) -> None:
    try:
        check_signable(text)
        check_mailable(text)
    except ValidationError as error:
        raise NotAsked("bad-text", error.messages[0], field) from error
    if len(text) > most:
        raise NotAsked("bad-text", _("This is too long: at most %s letters.") % most, field)


def _check_limits(thing: Thing, email: str, by: AbstractBaseUser) -> None:
    now = timezone.now()
    to_them = Endorsement.objects.filter(email=email)
    answered = Q(given_at__isnull=False, withdrawn_at=None)
    waiting = Q(given_at=None, declined_at=None, hidden_at=None, asked_at__gt=now - OPEN_FOR)
    if to_them.filter(answered | waiting, **{_field(thing): thing}).exists():
        raise NotAsked(
            "already-asked", _("You have asked this address about this already."), "email"
        )
    no = to_them.filter(declined_at__isnull=False)
    if no.filter(Q(asked_by=by) | Q(**{_field(thing): thing})).exists():
        raise NotAsked(
            "declined-before",
            _("They said no before, so we do not write to them about it again."),
            "email",
        )
    today = Endorsement.objects.filter(asked_at__gt=now - DAY)
    most = MOST_A_DAY if isinstance(thing, Award) else MOST_OF_EDITORS_A_DAY
    if today.filter(asked_by=by).count() >= most:
        raise NotAsked(
            "too-many",
            _("You can ask %s times in a day. Ask again tomorrow; what you wrote was not sent.")
            % most,
        )
    if today.filter(email=email).count() >= MOST_TO_ONE_A_DAY:
        raise NotAsked(
            "too-many-to-one",
            _("This address was asked several times today. Try again tomorrow."),
            "email",
        )
