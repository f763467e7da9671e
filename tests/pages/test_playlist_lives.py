"""A playlist from its title alone to its archive: made, copied, translated, put away."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Locale

from tests import factories
from tests.learning.build import steps_of
from tests.pages import editing
from wagtail_col.learning import journey
from wagtail_col.learning.models import Enrolment, Evidence, Playlist
from wagtail_col.pages.standard.models import PlaylistPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return factories.territory_page()


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def first(city):
    return factories.playlist_page(
        city, [{"link": "https://example.org/first", "title": "First"}], title="Before"
    )


@pytest.fixture
def line(city, first):
    page = factories.playlist_page(
        city,
        [
            {"link": "https://example.org/a", "title": "Write", "minutes": 40},
            {"link": "https://example.org/b", "title": "Record", "choice": 1},
            {"link": "https://example.org/c", "title": "Film", "choice": 1},
            {"link": "https://example.org/d", "title": "Cut"},
            {"link": "https://example.org/e", "title": "Extra", "is_required": False},
        ],
        title="Sound",
        achievement=factories.AchievementFactory(),
        needed=2,
        in_order=True,
    )
    page.before = [record(first)]
    return factories.publish(page)


def record(page) -> Playlist:
    return Playlist.objects.get(key=page.translation_key)


def rule(page) -> tuple:
    """What a playlist asks for, without what tells its steps from those of a copy."""
    playlist = record(page)
    steps = [(one.link, one.text.title, one.is_required, one.choice) for one in steps_of(playlist)]
    before = list(playlist.before.values_list("key", flat=True))
    return steps, playlist.needed, playlist.in_order, before, playlist.achievement_id


def values_of(html: str) -> dict:
    """The fields of the editor's form as a browser posts them when nothing is changed."""
    forms = re.findall(r"<form\b.*?</form>", html, re.DOTALL)
    form = next(form for form in forms if 'name="title"' in form)
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        at = dict(re.findall(r'(?<=\s)([\w-]+)="([^"]*)"', tag))
        kind = at.get("type", "text")
        if "name" not in at or "__prefix__" in at["name"] or kind == "submit":
            continue
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        data[at["name"]] = at.get("value", "on" if kind == "checkbox" else "")
    for name, body in re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        data[name] = body.strip()
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', body)
        data[name] = chosen[1] if chosen else ""
    return {name: value for name, value in data.items() if "__prefix__" not in name}


@pytest.mark.parametrize("action", ["draft", "publish"])
def test_a_title_is_enough(boss, city, action):
    add = reverse("wagtailadmin_pages:add", args=["col_pages_standard", "playlistpage", city.pk])
    data = values_of(boss.get(add).content.decode())
    data["title"] = "A playlist with nothing but its title"
    data["description"] = "null"
    if action == "publish":
        data["action-publish"] = "action-publish"
    response = boss.post(add, data)
    assert response.status_code == 302, response.context["form"].errors
    page = PlaylistPage.objects.get()
    assert page.slug == "a-playlist-with-nothing-but-its-title"
    assert page.live == (action == "publish")
    if page.live:
        assert boss.get(page.url).status_code == 200


def test_a_copy_is_another_playlist_with_the_same_rule(boss, city, line):
    learner = factories.UserFactory()
    journey.join(learner, record(line))
    data = {
        "new_title": "Sound again",
        "new_slug": "sound-again",
        "new_parent_page": str(city.pk),
        "publish_copies": "on",
    }
    response = boss.post(reverse("wagtailadmin_pages:copy", args=[line.pk]), data)
    assert response.status_code == 302
    copy = PlaylistPage.objects.get(slug="sound-again")
    assert copy.translation_key != line.translation_key
    assert rule(copy) == rule(line)
    assert not {one.key for one in steps_of(record(copy))} & {
        one.key for one in steps_of(record(line))
    }
    assert not record(copy).enrolments.exists()
    assert record(line).enrolments.count() == 1


def test_a_translation_is_the_same_playlist_with_the_same_progress(boss, city, line):
    learner, before = factories.UserFactory(), rule(line)
    playlist = record(line)
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
    locale = Locale.objects.get_or_create(language_code="sl")[0]
    factories.publish(city.get_parent().specific.copy_for_translation(locale))
    factories.publish(city.copy_for_translation(locale))
    response = boss.post(
        reverse("simple_translation:submit_page_translation", args=[line.pk]),
        {"locales": [str(locale.pk)]},
    )
    assert response.status_code == 302
    translated = line.get_translation(locale)
    translated.title = "Zvok"
    step = translated.steps.first()
    step.title = "Piši"
    step.save()
    factories.publish(PlaylistPage.objects.get(pk=translated.pk))
    assert rule(line) == before
    playlist.refresh_from_db()
    assert playlist.version == record(line).version
    assert {text.language for text in playlist.texts.all()} == {"en", "sl"}
    assert {text.title for text in steps_of(playlist)[0].texts.all()} == {"Write", "Piši"}
    assert journey.progress_of(learner, playlist).done_count == 1
    # Another number in the translation changes nothing: the rule is that of the original.
    translated = PlaylistPage.objects.get(pk=translated.pk)
    translated.needed = 1
    factories.publish(translated)
    assert rule(line) == before


def test_an_archived_playlist_keeps_its_learners_way(boss, city, line, first):
    on_it, newcomer = factories.UserFactory(), factories.UserFactory()
    playlist = record(line)
    for one in (record(first), playlist):
        journey.join(on_it, one)
    journey.complete(on_it, steps_of(record(first))[0], Evidence.SELF)
    journey.complete(on_it, steps_of(playlist)[0], Evidence.SELF)
    line.is_archived = True
    factories.publish(line)
    playlist = record(line)
    assert playlist.version == 2
    boss.force_login(newcomer)
    page = boss.get(line.url).content.decode()
    assert "Nobody new can join this line any more." in page
    boss.post(reverse("col_learning:join", args=[playlist.key]))
    assert not Enrolment.objects.filter(learner=newcomer).exists()
    boss.force_login(on_it)
    assert "Nobody new joins this line any more." in boss.get(line.url).content.decode()
    boss.post(reverse("col_learning:done", args=[steps_of(playlist)[1].key]))
    assert on_it.col_awards.count() == 1
