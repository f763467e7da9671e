"""Stations that are drawn once for all who stand alike: nothing of one person is kept."""

import pickle
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests import factories
from tests.learning.build import steps_of
from wagtail_col.catalogue import caching
from wagtail_col.learning import drawing, groups, journey, waivers
from wagtail_col.learning.models import Completion, Evidence, GroupMember, Playlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    city = factories.territory_page()
    steps = [{"link": f"https://example.org/{n}", "title": f"Read {n}"} for n in range(3)]
    return factories.playlist_page(city, steps)


@pytest.fixture
def drawn(monkeypatch):
    """The templates that are rendered for stations."""
    found = []
    plain = drawing.get_template

    def counting(name):
        template = plain(name)

        class Counted:
            def render(self, context):
                found.append(name)
                return template.render(context)

        return Counted()

    monkeypatch.setattr(drawing, "get_template", counting)
    return found


def test_what_stands_alike_is_drawn_once(client, page, drawn):
    playlist = Playlist.objects.get()
    for number in range(2):
        learner = factories.UserFactory()
        journey.join(learner, playlist)
        client.force_login(learner)
        assert "Read 1" in client.get(page.url).content.decode()
        assert len(drawn) == 6, f"three stations and what is around them: {number}"
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    assert "1 of 3 stations" in client.get(page.url).content.decode()
    # The one that is done and the one that is next look otherwise; the third one does not.
    assert drawn[6:].count(drawing.TEMPLATE) == 2


def test_a_change_is_shown_at_once(client, page):
    learner = factories.UserFactory()
    journey.join(learner, Playlist.objects.get())
    client.force_login(learner)
    client.get(page.url)
    step = page.steps.first()
    step.title, step.instruction = "Write", "In your own words."
    page.steps = [step]
    page.save()
    factories.publish(page)
    said = client.get(page.url).content.decode()
    assert "Write" in said
    assert "In your own words." in said
    assert "Read 2" not in said


def test_one_form_with_a_token_serves_all_buttons(client, page):
    learner = factories.UserFactory()
    playlist = Playlist.objects.get()
    journey.join(learner, playlist)
    client.force_login(learner)
    said = client.get(page.url).content.decode()
    buttons = re.findall(r'<button[^>]* form="col-done" formaction="[^"]*/(\w+)/\?', said)
    assert buttons.count("done") == 3
    assert {"pause", "name"} < {*buttons}
    assert said.count('id="col-done"') == 1
    assert said.count("csrfmiddlewaretoken") == 1
    first = steps_of(playlist)[0]
    assert f'formaction="{reverse("col_learning:done", args=[first.key])}?lang=en"' in said


def test_nothing_of_one_person_is_kept(client, page, monkeypatch):
    kept = {}
    monkeypatch.setattr(caching.cache, "set", lambda key, value, *args: kept.update({key: value}))
    over = factories.opportunity_page(
        page.get_parent(), title="Over", starts=factories.timezone.now() - factories.timedelta(5)
    )
    line = factories.playlist_page(page.get_parent(), [{"listing": over}], title="Other")
    playlist = Playlist.objects.get(key=line.translation_key)
    learner = factories.UserFactory(username="Zoraida")
    journey.join(learner, playlist)
    client.force_login(learner)
    waiver = waivers.ask(learner, steps_of(playlist)[0], "I was ill.")
    waivers.decide(waiver, factories.UserFactory(), grants=False, reason="Come on Friday.")
    said = client.get(line.url).content.decode()
    assert "Come on Friday." in said
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', said)[1]
    assert kept
    for secret in ("Zoraida", "Friday", token, "csrf"):
        assert secret not in repr(kept)
    assert not Completion.objects.exists()


def test_who_has_a_badge_or_a_group_is_drawn_alone(client, page, monkeypatch):
    kept = {}
    monkeypatch.setattr(caching.cache, "set", lambda key, value, *args: kept.update({key: value}))
    badge = factories.AchievementFactory()
    steps = [{"link": "https://example.org/", "title": "Read"}]
    line = factories.playlist_page(page.get_parent(), steps, title="Other", achievement=badge)
    playlist = Playlist.objects.get(key=line.translation_key)
    organiser = factories.UserFactory(first_name="Zoraida", last_name="Sur")
    group = groups.make(playlist, "Nave Sur", organiser)
    learner = factories.UserFactory()
    journey.join(learner, playlist)
    GroupMember.objects.create(group=group, learner=learner)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    client.force_login(learner)
    said = client.get(line.url).content.decode()
    award = learner.col_awards.get()
    assert "Leave the group “Nave Sur”" in said
    assert award.get_absolute_url() in said
    for own in ("Nave Sur", "Zoraida", str(award.key)):
        assert own in said
        assert own not in repr(kept)


def test_a_badge_that_is_renamed_is_called_so(client, page, monkeypatch):
    badge = factories.AchievementFactory()
    steps = [{"link": "https://example.org/", "title": "Read"}]
    line = factories.playlist_page(page.get_parent(), steps, title="Other", achievement=badge)
    learner = factories.UserFactory()
    client.force_login(learner)
    assert "Badge: Explorer" in client.get(line.url).content.decode()
    badge.texts.update(name="Pathfinder")
    # What was read of the records holds for a minute.
    monkeypatch.setattr(caching, "_minute", lambda: 1)
    assert "Badge: Pathfinder" in client.get(line.url).content.decode()


def test_pieces_that_are_not_needed_are_dropped(monkeypatch):
    monkeypatch.setattr(caching, "MOST_PIECES", 3)
    for start in range(0, 10, 2):
        wanted = [(start,), (start + 1,)]
        assert caching.pieces("x", (), wanted, lambda n, w=wanted: str(w[n])) == [
            str(w) for w in wanted
        ]
    [kept] = [pickle.loads(value) for value in map(cache.get, _keys())]
    assert len(kept) <= 3


def _keys():
    return [key.split(":", 2)[2] for key in cache._cache]
