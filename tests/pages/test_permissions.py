"""A provider's editor and what is another provider's: nothing of it, by no way."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Revision, TaskState, Workflow, WorkflowState

from tests import factories
from tests.lti.build import make_course, make_return, make_tool
from tests.pages import addresses, editing
from wagtail_col.badges.models import Achievement
from wagtail_col.lti.models import LaunchTicket
from wagtail_col.pages.models import ProviderTeam
from wagtail_col.pages.standard.models import ProviderPage

pytestmark = pytest.mark.django_db

#: Words of what the other provider has not published.
SECRET = "Zanzibar"
#: Words of what it has: public, but not for its neighbour's editor to manage.
OTHERS = "Quokka"
#: Finds the secret, without holding it: pages repeat what was looked for.
SEARCH = "zanzib"


class World:
    """A city with two providers, each with a live page, a draft and a team."""

    def __init__(self):
        self.city = factories.territory_page(title="City")
        self.mine = factories.provider_page(self.city, title="Mine")
        self.theirs = factories.provider_page(self.city, title=f"{OTHERS} house")
        self.my_page = factories.opportunity_page(self.mine, title="My workshop")
        self.my_draft = factories.opportunity_page(self.mine, title="My draft", live=False)
        self.live = factories.opportunity_page(self.theirs, title=f"{OTHERS} workshop")
        self.draft = factories.opportunity_page(self.theirs, title=f"{SECRET} draft", live=False)
        self.line = factories.playlist_page(
            self.theirs,
            [{"link": "https://example.org/", "title": f"{SECRET} step"}],
            title=f"{SECRET} line",
            live=False,
        )
        # A change of the live page that nobody outside has seen.
        self.live.title = f"{SECRET} change"
        self.revision = self.live.save_revision()
        self.draft.save_revision()
        self.live.title = f"{OTHERS} workshop"
        self.theirs_team = ProviderTeam.objects.get(key=self.theirs.translation_key)
        self.image = get_image_model().objects.create(
            title=f"{SECRET} picture",
            file=get_test_image_file(),
            collection=self.theirs_team.collection,
        )
        # The municipality's, still a draft.
        self.achievement = factories.AchievementFactory(text__name=f"{SECRET} badge", live=False)
        self.friend = factories.UserFactory(username="friend")
        self.friend.groups.add(self.theirs_team.group)
        workflow = Workflow.objects.get()
        self.workflow_state = workflow.start(self.live, self.friend)
        self.me = editing.member_of(self.mine)
        # A course provider that only the other provider may use, and what its editor picked there.
        self.tool = make_tool(
            name=f"{SECRET} academy", offered_to=[str(self.theirs.translation_key)]
        )
        self.course = make_course(self.tool, title=f"{SECRET} course")
        self.picked = make_return(self.tool, self.friend, self.line.translation_key)

    @property
    def not_mine(self) -> list:
        return [self.live, self.draft, self.line, self.theirs]

    def values(self, name: str, route: str) -> list:
        """What stands for a part of an address: always something of the other provider's."""
        if name in ("page_id", "parent_page_id", "page_to_move_id", "page_pk"):
            return [self.live.pk, self.draft.pk, self.theirs.pk]
        if name == "pk" and "pages/" in route:
            return [self.live.pk, self.draft.pk]
        if name == "destination_id":
            return [self.mine.pk, self.theirs.pk]
        known = {
            "revision_id": [self.revision.pk],
            "revision_id_a": ["live", self.revision.pk],
            "revision_id_b": ["latest"],
            "workflow_state_id": [self.workflow_state.pk],
            "task_state_id": [self.workflow_state.current_task_state.pk],
            "task_id": [self.workflow_state.current_task_state.task_id],
            "action_name": ["publish", "approve", "copy"],
            "action": ["publish", "delete", "move", "unpublish"],
            "app_label": ["wagtailcore"],
            "model_name": ["page"],
            "app_name": ["col_badges"],
            "content_type_app_name": ["col_pages_standard"],
            "content_type_model_name": ["opportunitypage", "playlistpage"],
            "image_id": [self.image.pk],
            "collection_id": [self.theirs_team.collection_id],
            "key": ["00000000-0000-4000-8000-000000000000", self.picked.key],
            "tool": [self.tool.key],
            "course": [self.course.key],
            "object_id": [self.draft.pk],
            "filter_spec": ["max-10x10"],
            "uidb64": ["x"],
            "token": ["x-x"],
        }
        if name == "pk" and "groups/" in route:
            return [self.theirs_team.group_id]
        if name == "pk" and "users/" in route:
            return [self.friend.pk]
        if name == "pk" and "achievement" in route:
            return [self.achievement.pk]
        if name == "pk" and "images/" in route:
            return [self.image.pk]
        return known.get(name, [1])

    def state(self) -> dict:
        """Everything of the other provider that somebody could have changed."""
        pages = Page.objects.filter(path__startswith=self.theirs.path).order_by("path")
        return {
            "pages": list(pages.values("pk", "path", "title", "live", "locked", "url_path")),
            "revisions": list(
                Revision.objects.filter(
                    object_id__in=[str(page.pk) for page in self.not_mine]
                ).values_list("pk", "approved_go_live_at")
            ),
            "workflow": list(WorkflowState.objects.values_list("pk", "status")),
            "tasks": list(TaskState.objects.values_list("pk", "status")),
            "restrictions": models.QuerySet(Page.view_restrictions.rel.related_model).count(),
            "image": list(get_image_model().objects.values_list("pk", "title")),
            "team": sorted(self.theirs_team.group.user_set.values_list("pk", flat=True)),
            "badges": list(Achievement.objects.values_list("pk", "live")),
        }


