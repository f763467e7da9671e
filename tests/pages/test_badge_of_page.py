"""Whose badge a page may promise: an issuer with a team of its own has to be asked."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from tests import factories
from wagtail_col.badges.models import Achievement, Issuer
from wagtail_col.pages.standard.models import OpportunityPage, PlaylistPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def university() -> Issuer:
    team = Group.objects.create(name="University")
    return Issuer.objects.create(slug="university", name="University", team=team)


def form_of(page_class, user, page, achievement):
    form_class = page_class.get_edit_handler().get_form_class()
    form = form_class(instance=page, parent_page=page.get_parent(), for_user=user)
    form.cleaned_data = {"achievement": achievement}
    return form


def refused(form) -> bool:
    try:
        form.clean_achievement()
    except ValidationError as error:
        assert "University" in error.messages[0]
        return True
    return False


@pytest.mark.parametrize("kind", ["opportunity", "playlist"])
def test_the_badge_of_another_team_is_refused(kind, university):
    city = factories.territory_page()
    if kind == "opportunity":
        page, page_class = factories.opportunity_page(city), OpportunityPage
    else:
        page, page_class = factories.playlist_page(city, [], title="Line"), PlaylistPage
    theirs = factories.AchievementFactory(issuer=university)
    ours = factories.AchievementFactory()
    somebody = factories.UserFactory()
    assert refused(form_of(page_class, somebody, page, theirs))
    assert not refused(form_of(page_class, somebody, page, ours))
    assert not refused(form_of(page_class, somebody, page, None))
    # What stands there already does not keep anybody from editing the rest.
    page.achievement = theirs
    assert not refused(form_of(page_class, somebody, page, theirs))
    page.achievement = None
    member = factories.UserFactory()
    member.groups.add(university.team)
    assert not refused(form_of(page_class, member, page, theirs))
    editor = factories.UserFactory()
    editor.user_permissions.add(
        Permission.objects.get(codename="change_achievement", content_type__app_label="col_badges")
    )
    assert not refused(form_of(page_class, editor, page, theirs))
    assert Achievement.objects.count() == 2
