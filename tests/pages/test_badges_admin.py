"""Badges and interests in the editors' menu."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import Workflow, WorkflowContentType
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import factories
from tests.pages import editing
from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue.models import Interest

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


def badges(name, *args):
    return reverse(Achievement.snippet_viewset.get_url_name(name), args=args)


def interests(name, *args):
    return reverse(Interest.snippet_viewset.get_url_name(name), args=args)


def text(**values) -> dict:
    return {
        "language": "en",
        "name": "Podcast maker",
        "description": "Makes podcasts.",
        "criteria": "Did the steps.",
    } | values


def badge_form(*texts, **values) -> dict:
    return nested_form_data(
        {
            "shape": "round",
            "colour": "coral",
            "icon": "music",
            "place": "Madrid",
            "issuer": "",
            "texts": inline_formset(list(texts)),
            "skills": inline_formset([]),
            "requirements": inline_formset([]),
        }
        | values
    )


def test_a_badge_in_two_languages(boss):
    data = badge_form(text(), text(language="sl", name="Podkaster")) | {"action-publish": "1"}
    assert boss.post(badges("add"), data).status_code == 302
    badge = Achievement.objects.get()
    assert badge.live
    assert (badge.colour, badge.icon, badge.place) == ("coral", "music", "Madrid")
    assert sorted(badge.texts.values_list("language", "name")) == [
        ("en", "Podcast maker"),
        ("sl", "Podkaster"),
    ]


def test_choices_are_chosen_not_typed(boss):
    html = boss.get(badges("add")).content.decode()
    assert '<option value="music">Music</option>' in html
    assert '<option value="sl">Slovenščina</option>' in html


def test_a_draft_badge_is_not_offered_to_playlists(boss):
    boss.post(badges("add"), badge_form(text()))
    badge = Achievement.objects.get()
    assert not badge.live
    choose = Achievement.snippet_viewset.chooser_viewset
    results = reverse(choose.get_url_name("choose_results"))
    assert "Podcast maker" not in boss.get(results).content.decode()
    chosen = reverse(choose.get_url_name("chosen"), args=[badge.pk])
    assert boss.get(chosen, follow=True).status_code == 404
    factories.AchievementFactory(text__name="Live one")
    assert "Live one" in boss.get(results).content.decode()


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([text(), text()], "language"),
        ([text(name="")], "This field is required"),
        ([text(language="xx" * 20)], "at most 20"),
    ],
)
def test_a_badge_that_cannot_be(boss, texts, message):
    data = badge_form(*texts) | {"action-publish": "1"}
    response = boss.post(badges("add"), data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Achievement.objects.exists()


def test_two_texts_cannot_exchange_their_languages_at_once(boss):
    boss.post(badges("add"), badge_form(text(), text(language="sl", name="Podkaster")))
    badge = Achievement.objects.get()
    english, slovene = (str(one.pk) for one in badge.texts.order_by("pk"))
    rows = [text(id=english, language="sl"), text(id=slovene, language="en")]
    data = badge_form(texts=inline_formset(rows, initial=2))
    response = boss.post(badges("edit", badge.pk), data | {"action-publish": "1"})
    assert response.status_code == 200
    assert "There is a text in this language already" in editing.errors(response)
    assert badge.texts.get(language="en").name == "Podcast maker"
    # One removed and written anew is fine.
    data |= {"texts-0-DELETE": "1", "texts-1-language": "en", "texts-1-name": "Changed"}
    response = boss.post(badges("edit", badge.pk), data | {"action-publish": "1"})
    assert response.status_code == 302
    assert list(badge.texts.values_list("language", "name")) == [("en", "Changed")]


def test_a_badge_passes_a_workflow(boss, client):
    workflow = Workflow.objects.get()
    content_type = ContentType.objects.get_for_model(Achievement)
    WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)
    data = badge_form(text()) | {"action-submit": "1"}
    boss.post(badges("add"), data)
    badge = Achievement.objects.get()
    assert badge.workflow_in_progress
    assert not badge.live
    task = badge.current_workflow_task_state
    approve = badges("workflow_action", badge.pk, "approve", task.pk)
    client.force_login(factories.UserFactory())
    client.post(approve, {"comment": ""})
    badge.refresh_from_db()
    assert badge.workflow_in_progress
    moderator = editing.moderator()
    # Wagtail lets who may publish approve last.
    moderator.user_permissions.add(Permission.objects.get(codename="publish_achievement"))
    client.force_login(moderator)
    client.post(approve, {"comment": ""})
    badge.refresh_from_db()
    assert badge.live


def test_interests_keep_the_order_they_were_put_in(boss):
    for name in ("music", "art", "food"):
        data = nested_form_data(
            {
                "slug": name,
                "icon": name,
                "names": inline_formset([{"language": "en", "name": name.title()}]),
            }
        )
        assert boss.post(interests("add"), data).status_code == 302
    art, food, music = (Interest.objects.get(slug=slug) for slug in ("art", "food", "music"))
    assert "Art" in boss.get(interests("list")).content.decode()
    boss.post(interests("reorder", music.pk) + "?position=2")
    assert [str(one) for one in Interest.objects.all()] == ["Art", "Food", "Music"]
    assert len({art.pk, food.pk}) == 2


def test_the_menu(boss):
    html = boss.get(reverse("wagtailadmin_home")).content.decode()
    for name in ("Learning", "Opportunities", "Playlists", "Providers", "Territories", "Badges"):
        assert name in html
    for name in ("col_opportunities", "col_playlists", "col_providers", "col_territories"):
        assert boss.get(reverse(f"{name}:index")).status_code == 200
        assert boss.get(reverse(f"{name}:choose_parent"), follow=True).status_code == 200
