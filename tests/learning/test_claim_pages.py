"""Entering a code: typed, from a QR picture, and too often."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, step
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.learning import claims, journey
from wagtail_col.learning.models import ClaimCode, Completion, Enrolment, FailedClaim

pytestmark = pytest.mark.django_db
URL = "/col/code/"
WRONG = "0000-0000-0000-0000"


@pytest.fixture
def workshop(db):
    return listing("Record your first minute")


@pytest.fixture
def playlist(workshop):
    return line(step(workshop), link(), title="Podcast")


@pytest.fixture
def text(workshop):
    return claims.text_of(claims.make_code(workshop, by=None))


def words(response) -> str:
    content = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", content)


def messages_of(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def test_who_is_not_logged_in_comes_back_with_the_code(client, text):
    for url in (URL, f"{URL}{text}/", f"{URL}{text}/?lang=sl"):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url == f"{reverse('login')}?next={quote(url)}"
    assert not FailedClaim.objects.exists()


def test_nobody_does_anything_without_logging_in(client, playlist, text):
    assert client.post(URL, {"code": text, "playlist": playlist.key}).status_code == 302
    assert not Enrolment.objects.exists()


def test_typing_a_code(as_learner, learner, playlist, text):
    journey.join(learner, playlist)
    page = as_learner.get(URL)
    assert page.status_code == 200
    assert "Enter your code" in words(page)
    response = as_learner.post(URL, {"code": text.lower()})
    assert response.status_code == 302
    assert response.url == playlist.text.url
    (said,) = messages_of(response)
    assert said.startswith("“Record your first minute” is done. 1 of 2 stations on “Podcast”. <a ")
    assert "What do you take with you?" in said
    assert Completion.objects.get().learner == learner


def test_the_form_says_which_step_it_is_for(as_learner, playlist):
    first = playlist.steps.first()
    said = words(as_learner.get(f"{URL}?step={first.key}"))
    assert "The organiser of “Record your first minute” shows it." in said
    assert "Podcast" in said
    withdraw_listing(first.listing.key)
    assert "Record your first minute" not in words(as_learner.get(f"{URL}?step={first.key}"))
    assert as_learner.get(f"{URL}?step=nonsense").status_code == 200


def test_a_qr_picture_shows_what_it_is_and_does_nothing_by_itself(
    as_learner, learner, playlist, text
):
    journey.join(learner, playlist)
    page = as_learner.get(f"{URL}{text}/")
    assert page.status_code == 200
    assert "Record your first minute" in words(page)
    assert "Podcast" in words(page)
    assert not Completion.objects.exists()
    assert as_learner.post(f"{URL}{text}/").status_code == 302
    assert Completion.objects.count() == 1


def test_who_is_on_no_line_chooses_one_and_is_done_with_one_click(
    as_learner, learner, playlist, workshop, text
):
    other = line(step(workshop), title="Radio")
    for page in (as_learner.post(URL, {"code": text}), as_learner.get(f"{URL}{text}/")):
        assert page.status_code == 200
        content = page.content.decode()
        for found in (playlist, other):
            assert f'name="playlist" value="{found.key}"' in content
    assert not Enrolment.objects.exists()
    response = as_learner.post(URL, {"code": text, "playlist": other.key})
    assert response.url == other.text.url
    assert Enrolment.objects.get().playlist == other
    assert Completion.objects.get().step.playlist == other


def test_the_badge_is_told_with_the_last_step(as_learner, learner, workshop, text):
    only = line(step(workshop), title="Podcast", achievement=AchievementFactory())
    response = as_learner.post(URL, {"code": text, "playlist": only.key})
    award = learner.col_awards.get()
    assert award.because["steps"][0]["how"] == "code"
    assert award.because["steps"][0]["title"] == "Record your first minute"
    assert award.because["title"] == "Podcast"
    said = messages_of(response)
    assert len(said) == 2
    assert award.get_absolute_url() in said[1]
    again = as_learner.post(URL, {"code": text})
    assert learner.col_awards.count() == 1
    assert messages_of(again)[2:] == ["You had done this already. It counts."]


@pytest.mark.parametrize("code", [WRONG, "", "   ", "x" * 500, "<script>"])
@pytest.mark.parametrize("way", ["typed", "looked up"])
def test_a_wrong_code_is_refused_in_the_form(as_learner, learner, playlist, code, way):
    journey.join(learner, playlist)
    if way == "typed":
        response = as_learner.post(URL, {"code": code})
    elif code.strip():
        response = as_learner.get(reverse("col_learning:claim_code", args=[code]))
    else:
        return
    assert response.status_code == 422
    content = response.content.decode()
    assert 'role="alert"' in content
    assert 'aria-invalid="true"' in content
    assert "Nothing was changed." in content
    assert "<script>" not in content
    assert not Completion.objects.exists()


def test_a_line_that_is_no_line_is_refused(as_learner, playlist, text):
    for key in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        response = as_learner.post(URL, {"code": text, "playlist": key})
        assert response.status_code == 422
        assert "no longer offered" in words(response)
    assert not Enrolment.objects.exists()


def test_twenty_tries_in_a_minute(as_learner, learner, playlist, text):
    """Another X-Forwarded-For each time changes nothing."""
    journey.join(learner, playlist)
    answers = [
        as_learner.post(URL, {"code": WRONG}, headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(20)
    ]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 10
    assert "You can try 9 more times in this minute." in words(answers[0])
    last = answers[-1]
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert "Too many wrong codes." in words(last)
    # The right code waits as well, typed or looked at.
    assert as_learner.post(URL, {"code": text}).status_code == 429
    assert as_learner.get(f"{URL}{text}/").status_code == 429
    assert not Completion.objects.exists()
    FailedClaim.objects.update(at=F("at") - timedelta(seconds=60))
    assert as_learner.post(URL, {"code": text}).status_code == 302
    assert Completion.objects.count() == 1


def test_a_try_counts_when_the_rest_is_rolled_back(as_learner, playlist, settings):
    settings.DATABASES["default"]["ATOMIC_REQUESTS"] = True
    try:
        as_learner.post(URL, {"code": WRONG})
    finally:
        settings.DATABASES["default"]["ATOMIC_REQUESTS"] = False
    assert FailedClaim.objects.count() == 1


def test_posting_needs_the_token(learner, playlist, text):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    for url in (URL, f"{URL}{text}/"):
        assert client.post(url, {"code": text, "playlist": playlist.key}).status_code == 403
    assert not Completion.objects.exists()


def test_answers_are_kept_nowhere(as_learner, playlist, text):
    for url in (URL, f"{URL}{text}/"):
        assert as_learner.get(url).headers["Cache-Control"] == "private, no-store"
    assert as_learner.post(URL, {"code": WRONG}).headers["Cache-Control"] == "private, no-store"


def test_a_used_up_code_says_so(as_learner, learner, playlist, text):
    ClaimCode.objects.update(most_uses=1)
    other = UserFactory()
    claims.redeem(other, text, playlist)
    response = as_learner.post(URL, {"code": text, "playlist": playlist.key})
    assert response.status_code == 422
    assert "As many people have used this code as may use it." in words(response)
    assert not Enrolment.objects.filter(learner=learner).exists()


def test_the_page_is_in_the_chosen_language(as_learner, text):
    response = as_learner.get(f"{URL}?lang=sl")
    assert response.headers["Content-Language"] == "sl"
    assert 'lang="sl"' in response.content.decode()
