"""Who may give which badges."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges.models import Issuer
from wagtail_col.badges.permissions import awardable_by, is_editor, may_award, may_manage

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return Issuer.objects.create(
        slug="library", name="Library", team=Group.objects.create(name="Library")
    )


@pytest.fixture
def badges(library):
    other = Issuer.objects.create(
        slug="museum", name="Museum", team=Group.objects.create(name="Museum")
    )
    return {
        "own": AchievementFactory(issuer=library),
        "other": AchievementFactory(issuer=other),
        "site": AchievementFactory(issuer=None),
    }


def allowed(user, badges):
    may = {name for name, badge in badges.items() if may_award(user, badge)}
    assert {b.pk for b in awardable_by(user)} == {badges[name].pk for name in may}
    assert may == {name for name, badge in badges.items() if may_manage(user, badge.issuer)}
    return may


def editor(*groups, **values):
    user = UserFactory(**values)
    user.user_permissions.add(Permission.objects.get(codename="change_achievement"))
    user.groups.set(groups)
    return user


def member(library, **values):
    user = UserFactory(**values)
    user.groups.add(library.team)
    return user


def test_editors_of_the_site_may_all(badges):
    assert allowed(editor(), badges) == set(badges)
    assert allowed(UserFactory(is_superuser=True), badges) == set(badges)


def test_members_of_a_team_may_its_own(badges, library):
    assert allowed(member(library), badges) == {"own"}


def test_an_editor_in_a_team_is_narrowed_to_it(badges, library):
    user = editor(library.team)
    assert not is_editor(user)
    assert allowed(user, badges) == {"own"}


def test_a_superuser_in_a_team_is_not(badges, library):
    assert allowed(member(library, is_superuser=True), badges) == set(badges)


def test_others_may_none(badges):
    assert allowed(UserFactory(), badges) == set()
    assert allowed(AnonymousUser(), badges) == set()


@pytest.mark.parametrize("kind", ["editor", "member", "superuser"])
def test_nor_an_account_that_is_switched_off(badges, library, kind):
    user = {
        "editor": lambda: editor(is_active=False),
        "member": lambda: member(library, is_active=False),
        "superuser": lambda: UserFactory(is_superuser=True, is_active=False),
    }[kind]()
    assert allowed(user, badges) == set()
