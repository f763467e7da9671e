"""Badges side by side, ours and those brought from elsewhere, as plain values for templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.models import Award, ImportedBadge, Share
from wagtail_col.badges.verifying import Verdict
from wagtail_col.language import lang_attribute

#: What is said about a badge that does not simply hold.
STATES = {
    "revoked": _("Taken back"),
    "suspended": _("Suspended for now"),
    "expired": _("Expired"),
}
_IMPORTED = {
    Verdict.GENUINE: _("Checked: it is real"),
    Verdict.TAKEN_BACK: _("Taken back"),
    Verdict.SUSPENDED: _("Suspended for now"),
    Verdict.EXPIRED: _("Expired"),
}
_NOT_CHECKED = _("Not verified")
_NOT_KNOWN_WHOSE = _("Real; whose it is was not checked")


@dataclass(frozen=True)
class ShelfItem:
    """A badge on a shelf.

    ``lang``: a ``lang`` attribute for the name, or empty. ``picture``: an address, or empty.
    ``state``: in words, empty for a badge of ours that simply holds. ``holds``: whether it counts
    as valid now. ``is_ours``: given by an issuer of this site.
    """

    badge: Award | ImportedBadge
    key: UUID
    name: str
    lang: str
    url: str
    picture: str
    colour: str
    issuer: str
    day: datetime | None
    until: datetime | None
    state: str | Promise
    holds: bool
    is_ours: bool


def own_awards(learner: AbstractBaseUser) -> QuerySet[Award]:
    """The learner's awards with what a shelf shows of them, the latest first."""
    return shown_awards(Award.objects.filter(learner=learner))


def own_imported(learner: AbstractBaseUser) -> QuerySet[ImportedBadge]:
    return shown_imported(ImportedBadge.objects.filter(learner=learner))


def shown_awards(awards: QuerySet[Award]) -> QuerySet[Award]:
    return (
        awards.select_related("achievement", "status_list__issuer")
        .defer("credential", "compact", "because", "status_list__credential")
        .prefetch_related("achievement__texts")
        .order_by("-awarded_at", "-pk")
    )


def shown_imported(imported: QuerySet[ImportedBadge]) -> QuerySet[ImportedBadge]:
    return imported.defer("source").order_by("-imported_at", "-pk")


def shelf(
    awards: Iterable[Award],
    imported: Iterable[ImportedBadge] = (),
    *,
    within: Share | None = None,
) -> list[ShelfItem]:
    """The badges as a shelf shows them. ``within``: their addresses are the link's, not their own.

    No queries beside those of what is passed in.
    """
    return [
        *(_award_on_shelf(award, within) for award in awards),
        *(_imported_on_shelf(badge, within) for badge in imported),
    ]


def state_of(award: Award) -> str:
    """A key of ``STATES``, or empty for a badge that holds. Being taken back weighs most."""
    if award.is_revoked:
        return "revoked"
    if award.is_suspended:
        return "suspended"
    return "expired" if award.is_expired else ""


def says_of(imported: ImportedBadge) -> str | Promise:
    """What our check of a badge from elsewhere came to, in a few words."""
    if _is_over(imported):
        return STATES["expired"]
    if imported.verdict == Verdict.GENUINE and not imported.is_own:
        return _NOT_KNOWN_WHOSE
    return _IMPORTED.get(imported.verdict, _NOT_CHECKED)


def is_verified(imported: ImportedBadge) -> bool:
    """Whether it is real, its learner's own, and holds."""
    return (
        imported.verdict == Verdict.GENUINE and imported.is_own is True and not _is_over(imported)
    )


def _is_over(imported: ImportedBadge) -> bool:
    return imported.valid_until is not None and imported.valid_until < timezone.now()


def _award_on_shelf(award: Award, within: Share | None) -> ShelfItem:
    text = award.achievement.text
    state = state_of(award)
    return ShelfItem(
        badge=award,
        key=award.key,
        name=text.name if text else "",
        lang=lang_attribute(text.language) if text else "",
        url=_address(award, within) or award.get_absolute_url(),
        picture=reverse("col_badges:achievement_svg", args=[award.achievement.key]),
        colour=award.achievement.colour,
        issuer=award.issuer.name,
        day=award.awarded_at,
        until=award.valid_until,
        state=STATES.get(state, ""),
        holds=not state,
        is_ours=True,
    )


def _imported_on_shelf(imported: ImportedBadge, within: Share | None) -> ShelfItem:
    return ShelfItem(
        badge=imported,
        key=imported.key,
        name=imported.name,
        lang="",
        url=_address(imported, within) or reverse("col_badges:imported", args=[imported.key]),
        picture=reverse("col_badges:imported_picture", args=[imported.key])
        if imported.picture_id
        else "",
        colour="slate",
        issuer=imported.issuer_name or imported.issuer_id,
        day=imported.awarded_at,
        until=imported.valid_until,
        state=says_of(imported),
        holds=is_verified(imported),
        is_ours=False,
    )


def _address(badge: Award | ImportedBadge, within: Share | None) -> str:
    if within is None:
        return ""
    return reverse("col_badges:shared_badge", args=[within.key, badge.key])
