"""Evidence and steps to let go in one list, the oldest first, and who has taken what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.learning.evidence import badge, sent
from tests.pages import editing
from wagtail_col.learning import journey, taking, waivers
from wagtail_col.learning.models import Playlist, Submission, Waiver
from wagtail_col.pages.admin.queue import waiting
from wagtail_col.people import bands

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
def host(provider):
    """In the provider's team, and in that of an issuer."""
    return editing.member_of(provider, "host")


@pytest.fixture
def achievement(host):
    given = badge()
    host.groups.add(given.issuer.team)
    return given


@pytest.fixture
def me(client, host):
    client.force_login(host)
    return client


def asked(playlist, name="bor", days=0) -> Waiver:
    learner = factories.UserFactory(username=name)
    journey.join(learner, playlist)
    made = waivers.ask(learner, playlist.steps.get(), "I was ill.")
    Waiver.objects.filter(pk=made.pk).update(asked_at=timezone.now() - timedelta(days=days))
    return made


def sent_in(achievement, name="ana", days=0) -> Submission:
    made = sent(achievement, factories.UserFactory(username=name), text="I built it.")
    Submission.objects.filter(pk=made.pk).update(sent_at=timezone.now() - timedelta(days=days))
    return made


def take(thing, **values):
    kind = "evidence" if isinstance(thing, Submission) else "waiver"
    return reverse("col_queue:take", args=[kind, thing.key])


def test_both_kinds_the_oldest_first(me, playlist, achievement):
    sent_in(achievement, "first", days=9)
    asked(playlist, "second", days=5)
    sent_in(achievement, "third", days=1)
    response = me.get(QUEUE)
    assert [row.called for row in response.context["rows"]] == ["first", "second", "third"]
    said = response.content.decode()
    assert "1\xa0week, 2\xa0days" in said
    assert "Evidence for a badge" in said
    assert QUEUE in me.get(reverse("wagtailadmin_home")).content.decode()


def test_one_kind_alone(me, playlist, achievement):
    sent_in(achievement, "maker")
    asked(playlist, "absent")
    for kind, called in (("evidence", "maker"), ("waiver", "absent")):
        rows = me.get(QUEUE, {"kind": kind}).context["rows"]
        assert [row.called for row in rows] == [called]
    assert len(me.get(QUEUE, {"kind": "x", "owner": "y"}).context["rows"]) == 2


def test_nothing_that_somebody_else_answers(client, provider, playlist, achievement):
    evidence, waiver = sent_in(achievement), asked(playlist)
    other = factories.provider_page(provider.get_parent(), "Museum")
    guide = editing.member_of(other, "guide")
    assert list(waiting(guide)) == []
    client.force_login(guide)
    assert "Nothing waits for you." in client.get(QUEUE).content.decode()
    for thing in (evidence, waiver):
        client.post(take(thing))
        thing.refresh_from_db()
        assert thing.taken_by is None
    client.force_login(factories.UserFactory(username="learner"))
    assert client.get(QUEUE).status_code in (302, 403)
    assert client.post(take(waiver)).status_code in (302, 403)


def test_one_who_answers_waivers_alone_sees_no_evidence(me, playlist):
    sent_in(badge(), "elsewhere")
    asked(playlist, "here")
    assert [row.called for row in me.get(QUEUE).context["rows"]] == ["here"]


@pytest.mark.parametrize("which", ["evidence", "waiver"])
def test_taking_and_giving_back(me, host, playlist, achievement, which):
    thing = sent_in(achievement) if which == "evidence" else asked(playlist)
    assert me.post(take(thing)).url == QUEUE
    row = me.get(QUEUE).context["rows"][0]
    assert row.is_mine
    assert me.get(QUEUE, {"owner": "nobody"}).context["rows"] == []
    assert len(me.get(QUEUE, {"owner": "me"}).context["rows"]) == 1
    me.post(take(thing), {"back": "1"})
    assert not me.get(QUEUE).context["rows"][0].is_mine
    assert me.get(QUEUE, {"owner": "me"}).context["rows"] == []


def test_what_somebody_has_is_taken_over_on_purpose_alone(client, provider, playlist):
    waiver = asked(playlist)
    one = factories.UserFactory(username="one", first_name="Eva", last_name="Rus")
    one.groups.set(editing.member_of(provider, "host").groups.all())
    two = editing.member_of(provider, "two")
    assert taking.take(waiver, one)
    client.force_login(two)
    assert "Eva Rus" in client.get(QUEUE).content.decode()
    address = reverse("col_waivers:waiver", args=[waiver.key])
    assert "Eva Rus has taken this." in client.get(address).content.decode()
    client.post(take(waiver))
    waiver.refresh_from_db()
    assert waiver.taken_by == one
    assert not taking.give_back(waiver, two)
    client.post(take(waiver), {"over": "1"})
    waiver.refresh_from_db()
    assert waiver.taken_by == two


def test_nobody_takes_what_is_decided(me, host, playlist):
    waiver = asked(playlist)
    waivers.decide(waiver, host, grants=True, reason="Get well.")
    assert not taking.take(waiver, host)
    assert "does not wait for you" in me.post(take(waiver), follow=True).content.decode()
    assert me.get(QUEUE).context["rows"] == []


def test_taking_is_no_lock(me, host, provider, playlist):
    waiver = asked(playlist)
    taking.take(waiver, editing.member_of(provider, "away"))
    address = reverse("col_waivers:waiver", args=[waiver.key])
    assert me.post(address, {"decision": "grant", "reason": "Get well."}).url == QUEUE
    waiver.refresh_from_db()
    assert waiver.state == "granted"


def test_below_the_age_of_consent_it_is_a_pseudonym(me, playlist, achievement, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 14}
    evidence, waiver = sent_in(achievement, "the-child"), asked(playlist, "not-asked")
    bands.say(evidence.learner, is_under=True)
    pages = [
        QUEUE,
        reverse("col_reviews:review", args=[evidence.key]),
        reverse("col_waivers:waiver", args=[waiver.key]),
    ]
    said = " ".join(me.get(page).content.decode() for page in pages)
    assert evidence.learner.col_age_band.pseudonym in said
    assert "the-child" not in said
    assert "not-asked" not in said


def test_the_old_lists_lead_here(me):
    for name in ("col_reviews:queue", "col_waivers:queue"):
        assert me.get(reverse(name)).url == QUEUE


def test_unknown_kinds_are_not_there(me, playlist):
    address = reverse("col_queue:take", args=["nothing", asked(playlist).key])
    assert me.post(address, follow=True).status_code == 404
    assert me.get(take(asked(playlist, "x"))).status_code == 405


def test_page_by_page(me, achievement, monkeypatch):
    monkeypatch.setattr("wagtail_col.pages.admin.queue.PAGE", 2)
    for n in range(3):
        sent_in(achievement, f"n{n}", days=9 - n)
    assert [row.called for row in me.get(QUEUE, {"p": 2}).context["rows"]] == ["n2"]


@pytest.mark.parametrize("count", [1, 6])
def test_the_number_of_queries_is_constant(me, playlist, achievement, count):
    for n in range(count):
        sent_in(achievement, f"a{n}")
        asked(playlist, f"b{n}")
    me.get(QUEUE)
    with CaptureQueriesContext(connection) as caught:
        me.get(QUEUE)
    assert len(caught) == 43
