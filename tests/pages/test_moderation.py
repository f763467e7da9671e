"""What a provider's team wants to publish passes the moderators: there is no way around."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, WorkflowState

from tests import factories
from tests.pages import editing
from wagtail_col.catalogue.models import Listing
from wagtail_col.pages.standard.models import OpportunityPage, PlaylistPage

pytestmark = pytest.mark.django_db

DATES = (("2031-03-01 10:00", "2031-03-01 12:00"),)


@pytest.fixture
def city():
    return factories.territory_page(title="City")


@pytest.fixture
def provider(city):
    return factories.provider_page(city, title="Mine")


@pytest.fixture
def draft(provider):
    return factories.opportunity_page(provider, title="Draft", live=False)


@pytest.fixture
def live(provider):
    return factories.opportunity_page(provider, title="Published title")


@pytest.fixture
def me(client, provider):
    client.force_login(editing.member_of(provider))
    return client


def url(name, *args):
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def nothing_is_live(*titles) -> None:
    """No page and no record by these names is public, now or after the clock has struck."""
    call_command("publish_scheduled")
    assert not Page.objects.filter(title__in=titles, live=True).exists()
    assert not Listing.objects.published().filter(texts__title__in=titles).exists()


def test_the_way_it_is_meant_to_go(me, provider, client, mailoutbox):
    add = url("add", "col_pages_standard", "opportunitypage", provider.pk)
    data = editing.opportunity_form(DATES, title="Proposed") | {"action-submit": "1"}
    assert me.post(add, data).status_code == 302
    page = OpportunityPage.objects.get(title="Proposed")
    assert page.workflow_in_progress
    nothing_is_live("Proposed")
    # A member cannot approve what the team proposed.
    state = page.current_workflow_task_state
    approve = url("workflow_action", page.pk, "approve", state.pk)
    me.post(approve, {"comment": "fine"})
    nothing_is_live("Proposed")
    client.force_login(editing.moderator())
    client.post(approve, {"comment": "fine"})
    page.refresh_from_db()
    assert page.live
    assert Listing.objects.get(key=page.translation_key).is_published


@pytest.mark.parametrize(
    "action", ["action-publish", "action-unpublish", "action-restart-workflow"]
)
def test_pressing_a_button_that_is_not_there(me, provider, draft, live, action):
    add = url("add", "col_pages_standard", "opportunitypage", provider.pk)
    data = editing.opportunity_form(DATES, title="Forced") | {action: "1"}
    me.post(add, data)
    edit = editing.opportunity_form(DATES, title="Forced") | {action: "1"}
    me.post(url("edit", draft.pk), edit)
    me.post(url("edit", live.pk), edit | {"slug": "forced"})
    nothing_is_live("Forced")
    live.refresh_from_db()
    assert (live.title, live.live) == ("Published title", True)
    assert Listing.objects.get(key=live.translation_key).text.title == "Published title"


def test_a_schedule(me, provider, draft):
    soon = timezone.now() + timedelta(hours=1)
    past = timezone.now() - timedelta(hours=1)
    for when in (soon, past):
        data = editing.opportunity_form(
            DATES, title="Scheduled", go_live_at=when.strftime("%Y-%m-%d %H:%M"), expire_at=""
        )
        me.post(url("edit", draft.pk), data | {"action-publish": "1"})
        me.post(url("edit", draft.pk), data)
    Page.objects.filter(pk=draft.pk).update(go_live_at=past)
    nothing_is_live("Scheduled", "Draft")
    assert not draft.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_a_copy(me, provider, live, draft):
    for page in (live, draft):
        data = {
            "new_title": "Copied",
            "new_slug": f"copied-{page.pk}",
            "new_parent_page": str(provider.pk),
            "copy_subpages": "on",
            "publish_copies": "on",
            "alias": "",
        }
        me.post(url("copy", page.pk), data)
    assert Page.objects.filter(title="Copied").exists()
    nothing_is_live("Copied")


def test_an_alias(me, provider, live):
    data = {
        "new_title": "Alias",
        "new_slug": "alias",
        "new_parent_page": str(provider.pk),
        "publish_copies": "on",
        "alias": "on",
    }
    me.post(url("copy", live.pk), data)
    assert not Page.objects.filter(slug="alias", live=True).exists()
    assert Listing.objects.published().count() == 1


@pytest.mark.parametrize(
    "action", ["publish", "create_alias", "copy", "copy_for_translation", "revert_to_page_revision"]
)
def test_the_admin_api(me, provider, draft, live, action):
    slovene = Locale.objects.get_or_create(language_code="sl")[0]
    body = {
        "destination_page_id": provider.pk,
        "keep_live": True,
        "recursive": True,
        "locale": slovene.language_code,
        "copy_parents": True,
        "alias": True,
        "update_slug": "by-api",
        "revision_id": draft.save_revision().pk,
        "slug": "by-api",
        "title": "By API",
    }
    before = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    for page in (draft, live):
        me.post(
            f"/admin/api/main/pages/{page.pk}/action/{action}/",
            json.dumps(body),
            content_type="application/json",
        )
    assert set(Page.objects.filter(live=True).values_list("pk", flat=True)) == before
    nothing_is_live("Draft", "By API")


def test_bulk_actions(me, draft, live):
    for action in ("publish", "unpublish", "delete"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        me.post(f"{address}?id={draft.pk}&id={live.pk}", {"include_descendants": "on"})
    nothing_is_live("Draft")
    live.refresh_from_db()
    assert live.live


def test_translating(me, provider, live):
    slovene = Locale.objects.get_or_create(language_code="sl")[0]
    provider.copy_for_translation(slovene, copy_parents=True)
    submit = reverse("simple_translation:submit_page_translation", args=[live.pk])
    data = {"locales": [slovene.pk], "include_subtree": "on"}
    assert me.post(submit, data).status_code in (302, 403)
    assert not OpportunityPage.objects.filter(locale=slovene).exists()
    # Also with the right to translate, the translation is a draft.
    user = me.get("/admin/").wsgi_request.user
    user.user_permissions.add(Permission.objects.get(codename="submit_translation"))
    me.post(submit, data)
    assert not OpportunityPage.objects.get(locale=slovene).live
    assert set(Listing.objects.get().texts.values_list("language", flat=True)) == {"en"}


def test_reverting_to_what_was_published(me, live):
    first = live.revisions.order_by("pk").first()
    revert = url("revisions_revert", live.pk, first.pk)
    me.post(revert, editing.opportunity_form(DATES, title="Reverted") | {"action-publish": "1"})
    nothing_is_live("Reverted")


def test_moving_what_is_live(me, city, provider, live):
    me.post(url("move_confirm", live.pk, city.pk))
    live.refresh_from_db()
    assert live.get_parent().pk == provider.pk


def test_taking_away_what_is_live(me, live):
    me.post(url("unpublish", live.pk))
    me.post(url("delete", live.pk))
    live.refresh_from_db()
    assert live.live


def test_privacy_is_not_a_teams(me, live, provider):
    me.post(url("set_privacy", live.pk), {"restriction_type": "login"})
    assert not live.get_view_restrictions()


def test_the_workflow_cannot_be_switched_off(me, provider):
    remove = reverse("wagtailadmin_workflows:remove", args=[provider.pk])
    me.post(remove)
    assert provider.get_workflow() is not None


def test_playlists_go_the_same_way(me, provider):
    add = url("add", "col_pages_standard", "playlistpage", provider.pk)
    steps = [{"link": "https://example.org/", "title": "Read"}]
    me.post(add, editing.playlist_form(steps, title="Our line") | {"action-publish": "1"})
    page = PlaylistPage.objects.get(title="Our line")
    assert not page.live
    assert not WorkflowState.objects.exists()
    nothing_is_live("Our line")


def test_a_change_of_a_live_page_shows_when_it_is_approved(me, live, client):
    data = editing.opportunity_form(DATES, title="Better title", slug=live.slug)
    me.post(url("edit", live.pk), data | {"action-submit": "1"})
    nothing_is_live("Better title")
    assert Listing.objects.get(key=live.translation_key).text.title == "Published title"
    client.force_login(editing.moderator())
    state = live.current_workflow_task_state
    client.post(url("workflow_action", live.pk, "approve", state.pk), {"comment": ""})
    assert Listing.objects.get(key=live.translation_key).text.title == "Better title"
