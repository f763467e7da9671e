"""Sharing and stopping, as the learner and as a stranger."""

import re
import uuid

import pytest
from django.test import Client

from tests.badges.build import badge, brought
from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.models import Share

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(username="zofka", email="z.novak@mail.example")


@pytest.fixture
def own(learner):
    client = Client()
    client.force_login(learner)
    return client


def named(name):
    achievement = AchievementFactory(text=None)
    AchievementTextFactory(achievement=achievement, name=name)
    return achievement


def address(share):
    return f"/col/badges/shared/{share.key}/"


class TestOneBadge:
    def test_private_until_shared_and_after_stopping(self, client, own, learner):
        one = badge(learner)
        path = one.get_absolute_url()
        refused = client.get(path)
        assert refused.status_code == 404 and "There is no badge to see here" in refused.text
        assert client.get(f"{path}verify/").status_code == 404
        assert "Only you see this badge" in own.get(path).text

        response = own.post(f"{path}share/", {"shown_name": ""}, follow=True)
        share = one.shares.get()
        assert response.redirect_chain == [(f"/col/badges/shares/{share.key}/", 302)]
        assert f'value="http://testserver{address(share)}"' in response.text
        seen = client.get(address(share))
        assert seen.status_code == 200
        assert "A learner earned this badge" in seen.text and not seen.cookies
        assert client.get(path).status_code == 200
        assert "Yes, this badge is real" in client.get(f"{path}verify/").text

        response = own.post(f"/col/badges/shares/{share.key}/stop/", follow=True)
        assert "The link is stopped" in response.text
        for gone in (address(share), path, f"{path}verify/", f"{path}credential.json"):
            assert client.get(gone).status_code == 404, gone
        assert own.get(path).status_code == 200

    def test_a_name_is_on_the_links_page_alone(self, client, own, learner):
        one = badge(learner)
        own.post(f"{one.get_absolute_url()}share/", {"shown_name": " Zofka "})
        share = one.shares.get()
        assert "<strong>Zofka</strong> earned this badge" in client.get(address(share)).text
        for path in ("", "verify/", "credential.json", "badge.svg"):
            assert b"Zofka" not in client.get(one.get_absolute_url() + path).content
        own.post(f"/col/badges/shares/{share.key}/", {"shown_name": ""})
        assert "Zofka" not in client.get(address(share)).text

    @pytest.mark.parametrize(
        ("name", "error"), [("x" * 121, "at most 120"), ("a\x07b", "control character")]
    )
    def test_what_is_no_name(self, own, learner, name, error):
        one = badge(learner)
        response = own.post(f"{one.get_absolute_url()}share/", {"shown_name": name})
        assert response.status_code == 400
        assert error in response.text and 'aria-invalid="true"' in response.text
        assert not Share.objects.exists()

    def test_is_kept_in_no_cache(self, client, own, learner):
        one = badge(learner)
        share = sharing.share(learner, [one])
        for who, path in (
            (client, address(share)),
            (client, one.get_absolute_url()),
            (own, one.get_absolute_url()),
            (own, f"/col/badges/shares/{share.key}/"),
            (own, "/col/badges/shares/"),
            (client, address(Share(key=uuid.uuid4()))),
        ):
            assert who.get(path)["Cache-Control"] == "private, no-store", path

    def test_asks_search_engines_to_stay_away(self, client, learner):
        share = sharing.share(learner, [badge(learner)])
        response = client.get(address(share))
        assert response["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in response.text

    def test_linkedin_is_offered_for_what_is_shared_and_is_a_plain_link(self, own, learner):
        one = badge(learner)
        assert "linkedin" not in own.get(one.get_absolute_url()).text
        assert "linkedin" not in own.get(f"{one.get_absolute_url()}share/").text
        share = sharing.share(learner, [one])
        text = own.get(f"/col/badges/shares/{share.key}/").text
        link = re.search(r'<a [^>]*href="https://www\.linkedin\.com/profile/add[^>]*>', text)[0]
        assert 'rel="noopener noreferrer"' in link
        assert not re.search(r'(?:src|action)="(?:https?:)?//(?!testserver)', text)
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)

    def test_the_owner_who_is_not_logged_in_is_offered_that(self, client, learner):
        one = badge(learner)
        for path in (one.get_absolute_url(), f"/col/badges/{uuid.uuid4()}/"):
            assert f"/login/?next={path}" in client.get(path).text


