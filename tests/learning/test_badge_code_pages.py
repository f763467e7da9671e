"""Entering the code of a badge: what one sees before and after."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, listing, step
from tests.learning.test_claim_pages import URL, messages_of, words
from wagtail_col.badges.awarding import award, revoke
from wagtail_col.badges.models import Award
from wagtail_col.learning import claims, code_making
from wagtail_col.learning.models import CodeUse, Enrolment
from wagtail_col.learning.opportunity_badges import set_badge

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(db):
    badge = AchievementFactory()
    badge.texts.update(name="Sound <maker>")
    return badge


@pytest.fixture
def text(badge):
    code = code_making.make_badge_code(badge, by=None, event="Open <day>", most_uses=1)
    return claims.text_of(code)


def test_who_scans_it_logged_out_comes_back_to_it(client, learner, text):
    url = f"{URL}{text}/"
    response = client.get(url)
    assert response.url == f"{reverse('login')}?next={quote(url)}"
    client.force_login(learner)
    assert client.get(url).status_code == 200


def test_looking_says_what_it_is_and_gives_nothing(as_learner, text):
    page = as_learner.get(f"{URL}{text}/")
    content = page.content.decode()
    assert "Sound &lt;maker&gt;" in content
    assert "Open &lt;day&gt;" in content
    assert "Get the badge" in content
    assert not Award.objects.exists()


@pytest.mark.parametrize("way", ["typed", "scanned"])
def test_the_button_gives_the_badge_and_leads_to_it(as_learner, text, way):
    url = URL if way == "typed" else f"{URL}{text}/"
    response = as_learner.post(url, {"code": text})
    given = Award.objects.get()
    assert response.url == given.get_absolute_url()
    (said,) = messages_of(response)
    assert "You have earned the badge “Sound &lt;maker&gt;”." in said
    again = as_learner.post(url, {"code": text})
    assert again.url == given.get_absolute_url()
    assert messages_of(again)[1:] == ["You have this badge already."]
    assert "You have this badge." in words(as_learner.get(f"{URL}{text}/"))
    assert "Get the badge" not in words(as_learner.get(f"{URL}{text}/"))


def test_refusals_are_said_in_the_form(as_learner, client, learner, badge, text):
    claims.redeem(UserFactory(), text)
    response = as_learner.post(URL, {"code": text})
    assert response.status_code == 422
    assert "As many people have used this code as may use it." in words(response)
    badge.live = False
    badge.save()
    response = as_learner.get(f"{URL}{text}/")
    assert response.status_code == 422
    assert "The badge of this code is not given at present." in words(response)


def test_a_badge_that_was_taken_back_is_explained(as_learner, learner, badge, text):
    revoke(award(badge, learner, because={"by": "hand"}, language="en")[0], "A mistake.")
    response = as_learner.post(URL, {"code": text})
    assert response.status_code == 422
    assert "This badge was taken back from you" in words(response)


def test_the_badge_of_an_opportunity_and_then_its_lines(as_learner, learner, badge):
    workshop = listing("Record a minute")
    set_badge(workshop.key, badge.key)
    playlist = line(step(workshop), title="Podcast")
    text = claims.text_of(claims.make_code(workshop, by=None, most_uses=1))
    page = as_learner.get(f"{URL}{text}/")
    assert "You get the badge: Sound &lt;maker&gt;" in words(page)
    response = as_learner.post(URL, {"code": text})
    assert response.status_code == 200
    assert "You have this badge." in words(response)
    assert f'name="playlist" value="{playlist.key}"' in response.content.decode()
    assert Award.objects.count() == CodeUse.objects.count() == 1
    response = as_learner.post(URL, {"code": text, "playlist": playlist.key})
    assert response.url == playlist.text.url
    assert Enrolment.objects.get().learner == learner
    assert Award.objects.count() == 1


def test_it_speaks_the_chosen_language_and_so_does_the_badge(as_learner, text):
    as_learner.post(f"{URL}?lang=sl", {"code": text})
    assert Award.objects.get().language == "sl"
