"""Issuers in the admin: several of them, each with a team, none that is used ever removed."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests import factories
from tests.badges.build import badge
from tests.badges.endorse import given
from tests.pages import editing
from wagtail_col.badges import keys
from wagtail_col.badges.models import Achievement, Issuer

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def site():
    return keys.site_issuer()


@pytest.fixture
def library():
    group = Group.objects.create(name="Librarians")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return Issuer.objects.create(slug="library", name="City Library", team=group)


@pytest.fixture
def librarian(library):
    member = factories.UserFactory(username="lea")
    member.groups.add(library.team)
    return member


def url(name, *args):
    return reverse(f"col_issuers:{name}", args=args)


def form(**values) -> dict:
    return {
        "name": "City Library",
        "slug": "library",
        "url": "https://library.example/",
        "email": "",
        "description": "Books and more.",
        "team": "",
        "status_form": "bitstring",
    } | values


class TestAdding:
    def test_another_issuer_with_a_team(self, boss, site):
        team = Group.objects.create(name="Librarians")
        assert boss.post(url("add"), form(team=team.pk)).status_code == 302
        made = Issuer.objects.get(slug="library")
        assert (made.name, made.team, made.is_endorser) == ("City Library", team, False)

    @pytest.mark.parametrize(
        "slug",
        ["", "library", "endorser-0123", "City", "a/b", "a b"],
        ids=["none", "taken", "endorser", "capital", "slash", "space"],
    )
    def test_short_names_that_cannot_be(self, boss, site, library, slug):
        before = Issuer.objects.count()
        assert boss.post(url("add"), form(slug=slug)).status_code == 200
        assert Issuer.objects.count() == before

    def test_without_a_short_name_it_is_the_site(self, boss):
        Issuer.objects.filter(slug="").delete()
        assert boss.post(url("add"), form(slug="")).status_code == 302
        assert keys.site_issuer().name == "City Library"

    def test_whoever_looks_after_the_whole_site_is_no_team(self, boss, site):
        editors = Group.objects.get(name="Editors")
        editors.permissions.add(Permission.objects.get(codename="change_achievement"))
        assert boss.post(url("add"), form(team=editors.pk)).status_code == 200
        assert not Issuer.objects.filter(slug="library").exists()

    def test_control_characters_are_refused(self, boss, site):
        assert boss.post(url("add"), form(name="Lib\x07rary")).status_code == 200
        assert not Issuer.objects.filter(slug="library").exists()


class TestChanging:
    def test_all_but_the_short_name(self, boss, library):
        data = form(name="The Library", slug="other")
        assert boss.post(url("edit", library.pk), data).status_code == 302
        library.refresh_from_db()
        assert (library.name, library.slug) == ("The Library", "library")

    def test_the_site_itself(self, boss, site):
        data = form(name="City of X", slug="taken-over")
        assert boss.post(url("edit", site.pk), data).status_code == 302
        site.refresh_from_db()
        assert (site.name, site.slug) == ("City of X", "")

    @pytest.mark.parametrize("bad", [{"name": ""}, {"email": "nobody"}, {"url": "javascript:1"}])
    def test_bad_input(self, boss, library, bad):
        response = boss.post(url("edit", library.pk), form(**bad))
        assert response.status_code == 200
        library.refresh_from_db()
        assert library.name == "City Library"


class TestRemoving:
    def test_one_that_was_never_used(self, boss, library):
        assert boss.post(url("delete", library.pk)).status_code == 302
        assert not Issuer.objects.filter(pk=library.pk).exists()

    def test_never_the_site(self, boss, site):
        boss.post(url("delete", site.pk))
        assert Issuer.objects.filter(pk=site.pk).exists()

    def test_never_one_that_badges_name(self, boss, library):
        factories.AchievementFactory(issuer=library)
        boss.post(url("delete", library.pk))
        assert Issuer.objects.filter(pk=library.pk).exists()

    def test_never_one_that_has_signed(self, boss, library):
        badge(achievement=factories.AchievementFactory(issuer=library))
        Achievement.objects.update(issuer=None)
        response = boss.get(url("delete", library.pk), follow=True)
        assert "cannot be deleted" in response.text
        assert Issuer.objects.filter(pk=library.pk).exists()

    def test_reading_removes_nothing(self, boss, library):
        boss.get(url("delete", library.pk))
        assert Issuer.objects.filter(pk=library.pk).exists()


class TestWhoSeesThem:
    def test_endorsers_are_not_among_them(self, boss, library):
        endorser = given(badge(), organisation="Quite Another Firm").endorser
        text = boss.get(url("index")).text
        assert "City Library" in text
        assert "Quite Another Firm" not in text
        for name in ("edit", "delete", "history", "usage"):
            assert boss.get(url(name, endorser.pk), follow=True).status_code == 404
        assert boss.post(url("edit", endorser.pk), form(), follow=True).status_code == 404

    def test_an_endorser_is_not_offered_as_the_issuer_of_a_badge(self, boss):
        given(badge(), organisation="Quite Another Firm")
        add = reverse(Achievement.snippet_viewset.get_url_name("add"))
        assert "Quite Another Firm" not in boss.get(add).text

    def test_a_team_looks_at_its_own_and_changes_none(self, client, library, librarian, site):
        museum = Issuer.objects.create(slug="museum", name="Museum of Trams")
        client.force_login(librarian)
        text = client.get(url("index")).text
        assert "City Library" in text
        assert "Museum of Trams" not in text
        for issuer in (library, museum, site):
            for name in ("edit", "delete"):
                assert client.get(url(name, issuer.pk)).status_code in (302, 403)
                assert client.post(url(name, issuer.pk), form()).status_code in (302, 403)
        assert client.get(url("add")).status_code in (302, 403)
        assert sorted(Issuer.objects.values_list("name", flat=True)) == sorted(
            ["City Library", "Museum of Trams", site.name]
        )
        for issuer in (museum, site):
            for name in ("history", "usage"):
                assert client.get(url(name, issuer.pk)).status_code in (302, 403)

    def test_not_for_those_who_have_to_do_with_no_badges(self, client, library):
        someone = factories.UserFactory()
        someone.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(someone)
        assert client.get(url("index")).status_code in (302, 403)

    def test_more_issuers_take_no_more_queries(self, boss, site, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        boss.get(url("index"))
        with CaptureQueriesContext(connection) as few:
            boss.get(url("index"))
        for number in range(5):
            team = Group.objects.create(name=f"team {number}")
            Issuer.objects.create(slug=f"n{number}", name=f"N {number}", team=team)
        with django_assert_num_queries(len(few)):
            boss.get(url("index"))