class TestCollection:
    def test_from_choosing_to_stopping(self, client, own, learner):
        one, two = badge(learner, named("One")), badge(learner, named("Two"))
        other = brought(learner, "Swimmer", issuer_name="City pool")
        badge(learner, named("Hidden"))
        text = own.get("/col/badges/shares/new/").text
        assert all(name in text for name in ("One", "Two", "Hidden", "Swimmer"))
        chosen = [str(each.key) for each in (one, two, other)]
        own.post(
            "/col/badges/shares/new/",
            {"title": "My 2026", "badges": chosen, "shown_name": "Zofka"},
        )
        share = Share.objects.get()
        text = client.get(address(share)).text
        for words in ("My 2026", "Zofka", "One", "Two", "Swimmer", "From elsewhere", "3 badges"):
            assert words in text
        assert "Hidden" not in text
        for each in (one, two, other):
            page = client.get(f"{address(share)}{each.key}/")
            assert page.status_code == 200
            assert "<strong>Zofka</strong> earned this badge" in page.text
            assert f'<a href="{address(share)}">My 2026</a>' in page.text
        own.post(
            f"/col/badges/shares/{share.key}/",
            {"title": "Changed", "badges": [str(two.key)], "shown_name": ""},
        )
        text = client.get(address(share)).text
        assert "Changed" in text and "One" not in text and "Zofka" not in text
        assert client.get(f"{address(share)}{one.key}/").status_code == 404
        own.post(f"/col/badges/shares/{share.key}/stop/")
        for path in (address(share), f"{address(share)}{two.key}/"):
            assert client.get(path).status_code == 404

    def test_needs_a_title_and_a_badge(self, own, learner):
        one = badge(learner)
        for data in (
            {"title": "", "badges": [str(one.key)]},
            {"title": "Mine", "badges": []},
            {"title": "Mine", "badges": [str(badge().key)]},
        ):
            response = own.post("/col/badges/shares/new/", data)
            assert response.status_code == 400, data
        assert not Share.objects.exists()

    def test_who_has_no_badge_is_told(self, own):
        assert "You have no badge yet" in own.get("/col/badges/shares/new/").text

    def test_the_list_of_open_links(self, own, learner):
        one, two = badge(learner, named("One")), badge(learner, named("Two"))
        sharing.share(learner, [one], shown_name="Zofka")
        closed = sharing.share(learner, [two], title="Old", is_collection=True)
        sharing.stop(closed)
        theirs = badge(achievement=named("Theirs"))
        sharing.share(theirs.learner, [theirs])
        text = own.get("/col/badges/shares/").text
        assert "One" in text and "shows the name “Zofka”" in text
        assert "Old" not in text and "Theirs" not in text

    def test_a_brought_badge_shows_what_was_checked_and_not_what_came(self, client, learner):
        one = brought(
            learner,
            "Swimmer",
            source='{"recipient": {"identity": "z.novak@mail.example"}}',
            criteria="Swam <b>far</b>.",
        )
        share = sharing.share(learner, imported=[one])
        text = client.get(address(share)).text
        assert "Swimmer" in text and "Checked: it is real" in text
        assert "Swam &lt;b&gt;far&lt;/b&gt;." in text
        assert "mail.example" not in text and "recipient" not in text


class TestOthers:
    def test_cannot_share_change_or_stop(self, client, learner):
        one = badge(learner)
        share = sharing.share(learner, [one])
        client.force_login(UserFactory())
        for path in (
            f"{one.get_absolute_url()}share/",
            f"{one.get_absolute_url()}certificate/",
            f"/col/badges/shares/{share.key}/",
            f"/col/badges/shares/{share.key}/stop/",
        ):
            assert (
                client.post(path, {"shown_name": "Mallory", "name": "Mallory"}).status_code == 404
            )
        share.refresh_from_db()
        assert (share.shown_name, share.stopped_at) == ("", None)

    def test_without_an_account(self, client, learner):
        one = badge(learner)
        share = sharing.share(learner, [one])
        for path in (
            f"{one.get_absolute_url()}share/",
            "/col/badges/shares/",
            "/col/badges/shares/new/",
            f"/col/badges/shares/{share.key}/",
            f"/col/badges/shares/{share.key}/stop/",
        ):
            response = client.post(path)
            assert response.status_code == 302 and "/login/" in response["Location"], path
        share.refresh_from_db()
        assert share.stopped_at is None

    def test_needs_the_token(self, learner):
        one = badge(learner)
        share = sharing.share(learner, [one])
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(learner)
        for path in (f"{one.get_absolute_url()}share/", f"/col/badges/shares/{share.key}/stop/"):
            assert strict.post(path).status_code == 403

    def test_get_stops_nothing(self, own, learner):
        share = sharing.share(learner, [badge(learner)])
        assert own.get(f"/col/badges/shares/{share.key}/stop/").status_code == 405

    def test_one_links_badge_is_not_behind_another(self, client, learner):
        one, two = badge(learner), badge(learner)
        first, second = sharing.share(learner, [one]), sharing.share(learner, [two])
        assert client.get(f"{address(first)}{one.key}/").status_code == 200
        assert client.get(f"{address(second)}{one.key}/").status_code == 404


class TestQueries:
    def count(self, client, path):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    def test_do_not_grow_with_what_is_shared(self, client, own, learner):
        numbers = []
        for count in (2, 9):
            for n in range(count):
                sharing.share(learner, [badge(learner, named(f"{count} {n}"))])
            share = sharing.share(
                learner,
                list(learner.col_awards.all()),
                [brought(learner) for _ in range(count)],
                title="All",
            )
            paths = (
                (client, address(share)),
                (own, f"/col/badges/shares/{share.key}/"),
                (own, "/col/badges/shares/"),
                (own, "/col/badges/shares/new/"),
            )
            numbers.append([self.count(who, path) for who, path in paths])
        assert numbers[0] == numbers[1]
