"""The playlist's page: the line, one's own progress on it, and what it does not show."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from tests import factories
from tests.learning.build import steps_of
from wagtail_col.learning import journey
from wagtail_col.learning.models import Completion, Enrolment, Evidence, Playlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return factories.territory_page(title="Madrid")


@pytest.fixture
def workshop(city):
    return factories.opportunity_page(city, title="Record your first minute", venue="Conde Duque")


@pytest.fixture
def line(city, workshop):
    return factories.playlist_page(
        city,
        [
            {"link": "https://example.org/story", "title": "Tell a story", "minutes": 40},
            {"listing": workshop, "instruction": "Bring headphones."},
            {"link": "https://example.org/radio", "title": "Radio tour", "is_required": False},
            {"link": "https://example.org/a", "title": "Interview", "choice": 1, "minutes": 60},
            {"link": "https://example.org/b", "title": "Market", "choice": 1, "minutes": 30},
        ],
        title="Podcast from zero",
        summary="From an idea to your first episode.",
        line_name="M1 Sound",
        colour="coral",
        achievement=factories.AchievementFactory(),
    )


def playlist_of(page) -> Playlist:
    return Playlist.objects.get(key=page.translation_key)


def words(response) -> str:
    """What the page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


# Anonymous visitors


def test_anybody_reads_the_line(client, line):
    response = client.get(line.url)
    said = words(response)
    assert response.status_code == 200
    for expected in (
        "Podcast from zero",
        "M1 Sound",
        "3 stations · about 3 hours",
        "Step 1 of 3",
        "Step 3 of 3, choose one of these",
        "Optional, if you like",
        "40 minutes",
        "Conde Duque, Madrid",
        "Bring headphones.",
        "Badge: Explorer",
        "Madrid",
    ):
        assert expected in said
    assert "you are here" not in said
    assert 'class="col-map__line col-line--coral"' in response.content.decode()


def test_it_is_the_same_for_everybody_and_sets_no_cookie(client, line):
    first, second = client.get(line.url), client.get(line.url)
    assert first.content == second.content
    assert not first.cookies
    assert "no-store" not in first.headers.get("Cache-Control", "")
    assert b"csrfmiddlewaretoken" not in first.content


def test_joining_leads_through_the_log_in_and_back(client, line, learner):
    response = client.get(line.url)
    login = f"{reverse('login')}?next={line.url}"
    assert f'href="{login}"' in response.content.decode()
    posted = client.post(reverse("col_learning:join", args=[line.translation_key]))
    assert posted.status_code == 302
    assert posted.url == login
    client.force_login(learner)
    content = client.get(line.url).content.decode()
    assert content.count("Join this line") == 1
    assert not Enrolment.objects.exists()


def test_no_inline_script_or_style(as_learner, line, learner):
    journey.join(learner, playlist_of(line))
    content = as_learner.get(line.url).content.decode()
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", content)


# Learners


def test_joining_and_doing_a_step(as_learner, line, learner):
    playlist = playlist_of(line)
    response = as_learner.post(
        reverse("col_learning:join", args=[playlist.key]) + "?lang=en", follow=True
    )
    assert response.redirect_chain == [(line.url, 302)]
    assert "Step 1 of 3, you are here" in words(response)
    assert "0 of 3 stations" in words(response)
    step = steps_of(playlist)[0]
    response = as_learner.post(
        reverse("col_learning:done", args=[step.key]) + "?lang=en", follow=True
    )
    said = words(response)
    assert response.redirect_chain == [(line.url, 302)]
    assert "Done: “Tell a story”." in said
    assert "Step 1 of 3, done on" in said
    assert "Step 2 of 3, you are here" in said
    assert "1 of 3 stations" in said


def test_a_learners_page_is_kept_nowhere(as_learner, line, learner):
    assert as_learner.get(line.url).headers["Cache-Control"] == "private, no-store"


def test_a_learner_sees_their_own_progress_only(client, line, learner):
    other = factories.UserFactory()
    playlist = playlist_of(line)
    journey.join(other, playlist)
    journey.complete(other, steps_of(playlist)[0], Evidence.SELF)
    client.force_login(learner)
    assert "Join this line" in words(client.get(line.url))
    journey.join(learner, playlist)
    assert "0 of 3 stations" in words(client.get(line.url))


