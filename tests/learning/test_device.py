"""Being on a line without an account: kept on the device, taken over once, carried by a code."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.factories import AchievementFactory
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.learning import device as devices
from wagtail_col.learning.device import COOKIE, Device
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import CarriedProgress, Completion, Enrolment, Playlist, TakenOver
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def at(name, *args) -> str:
    return reverse(f"col_learning:{name}", args=args) + "?lang=en"


def start(client, playlist):
    return client.post(at("start", playlist.key))


def do(client, one):
    return client.post(at("done", one.key), follow=False)


def log_in(client, user):
    response = client.post(reverse("login"), {"username": user.username, "password": "secret"})
    assert response.status_code == 302


def code_of(client) -> str:
    return re.search(r"<strong>(\w{4}-\w{4})</strong>", client.post(at("carry")).content.decode())[
        1
    ]


@pytest.fixture
def page(db):
    city = factories.territory_page(title="Madrid")
    return factories.playlist_page(
        city,
        [
            {"link": "https://example.org/a", "title": "Write"},
            {"link": "https://example.org/b", "title": "Record"},
        ],
        title="Podcast",
        achievement=AchievementFactory(),
    )


def test_starting_says_what_is_kept_and_keeps_nothing_before_the_button(client, page):
    assert at("start", page.translation_key) in client.get(page.url).content.decode()
    response = client.get(at("start", page.translation_key))
    said = words(response)
    assert "Your name and your e-mail address are not in it" in said
    assert COOKIE not in response.cookies


def test_the_whole_way_on_a_device_and_into_an_account(client, page, learner):
    playlist = Playlist.objects.get()
    assert start(client, playlist).url == page.url
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    first, second = steps_of(playlist)
    do(client, first)
    response = client.get(page.url)
    said = words(response)
    assert "Step 1 of 2, done" in said
    assert "Step 2 of 2, you are here" in said
    assert "1 of 2 stations" in said
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in response.headers["Vary"]
    do(client, second)
    assert "Sign in for your badge" in words(client.get(page.url))
    assert not Enrolment.objects.exists()
    log_in(client, learner)
    assert Completion.objects.filter(learner=learner, how="self").count() == 2
    assert learner.col_awards.count() == 1
    said = words(client.get(page.url))
    assert "What you did on this device is in your account now." in said
    assert "See your badge" in said


def test_what_one_has_taken_over_no_other_account_gets(client, page, learner):
    playlist = Playlist.objects.get()
    start(client, playlist)
    do(client, steps_of(playlist)[0])
    kept = client.cookies[COOKIE].value
    log_in(client, learner)
    client.post(reverse("logout"))
    client.cookies[COOKIE] = kept
    assert "Start without an account" in words(client.get(page.url)), "nobody's any more"
    log_in(client, factories.UserFactory())
    assert set(Enrolment.objects.values_list("learner", flat=True)) == {learner.pk}
    assert TakenOver.objects.count() == 1


def test_my_learning_takes_the_cookie_away_after_the_log_in(client, learner):
    start(client, line(link()))
    log_in(client, learner)
    client.get("/col/mine/")
    assert client.cookies[COOKIE].value == ""


def test_signing_in_on_two_devices_adds_up(learner):
    playlist = line(link("A"), link("B"), link("C"))
    for one in steps_of(playlist)[:2]:
        client = Client()
        start(client, playlist)
        do(client, one)
        log_in(client, learner)
    assert Completion.objects.filter(learner=learner).count() == 2
    assert Enrolment.objects.count() == 1


def test_what_is_no_longer_offered_is_left_out_when_it_is_taken_over(learner):
    kept, gone = line(link("A")), line(link("B"))
    device = Device({p.pk: frozenset(s.pk for s in steps_of(p)) for p in (kept, gone)})
    withdraw_playlist(gone.key)
    assert devices.take_over(learner, device) == 1
    assert devices.take_over(learner, device) == 0
    assert Completion.objects.get().step.playlist == kept


def test_a_code_brings_it_to_another_device_once(client):
    playlist = line(link("A"), link("B"))
    start(client, playlist)
    do(client, steps_of(playlist)[0])
    code = code_of(client)
    other, third = Client(), Client()
    response = other.post(at("take"), {"code": code.lower().replace("-", " ")}, follow=True)
    assert "1 of 2 stations" in words(response)
    assert third.post(at("take"), {"code": code}).status_code == 422
    assert COOKIE not in third.cookies
    assert "1 of 2 stations" in words(client.get(at("device"))), "and the first one keeps it"


def test_a_code_brings_it_into_an_account(client, as_learner, learner):
    anonymous = Client()
    playlist = line(link("A"))
    start(anonymous, playlist)
    do(anonymous, steps_of(playlist)[0])
    assert as_learner.post(at("take"), {"code": code_of(anonymous)}).url == "/col/mine/"
    assert Completion.objects.get().learner == learner


def test_a_code_is_over_after_half_an_hour(client):
    start(client, line(link()))
    code = code_of(client)
    CarriedProgress.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "it is over" in words(Client().post(at("take"), {"code": code}))
    code_of(client)
    assert CarriedProgress.objects.count() == 1, "and deleted with the next one"


def test_the_database_holds_no_code(client):
    start(client, line(link()))
    code = code_of(client).replace("-", "")
    assert code not in str(CarriedProgress.objects.values())


def test_codes_cannot_be_tried_without_end(client):
    for _try in range(60):
        assert client.post(at("take"), {"code": "AAAA-AAAA"}).status_code == 422
    response = client.post(at("take"), {"code": "AAAA-AAAA"})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"


def test_deleting_it(client):
    start(client, line(link(), title="Podcast"))
    assert "Podcast" in words(client.get(at("device")))
    client.post(at("forget"))
    assert "This device keeps nothing of you." in words(client.get(at("device")))


def test_a_step_on_the_spot_needs_an_account(client):
    playlist = line(step(listing()))
    start(client, playlist)
    do(client, steps_of(playlist)[0])
    assert "0 of 1 station" in words(client.get(at("device")))


def test_a_line_one_has_not_started_leads_to_the_log_in(client):
    playlist = line(link())
    assert do(client, steps_of(playlist)[0]).url.startswith(reverse("login"))


def test_what_somebody_else_wrote_into_the_cookie_is_nothing(client, page):
    for value in ("", "nonsense", "eyJuIjoiYSIsImwiOnsiMSI6W119fQ:1aaaaa:bbbbb"):
        client.cookies[COOKIE] = value
        assert "Start without an account" in words(client.get(page.url))


def test_it_refuses_more_than_a_cookie_takes_and_keeps_what_there_was(client):
    playlist = line(link())
    device = Device({n: frozenset(range(n * 1000, n * 1000 + 90)) for n in range(1, 40)})
    with pytest.raises(Refused) as refusal:
        devices.write(None, None, device)
    assert refusal.value.code == "device-full"
    start(client, playlist)
    assert "0 of 1 station" in words(client.get(at("device")))


def test_fifty_steps_fit(client):
    playlist = line(*[link(f"L{n}") for n in range(50)])
    start(client, playlist)
    for one in steps_of(playlist):
        do(client, one)
    assert "50 of 50 stations" in words(client.get(at("device")))
    assert len(client.cookies[COOKIE].value) < 700


@pytest.mark.parametrize("name", ["carry", "take", "forget"])
def test_another_site_cannot_do_it(name):
    client = Client(enforce_csrf_checks=True)
    assert client.post(at(name), {"code": "AAAA-AAAA"}).status_code == 403
    assert client.get(at(name)).status_code == 405


@pytest.mark.parametrize("count", [1, 15])
def test_the_number_of_queries_is_constant(client, count):
    for n in range(count):
        playlist = line(link(f"A{n}"), link(f"B{n}"), title=f"Line {n}")
        start(client, playlist)
        do(client, steps_of(playlist)[0])
    with CaptureQueriesContext(connection) as caught:
        client.get(at("device"))
    assert len(caught) == 6


lines = st.dictionaries(
    st.integers(1, 10**6), st.frozensets(st.integers(1, 10**6), max_size=8), max_size=5
)


@given(lines, lines)
def test_merging_loses_nothing_and_order_does_not_matter(one, two):
    both = Device(one).merged(two)
    assert both.lines == Device(two).merged(one).lines == both.merged(one).lines
    for part in (one, two):
        assert all(done <= both.lines[playlist] for playlist, done in part.items())
