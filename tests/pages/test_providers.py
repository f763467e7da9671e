"""A provider's team: made with the page, kept through its life, gone with it."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Collection, GroupPagePermission, Locale, Page

from tests import factories
from tests.pages import editing
from wagtail_col.catalogue.models import Listing
from wagtail_col.pages.models import ProviderTeam
from wagtail_col.pages.providers import ensure_team
from wagtail_col.pages.standard.models import OpportunityPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return factories.territory_page(title="City")


def rights(group) -> set:
    return set(group.permissions.values_list("codename", flat=True)) | set(
        GroupPagePermission.objects.filter(group=group).values_list(
            "permission__codename", flat=True
        )
    )


def test_a_page_makes_its_team(city):
    page = factories.provider_page(city, title="Library")
    team = ProviderTeam.objects.get(key=page.translation_key)
    assert team.group.name == "Provider: Library"
    assert rights(team.group) == {"access_admin", "add_page", "change_page"}
    assert set(
        team.collection.group_permissions.values_list("permission__codename", flat=True)
    ) == {"add_image", "choose_image", "add_document", "choose_document"}
    ensure_team(page)
    assert ProviderTeam.objects.count() == 1


def test_a_draft_has_a_team_too(city):
    page = factories.ProviderPage(title="New one", live=False)
    city.add_child(instance=page)
    assert ProviderTeam.objects.filter(key=page.translation_key).exists()


def test_a_new_name_keeps_the_team_and_its_people(city):
    page = factories.provider_page(city, title="Library")
    member = editing.member_of(page)
    page.title = "Mediatheque"
    factories.publish(page)
    team = ProviderTeam.objects.get()
    assert team.group.name == team.collection.name == "Provider: Mediatheque"
    assert member in team.group.user_set.all()
    assert Group.objects.filter(name__startswith="Provider").count() == 1


def test_two_providers_of_one_name_have_two_teams(city):
    one = factories.provider_page(city, title="Library")
    two = factories.provider_page(factories.territory_page(title="Town"), title="Library")
    names = {team.group.name for team in ProviderTeam.objects.all()}
    assert names == {"Provider: Library", "Provider: Library (2)"}
    factories.publish(two)
    assert {team.group.name for team in ProviderTeam.objects.all()} == names
    assert one.translation_key != two.translation_key


def test_a_long_name_fits(city):
    factories.provider_page(city, title="x" * 250)
    factories.provider_page(city, title="x" * 250, slug="other")
    assert ProviderTeam.objects.count() == 2


def test_translations_belong_to_one_team(city):
    page = factories.provider_page(city)
    slovene = Locale.objects.get_or_create(language_code="sl")[0]
    copy = page.copy_for_translation(slovene, copy_parents=True)
    copy.title = "Knjižnica"
    factories.publish(copy)
    team = ProviderTeam.objects.get()
    assert team.group.name == "Provider: Library"
    pages = set(team.group.page_permissions.values_list("page_id", flat=True))
    assert pages == {page.pk, copy.pk}


def test_with_its_last_page_a_team_goes(city):
    page = factories.provider_page(city)
    member = editing.member_of(page)
    page.delete()
    assert not ProviderTeam.objects.exists()
    assert not Group.objects.filter(name__startswith="Provider").exists()
    member.refresh_from_db()
    assert not member.has_perm("wagtailadmin.access_admin")
    assert Collection.objects.filter(name="Provider: Library").exists()


def test_deleting_the_city_takes_the_teams(city):
    factories.provider_page(city)
    city.delete()
    assert not ProviderTeam.objects.exists()


def test_somebody_is_put_into_the_team(client, city):
    page = factories.provider_page(city)
    ana = factories.UserFactory(username="ana", email="ana@example.org")
    team = ProviderTeam.objects.get()
    client.force_login(editing.superuser())
    address = reverse("col_admin_team", args=[page.pk])
    assert "Nobody is in the team yet" in client.get(address).content.decode()
    assert client.post(address, {"who": "ANA@example.org"}).status_code == 302
    assert list(team.group.user_set.all()) == [ana]
    assert "ana@example.org" in client.get(address).content.decode()
    client.post(address, {"remove": str(ana.pk)})
    assert not team.group.user_set.exists()
    client.post(address, {"remove": "nonsense"})


@pytest.mark.parametrize(
    ("who", "message"),
    [
        ("nobody@example.org", "There is no account"),
        ("twice@example.org", "Several accounts"),
        ("gone", "There is no account"),
        ("", "This field is required"),
    ],
)
def test_somebody_who_cannot_be_put_into_it(client, city, who, message):
    page = factories.provider_page(city)
    factories.UserFactory(email="twice@example.org")
    factories.UserFactory(email="twice@example.org")
    factories.UserFactory(username="gone", is_active=False)
    client.force_login(editing.superuser())
    response = client.post(reverse("col_admin_team", args=[page.pk]), {"who": who})
    assert message in response.content.decode()
    assert not ProviderTeam.objects.get().group.user_set.exists()


def test_only_who_may_change_accounts_manages_a_team(client, city):
    page = factories.provider_page(city)
    friend = factories.UserFactory(username="friend")
    address = reverse("col_admin_team", args=[page.pk])
    for user in (editing.member_of(page), editing.moderator()):
        client.force_login(user)
        assert client.get(address).status_code == 302
        assert client.post(address, {"who": "friend"}).status_code == 302
    assert friend.groups.count() == 0
    client.force_login(editing.superuser())
    not_a_provider = reverse("col_admin_team", args=[city.pk])
    assert client.get(not_a_provider, follow=True).status_code == 404


def test_the_buttons_lead_there(client, city):
    page = factories.provider_page(city)
    lesson = factories.opportunity_page(page)
    client.force_login(editing.superuser())
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("col_admin_team", args=[page.pk]) in edit
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert reverse("col_admin_codes", args=[lesson.pk]) in edit
    listing = client.get(reverse("wagtailadmin_explore", args=[page.pk])).content.decode()
    assert reverse("col_admin_codes", args=[lesson.pk]) in listing
    client.force_login(editing.member_of(page))
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("col_admin_team", args=[page.pk]) not in edit


def test_rebuilding_brings_everything_back(city, capsys):
    page = factories.provider_page(city)
    lesson = factories.opportunity_page(page)
    ProviderTeam.objects.get().group.delete()
    Listing.objects.all().delete()
    stray = Listing.objects.create(canonical_uri="urn:stray", kind="event")
    call_command("rebuild_records")
    said = capsys.readouterr().out
    assert "opportunities: 1" in said
    assert "teams: 1" in said
    assert Listing.objects.get(key=lesson.translation_key).is_published
    stray.refresh_from_db()
    assert not stray.is_published
    assert ProviderTeam.objects.filter(key=page.translation_key).exists()
    call_command("rebuild_records")
    assert Listing.objects.published().count() == 1


def test_rebuilding_names_what_cannot_be(city, capsys):
    lesson = factories.opportunity_page(city, title="Impossible")
    factories.opportunity_page(city, title="Fine")
    Listing.objects.all().delete()
    OpportunityPage.objects.filter(pk=lesson.pk).update(price="-3")
    with pytest.raises(CommandError, match="1 could not"):
        call_command("rebuild_records")
    assert f"Impossible (page {lesson.pk})" in capsys.readouterr().err
    assert [str(one) for one in Listing.objects.all()] == ["Fine"]
    assert Page.objects.filter(pk=lesson.pk).exists()
