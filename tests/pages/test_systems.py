"""Systems that issue badges, in the admin: who adds one, the secret that is shown once, the end."""

import hashlib
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.api import build
from tests.pages import editing
from wagtail_col.api.models import Application
from wagtail_col.badges.models import Issuer

pytestmark = pytest.mark.django_db

INDEX = "/admin/learning/systems/"


@pytest.fixture
def library():
    group = Group.objects.create(name="Library team")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return Issuer.objects.create(slug="library", name="Town library", team=group)


@pytest.fixture
def librarian(library):
    user = factories.UserFactory(username="lili")
    user.groups.add(library.team)
    return user


@pytest.fixture
def museum():
    return Issuer.objects.create(slug="museum", name="City museum")


def add(client, issuer="library", name="Course administration"):
    return client.post(INDEX, {"name": name, "issuer": issuer})


def test_a_team_adds_a_system_whose_secret_is_shown_once(client, librarian, library):
    client.force_login(librarian)
    answer = add(client)
    page = answer.content.decode()
    system = Application.objects.get()
    assert (system.issuer, system.made_by, system.is_system) == (library, librarian, True)
    [secret] = re.findall(r'id="copy-secret" value="([A-Za-z0-9]{64})"', page)
    assert system.client_secret == hashlib.sha256(secret.encode()).hexdigest()
    assert "no-store" in answer["Cache-Control"]
    headers = {"Authorization": build.basic(system.client_id, secret)}
    token = Client().post("/col/oauth/token", {"grant_type": "client_credentials"}, headers=headers)
    assert token.status_code == 200
    again = client.get(INDEX).content.decode()
    assert secret not in again
    assert system.client_id in again


def test_a_team_sees_and_chooses_its_own_alone(client, librarian, museum):
    other, _secret = build.system(museum, "Guided tours")
    client.force_login(librarian)
    page = client.get(INDEX).content.decode()
    assert "Town library" in page
    assert "City museum" not in page
    assert "Guided tours" not in page
    for issuer in ("museum", "", "nobody"):
        assert "Nothing was added" in add(client, issuer).content.decode()
    stop = reverse("col_systems:stop", args=[other.pk])
    for answer in (client.get(stop), client.post(stop)):
        assert answer.status_code in (302, 403)
        assert "Guided tours" not in answer.content.decode()
    other.refresh_from_db()
    assert Application.objects.get() == other
    assert other.stopped_at is None


def test_an_editor_of_the_site_adds_one_for_any_issuer_and_for_the_site(client, museum):
    client.force_login(editing.superuser())
    for issuer in ("museum", ""):
        assert add(client, issuer).status_code == 200
    assert {system.issuer.slug for system in Application.objects.all()} == {"museum", ""}


def test_others_are_not_let_in(client, library, museum):
    system, _secret = build.system(museum)
    provider = factories.provider_page(factories.territory_page())
    for user in (None, factories.UserFactory(), editing.member_of(provider)):
        client.logout()
        if user:
            client.force_login(user)
        for path in (INDEX, reverse("col_systems:stop", args=[system.pk])):
            for answer in (client.get(path), client.post(path, {"name": "x", "issuer": "museum"})):
                assert answer.status_code in (302, 403), path
        home = client.get(reverse("wagtailadmin_home"), follow=True).content.decode()
        assert "learning/systems" not in home
    system.refresh_from_db()
    assert system.stopped_at is None
    assert Application.objects.count() == 1


def test_stopping_asks_first_and_holds_at_once(client, librarian, library):
    system, _secret = build.system(library)
    headers = build.bearer(build.access_token(system, scope="badges:issue"))
    client.force_login(librarian)
    stop = reverse("col_systems:stop", args=[system.pk])
    assert "Town library" in client.get(stop).content.decode()
    assert Client().get("/col/api/v1/awards", headers=headers).status_code == 200
    answer = client.post(stop, follow=True)
    assert "gives no badges any more" in answer.content.decode()
    assert Client().get("/col/api/v1/awards", headers=headers).status_code == 401
    page = client.get(INDEX).content.decode()
    assert "stopped on" in page
    assert stop not in page


def test_it_is_in_the_menu(client, librarian):
    client.force_login(librarian)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "learning/systems" in home


def test_a_name_is_needed(client, librarian):
    client.force_login(librarian)
    answer = add(client, name="")
    assert "Nothing was added" in answer.content.decode()
    assert not Application.objects.exists()
