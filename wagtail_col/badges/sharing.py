"""Who may see a badge: its learner alone, and whoever has a link for as long as it is shared.

A link (``models.Share``) is to one badge or to a collection. It has an address of its own, which
cannot be guessed; the badge's own address, the one inside the signed credential, opens for others
only while a link to that badge lives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.badges.models import Award, Erased, ImportedBadge, Share
from wagtail_col.people.may import Purpose, may, pseudonym, why_not

#: Badges in a collection: more than anybody looks through.
MOST_IN_A_COLLECTION = 100


class NotShareable(Exception):
    """These badges cannot be shared. ``code`` is for programs, the message for the learner.

    Codes: ``nothing`` (no badge was chosen), ``too-many``, ``not-yours``, ``not-allowed`` (who is
    below the age of consent needs a guardian's yes).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Gone:
    """There was a badge or a link with this key; the account it belonged to was deleted."""

    key: UUID
    at: datetime


def share(
    learner: AbstractBaseUser,
    awards: Iterable[Award] = (),
    imported: Iterable[ImportedBadge] = (),
    *,
    title: str = "",
    shown_name: str = "",
    is_collection: bool | None = None,
) -> Share:
    """A link to these badges of the learner's own. Title and name are what its page shows.

    There is one link to one badge: sharing it again changes the name and keeps the address. A
    collection is a new link each time; it is one when ``is_collection`` says so, or else when it
    has a title or several badges. Raises ``NotShareable``.
    """
    awards, imported = list(awards), list(imported)
    _check(learner, awards, imported)
    shown_name = _name_for(learner, shown_name)
    if is_collection is None:
        is_collection = bool(title) or len(awards) + len(imported) > 1
    with transaction.atomic():
        # Two clicks at once come one after the other and make one link.
        get_user_model()._base_manager.select_for_update(no_key=True).get(pk=learner.pk)
        known = None if is_collection else link_to((awards or imported)[0])
        if known is not None:
            known.shown_name = shown_name
            known.save(update_fields=["shown_name"])
            return known
        created = Share.objects.create(
            learner=learner, is_collection=is_collection, title=title, shown_name=shown_name
        )
        created.awards.set(awards)
        created.imported.set(imported)
    return created


def change(
    shared: Share,
    awards: Iterable[Award],
    imported: Iterable[ImportedBadge],
    *,
    title: str,
    shown_name: str,
) -> None:
    """Show other badges, another title or another name behind the same link.

    Raises ``NotShareable``; nothing is changed then.
    """
    awards, imported = list(awards), list(imported)
    _check(shared.learner, awards, imported)
    shown_name = _name_for(shared.learner, shown_name)
    with transaction.atomic():
        Share.objects.filter(pk=shared.pk).update(title=title, shown_name=shown_name)
        shared.awards.set(awards)
        shared.imported.set(imported)
    shared.refresh_from_db()


def stop(shared: Share) -> None:
    """From now on the link answers that there is nothing. It is never opened again."""
    Share.objects.filter(pk=shared.pk, stopped_at=None).update(stopped_at=timezone.now())
    shared.refresh_from_db(fields=["stopped_at"])


def find(key: UUID) -> Share | Gone | None:
    """The live link with this key; ``Gone`` when its learner's account was deleted; else None."""
    found = Share.objects.filter(key=key, stopped_at=None).first()
    return found if found is not None else gone(key)


def gone(key: UUID) -> Gone | None:
    """Whether this key was an award's, an imported badge's or a link's whose learner is gone."""
    at = Erased.objects.filter(key=key).values_list("at", flat=True).first()
    return Gone(key, at) if at is not None else None


def is_shared(badge: Award | ImportedBadge) -> bool:
    """Whether a live link shows this badge."""
    return badge.shares.filter(stopped_at=None).exists()


def may_be_seen_by(user: object, badge: Award | ImportedBadge) -> bool:
    """Whether this visitor (or ``AnonymousUser``) sees the badge at its own address.

    The account is looked at first and costs a query only for who is logged in.
    """
    return is_own(user, badge) or is_shared(badge)


def is_own(user: object, badge: Award | ImportedBadge | Share) -> bool:
    return getattr(user, "pk", None) is not None and user.pk == badge.learner_id


def link_to(badge: Award | ImportedBadge) -> Share | None:
    """The live link to this badge alone."""
    return badge.shares.filter(stopped_at=None, is_collection=False).order_by("pk").first()


def stop_all(sender: type, person: AbstractBaseUser, purposes: set, **kwargs: Any) -> None:
    """A receiver of ``people.signals.no_longer_allowed``: every link of theirs stops."""
    if Purpose.SHARING in purposes:
        Share.objects.filter(learner=person, stopped_at=None).update(stopped_at=timezone.now())


def _name_for(learner: AbstractBaseUser, shown_name: str) -> str:
    """Who is below the age of consent shows a pseudonym in place of a name."""
    return (pseudonym(learner) or shown_name) if shown_name else ""


def _check(learner: AbstractBaseUser, awards: list[Award], imported: list[ImportedBadge]) -> None:
    if not may(learner, Purpose.SHARING):
        raise NotShareable("not-allowed", why_not(learner))
    count = len(awards) + len(imported)
    if not count:
        raise NotShareable("nothing", _("Choose at least one badge."))
    if count > MOST_IN_A_COLLECTION:
        raise NotShareable(
            "too-many",
            _("A collection has at most %s badges. Make a second one for the others.")
            % MOST_IN_A_COLLECTION,
        )
    if any(badge.learner_id != learner.pk for badge in [*awards, *imported]):
        raise NotShareable("not-yours", _("Only your own badges can be shared by you."))
