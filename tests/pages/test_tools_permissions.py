"""Who may see, change, add and delete course providers in the admin."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.lti import build
from tests.pages import editing
from tests.pages.tools import coordinator, may_form, to
from wagtail_col.lti.models import RegistrationInvite, Tool, ToolState

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool():
    return build.make_tool(state=ToolState.PENDING, name="Secret course house")


def pages(tool):
    return [
        to("index"),
        to("log"),
        to("add"),
        *(
            to(name, tool.key)
            for name in (
                "tool",
                "addresses",
                "refuse",
                "suspend",
                "resume",
                "delete",
                "test",
            )
        ),
    ]


def test_provider_teams_and_strangers_see_no_course_providers(client, tool):
    provider = factories.provider_page(factories.territory_page())
    for user in (None, factories.UserFactory(), editing.member_of(provider), editing.moderator()):
        client.logout()
        if user:
            client.force_login(user)
        for page in pages(tool):
            for response in (client.get(page), client.post(page, may_form(approve="1"))):
                assert response.status_code in (302, 403), page
                assert "Secret course house" not in response.content.decode()
        home = client.get(reverse("wagtailadmin_home"), follow=True).content.decode()
        assert "course-providers" not in home
    tool.refresh_from_db()
    assert tool.state == ToolState.PENDING
    assert not RegistrationInvite.objects.exists()


def test_a_group_is_given_course_providers_by_its_permissions(client, tool):
    client.force_login(editing.superuser())
    html = client.get(reverse("wagtailusers_groups:add")).content.decode()
    assert "course provider" in html.lower()
    client.force_login(coordinator())
    assert "course-providers" in client.get(reverse("wagtailadmin_home")).content.decode()
    for page in pages(tool):
        assert client.get(page).status_code in (200, 302)
    assert client.get(to("tool", tool.key)).status_code == 200


def test_only_who_may_add_one_is_told_what_has_arrived(client):
    invite = RegistrationInvite.objects.create(digest="x", expires_at=timezone.now())
    provider = factories.provider_page(factories.territory_page())
    for user in (None, editing.member_of(provider), coordinator("view", "change")):
        client.logout()
        if user:
            client.force_login(user)
        for name in ("wait", "arrived"):
            assert client.get(to(name, invite.key)).status_code in (302, 403)


def test_who_may_only_look_changes_nothing(client, tool):
    client.force_login(coordinator("view"))
    html = client.get(to("tool", tool.key)).content.decode()
    assert "Secret course house" in html
    assert 'name="approve"' not in html
    assert to("test", tool.key) not in html
    assert client.get(to("index")).status_code == 200
    assert client.get(to("log")).status_code == 200
    for page in set(pages(tool)) - {to("index"), to("log")}:
        client.post(page, may_form(approve="1", name="New", hand="1"))
    tool.refresh_from_db()
    assert tool.state == ToolState.PENDING
    assert Tool.objects.count() == 1


def test_deleting_takes_its_own_permission(client, tool):
    client.force_login(coordinator("view", "change", "add"))
    assert to("delete", tool.key) not in client.get(to("tool", tool.key)).content.decode()
    client.post(to("delete", tool.key))
    assert Tool.objects.filter(pk=tool.pk).exists()


def test_a_provider_that_is_not_there(client):
    client.force_login(coordinator())
    missing = "6b1c9f4e-0000-4000-8000-000000000000"
    for name in ("tool", "addresses", "delete", "wait", "arrived"):
        assert client.get(to(name, missing), follow=True).status_code == 404


def test_an_empty_list_leads_on_for_who_may_add_a_provider(client):
    client.force_login(coordinator())
    empty = client.get(to("index")).content.decode().split("There is none yet.", 1)[1]
    assert f'<a href="{to("add")}">' in empty
    client.force_login(coordinator("view", name="vera"))
    empty = client.get(to("index")).content.decode().split("There is none yet.", 1)[1]
    assert to("add") not in empty
