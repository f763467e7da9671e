"""Organisers answer learners who cannot do a step any more: their own, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.pages import editing
from wagtail_col.learning import journey, waivers
from wagtail_col.learning.models import Completion, Playlist, Waiver
from wagtail_col.pages.admin.waivers import for_organiser, url

pytestmark = pytest.mark.django_db
QUEUE = "/admin/learning/waiting/"


@pytest.fixture
def provider():
    return factories.provider_page(factories.territory_page(), "Library")


@pytest.fixture
def playlist(provider):
    old = timezone.now() - timedelta(days=9)
    concert = factories.opportunity_page(provider, "Concert", starts=old)
    factories.playlist_page(provider.get_parent(), [{"listing": concert}], title="Sound")
    return Playlist.objects.get()


@pytest.fixture
def waiver(playlist):
    return asked(playlist, "ana-kovac")


def asked(playlist, name) -> Waiver:
    learner = factories.UserFactory(username=name)
    journey.join(learner, playlist)
    return waivers.ask(learner, playlist.steps.get(), "I <b>was</b> ill.")


def test_the_provider_sees_it_and_lets_it_go(client, provider, waiver):
    client.force_login(editing.member_of(provider, "host"))
    queue = client.get(QUEUE).content.decode()
    assert url("waiver", waiver.key) in queue
    assert "ana-kovac" in queue
    assert QUEUE in client.get(reverse("wagtailadmin_home")).content.decode()
    page = client.get(url("waiver", waiver.key)).content.decode()
    assert "I &lt;b&gt;was&lt;/b&gt; ill." in page
    answer = {"decision": "grant", "reason": ""}
    assert "Say why." in client.post(url("waiver", waiver.key), answer).content.decode()
    answer["reason"] = "Get well."
    assert client.post(url("waiver", waiver.key), answer).url == QUEUE
    assert Completion.objects.get().how == "waived"
    assert "Nothing waits for you." in client.get(QUEUE).content.decode()
    assert client.post(url("waiver", waiver.key), answer).url == QUEUE, "decided already"


def test_who_edits_the_playlist_may_decide_too(client, waiver):
    client.force_login(editing.moderator())
    assert client.get(url("waiver", waiver.key)).status_code == 200


def test_another_provider_sees_nothing(client, provider, waiver):
    other = factories.provider_page(provider.get_parent(), "Museum")
    member = editing.member_of(other, "guide")
    assert list(for_organiser(member)) == []
    client.force_login(member)
    assert "Nothing waits for you." in client.get(QUEUE).content.decode()
    refused = client.post(url("waiver", waiver.key), {"decision": "grant", "reason": "x"})
    assert refused.status_code == 302
    assert not Completion.objects.exists()


def test_a_learner_has_no_business_there(client, waiver):
    client.force_login(waiver.learner)
    for address in (QUEUE, url("waiver", waiver.key)):
        assert client.get(address).status_code in (302, 403)


def test_nobody_decides_about_their_own(client, playlist):
    boss = editing.superuser()
    journey.join(boss, playlist)
    own = waivers.ask(boss, playlist.steps.get(), "Please.")
    client.force_login(boss)
    assert list(for_organiser(boss)) == []
    assert "Somebody else has to decide." in client.get(url("waiver", own.key)).content.decode()
    client.post(url("waiver", own.key), {"decision": "grant", "reason": "x"})
    assert not Completion.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_is_constant(client, provider, playlist, count):
    for n in range(count):
        asked(playlist, f"learner-{n}")
    client.force_login(editing.member_of(provider, "host"))
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as caught:
        client.get(QUEUE)
    assert len(caught) == 44