@pytest.fixture
def world():
    return World()


@pytest.fixture
def me(client, world):
    client.force_login(world.me)
    client.raise_request_exception = True
    return client


def said(response) -> str:
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode(errors="replace")
    return response.content.decode(errors="replace")


def told(response) -> str:
    """The messages that the next page will show."""
    return " ".join(map(str, get_messages(response.wsgi_request)))


def is_about_a_page(route: str) -> bool:
    return (
        any(
            part in route
            for part in (
                "<int:page_id>",
                "<int:parent_page_id>",
                "<int:page_to_move_id>",
                "page_pk",
            )
        )
        or ("pages/^(" in route)
        or ("api/main/^pages/<int:pk>" in route)
    )


def test_every_address_about_anothers_page(world, me):
    routes = [route for route in addresses.admin_routes() if is_about_a_page(route)]
    assert len(routes) > 35
    # What is published may be linked to, so it may be chosen.
    linked = [f"/admin/choose-page/{page.pk}/" for page in (world.live, world.theirs)]
    before = world.state()
    failures = []
    for route in routes:
        for address in addresses.filled(route, world.values):
            for method in ("get", "post"):
                response = getattr(me, method)(address, {"next": "/admin/"})
                text = said(response) + told(response)
                if SECRET in text:
                    failures.append((method, address, "title"))
                if address in linked:
                    continue
                if response.status_code not in (302, 403, 404, 405) or OTHERS in text:
                    failures.append((method, address, response.status_code))
    assert failures == []
    assert world.state() == before


def test_every_other_address_holds_no_secret(world, me):
    routes = [route for route in addresses.admin_routes() if not is_about_a_page(route)]
    leaving = ("logout", "failwhale", "login")
    before = world.state()
    failures = []
    for route in routes:
        if any(word in route for word in leaving):
            continue
        for address in addresses.filled(route, world.values):
            for query in ({}, {"q": SEARCH, "id": str(world.draft.pk)}):
                response = me.get(address, query)
                if SECRET in said(response) + told(response):
                    failures.append((address, query))
    assert failures == []
    assert world.state() == before


