"""Saving a search, one's own searches, and stopping with and without an account."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.catalogue import making
from tests.catalogue.reading import html, inside
from tests.factories import UserFactory
from wagtail_col.catalogue.alerts import links, saving, telling
from wagtail_col.catalogue.models import Alert

pytestmark = pytest.mark.django_db

NEW = "/col/alerts/new/"
MINE = "/col/alerts/"


@pytest.fixture
def learner(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def territory():
    making.interest("music")
    return making.territory()


def address(territory, string="interest=music"):
    return f"{NEW}?territory={territory.key}&{string}"


def test_from_a_search_to_an_alert_in_two_taps(client, learner, city):
    making.interest("music")
    page = html(client, f"{city.url}?interest=music&page=2")
    link = re.search(rf'href="({NEW}[^"]+)"', page)[1].replace("&amp;", "&")
    asked = html(client, link)
    assert learner.email in asked
    assert "Music" in asked
    response = client.post(link, follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    alert = Alert.objects.get()
    assert alert.learner == learner
    assert alert.search == f"territory={inside(city).key}&interest=music"
    said = response.content.decode()
    assert f'href="http://testserver{city.url}?interest=music"' in said
    assert "Saved." in said


def test_a_provider_can_be_followed(client, learner, territory):
    library = making.provider()
    client.post(f"{NEW}?provider={library.key}")
    assert "Library" in html(client, MINE)


def test_who_is_not_logged_in_is_asked_to(territory):
    for url in (MINE, address(territory)):
        response = Client().get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=")
    assert not Alert.objects.exists()


@pytest.mark.parametrize("string", ["age=old", "kind=x"])
def test_what_makes_no_sense_is_refused(client, learner, territory, string):
    assert client.post(address(territory, string)).status_code == 400
    assert client.post(NEW).status_code == 400
    assert not Alert.objects.exists()


def test_a_refusal_says_why_and_saves_nothing(client, learner, territory, monkeypatch):
    monkeypatch.setattr(saving, "MOST_ALERTS", 0)
    response = client.post(address(territory))
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Alert.objects.exists()


def test_looking_saves_nothing(client, learner, territory):
    client.get(address(territory))
    client.head(address(territory))
    assert not Alert.objects.exists()


def test_nobody_sees_or_stops_what_is_somebody_elses(client, learner, territory):
    client.post(address(territory))
    alert = Alert.objects.get()
    other = Client()
    other.force_login(UserFactory())
    assert "Music" not in html(other, MINE)
    other.post(f"{MINE}{alert.key}/stop/")
    assert Alert.objects.filter(pk=alert.pk).exists()
    assert client.get(f"{MINE}{alert.key}/stop/").status_code == 405
    client.post(f"{MINE}{alert.key}/stop/")
    assert not Alert.objects.exists()


def test_a_search_of_what_is_gone_can_be_stopped(client, learner, territory):
    from wagtail_col.catalogue.publishing import withdraw_territory

    client.post(address(territory))
    withdraw_territory(territory.key)
    assert "no longer here" in html(client, MINE)


def test_the_page_takes_the_same_queries_for_each_search(client, learner, territory):
    def count():
        with CaptureQueriesContext(connection) as queries:
            html(client, MINE)
        return len(queries)

    counts = []
    for age in range(3):
        client.post(address(territory, f"age={age}"))
        counts.append(count())
    assert counts[2] - counts[1] == counts[1] - counts[0] <= 4


class TestStoppingFromAnEMail:
    @pytest.fixture
    def alert(self, client, learner, territory):
        client.post(address(territory))
        client.post(address(territory, "free=1"))
        return Alert.objects.order_by("pk").first()

    @pytest.fixture
    def stranger(self):
        """A mail server, or a learner who is not logged in; forms are checked as on a site."""
        return Client(enforce_csrf_checks=True)

    def path(self, link):
        return link.removeprefix("http://testserver")

    def test_opening_one_shows_a_button_and_stops_nothing(self, stranger, alert):
        response = stranger.get(self.path(links.stop_link(alert)))
        said = response.content.decode()
        assert "Music" in said
        assert "Stop it" in said
        assert Alert.objects.count() == 2
        assert not response.cookies
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"

    def test_the_button_stops_that_search(self, stranger, alert):
        response = stranger.post(self.path(links.stop_link(alert)))
        assert "Stopped" in response.content.decode()
        assert Alert.objects.get().search.endswith("free=1")

    def test_a_mail_program_stops_all(self, stranger, alert, learner):
        Alert.objects.update(due_at=timezone.now())
        making.listing("New", territory=alert_territory(alert), interests=("music",))
        assert telling.tell(learner.pk)
        link = mail.outbox[0].message()["List-Unsubscribe"].strip("<>")
        response = stranger.post(self.path(link), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert not Alert.objects.exists()
        # Once more changes nothing and is no error.
        again = stranger.post(self.path(link), {"List-Unsubscribe": "One-Click"})
        assert again.status_code == 200

    def test_other_learners_keep_theirs(self, stranger, alert, learner, territory):
        other = Client()
        other.force_login(UserFactory())
        other.post(address(territory))
        stranger.post(self.path(links.stop_all_link(learner.pk)))
        assert Alert.objects.count() == 1

    def test_a_forged_link_is_none(self, stranger, alert):
        link = self.path(links.stop_link(alert))
        head, token = link.rstrip("/").rsplit("/", 1)
        changed = ("A" if token[0] != "A" else "B") + token[1:]
        for wrong in (changed, "x", "a:b", token[:-2]):
            assert stranger.get(f"{head}/{wrong}/", follow=True).status_code == 404
            assert stranger.post(f"{head}/{wrong}/", follow=True).status_code == 404
        assert Alert.objects.count() == 2

    def test_links_live_on_when_the_key_is_changed(self, stranger, alert, settings):
        link = self.path(links.stop_link(alert))
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another one altogether, and long enough for everybody"
        assert stranger.post(link).status_code == 200
        assert Alert.objects.count() == 1


def alert_territory(alert):
    from wagtail_col.catalogue.models import Territory

    return Territory.objects.get(key=alert.search.split("territory=")[1].split("&")[0])
