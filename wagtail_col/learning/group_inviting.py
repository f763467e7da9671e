"""Inviting people into a group by a pasted list: by e-mail, or by cards to print.

One line is one person: an e-mail address gets an e-mail with a link of its own, anything else is a
name for which there is a card. Cards are for those who have no e-mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges.texts import one_line
from wagtail_col.learning import group_mail, tasks
from wagtail_col.learning.groups import MOST_MEMBERS, new_place
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import GroupMember, LearnerGroup

#: E-mails that one group may cause in a day.
MOST_EMAILS_A_DAY = 200
MOST_LETTERS = 20_000


@dataclass(frozen=True)
class Invited:
    """How many e-mails go out, how many cards there are to print, how many were there before."""

    emails: int
    cards: int
    again: int


def invite(group: LearnerGroup, text: str) -> Invited:
    """Invite everybody in a pasted list; who is there already is not invited again.

    The e-mails go out after the commit. Refused, with nobody invited: ``empty``, ``bad-email``,
    ``too-many``.
    """
    if len(text) > MOST_LETTERS:
        raise _too_many()
    emails, names = _read(text)
    if not (emails or names):
        raise Refused("empty", _("Write at least one name or e-mail address."))
    with transaction.atomic():
        LearnerGroup.objects.select_for_update().get(pk=group.pk)
        there = list(group.members.values_list("label", "email"))
        known = {label for label, _email in there} | {email for _label, email in there}
        new = [new_place(group, email=email) for email in emails if email not in known]
        cards = [new_place(group, label=name) for name in names if name not in known]
        day = timezone.now() - timedelta(days=1)
        mailed = Q(emailed_at__isnull=False) | ~Q(email="")
        sent = group.members.filter(mailed, made_at__gt=day).count()
        if len(there) + len(new) + len(cards) > MOST_MEMBERS or (
            new and sent + len(new) > MOST_EMAILS_A_DAY
        ):
            raise _too_many()
        GroupMember.objects.bulk_create([*new, *cards])
        _tell_after_commit(new)
    return Invited(len(new), len(cards), len(emails) + len(names) - len(new) - len(cards))


def invite_again(member: GroupMember) -> bool:
    """Send an invitation again whose e-mail could not be delivered. False: it was, or is still
    tried."""
    with transaction.atomic():
        if not group_mail.send_again(member):
            return False
        _tell_after_commit([member])
    return True


def _tell_after_commit(places: Iterable[GroupMember]) -> None:
    keys = [str(place.key) for place in places]
    if keys:
        # Robust: a queue that is down must not undo the invitations.
        transaction.on_commit(lambda: tasks.tell_invited_to_group.enqueue(keys), robust=True)


def _read(text: str) -> tuple[list[str], list[str]]:
    """Addresses in lower case and names, each once."""
    emails: dict[str, None] = {}
    names: dict[str, None] = {}
    for line in text.replace(";", "\n").splitlines():
        said = one_line(line, 254)
        for part in said.split(",") if "@" in said else [said]:
            part = part.strip()
            if "@" not in part:
                if part:
                    names[part[:100]] = None
                continue
            email = part.rpartition("<")[2].strip(" >").lower()
            try:
                validate_email(email)
            except ValidationError as error:
                raise Refused(
                    "bad-email",
                    _("“%(said)s” is not an e-mail address. Nobody was invited.") % {"said": part},
                ) from error
            emails[email] = None
    return list(emails), list(names)


def _too_many() -> Refused:
    return Refused(
        "too-many",
        _("A group has at most %(most)s people, and sends at most %(emails)s e-mails a day.")
        % {"most": MOST_MEMBERS, "emails": MOST_EMAILS_A_DAY},
    )
