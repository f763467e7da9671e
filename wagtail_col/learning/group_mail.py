"""The e-mail that invites somebody into a group, and the addresses its codes lead to.

It goes out once. When it could not be sent it is tried again, less and less often, and in the end
given up: then the organiser reads so, and may have it tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges.telling import send_all
from wagtail_col.badges.texts import one_line
from wagtail_col.conf import base_url, settings
from wagtail_col.learning.groups import card_code
from wagtail_col.learning.models import GroupMember, LearnerGroup
from wagtail_col.people.signals import Seen

#: How long after a try that failed the next one is due; after the last of them there is none.
WAITS = (
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
)
MOST_TRIES = len(WAITS) + 1


class Mail(StrEnum):
    """What has become of an invitation's e-mail."""

    #: There is none: a card, or somebody who has joined.
    NONE = ""
    SENT = "sent"
    WAITING = "waiting"
    #: It is not tried again unless the organiser says so.
    FAILED = "failed"


def mail_of(member: GroupMember) -> Mail:
    if member.learner_id is not None or not member.email:
        return Mail.NONE
    if member.emailed_at is not None:
        return Mail.SENT
    return Mail.FAILED if member.email_tries >= MOST_TRIES else Mail.WAITING


def tell(member_id: int) -> bool:
    """Send somebody's invitation if it is due. Whether it went out now; raises what the mailer
    raises, and then it is due again later: ``MOST_TRIES`` times in all."""
    member = _due().select_related("group__playlist").filter(pk=member_id).first()
    if member is None:
        return False
    now = timezone.now()
    # Taken first, so that two workers do not both send it.
    if not _due(now).filter(pk=member.pk).update(emailed_at=now, email_tried_at=now):
        return False
    mine = GroupMember.objects.filter(pk=member.pk)
    if not card_code(member):
        # The secret it was made with is gone from the settings: there is no link to send.
        mine.update(emailed_at=None, email_tries=MOST_TRIES)
        return False
    try:
        with translation.override(member.language):
            _message(member).send()
    except BaseException:
        mine.update(emailed_at=None, email_tries=F("email_tries") + 1)
        raise
    return True


def waiting(sender: type, **kwargs: Any) -> tuple[Callable[[int], bool], list[int]]:
    """A receiver of ``badges.signals.mail_waiting``: the invitations that are due."""
    return tell, list(_due().order_by("pk").values_list("pk", flat=True))


def send_again(member: GroupMember) -> bool:
    """Try to send an e-mail once more that was given up. False: it was not.

    Call it in a transaction; the e-mail goes out after the commit.
    """
    given_up = GroupMember.objects.filter(
        pk=member.pk, learner=None, emailed_at=None, email_tries__gte=MOST_TRIES
    ).exclude(email="")
    return bool(given_up.update(email_tries=0, email_tried_at=None))


def _due(now: datetime | None = None) -> QuerySet[GroupMember]:
    now = now or timezone.now()
    due = Q(email_tries=0)
    for tries, wait in enumerate(WAITS, start=1):
        due |= Q(email_tries=tries, email_tried_at__lte=now - wait)
    return GroupMember.objects.filter(due, learner=None, emailed_at=None).exclude(email="")


def tell_all(keys: Iterable[str]) -> int:
    """The same for many, by key; how many went out."""
    found = GroupMember.objects.filter(key__in=list(keys)).order_by("pk")
    return send_all(tell, found.values_list("pk", flat=True))


def link_of(code: str) -> str:
    """The full address that a code leads to."""
    return f"{base_url()}{reverse('col_learning:group', args=[code])}"


def organiser_of(group: LearnerGroup) -> str:
    """How learners know who looks after a group: the team, else the full name; never a user
    name or an address."""
    if group.team is not None:
        return group.team.name
    return group.made_by.get_full_name().strip() if group.made_by else ""


def what_is_seen(group: LearnerGroup) -> str:
    """Who sees what of a member, in one sentence: before joining and at any time after."""
    said = {"group": group.name, "line": group.playlist, "who": organiser_of(group)}
    if said["who"]:
        words = _(
            "%(who)s sees that you are in the group “%(group)s” and which stations of “%(line)s” "
            "you have done, and nothing else of you."
        )
    else:
        words = _(
            "The organiser sees that you are in the group “%(group)s” and which stations of "
            "“%(line)s” you have done, and nothing else of you."
        )
    return words % said


def groups_of_learner(sender: type, person: AbstractBaseUser, **kwargs: Any) -> list[Seen]:
    """A receiver of ``people.signals.seen_now``."""
    found = (
        LearnerGroup.objects.filter(members__learner=person)
        .select_related("playlist", "made_by", "team")
        .prefetch_related("playlist__texts")
        .order_by("pk")
    )
    return [
        Seen(
            said=what_is_seen(group),
            url=reverse("col_learning:leave_group", args=[group.key]),
            action=_("Leave the group “%s”") % group.name,
        )
        for group in found
    ]


def _message(member: GroupMember) -> EmailMultiAlternatives:
    group = member.group
    context = {
        "group": group.name,
        "organiser": one_line(organiser_of(group), 100),
        "line": one_line(str(group.playlist), 100),
        "url": f"{link_of(card_code(member))}?lang={member.language}",
        "site": base_url(),
        "language": member.language,
    }
    folder = "wagtail_col/learning/email"
    made = EmailMultiAlternatives(
        subject=_("You are invited to a group: %s") % group.name,
        body=render_to_string(f"{folder}/group.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[member.email],
    )
    made.attach_alternative(render_to_string(f"{folder}/group.html", context), "text/html")
    return made
