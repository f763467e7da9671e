import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from tests.badges.build import badge as private_badge
from tests.badges.build import shared_badge as badge
from tests.badges.elsewhere import Academy
from tests.badges.openbadges.samples import compact, png
from tests.badges.test_qr import code, photo, saved
from wagtail_col.badges import foreign, pictures, sharing
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.models import Award
from wagtail_col.badges.openbadges.baking import bake_png

pytestmark = pytest.mark.django_db

PATH = "/col/badges/verify/"
GENUINE, FALSE = "Yes, this badge is real", "No, do not trust this badge"


def file(data, name="badge.json"):
    return SimpleUploadedFile(name, data)


def paste(client, text):
    return client.post(PATH, {"text": text})


def upload(client, data, name="badge.json"):
    return client.post(PATH, {"file": file(data, name)})


@pytest.fixture
def elsewhere(monkeypatch):
    """Another organisation, with a web in which there is nothing but what it publishes."""
    academy = Academy()
    monkeypatch.setattr(foreign.Web.__init__, "__defaults__", (academy.pages.fetch,))
    return academy


class TestThisBadge:
    def test_shows_every_check(self, client):
        text = client.get(f"{badge().get_absolute_url()}verify/").text
        assert GENUINE in text
        assert text.count("col-checks__ok") == 6
        assert "“Explorer”, given by Test site on" in text

    def test_taken_back(self, client):
        one = badge()
        revoke(one, "x")
        text = client.get(f"{one.get_absolute_url()}verify/").text
        assert "This badge was taken back" in text and GENUINE not in text
        assert text.count("col-checks__bad") == 1

    def test_whose_stored_bytes_were_changed(self, client):
        one = badge()
        Award.objects.update(credential=one.credential.replace("Explorer", "Explores"))
        text = client.get(f"{one.get_absolute_url()}verify/").text
        assert FALSE in text
        assert "Something in the badge was changed after it was signed." in text


