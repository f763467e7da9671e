"""Groups: an organiser takes a class or youth group along one playlist.

Learners join by the group's link (a QR code on the wall), by an e-mail, or by a card of their own.
The organiser sees how far members are on this playlist, and nothing else of them. Who the
organiser of a group is, and what they may confirm, is for the caller to know: this floor knows no
pages.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group as Team
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges.mailable import check_mailable
from wagtail_col.badges.texts import one_line
from wagtail_col.learning import codes, journey
from wagtail_col.learning.derived_codes import derived, derived_again
from wagtail_col.learning.journey import Refused, active_language
from wagtail_col.learning.models import (
    Completion,
    Evidence,
    GroupMember,
    LearnerGroup,
    Playlist,
    Step,
)
from wagtail_col.learning.recognising import get_on

#: The link of a new group works for so long, and as long again when it is renewed.
LINK_FOR = timedelta(days=30)
#: A group that nobody ended is deleted after this long: longer than a school year.
KEPT_FOR = timedelta(days=400)
#: Who was invited and did not join is forgotten after this long.
INVITED_FOR = timedelta(days=90)
MOST_MEMBERS = 500


@dataclass(frozen=True)
class Found:
    """What a code is for. ``member``: the place whose card it is; None for the group's link."""

    group: LearnerGroup
    member: GroupMember | None = None


@dataclass(frozen=True)
class Confirmed:
    """``new`` did the step now, ``before`` had done it, ``cards`` have it once they join."""

    new: int = 0
    before: int = 0
    cards: int = 0


def make(
    playlist: Playlist, name: str, by: AbstractBaseUser, team: Team | None = None
) -> LearnerGroup:
    """A new group with a link that works a month. ValidationError for a name with an address in
    it: the name is in e-mails."""
    name = one_line(name, 60)
    if not name:
        raise ValidationError({"name": _("Give the group a name.")})
    try:
        check_mailable(name)
    except ValidationError as error:
        raise ValidationError({"name": error}) from error
    group = LearnerGroup(playlist=playlist, name=name, made_by=by, team=team)
    _new_link(group)
    group.save()
    return group


def groups_of(organiser: AbstractBaseUser) -> QuerySet[LearnerGroup]:
    """The groups somebody looks after: those they made, and those of their teams."""
    return LearnerGroup.objects.filter(
        Q(made_by=organiser) | Q(team__in=organiser.groups.all())
    ).distinct()


def renew_link(group: LearnerGroup) -> None:
    """Another link, for a month; the one before opens nothing any more."""
    _new_link(group)
    group.save(update_fields=["link_key", "link_hash", "link_until"])


def stop_link(group: LearnerGroup) -> None:
    """Nobody joins by the link any more. Cards and e-mails that were given out still work."""
    group.link_until = min(group.link_until, timezone.now())
    group.save(update_fields=["link_until"])


def is_open(group: LearnerGroup) -> bool:
    """Whether somebody can join by the link now."""
    return group.link_until > timezone.now()


def link_code(group: LearnerGroup) -> str:
    """The code of the link, in four groups of letters; "" when the secret it was made with is gone
    from the settings: then there is a new one to be made."""
    return _shown("group", str(group.link_key), group.link_hash)


def card_code(member: GroupMember) -> str:
    """The same of a card."""
    return _shown("group-card", str(member.key), member.card_hash or "")


def new_place(group: LearnerGroup, *, label: str = "", email: str = "") -> GroupMember:
    """A place in the group that waits, with a card of its own; not saved."""
    key = uuid.uuid4()
    return GroupMember(
        key=key,
        group=group,
        label=label,
        email=email,
        card_hash=codes.digest(derived("group-card", str(key))),
        language=active_language(),
    )


def find(typed: str) -> Found:
    """What a code is for. Refused: ``wrong-code`` when there is no such code, ``over`` when it
    does not work any more."""
    code = codes.read(typed)
    digest = codes.digest(code)
    group = LearnerGroup.objects.select_related("playlist", "made_by", "team")
    found = group.filter(link_hash=digest).first() if codes.is_code(code) else None
    if found is not None:
        if not is_open(found) or (found.made_by is None and found.team is None):
            raise _over()
        return Found(found)
    places = GroupMember.objects.select_related("group__playlist", "group__made_by", "group__team")
    place = places.filter(card_hash=digest).first() if codes.is_code(code) else None
    if place is None:
        raise Refused(
            "wrong-code", _("There is no group with this code. Look at the letters again.")
        )
    return Found(place.group, place)


def membership(learner: AbstractBaseUser, group: LearnerGroup) -> GroupMember | None:
    return GroupMember.objects.filter(group=group, learner=learner).first()


