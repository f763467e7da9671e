import re
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.badges.build import BECAUSE, shared_badge, slovene
from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges.awarding import renew, revoke, suspend
from wagtail_col.badges.models import Award, Issuer, Share

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(
        username="zofka.novak", first_name="Zofka", last_name="Novak", email="z.novak@mail.example"
    )


def page(client, one, query="", **extra):
    return client.get(one.get_absolute_url() + query, **extra)


class TestBadgePage:
    def test_says_what_who_why_and_when(self, client):
        text = page(client, shared_badge()).text
        for words in (
            "Explorer",
            "Knows the way around.",
            "Did all the required steps.",
            "Test site",
            "Podcast from zero",
            "Record it",
            "shown with the organiser’s code",
            "Oct. 10, 2026",
            "Valid badge",
        ):
            assert words in text

    def test_announces_the_credential_to_machines(self, client):
        one = shared_badge()
        text = page(client, one).text
        assert (
            '<link rel="alternate" type="application/vc+ld+json" '
            f'href="http://testserver/col/badges/{one.key}/credential.json">' in text
        )
        assert f'property="og:url" content="http://testserver/col/badges/{one.key}/"' in text
        assert 'property="og:image" content="http://testserver/col/badges/achievements/' in text
        assert '<meta name="robots" content="noindex">' in text
        assert page(client, one)["X-Robots-Tag"] == "noindex"

    def test_offers_all_files(self, client):
        one = shared_badge()
        text = page(client, one).text
        for name in ("credential.json", "credential.jwt", "badge.png", "badge.svg"):
            assert f"/col/badges/{one.key}/{name}?download" in text

    def test_is_strict_about_what_runs(self, client):
        text = page(client, shared_badge()).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!testserver)', text)

    def test_texts_are_shown_as_text(self, client):
        attack = "<img src=x onerror=alert(1)>'\"\u2028</script>"
        achievement = AchievementFactory(text=None, place=attack)
        AchievementTextFactory(
            achievement=achievement, name=attack, description=attack, criteria=attack
        )
        one = shared_badge(
            achievement=achievement,
            because={"title": attack, "steps": [{**BECAUSE["steps"][0], "title": attack}]},
        )
        Share.objects.update(shown_name=attack)
        link = one.shares.get()
        assert "<img src=x" not in client.get(f"/col/badges/shared/{link.key}/").text
        addresses = [one.get_absolute_url(), f"{one.get_absolute_url()}verify/"]
        for address in [*addresses, f"{achievement.get_absolute_url()}badge.svg"]:
            text = client.get(address).text
            assert "<img src=x" not in text
            assert "</script>'" not in text

    def test_taken_back(self, client):
        one = shared_badge()
        revoke(one, "Given by mistake")
        text = page(client, one).text
        assert "Taken back" in text and "Given by mistake" in text
        assert "Valid badge" not in text

    def test_expired(self, client):
        one = shared_badge(valid_until=timezone.now() + timezone.timedelta(days=1))
        assert "Valid badge" in page(client, one).text
        Award.objects.update(valid_until=timezone.now() - timezone.timedelta(minutes=1))
        text = page(client, one).text
        assert "Expired" in text and "Valid badge" not in text

    def test_suspended(self, client):
        one = shared_badge()
        suspend(one, "Looking into it")
        text = page(client, one).text
        assert "Suspended for now" in text and "Looking into it" in text
        assert "Valid badge" not in text

    def test_renewed(self, client):
        one = shared_badge(valid_until=timezone.now() + timezone.timedelta(days=30))
        assert "Renewed" not in page(client, one).text
        first = timezone.now() - timezone.timedelta(days=400)
        Award.objects.update(awarded_at=first)
        one.refresh_from_db()
        renew(one, valid_until=timezone.now() + timezone.timedelta(days=365))
        text = page(client, one).text
        assert "Renewed; first given on" in text and str(first.year) in text

    def test_says_what_the_organiser_wrote(self, client):
        one = shared_badge(narrative="Led <b>the</b> group.")
        assert "Led &lt;b&gt;the&lt;/b&gt; group." in page(client, one).text

    def test_given_by_hand_or_for_other_badges(self, client):
        nothing = {"title": "", "url": "", "steps": [], "playlist": ""}
        one = shared_badge(because={**nothing, "by": "hand", "assessed": "organiser"})
        text = page(client, one).text
        assert "The organiser gave this badge." in text
        assert "The organiser looked at it." not in text
        parts = [{"name": "First", "url": "https://elsewhere.example/1"}, {"name": "Second"}]
        one = shared_badge(because={**nothing, "by": "badges", "badges": parts})
        text = page(client, one).text
        assert '<a href="https://elsewhere.example/1">First</a>' in text and "Second" in text

    def test_in_slovene(self, client):
        achievement = AchievementFactory()
        slovene(achievement)
        one = shared_badge(achievement=achievement)
        text = page(client, one, "?lang=sl").text
        assert '<html lang="sl">' in text
        assert "Raziskovalka" in text and "Pozna okolico." in text
        # What was done is told as it was when the badge was earned.
        assert '<strong lang="en">Record it</strong>' in text
        assert 'href="/col/badges/' in text and "?lang=en" in text
        assert page(client, one, "?lang=sl")["Content-Language"] == "sl"
        # A language the badge has no text in: the page is in it, the badge's text marked.
        text = page(client, one, "?lang=es").text
        assert re.search(r'<h1 lang="en">Explorer</h1>', text)

    def test_is_read_only(self, client):
        one = shared_badge()
        assert client.head(one.get_absolute_url()).status_code == 200
        for method in (client.post, client.put, client.delete):
            assert method(one.get_absolute_url()).status_code == 405
            assert method(f"{one.get_absolute_url()}verify/").status_code == 405

    @pytest.mark.parametrize("path", ["", "verify/"])
    def test_unknown(self, client, path):
        response = client.get(f"/col/badges/{uuid.uuid4()}/{path}")
        assert response.status_code == 404
        assert "There is no badge to see here" in response.text


