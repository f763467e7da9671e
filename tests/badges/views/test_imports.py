"""A learner's pages for badges from elsewhere."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.badges.build import badge, brought
from tests.badges.elsewhere import Academy
from tests.badges.openbadges.samples import png
from tests.factories import UserFactory
from wagtail_col.badges import foreign
from wagtail_col.badges.models import ImportedBadge
from wagtail_col.badges.openbadges.baking import bake_png

pytestmark = pytest.mark.django_db

NEW = "/col/badges/imported/new/"


@pytest.fixture
def learner(client):
    user = UserFactory(email="ana@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def elsewhere(monkeypatch):
    academy = Academy()
    monkeypatch.setattr(foreign.Web.__init__, "__defaults__", (academy.pages.fetch,))
    return academy


def page(badge, what=""):
    return f"/col/badges/imported/{badge.key}/{what}"


class TestBringing:
    def test_asks_to_log_in(self, client):
        response = client.get(NEW)
        assert response.status_code == 302 and "login" in response["Location"]
        assert client.post(NEW, {"text": "{}"}).status_code == 302

    def test_pasted(self, client, learner, elsewhere):
        assert "Bring a badge from elsewhere" in client.get(NEW).text
        response = client.post(NEW, {"text": json.dumps(elsewhere.signed())}, follow=True)
        kept = ImportedBadge.objects.get()
        assert response.redirect_chain == [(page(kept), 302)]
        assert "Checked: it is real" in response.text
        assert "Welder «ä» 🔥 &lt;b&gt;" in response.text
        assert "it was given to your e-mail address" in response.text
        assert response["Cache-Control"] == "private, no-store"

    def test_as_a_file_with_its_picture(self, client, learner, elsewhere):
        data = bake_png(png(), json.dumps(elsewhere.signed()))
        response = client.post(NEW, {"file": SimpleUploadedFile("b.png", data)}, follow=True)
        assert f"/col/badges/imported/{ImportedBadge.objects.get().key}/picture" in response.text

    def test_by_address(self, client, learner, elsewhere):
        elsewhere.pages["https://academy.example/b"] = elsewhere.signed()
        client.post(NEW, {"text": "https://academy.example/b"})
        assert ImportedBadge.objects.get().verdict == "genuine"

    def test_of_somebody_else_is_marked(self, client, learner, elsewhere):
        text = json.dumps(elsewhere.signed("bor@example.org"))
        response = client.post(NEW, {"text": text}, follow=True)
        assert "Not shown to be yours" in response.text
        assert "bor@example.org" not in response.text

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "Paste a badge here"),
            ({"text": "hello"}, "We cannot read a badge here."),
            ({"text": "https://academy.example/none"}, "could not be fetched"),
        ],
    )
    def test_what_is_refused_is_explained(self, client, learner, elsewhere, data, words):
        response = client.post(NEW, data)
        assert response.status_code == 400 and words in response.text
        assert "The badge was not added." in response.text
        assert not ImportedBadge.objects.exists()

    def test_what_was_changed(self, client, learner, elsewhere):
        text = json.dumps(elsewhere.signed()).replace("steel", "stee1")
        response = client.post(NEW, {"text": text})
        assert response.status_code == 400 and "This badge does not hold" in response.text

    def test_too_many_in_a_minute(self, client, learner, elsewhere, settings):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CHECKS_PER_MINUTE_AND_ADDRESS": 1}
        assert client.post(NEW, {"text": "x"}).status_code == 400
        response = client.post(NEW, {"text": "x"})
        assert response.status_code == 429 and "Wait a minute." in response.text

    def test_needs_the_token_of_the_form(self, learner):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(learner)
        assert strict.post(NEW, {"text": "{}"}).status_code == 403


class TestOwn:
    @pytest.mark.parametrize("what", ["", "check/", "delete/"])
    def test_another_learners_is_not_there(self, client, learner, what):
        one = brought(UserFactory())
        for answer in (client.get(page(one, what)), client.post(page(one, what))):
            assert answer.status_code in (404, 405)
        assert ImportedBadge.objects.filter(pk=one.pk).exists()

    def test_an_award_of_this_site_is_no_import(self, client, learner):
        assert client.get(page(badge(learner))).status_code == 404

    def test_checking_again(self, client, learner, elsewhere):
        client.post(NEW, {"text": json.dumps(elsewhere.signed())})
        one = ImportedBadge.objects.get()
        assert client.get(page(one, "check/")).status_code == 405
        elsewhere.publish(revoked=(77,))
        response = client.post(page(one, "check/"), follow=True)
        assert "The badge was checked." in response.text and "Taken back" in response.text
        elsewhere.pages.clear()
        response = client.post(page(one, "check/"), follow=True)
        assert "What is known from before stays." in response.text

    def test_deleting_after_asking(self, client, learner):
        one = brought(learner)
        assert "Delete “Swimmer” here?" in client.get(page(one, "delete/")).text
        assert ImportedBadge.objects.exists()
        client.post(page(one, "delete/"))
        assert not ImportedBadge.objects.exists()

    def test_what_came_with_it_is_shown_as_text(self, client, learner):
        nasty = "<script>alert(1)</script>"
        one = brought(learner, nasty, description=nasty, criteria=nasty, issuer_name=nasty)
        text = client.get(page(one)).text
        assert "<script>alert" not in text and "&lt;script&gt;" in text

    def test_queries(self, client, learner, django_assert_max_num_queries):
        one = brought(learner)
        with django_assert_max_num_queries(8):
            client.get(page(one))
