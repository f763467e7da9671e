"""The public page of an issuer: its badges, who stands by it, its keys."""

import re

import pytest
from django.contrib.auth.models import Group

from tests.badges.build import badge
from tests.badges.endorse import given
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import endorsing, keys
from wagtail_col.badges.models import Issuer

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return Issuer.objects.create(
        slug="library",
        name="City Library",
        url="https://library.example/",
        email="hello@library.example",
        description="Books and more.",
        team=Group.objects.create(name="Secret Librarians"),
    )


def page(client, slug="library", query=""):
    return client.get(f"/col/badges/issuers/{slug}/{query}" if slug else "/col/badges/issuer/")


def test_says_who_it_is_and_which_badges_it_gives(client, library):
    own = AchievementFactory(issuer=library)
    AchievementFactory(issuer=library, live=False)
    text = page(client).text
    for words in ("City Library", "Books and more.", "https://library.example/", "Explorer"):
        assert words in text
    assert text.count(f'href="{own.get_absolute_url()}"') == 1
    assert text.count('class="col-shelf"') == 1
    assert text.count("<li><img") == 1
    assert "Secret Librarians" not in text


def test_names_its_identity_and_its_keys_old_and_new(client, library):
    badge(achievement=AchievementFactory(issuer=library))
    first = keys.active_key(library)
    second = keys.rotate(library)
    text = page(client).text
    assert "did:web:testserver:col:badges:issuers:library" in text
    assert text.index(second.public_multibase) < text.index(first.public_multibase)
    assert "Signs since" in text
    assert re.search(r"Signed from .+ to ", text)
    assert "/col/badges/issuers/library/did.json" in text


def test_without_a_key_it_says_so(client, library):
    text = page(client).text
    assert "It has signed nothing yet" in text
    assert client.get("/col/badges/issuers/library/did.json").status_code == 404


def test_the_site_itself_before_it_is_stored(client):
    Issuer.objects.all().delete()
    response = page(client, "")
    assert response.status_code == 200
    assert "Test site" in response.text
    assert not Issuer.objects.exists()


def test_shows_who_stands_by_it(client, library):
    one = given(library, UserFactory(is_superuser=True))
    assert "Nave Sur" in page(client).text
    endorsing.hide(one)
    assert "Nave Sur" not in page(client).text


def test_an_endorsers_page_is_honest_and_names_no_learners_badge(client, library):
    editor = UserFactory(is_superuser=True)
    achievement = AchievementFactory()
    public = given(achievement, editor)
    private = badge(achievement=AchievementFactory())
    private.achievement.texts.update(name="Privately earned")
    assert given(private).endorser == public.endorser
    text = page(client, public.endorser.slug).text
    assert "has no account here" in text
    assert achievement.get_absolute_url() in text
    assert "Privately earned" not in text
    assert str(private.key) not in text
    assert "eva@" not in text
    assert 'content="noindex"' in text


def test_there_is_no_such_issuer(client):
    assert page(client, "nobody").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_is_only_read(client, library, method):
    assert getattr(client, method)("/col/badges/issuers/library/").status_code == 405


def test_texts_are_shown_as_text(client, library):
    attack = "<img src=x onerror=alert(1)>"
    Issuer.objects.update(name=attack, description=attack)
    assert "<img src=x" not in page(client).text


def test_in_the_chosen_language(client, library):
    assert 'lang="sl"' in page(client, query="?lang=sl").text


def test_more_of_everything_takes_no_more_queries(client, library, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    editor = UserFactory(is_superuser=True)
    AchievementFactory(issuer=library)
    given(library, editor)
    with CaptureQueriesContext(connection) as few:
        page(client)
    for number in range(4):
        AchievementFactory(issuer=library)
        given(library, editor, email=f"{number}@a.example")
        keys.rotate(library)
    with django_assert_num_queries(len(few)):
        page(client)
