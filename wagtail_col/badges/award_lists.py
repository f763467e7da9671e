"""A badge for a list of people: looked at first, then given in steps that can be taken up again.

Each step is one transaction that gives some of those who wait and writes down what came of each.
A process that dies leaves the step it was in undone and the rest as it was; any other one goes
on: a worker of the task queue, the page that shows how far it is, or the command
``give_badge_lists``. Several at once take turns.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_col.badges import address_lists, inviting
from wagtail_col.badges.accounts import accounts_of
from wagtail_col.badges.address_lists import Addresses
from wagtail_col.badges.awarding import NotAwardable, supported
from wagtail_col.badges.bulk_awarding import award_many
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import (
    Achievement,
    Award,
    AwardList,
    Invitation,
    ListedLearner,
    Outcome,
)
from wagtail_col.badges.texts import one_line

logger = logging.getLogger(__name__)

#: Lines in one step.
STEP = 100
#: How long a list is kept after it was given, and one that was only looked at.
KEPT = timedelta(days=90)
KEPT_UNUSED = timedelta(days=7)


class Forecast(NamedTuple):
    """What will become of one line. ``code``: account, invited, already, unreadable; the text
    says it to the organiser."""

    row: ListedLearner
    code: str
    text: str


class Progress(NamedTuple):
    """How far a list is: lines by outcome."""

    total: int
    done: int
    given: int
    invited: int
    already: int
    failed: int

    @property
    def is_done(self) -> bool:
        return self.done == self.total

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def make(
    achievement: Achievement,
    addresses: Addresses,
    *,
    event: str,
    language: str,
    by: AbstractBaseUser | None,
) -> AwardList:
    """Keep a list to be looked at; nothing is given yet. Lines that cannot be read are in it."""
    with transaction.atomic():
        made = AwardList.objects.create(
            achievement=achievement,
            event=one_line(event, 200),
            language=supported(language),
            made_by=by,
        )
        ListedLearner.objects.bulk_create(
            ListedLearner(
                award_list=made,
                position=position,
                email=line.email,
                narrative=line.narrative,
                outcome=Outcome.FAILED if line.problem else Outcome.WAITING,
                message=line.problem,
            )
            for position, line in enumerate(addresses.lines, 1)
        )
    return made


def forecast(award_list: AwardList, rows: Iterable[ListedLearner]) -> list[Forecast]:
    """What will become of these lines. A few queries for any number of them."""
    rows = list(rows)
    waiting = [row for row in rows if row.outcome == Outcome.WAITING]
    accounts = accounts_of(row.email for row in waiting)
    alone = {email: found[0].pk for email, found in accounts.items() if len(found) == 1}
    have = set(
        Award.objects.filter(
            achievement=award_list.achievement_id, learner__in=alone.values()
        ).values_list("learner", flat=True)
    )
    invited = set(
        inviting.open_ones(award_list.achievement)
        .filter(email__in=[row.email for row in waiting])
        .values_list("email", flat=True)
    )
    found = []
    for row in rows:
        accounts_here = accounts.get(row.email, [])
        if row.outcome != Outcome.WAITING:
            said = "unreadable", row.message
        elif len(accounts_here) == 1 and accounts_here[0].pk in have:
            said = "already", _("Has this badge already")
        elif len(accounts_here) == 1:
            said = "account", _("Has an account: gets the badge at once")
        elif row.email in invited:
            said = "already", _("Was invited before, and has not answered yet")
        elif accounts_here:
            said = "invited", _("Several accounts have this address: gets an e-mail with a link")
        else:
            said = "invited", _("Has no account yet: gets an e-mail with a link")
        found.append(Forecast(row, *said))
    return found


def forecast_numbers(award_list: AwardList) -> Counter:
    """How many lines have each of the codes of a forecast."""
    return Counter(one.code for one in forecast(award_list, award_list.rows.all()))


def start(award_list: AwardList) -> None:
    """Begin to give. With a task queue a worker does it; without one the page does, step by step.

    The immediate "queue" would do all of it before the answer, which for a long list takes longer
    than a web server waits.
    """
    with transaction.atomic():
        begun = AwardList.objects.filter(pk=award_list.pk, started_at=None)
        if not begun.update(started_at=timezone.now()):
            return
        if not isinstance(give_list.get_backend(), ImmediateBackend):
            transaction.on_commit(
                lambda: give_list.enqueue(award_list.pk),
                robust=True,
            )
    award_list.refresh_from_db()


def give_all(list_id: int) -> int:
    """Give to everybody in a list that was started; how many lines were worked off."""
    done = 0
    while step := give_some(list_id):
        done += step
    return done


@task()
def give_list(list_id: int) -> int:
    """The same, by a worker."""
    return give_all(list_id)


def give_for(list_id: int, seconds: float) -> int:
    """The same for about so many seconds: at least one step."""
    end, done = time.monotonic() + seconds, 0
    while step := give_some(list_id):
        done += step
        if time.monotonic() >= end:
            break
    return done


def give_some(list_id: int, most: int = STEP) -> int:
    """One step: how many lines were worked off. 0 when none waits, or it was not started."""
    with transaction.atomic():
        # Others who work at this list wait here, and go on with what is left.
        award_list = (
            AwardList.objects.select_for_update(of=("self",))
            .select_related("achievement", "made_by")
            .filter(pk=list_id, started_at__isnull=False, finished_at=None)
            .first()
        )
        if award_list is None:
            return 0
        rows = list(award_list.rows.filter(outcome=Outcome.WAITING)[:most])
        if rows:
            with override(award_list.language):
                _give(award_list, rows)
        if not award_list.rows.filter(outcome=Outcome.WAITING).exists():
            award_list.finished_at = timezone.now()
            award_list.save(update_fields=["finished_at"])
    return len(rows)


def progress(award_list: AwardList) -> Progress:
    """One query."""
    counted = dict(award_list.rows.order_by().values_list("outcome").annotate(count=Count("pk")))
    total = sum(counted.values())
    return Progress(
        total=total,
        done=total - counted.get(Outcome.WAITING, 0),
        given=counted.get(Outcome.GIVEN, 0),
        invited=counted.get(Outcome.INVITED, 0),
        already=counted.get(Outcome.ALREADY, 0),
        failed=counted.get(Outcome.FAILED, 0),
    )


def try_again(award_list: AwardList) -> int:
    """Let those wait again whose badge could not be given; how many. Unreadable lines stay."""
    with transaction.atomic():
        AwardList.objects.select_for_update().get(pk=award_list.pk)
        again = [row.pk for row in not_given(award_list)]
        award_list.rows.filter(pk__in=again).update(outcome=Outcome.WAITING, message="")
        if again:
            AwardList.objects.filter(pk=award_list.pk).update(started_at=None, finished_at=None)
    award_list.refresh_from_db()
    if again:
        start(award_list)
    return len(again)


def not_given(award_list: AwardList) -> list[ListedLearner]:
    """Lines that can be read and whose badge could not be given."""
    failed = award_list.rows.filter(outcome=Outcome.FAILED)
    return [
        row
        for row in failed
        if _is_address(row.email) and len(row.narrative) <= address_lists.MOST_LETTERS
    ]


def unfinished() -> QuerySet[AwardList]:
    """Lists that were started and are not done, the oldest first."""
    return AwardList.objects.filter(started_at__isnull=False, finished_at=None).order_by("pk")


def forget() -> int:
    """Delete lists that have served their purpose, with the addresses in them; how many."""
    now = timezone.now()
    old = AwardList.objects.filter(
        Q(finished_at__lt=now - KEPT) | Q(started_at=None, made_at__lt=now - KEPT_UNUSED)
    )
    count = old.count()
    old.delete()
    return count


def forget_address(sender: type, instance: AbstractBaseUser, **kwargs: Any) -> None:
    """A receiver of ``pre_delete`` of accounts: the address stays in no list or invitation."""
    address = str(getattr(instance, instance.get_email_field_name(), "") or "")
    if address:
        ListedLearner.objects.filter(email__iexact=address).delete()
        Invitation.objects.filter(email__iexact=address).delete()


def because_of(award_list: AwardList) -> dict:
    """Why these badges are given (see ``reasons``)."""
    return {"by": "list", "title": award_list.event, "assessed": "organiser"}


def _give(award_list: AwardList, rows: list[ListedLearner]) -> None:
    """Invitations first: whoever claims one locks it before their account, as here."""
    accounts = accounts_of(row.email for row in rows)
    alone = {email: found[0] for email, found in accounts.items() if len(found) == 1}
    values = {
        "because": because_of(award_list),
        "language": award_list.language,
        "by": award_list.made_by,
    }
    try:
        # What cannot be given leaves nothing behind but the message.
        with transaction.atomic():
            _invite(award_list, [row for row in rows if row.email not in alone], values)
            _award(award_list, [row for row in rows if row.email in alone], alone, values)
    except NotAwardable as refusal:
        _write(rows, Outcome.FAILED, refusal.message)
    except SigningKeyUnreadable:
        logger.exception("List %s cannot be given.", award_list.key)
        _write(
            rows,
            Outcome.FAILED,
            _("The site cannot sign badges at present. Tell who looks after it, then try again."),
        )


def _invite(award_list: AwardList, rows: list[ListedLearner], values: dict) -> None:
    invited = inviting.invite_many(
        award_list.achievement, [(row.email, row.narrative) for row in rows], **values
    )
    new = [row for row in rows if invited[row.email][1]]
    _write(new, Outcome.INVITED)
    _write(
        [row for row in rows if not invited[row.email][1]],
        Outcome.ALREADY,
        _("Was invited before, and has not answered yet"),
    )


def _award(
    award_list: AwardList,
    rows: list[ListedLearner],
    accounts: dict[str, AbstractBaseUser],
    values: dict,
) -> None:
    results = award_many(
        award_list.achievement, [(accounts[row.email], row.narrative) for row in rows], **values
    )
    new = {result.learner.pk for result in results if result.is_new}
    _write([row for row in rows if accounts[row.email].pk in new], Outcome.GIVEN)
    _write([row for row in rows if accounts[row.email].pk not in new], Outcome.ALREADY)


def _write(rows: list[ListedLearner], outcome: str, message: str = "") -> None:
    if rows:
        ListedLearner.objects.filter(pk__in=[row.pk for row in rows]).update(
            outcome=outcome, message=message
        )


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
