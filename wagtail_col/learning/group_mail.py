"""The e-mail that invites somebody into a group, and the addresses its codes lead to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
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


def tell(member_id: int) -> bool:
    """Send somebody's invitation unless it was sent. Whether it went out now."""
    member = (
        GroupMember.objects.select_related("group__playlist")
        .filter(pk=member_id, learner=None, emailed_at=None)
        .exclude(email="")
        .first()
    )
    if member is None or not card_code(member):
        return False
    mine = GroupMember.objects.filter(pk=member.pk, emailed_at=None)
    # Taken first, so that two workers do not both send it.
    if not mine.update(emailed_at=timezone.now()):
        return False
    try:
        with translation.override(member.language):
            _message(member).send()
    except BaseException:
        GroupMember.objects.filter(pk=member.pk).update(emailed_at=None)
        raise
    return True


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