def test_a_local_step_cannot_be_done_by_saying_so(as_learner, line, learner):
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    step = steps_of(playlist)[1]
    response = as_learner.post(reverse("col_learning:done", args=[step.key]), follow=True)
    assert "enter the code the organiser shows" in words(response)
    assert not Completion.objects.exists()


def test_the_last_step_shows_the_badge_at_once(as_learner, line, learner):
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    first, workshop, _optional, _interview, market = steps_of(playlist)
    journey.complete(learner, first, Evidence.SELF)
    journey.complete(learner, workshop, Evidence.ORGANISER)
    response = as_learner.post(reverse("col_learning:done", args=[market.key]), follow=True)
    award = learner.col_awards.get()
    assert "You have earned the badge “Explorer”." in words(response)
    assert response.content.decode().count(award.get_absolute_url()) == 3
    assert "You have been at every station" in words(response)
    again = as_learner.post(reverse("col_learning:done", args=[market.key]), follow=True)
    assert "You have earned the badge" not in words(again)


def test_who_has_done_everything_but_has_no_badge_can_get_it(as_learner, city, learner):
    steps = [
        {"link": "https://example.org/a", "title": "First"},
        {"link": "https://example.org/b", "title": "Second"},
    ]
    line = factories.playlist_page(city, steps, achievement=factories.AchievementFactory())
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    line.steps = [line.steps.first()]
    line.save()
    factories.publish(line)
    settle = reverse("col_learning:settle", args=[playlist.key])
    assert "Get your badge" in words(as_learner.get(line.url))
    assert as_learner.get(settle).status_code == 405
    assert "You have earned the badge" in words(as_learner.post(settle, follow=True))
    assert "See your badge" in words(as_learner.get(line.url))
    as_learner.post(settle)
    assert learner.col_awards.count() == 1


def test_a_badge_is_not_given_to_who_has_not_done_everything(as_learner, line, learner):
    settle = reverse("col_learning:settle", args=[line.translation_key])
    assert "Join this line first" in words(as_learner.post(settle, follow=True))
    journey.join(learner, playlist_of(line))
    as_learner.post(settle)
    assert not learner.col_awards.exists()