def test_bulk_actions_on_anothers_pages(world, me):
    before = world.state()
    for action in ("publish", "unpublish", "delete", "move"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        for query in (
            "&".join(f"id={page.pk}" for page in world.not_mine),
            f"id=all&childOf={world.theirs.pk}",
            f"id=all&childOf={world.city.pk}",
        ):
            data = {"chooser": world.mine.pk, "include_descendants": "on"}
            for response in (me.get(f"{address}?{query}"), me.post(f"{address}?{query}", data)):
                # Wagtail names the pages one may not touch: those that are live only.
                assert SECRET not in said(response)
    assert world.state() == before


def test_searching_and_choosing_pages(world, me):
    for name in ("wagtailadmin_pages:search", "wagtailadmin_pages:search_results"):
        assert SECRET not in said(me.get(reverse(name), {"q": SEARCH}))
        assert "My draft" in said(me.get(reverse(name), {"q": "draft"}))
    choose = reverse("wagtailadmin_choose_page_search")
    found = said(me.get(choose, {"q": "draft"}))
    assert "My draft" in found
    assert SECRET not in found
    # What is published may be linked to, by the title it is published with.
    found = said(me.get(choose, {"q": OTHERS.lower()[:5]}))
    assert f"{OTHERS} house" in found
    assert SECRET not in found
    browse = reverse("wagtailadmin_choose_page_child", args=[world.theirs.pk])
    assert SECRET not in said(me.get(browse))


def test_the_admin_api(world, me):
    address = "/admin/api/main/pages/"
    text = said(me.get(address, {"fields": "*", "limit": 100}))
    assert SECRET not in text
    assert OTHERS not in text
    for page in world.not_mine:
        assert me.get(f"{address}{page.pk}/").status_code in (302, 404)
        for action in ("publish", "delete", "copy", "move", "unpublish", "create_alias"):
            response = me.post(
                f"{address}{page.pk}/action/{action}/",
                json.dumps({"destination_page_id": world.mine.pk}),
                content_type="application/json",
            )
            assert response.status_code in (302, 403, 404)


def test_the_start_page_shows_only_what_is_ones_own(world, me):
    text = said(me.get(reverse("wagtailadmin_home")))
    assert SECRET not in text
    assert OTHERS not in text


def test_moderators_see_what_waits_for_them(world, client):
    client.force_login(editing.moderator())
    text = said(client.get(reverse("wagtailadmin_home")))
    assert f"{SECRET} change" in text


def test_badges_interests_and_the_issuer_are_not_a_teams(world, me):
    for address in (
        reverse(Achievement.snippet_viewset.get_url_name("list")),
        reverse(Achievement.snippet_viewset.get_url_name("edit"), args=[world.achievement.pk]),
        reverse(Achievement.snippet_viewset.get_url_name("add")),
        reverse("col_issuers:index"),
    ):
        assert me.get(address).status_code == 302


def test_the_menu_of_a_team(world, me):
    text = said(me.get(reverse("wagtailadmin_home")))
    assert "Opportunities" in text
    assert "Playlists" in text
    assert "/admin/learning/badges/" not in text
    assert "/admin/learning/issuers/" not in text


def test_lists_hold_what_one_may_edit(world, me):
    text = said(me.get(reverse("col_opportunities:index")))
    assert "My workshop" in text
    assert "My draft" in text
    assert OTHERS not in text
    assert SECRET not in text
    text = said(me.get(reverse("col_providers:index")))
    assert OTHERS not in text


def test_pictures_lie_in_a_collection_of_ones_own(world, me):
    assert me.get(reverse("wagtailimages:edit", args=[world.image.pk])).status_code == 302
    chooser = said(me.get(reverse("wagtailimages_chooser:choose")))
    assert SECRET not in chooser
    upload = reverse("wagtailimages:add")
    data = SimpleUploadedFile("mine.png", get_test_image_file().file.getvalue(), "image/png")
    me.post(upload, {"title": "My picture", "file": data})
    mine = ProviderTeam.objects.get(key=world.mine.translation_key)
    picture = get_image_model().objects.get(title="My picture")
    assert picture.collection_id == mine.collection_id


def test_a_page_cannot_be_put_below_another_provider(world, me):
    before = world.state()
    add = reverse(
        "wagtailadmin_pages:add", args=["col_pages_standard", "opportunitypage", world.theirs.pk]
    )
    assert me.post(add, editing.opportunity_form()).status_code == 302
    move = reverse("wagtailadmin_pages:move_confirm", args=[world.my_draft.pk, world.theirs.pk])
    assert me.post(move).status_code in (302, 403)
    copy = reverse("wagtailadmin_pages:copy", args=[world.my_draft.pk])
    data = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": world.theirs.pk,
        "publish_copies": "on",
    }
    me.post(copy, data)
    assert world.state() == before


def test_courses_of_a_provider_that_is_not_ones_own(world, me):
    """Neither the course provider, nor its courses, nor what somebody else picked there."""
    line = factories.playlist_page(world.mine, [], title="My line", live=False)
    places = reverse("col_admin_courses", args=[line.pk])
    edit = reverse("wagtailadmin_pages:edit", args=[line.pk])
    for address in (places, edit, f"{places}?picked={world.picked.key}"):
        response = me.get(address, follow=True)
        assert SECRET not in said(response)
    for address in (
        reverse("col_admin_pick", args=[line.pk, world.tool.key]),
        reverse("col_admin_try_course", args=[line.pk, world.course.key]),
        reverse("col_admin_picked", args=[line.pk, world.picked.key]),
    ):
        for response in (me.get(address), me.post(address, {"take-0": "on"})):
            assert response.status_code in (302, 403, 404, 405)
            assert SECRET not in said(response) + told(response)
    assert not LaunchTicket.objects.exclude(pk=world.picked.ticket_id).exists()


def test_rights_beyond_the_team_still_count(world, client):
    """A member who is also, say, in the municipality's own group keeps that group's rights."""
    world.me.user_permissions.add(Permission.objects.get(codename="change_achievement"))
    client.force_login(world.me)
    address = reverse(Achievement.snippet_viewset.get_url_name("edit"), args=[world.achievement.pk])
    assert client.get(address).status_code == 200
    assert ProviderPage.objects.count() == 2