class TestAnyBadge:
    def test_pasted(self, client):
        one = badge()
        response = paste(client, one.credential)
        assert response.status_code == 200
        assert GENUINE in response.text
        assert one.get_absolute_url() in response.text

    def test_pasted_with_space_around_it(self, client):
        pretty = json.dumps(json.loads(badge().credential), indent=4)
        assert GENUINE in paste(client, f"\ufeff\n {pretty}\r\n").text

    def test_uploaded(self, client):
        one = badge()
        assert GENUINE in upload(client, one.credential.encode()).text
        assert GENUINE in upload(client, pictures.baked_png(one), "badge.png").text

    def test_one_character_changed(self, client):
        one = badge()
        changed = one.credential.replace("Explorer", "Explores", 1)
        response = paste(client, changed)
        assert FALSE in response.text
        assert "Something in the badge was changed after it was signed." in response.text
        # Nothing of the badge that it pretends to be is shown beside it.
        assert one.get_absolute_url() not in response.text.replace(escape(changed), "")

    def test_of_another_organisation(self, client, elsewhere):
        text = paste(client, compact(elsewhere.signed())).text
        assert GENUINE in text
        assert "“Welder «ä» 🔥 &lt;b&gt;”, given by Academy of Welding on May 4, 2026." in text
        assert "checked it with what that organisation publishes at academy.example." in text

    def test_of_another_organisation_that_does_not_answer(self, client, elsewhere):
        elsewhere.pages.clear()
        text = paste(client, compact(elsewhere.signed())).text
        assert "We cannot tell" in text and "key cannot be fetched now" in text
        assert FALSE not in text and GENUINE not in text
        # Who it says that it is by is not repeated.
        assert "Academy of Welding" not in text.split("<form")[0]

    def test_of_another_organisation_changed(self, client, elsewhere):
        text = paste(client, compact(elsewhere.signed()).replace("steel", "stee1")).text
        assert FALSE in text and "stee1" not in text.split("<form")[0]

    def test_whose_it_is(self, client, elsewhere):
        text = compact(elsewhere.signed("ana@example.org"))
        right = client.post(PATH, {"text": text, "email": "ana@example.org"}).text
        assert GENUINE in right and "Whose it is: fine" in right
        wrong = client.post(PATH, {"text": text, "email": "bor@example.org"}).text
        assert "This badge is real, but somebody else’s" in wrong and GENUINE not in wrong

    def test_an_address_that_is_none(self, client):
        response = client.post(PATH, {"text": "{}", "email": "x"})
        assert response.status_code == 400

    @pytest.mark.parametrize("suffix", ["", "?lang=sl", "verify/", "credential.json"])
    def test_by_its_address(self, client, suffix):
        one = badge()
        response = paste(client, f"http://testserver{one.get_absolute_url()}{suffix}")
        assert GENUINE in response.text

    def test_by_an_address_that_is_not_shared(self, client):
        one = private_badge()
        response = paste(client, f"http://testserver{one.get_absolute_url()}")
        assert response.status_code == 404
        assert GENUINE not in response.text
        # Whoever was given the file has what it says already; its page stays closed.
        text = paste(client, one.credential).text
        assert GENUINE in text and one.get_absolute_url() + '"' not in text

    def test_by_a_learners_link(self, client):
        one = badge()
        link = sharing.share(one.learner, [one])
        assert GENUINE in paste(client, f"http://testserver/col/badges/shared/{link.key}/").text
        sharing.stop(link)
        response = paste(client, f"http://testserver/col/badges/shared/{link.key}/")
        assert response.status_code == 404

    def test_by_an_address_elsewhere(self, client, elsewhere):
        elsewhere.pages["https://academy.example/b/1"] = elsewhere.signed()
        assert GENUINE in paste(client, "https://academy.example/b/1").text
        text = paste(client, "https://academy.example/b/2").text
        assert "We cannot read a badge here" in text and "(404)" in text

    @pytest.mark.parametrize(
        "address",
        ["https://127.0.0.1/x", "https://localhost/x", "http://[::1]/", "https://10.0.0.1"],
    )
    def test_by_an_address_inside_the_network(self, client, address):
        text = paste(client, address).text
        assert "We cannot read a badge here" in text
        assert "inside a private network" in text or "no server of that name" in text

    def test_by_an_address_that_is_no_badges(self, client):
        assert paste(client, "https://testserver/en/").status_code == 404
        response = paste(client, "https://testserver/en/ x")
        assert response.status_code == 400
        assert "not a complete web address" in response.text

    def test_by_the_address_of_a_badge_that_is_gone(self, client):
        one = badge()
        address = f"http://testserver{one.get_absolute_url()}"
        one.delete()
        assert paste(client, address).status_code == 404

    def test_too_many_in_a_minute(self, client, settings):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CHECKS_PER_MINUTE_AND_ADDRESS": 2}
        one = badge()
        answers = [
            client.post(PATH, {"text": one.credential}, headers={"X-Forwarded-For": f"10.0.0.{n}"})
            for n in range(3)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "Wait a minute." in answers[2].text and GENUINE not in answers[2].text

    def test_a_picture_without_a_badge(self, client):
        text = upload(client, png(), "photo.png").text
        assert "There is no badge in it." in text
        assert "We cannot read a badge here" in text

    def test_nothing(self, client):
        for data in ({}, {"text": "  "}):
            response = client.post(PATH, data)
            assert response.status_code == 400
            assert "Paste a badge here" in response.text

    def test_both(self, client):
        one = badge()
        response = client.post(
            PATH, {"text": one.credential, "file": file(one.credential.encode())}
        )
        assert response.status_code == 400
        assert "not both" in response.text

    def test_an_empty_file(self, client):
        assert "This file is empty." in upload(client, b"").text

    def test_a_text_that_is_too_long(self, client):
        response = paste(client, "x" * 400_000)
        assert response.status_code == 400
        assert "too long for a badge" in response.text

    @pytest.mark.parametrize("size", [2_700_000, 9_000_000])
    def test_a_request_that_is_too_large_is_not_read(self, client, size):
        response = paste(client, "x" * size)
        assert response.status_code == 413
        assert "too large for a badge" in response.text

    def test_a_file_that_is_too_large(self, client):
        response = upload(client, b"x" * (8 * 1024 * 1024 + 1))
        assert response.status_code == 400
        assert "too large for a badge" in response.text

    def test_a_broken_request(self, client):
        response = client.post(
            PATH, b"--x\r\nbroken", content_type="multipart/form-data; boundary="
        )
        assert response.status_code == 400
        assert "did not arrive whole" in response.text

    @pytest.mark.parametrize("text", ["{" * 10_000, '{"a":' * 10_000, "\x00", "[" * 100_000])
    def test_nonsense(self, client, text):
        response = paste(client, text)
        assert response.status_code in (200, 400)
        assert GENUINE not in response.text

    def test_writes_nothing_and_needs_no_token(self, django_assert_num_queries):
        one = badge()
        strict = Client(enforce_csrf_checks=True)
        response = paste(strict, one.credential)
        assert GENUINE in response.text
        assert not response.cookies

    def test_what_was_pasted_is_shown_as_text(self, client):
        text = paste(client, '{"issuer": {"id": "<script>alert(1)</script>"}}').text
        assert "<script>alert" not in text

    def test_in_another_language(self, client):
        response = client.get(f"{PATH}?lang=sl")
        assert '<html lang="sl">' in response.text
        assert f'action="{PATH}?lang=sl"' in response.text


def test_a_strangers_badge_with_the_address_of_ours_does_not_lead_to_ours(client):
    one, forger = badge(), Academy(issuer="did:key")
    document = forger.unsigned(status=None)
    document["id"] = f"https://testserver/col/badges/{one.key}"
    said = paste(client, json.dumps(forger.sign(document))).content.decode()
    assert GENUINE in said and one.get_absolute_url() not in said


class TestPhotoOfACode:
    """A QR code on paper or on a screen: what it says is checked as if it had been pasted."""

    def test_of_a_certificate_of_this_site(self, client):
        one = private_badge()
        share = sharing.share(one.learner, [one])
        data = saved(code(f"http://testserver/col/badges/shared/{share.key}/", scale=20))
        text = upload(client, data, "IMG_0001.jpg").text
        assert GENUINE in text and "Explorer" in text

    def test_of_a_badge_elsewhere(self, client, elsewhere):
        elsewhere.pages[f"{elsewhere.site}/b/1"] = elsewhere.signed()
        data = saved(photo(code(f" {elsewhere.site}/b/1", scale=20)))
        text = upload(client, data, "IMG_0001.jpg").text
        assert GENUINE in text and "Academy of Welding" in text

    def test_of_what_is_no_badge(self, client):
        text = upload(client, saved(code("Ana's table: 7")), "IMG_0001.jpg").text
        assert "We cannot read a badge here" in text

    def test_with_no_code_says_what_to_do(self, client):
        response = upload(client, saved(code().crop((0, 0, 40, 40))), "IMG_0001.jpg")
        assert response.status_code == 400
        assert "We see no QR code in this photo" in response.text

    def test_the_badge_inside_of_a_picture_counts_more_than_a_code_on_it(self, client):
        drawn = saved(code("https://evil.example/"), "PNG")
        baked = bake_png(drawn, private_badge().credential)
        assert "Explorer" in upload(client, baked, "badge.png").text
        # A screenshot of a code has no badge inside.
        assert "cannot" in upload(client, drawn, "badge.png").text