class TestNobodysName:
    def test_is_on_no_public_address(self, client, learner):
        one = shared_badge(learner)
        achievement = one.achievement.get_absolute_url()
        own = one.get_absolute_url()
        addresses = [own, f"{own}verify/", f"{own}credential.json", f"{own}badge.png"]
        addresses += [f"{own}badge.svg", achievement, f"{achievement}achievement.json"]
        addresses += [f"{achievement}badge.svg", f"{achievement}badge.png", "/col/badges/issuer/"]
        addresses += [f"/col/badges/status/{one.status_list.key}.json", "/.well-known/did.json"]
        addresses += ["/col/badges/verify/", "/col/badges/issuer/profile.json"]
        for user in (None, UserFactory(username="other", email="other@mail.example")):
            if user:
                client.force_login(user)
            for address in addresses:
                response = client.get(address)
                assert response.status_code == 200, address
                told = response.content.lower() + str(response.headers).lower().encode()
                for secret in (b"zofka", b"novak", b"mail.example"):
                    assert secret not in told, address

    def test_no_cookie_for_a_stranger(self, client):
        one = shared_badge()
        for path in ("", "verify/"):
            assert not client.get(one.get_absolute_url() + path).cookies
        assert not client.get("/col/badges/verify/").cookies


class TestAbout:
    def test_achievement_page(self, client):
        achievement = AchievementFactory()
        slovene(achievement)
        text = client.get(achievement.get_absolute_url()).text
        assert 'id="criteria"' in text
        assert "Did all the required steps." in text and "Test site" in text
        assert "Pozna okolico." in client.get(f"{achievement.get_absolute_url()}?lang=sl").text

    def test_issuer_page_lists_what_it_gives(self, client):
        shared_badge()
        library = Issuer.objects.create(slug="library", name="City library")
        AchievementFactory(issuer=library)
        AchievementFactory(live=False)
        own = client.get("/col/badges/issuer/").text
        assert own.count('class="col-shelf"') == 1 and own.count("<img") == 1
        other = client.get("/col/badges/issuers/library/").text
        assert "City library" in other and other.count("<img") == 1
        assert client.get("/col/badges/issuers/nobody/").status_code == 404


class TestQueries:
    """Each number is the same for one award and for many, for one step and for thirty."""

    def count(self, client, django_assert_num_queries, number, make_path):
        many = shared_badge(because={"steps": BECAUSE["steps"] * 10})
        slovene(many.achievement)
        few = shared_badge(because={"steps": []})
        for _ in range(3):
            shared_badge(achievement=few.achievement)
        for one in (few, many):
            path = make_path(one)
            client.get(path)
            with django_assert_num_queries(number):
                assert client.get(path).status_code == 200

    # The award with achievement, learner, list and issuer; the texts; whether it is shared; who
    # stands by it.
    def test_badge_page(self, client, django_assert_num_queries):
        self.count(client, django_assert_num_queries, 5, lambda one: one.get_absolute_url())

    # The same; the key; the status list; the key of the list.
    def test_verify_page(self, client, django_assert_num_queries):
        self.count(
            client, django_assert_num_queries, 6, lambda one: f"{one.get_absolute_url()}verify/"
        )

    # The award with its bytes; whether it is shared.
    def test_credential(self, client, django_assert_num_queries):
        self.count(
            client,
            django_assert_num_queries,
            2,
            lambda one: f"{one.get_absolute_url()}credential.json",
        )

    def test_picture(self, client, django_assert_num_queries):
        self.count(
            client, django_assert_num_queries, 3, lambda one: f"{one.get_absolute_url()}badge.png"
        )

    # The achievement with its issuer; texts, skills, requirements; the site's issuer; who stands
    # by it.
    def test_achievement_page(self, client, django_assert_num_queries):
        self.count(
            client,
            django_assert_num_queries,
            6,
            lambda one: one.achievement.get_absolute_url(),
        )

    # The issuer; its achievements; their texts; its numbers and who stands by it.
    def test_issuer_page(self, client, django_assert_num_queries):
        self.count(client, django_assert_num_queries, 5, lambda one: "/col/badges/issuer/")

    # Session and account on top; the link in place of whether there is one.
    def test_owners_page(self, client, django_assert_num_queries):
        one = shared_badge()
        client.force_login(get_user_model().objects.get(pk=one.learner_id))
        client.get(one.get_absolute_url())
        with django_assert_num_queries(7):
            client.get(one.get_absolute_url())


def test_the_checks_of_ones_own_badge_are_kept_nowhere(client):
    one = shared_badge()
    answer = client.get(f"/col/badges/{one.key}/verify/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
