"""The page behind an invitation's link."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.badges.build import badge
from tests.badges.test_inviting import BECAUSE, invite
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import inviting
from wagtail_col.badges.models import Achievement, Award, Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    return invite("secret.person@x.org")


@pytest.fixture
def address(invitation):
    return reverse("col_badges:claim", args=[inviting.secret_of(invitation)])


@pytest.fixture
def learner(client):
    user = UserFactory()
    client.force_login(user)
    return user


class TestWithoutAnAccount:
    def test_shows_which_badge_and_from_whom(self, client, address):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 200
        for text in ("Explorer", "Knows the way around.", "Test site", "Camp", "Well done."):
            assert text in page
        assert "<form" not in page

    def test_never_shows_the_address(self, client, address):
        assert "secret.person" not in client.get(address).content.decode()

    def test_leads_to_the_login_and_back(self, client, address):
        assert f"/login/?next={address}" in client.get(address).content.decode().replace("%2F", "/")

    def test_posting_leads_to_the_login_and_gives_nothing(self, client, address):
        response = client.post(address)
        assert response.status_code == 302 and "/login/" in response["Location"]
        assert not Award.objects.exists()

    def test_is_kept_and_listed_by_nobody(self, client, address):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"].startswith("noindex")
        assert response["Referrer-Policy"] == "same-origin"

    def test_in_the_language_of_the_link(self, client, address):
        assert 'lang="sl"' in client.get(f"{address}?lang=sl").content.decode()


class TestClaiming:
    def test_looking_gives_nothing(self, client, address, learner):
        for method in (client.get, client.head):
            assert method(address).status_code == 200
        assert not Award.objects.exists()

    def test_posting_gives_the_badge(self, client, address, learner):
        assert "Take the badge" in client.get(address).content.decode()
        response = client.post(address)
        given = Award.objects.get()
        assert given.learner == learner
        assert response["Location"] == given.get_absolute_url()
        assert "The badge is yours." in client.get(response["Location"]).content.decode()

    def test_no_address_of_the_account_is_asked_for(self, client, address, learner):
        # The link itself shows that the person was reached.
        assert learner.email != "secret.person@x.org"
        client.post(address)
        assert Award.objects.filter(learner=learner).exists()

    def test_a_second_person_is_told_that_it_is_gone(self, client, address, learner):
        client.post(address)
        client.force_login(UserFactory())
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 410
            assert "A link works once" in response.content.decode()
            # What was written was for somebody else.
            assert "Well done." not in response.content.decode()
        assert Award.objects.count() == 1

    def test_the_same_person_finds_their_badge_there(self, client, address, learner):
        client.post(address)
        given = Award.objects.get()
        assert given.get_absolute_url() in client.get(address).content.decode()

    def test_who_has_it_already_keeps_the_link_for_others(
        self, client, invitation, address, learner
    ):
        badge(learner, invitation.achievement)
        page = client.get(address).content.decode()
        assert "You have this badge already." in page and "Take the badge" not in page
        response = client.post(address, follow=True)
        assert "the link was not used" in response.content.decode()
        invitation.refresh_from_db()
        assert invitation.claimed_at is None

    def test_needs_the_token_of_a_form(self, address):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(UserFactory())
        assert strict.post(address).status_code == 403


class TestGone:
    @pytest.mark.parametrize("secret", ["x", "a" * 32, "a" * 3000, "%00", "..%2f"])
    def test_a_wrong_link_is_told_so_in_words(self, client, secret):
        response = client.get(f"/col/badges/claim/{secret}/")
        assert response.status_code == 404

    def test_what_to_do_then(self, client, invitation):
        response = client.get(reverse("col_badges:claim", args=["b" * 32]))
        assert "Open it from the e-mail once more" in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"

    def test_withdrawn(self, client, invitation, address, learner):
        inviting.withdraw(invitation)
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 410
            assert "withdrawn" in response.content.decode()
        assert not Award.objects.exists()

    def test_a_badge_that_is_offline(self, client, invitation, address, learner):
        Achievement.objects.update(live=False)
        for response in (client.get(address), client.post(address)):
            assert "try again later" in response.content.decode()
        assert Invitation.objects.get().claimed_at is None

    def test_only_get_and_post(self, client, address):
        assert client.delete(address).status_code == 405
        assert client.put(address).status_code == 405


def test_what_is_written_is_text(client):
    one = invite(
        narrative="<img src=x onerror=alert(1)>",
        because={**BECAUSE, "title": "</script><b>x"},
        achievement=AchievementFactory(),
    )
    page = client.get(reverse("col_badges:claim", args=[inviting.secret_of(one)])).content.decode()
    assert "<img src=x" not in page and "</script><b>" not in page
    assert "&lt;img src=x" in page