def join(learner: AbstractBaseUser, found: Found) -> GroupMember:
    """Get into the group and on its line; who is in it stays in it. What the organiser confirmed
    for a card before is done now.

    Refused, with nothing changed: ``used`` for somebody else's card, ``full``, and what
    ``journey.join`` refuses.
    """
    with transaction.atomic():
        # One after another, so that a card is used once and a group does not grow too large.
        group = LearnerGroup.objects.select_for_update().get(pk=found.group.pk)
        own = membership(learner, group)
        if found.member is None:
            if own is not None:
                return own
            if group.members.count() >= MOST_MEMBERS:
                raise Refused("full", _("This group is full. Ask the organiser."))
            get_on(learner, group.playlist)
            return GroupMember.objects.create(
                group=group, learner=learner, joined_at=timezone.now()
            )
        place = GroupMember.objects.select_for_update().filter(pk=found.member.pk).first()
        if place is None:
            raise _over()
        if place.learner_id not in (None, learner.pk):
            raise Refused("used", _("Somebody has used this card already. Ask the organiser."))
        if place.learner_id == learner.pk:
            return place
        get_on(learner, group.playlist)
        if own is not None:
            # They came by the link before: the card says who they are.
            own.delete()
        steps = place.confirmed
        place.learner, place.email, place.confirmed = learner, "", []
        place.joined_at = timezone.now()
        place.save(update_fields=["learner", "email", "confirmed", "joined_at"])
        for step in group.playlist.steps.published().filter(pk__in=steps):
            _finish(learner, step)
        return place


def leave(learner: AbstractBaseUser, group: LearnerGroup) -> bool:
    """Get out of the group; what was done stays done, on the line too. False: not in it."""
    return bool(GroupMember.objects.filter(group=group, learner=learner).delete()[0])


def left_the_line(sender: type, instance: Any, **kwargs: Any) -> None:
    """A receiver of ``post_delete`` of enrolments: who leaves a line leaves its groups."""
    GroupMember.objects.filter(
        learner=instance.learner_id, group__playlist=instance.playlist_id
    ).delete()


def confirm(group: LearnerGroup, step: Step, members: Collection[uuid.UUID]) -> Confirmed:
    """These members (by key) have done the step. Again it changes nothing.

    Refused, with nothing changed, when the step is none of the line or is withdrawn.
    """
    if step.playlist_id != group.playlist_id:
        raise Refused("not-on-line", _("This step is no longer part of the line."))
    journey.check(step, Evidence.ORGANISER)
    new = before = cards = 0
    chosen = group.members.filter(key__in=members).select_related("learner").order_by("pk")
    for member in chosen:
        if member.learner is None:
            cards += _note(member, step)
        elif _finish(member.learner, step):
            new += 1
        else:
            before += 1
    return Confirmed(new, before, cards)


def done_steps(group: LearnerGroup, step: Step) -> set[int]:
    """Primary keys of the members who have done the step, or have it on their card. Two queries."""
    learners = group.members.exclude(learner=None).values("learner")
    did = Completion.objects.filter(step=step, learner__in=learners).values_list(
        "learner_id", flat=True
    )
    learned = set(did)
    return {
        member.pk
        for member in group.members.all()
        if member.learner_id in learned or step.pk in member.confirmed
    }


def clean() -> int:
    """Delete groups that are over and places nobody took: how many rows."""
    now = timezone.now()
    over = Q(made_at__lt=now - KEPT_FOR) | Q(made_by=None, team=None)
    count = LearnerGroup.objects.filter(over).delete()[0]
    unused = GroupMember.objects.filter(learner=None, made_at__lt=now - INVITED_FOR)
    return count + unused.delete()[0]


def _finish(learner: AbstractBaseUser, step: Step) -> bool:
    """Whether the step was new. Who is no longer on the line cannot have been a member."""
    try:
        return journey.finish_step(learner, step, Evidence.ORGANISER).is_new
    except Refused:
        return False


def _note(member: GroupMember, step: Step) -> int:
    """Keep it for when the card is used; 1 when it was not kept before."""
    with transaction.atomic():
        place = GroupMember.objects.select_for_update().filter(pk=member.pk).first()
        if place is None or place.learner_id is not None or step.pk in place.confirmed:
            return 0
        place.confirmed = [*place.confirmed, step.pk]
        place.save(update_fields=["confirmed"])
    return 1


def _new_link(group: LearnerGroup) -> None:
    group.link_key = uuid.uuid4()
    group.link_hash = codes.digest(derived("group", str(group.link_key)))
    group.link_until = timezone.now() + LINK_FOR


def _shown(purpose: str, message: str, digest: str) -> str:
    try:
        return derived_again(purpose, message, digest)
    except ImproperlyConfigured:
        return ""


def _over() -> Refused:
    return Refused("over", _("This link does not work any more. Ask the organiser for a new one."))
