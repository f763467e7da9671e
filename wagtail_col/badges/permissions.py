"""Who may make, give and take back which badges.

Two kinds of people: editors of the whole site, whose groups hold Wagtail's permissions about
badges, and the members of an issuer's team, for that issuer's badges alone. Who is in any
issuer's team is narrowed to it, whatever else their groups allow: an organisation's people do not
look into another one's lists.
"""

from __future__ import annotations

from django.db.models import QuerySet

from wagtail_col.badges.models import Achievement, Issuer

#: What an editor of the whole site holds.
SITE_WIDE = "col_badges.change_achievement"


def teams_of(user) -> QuerySet[Issuer]:
    """The issuers in whose team somebody is."""
    if not user.is_authenticated or not user.is_active:
        return Issuer.objects.none()
    return Issuer.objects.filter(team__in=user.groups.all())


def is_editor(user) -> bool:
    """Whether somebody looks after the badges of the whole site."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return user.has_perm(SITE_WIDE) and not teams_of(user).exists()


def may_award(user, achievement: Achievement) -> bool:
    """Whether somebody may give this badge, take it back, and see who has it."""
    return is_editor(user) or _is_in_team(user, achievement.issuer_id)


def may_manage(user, issuer: Issuer | None) -> bool:
    """Whether somebody may make and edit badges of this issuer; None: the site itself."""
    return is_editor(user) or _is_in_team(user, issuer.pk if issuer else None)


def awardable_by(user) -> QuerySet[Achievement]:
    """The badges that somebody may edit, give and take back, drafts as well."""
    if is_editor(user):
        return Achievement.objects.all()
    return Achievement.objects.filter(issuer__in=teams_of(user).values("pk"))


def _is_in_team(user, issuer_id: int | None) -> bool:
    # A badge that names no issuer is the site's: its editors' alone.
    return issuer_id is not None and teams_of(user).filter(pk=issuer_id).exists()
