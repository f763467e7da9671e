"""Those who give badges in the admin, for tests: accounts and addresses."""

from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges.models import Issuer


def team(name: str) -> Issuer:
    """An issuer with a team that gets into the admin."""
    group = Group.objects.create(name=f"Team of {name}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return Issuer.objects.create(slug=name.lower(), name=name, team=group)


def member(issuer: Issuer, name: str = "mira"):
    user = UserFactory(username=name)
    user.groups.add(issuer.team)
    return user


def badge_of(issuer: Issuer | None, **values):
    return AchievementFactory(issuer=issuer, **values)


def to(view: str, badge, *args) -> str:
    return reverse(f"col_awards:{view}", args=[badge.key, *args])