@pytest.mark.parametrize("name", ["join", "settle", "done"])
def test_nothing_is_done_by_looking(as_learner, line, learner, name):
    playlist = playlist_of(line)
    key = steps_of(playlist)[0].key if name == "done" else playlist.key
    assert as_learner.get(reverse(f"col_learning:{name}", args=[key])).status_code == 405
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("name", ["join", "settle", "done"])
def test_posts_need_the_token(line, learner, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    playlist = playlist_of(line)
    key = steps_of(playlist)[0].key if name == "done" else playlist.key
    assert client.post(reverse(f"col_learning:{name}", args=[key])).status_code == 403
    assert not Enrolment.objects.exists()


# What is withdrawn or over


@pytest.mark.parametrize("joined", [False, True])
def test_a_listing_that_is_not_public_is_not_shown(as_learner, line, workshop, learner, joined):
    if joined:
        journey.join(learner, playlist_of(line))
    PageViewRestriction.objects.create(page=workshop, restriction_type="login")
    response = as_learner.get(line.url)
    content = response.content.decode()
    assert response.status_code == 200
    assert "Record your first minute" not in content
    assert workshop.url not in content
    assert "Conde Duque" not in content
    assert "No longer offered" in content
    assert "Step 2 of 3" in words(response)


def test_a_step_keeps_its_own_title(client, city, workshop):
    line = factories.playlist_page(city, [{"listing": workshop, "title": "Go to the studio"}])
    workshop.unpublish()
    said = words(client.get(line.url))
    assert "Go to the studio" in said
    assert "No longer offered" in said
    assert "Record your first minute" not in said


def test_a_date_that_has_passed_is_said_and_the_step_remains(as_learner, city, learner):
    over = factories.opportunity_page(
        city, title="Yesterday's talk", starts=timezone.now() - timedelta(days=2)
    )
    line = factories.playlist_page(
        city, [{"listing": over}, {"link": "https://example.org/", "title": "Read"}]
    )
    journey.join(learner, playlist_of(line))
    said = words(as_learner.get(line.url))
    assert "This date has passed" in said
    assert "Yesterday's talk" in said.replace("&#x27;", "'")
    # What can be done is named first.
    assert "Step 2 of 2, you are here" in said


def test_a_withdrawn_line_cannot_be_joined(as_learner, line):
    line.unpublish()
    join = reverse("col_learning:join", args=[line.translation_key])
    response = as_learner.post(join, follow=True)
    assert response.redirect_chain == [(reverse("col_learning:mine"), 302)]
    assert "This line is no longer offered" in words(response)
    assert not Enrolment.objects.exists()


def test_an_unknown_line_is_not_found(as_learner, line):
    unknown = "00000000-0000-0000-0000-000000000000"
    for name in ("join", "settle", "done"):
        url = reverse(f"col_learning:{name}", args=[unknown])
        assert as_learner.post(url, follow=True).status_code == 404


def test_a_line_without_stations(client, city):
    line = factories.playlist_page(city, [])
    said = words(client.get(line.url))
    assert "No stations yet" in said
    assert "Join this line" not in said


def test_texts_are_shown_as_text(as_learner, city, learner):
    evil = "<img src=x onerror=alert(1)>\u2028</script>"
    line = factories.playlist_page(
        city,
        [{"link": "https://example.org/", "title": evil, "instruction": evil}],
        title=evil,
        summary=evil,
        line_name="<b>",
        description="<p>Fine</p><script>alert(1)</script>",
    )
    journey.join(learner, playlist_of(line))
    content = as_learner.get(line.url).content.decode()
    assert "<img src=x" not in content
    assert "alert(1)</script>" not in content
    assert "<b>" not in content


# A draft and a preview


def test_a_preview_shows_the_draft_and_leaves_nothing(city, rf, admin_user):
    line = factories.playlist_page(
        city, [{"link": "https://example.org/", "title": "Read"}], live=False
    )
    request = rf.get("/")
    request.user = admin_user
    response = line.make_preview_request(request, line.default_preview_mode)
    assert "Read" in response.content.decode()
    assert not Playlist.objects.exists()


# Languages


def test_both_languages_show_one_progress(as_learner, city, line, workshop, learner):
    locale = Locale.objects.get_or_create(language_code="sl")[0]
    home = city.get_parent().specific
    home.copy_for_translation(locale).save_revision().publish()
    factories.publish(city.copy_for_translation(locale))
    translated = line.copy_for_translation(locale)
    translated.title = "Podkast iz nič"
    step = translated.steps.first()
    step.title = "Povej zgodbo"
    step.save()
    translated = factories.publish(type(translated).objects.get(pk=translated.pk))
    factories.publish(type(translated).objects.get(pk=translated.pk))

    playlist = Playlist.objects.get()
    as_learner.post(reverse("col_learning:join", args=[playlist.key]) + "?lang=en")
    first = steps_of(playlist)[0]
    response = as_learner.post(
        reverse("col_learning:done", args=[first.key]) + "?lang=sl", follow=True
    )
    assert response.redirect_chain == [(translated.url, 302)]
    slovene = response.content.decode()
    assert "Povej zgodbo" in slovene
    assert "Tell a story" not in slovene
    english = as_learner.get(line.url).content.decode()
    for content in (slovene, english):
        assert content.count("col-mini__stop--done") == 1
        assert content.count("col-mini__stop ") + content.count('col-mini__stop"') == 3
    assert f'hreflang="en" href="{line.url}"' in slovene
    assert f'hreflang="sl" href="{translated.url}"' in english
    assert Enrolment.objects.count() == Completion.objects.count() == 1
    # Texts that are not translated say in which language they are.
    assert re.search(r'lang="en"><a href="[^"]+">Record your first minute', slovene)


# Queries


def long_line(city, count):
    steps = []
    for n in range(count):
        if n % 3 == 0:
            listing = factories.opportunity_page(city, title=f"Workshop {n}", dates=3)
            steps.append({"listing": listing})
        else:
            steps.append({"link": f"https://example.org/{n}", "title": f"Read {n}"})
    return factories.playlist_page(city, steps, achievement=factories.AchievementFactory())


def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_steps(client, city, learner, count):
    line = long_line(city, count)
    cache.clear()
    first, again = queries(client, line.url), queries(client, line.url)
    playlist = playlist_of(line)
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[1], Evidence.SELF)
    # What they have done elsewhere is as much.
    other = steps_of(playlist_of(long_line(city, count)))
    Completion.objects.bulk_create(
        Completion(learner=learner, step=step, how=Evidence.SELF) for step in other
    )
    client.force_login(learner)
    cache.clear()
    own_first, own_again = queries(client, line.url), queries(client, line.url)
    assert (first, again, own_first, own_again) == (27, 9, 33, 15)
