import io
from dataclasses import replace

import pikepdf
import pytest

from tests.badges.build import badge, slovene
from tests.badges.certificate import pdfua
from tests.badges.certificate.test_printing import text_of
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.art.drawing import BadgeArt
from wagtail_col.badges.awarding import revoke, suspend
from wagtail_col.badges.certificate import making
from wagtail_col.badges.models import Share

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client):
    learner = UserFactory()
    client.force_login(learner)
    return learner


def path(one):
    return f"{one.get_absolute_url()}certificate/"


def links_in(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", [])}


class TestCertificate:
    def test_is_an_accessible_pdf_with_a_code_to_the_link(self, client, learner):
        one = badge(learner)
        asked = client.get(path(one)).text
        assert "this badge is shared from then on" in asked
        response = client.post(path(one), {"name": "Žofka Čuk"})
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="certificate-explorer.pdf"'
        assert response["Cache-Control"] == "private, no-store"
        content = response.content
        assert pdfua.findings(content) == []
        share = one.shares.get()
        assert links_in(content) == {f"http://testserver/col/badges/shared/{share.key}/"}
        said = text_of(content)
        for words in ("Žofka Čuk", "Explorer", "Knows the way around.", "Record it", "Test site"):
            assert words in said

    def test_the_name_is_kept_only_when_that_is_wanted(self, client, learner):
        one = badge(learner)
        client.post(path(one), {"name": "Zofka"})
        assert one.shares.get().shown_name == ""
        client.post(path(one), {"name": "Zofka", "show_name": "on"})
        assert one.shares.get().shown_name == "Zofka"

    def test_a_link_that_is_there_stays_as_it_is(self, client, learner):
        one = badge(learner)
        share = sharing.share(learner, [one], shown_name="Ana")
        assert "The code leads to the link you share" in client.get(path(one)).text
        client.post(path(one), {"name": "Zofka"})
        assert one.shares.get() == share and one.shares.get().shown_name == "Ana"

    def test_after_stopping_the_code_leads_nowhere(self, client, learner):
        one = badge(learner)
        address = links_in(client.post(path(one), {"name": "Ana"}).content).pop()
        client.logout()
        local = address.removeprefix("http://testserver")
        assert client.get(local).status_code == 200
        sharing.stop(one.shares.get())
        assert client.get(local).status_code == 404

    def test_is_in_the_badges_language(self, client, learner):
        achievement = AchievementFactory()
        slovene(achievement)
        one = badge(learner, achievement, language="sl")
        content = client.post(path(one) + "?lang=en", {"name": "Ana"}).content
        assert "Raziskovalka" in text_of(content)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert str(pdf.Root.Lang) == "sl"

    def test_looking_shares_nothing(self, client, learner):
        client.get(path(badge(learner)))
        assert not Share.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize(("take", "why"), [(revoke, "Mistake"), (suspend, "Looking")])
    def test_a_badge_that_does_not_hold(self, client, learner, take, why):
        one = badge(learner)
        take(one, why)
        assert "there is no certificate" in client.get(path(one)).text
        response = client.post(path(one), {"name": "Ana"})
        assert response.status_code == 400
        assert not Share.objects.exists()

    @pytest.mark.parametrize("name", ["", "x" * 121, "a\x07b", "\U0010fffd"])
    def test_a_name_that_cannot_be_printed(self, client, learner, name):
        one = badge(learner)
        response = client.post(path(one), {"name": name})
        assert response.status_code == 400
        assert 'aria-invalid="true"' in response.text or not name
        assert not Share.objects.exists(), "nothing is shared when nothing is printed"

    def test_too_many_at_once(self, client, learner):
        one = badge(learner)
        for _ in range(making.MOST):
            assert client.post(path(one), {"name": "Ana"}).status_code == 200
        response = client.post(path(one), {"name": "Ana"})
        assert response.status_code == 400 and "Wait a minute" in response.text

    def test_a_broken_picture(self, client, learner, monkeypatch):
        monkeypatch.setattr(making.pictures, "svg_of", lambda *args: b"<svg")
        response = client.post(path(badge(learner)), {"name": "Ana"})
        assert response.status_code == 400 and "could not be made" in response.text

    def test_an_odd_colour(self, client, learner):
        one = badge(learner, AchievementFactory(colour="mud"))
        assert client.post(path(one), {"name": "Ana"}).status_code == 200


def test_drawings_of_every_colour_and_shape_are_printed():
    from tests.badges.certificate.test_printing import AT, CODE, PLAIN
    from wagtail_col.badges.art import drawing
    from wagtail_col.badges.art.frames import SHAPES
    from wagtail_col.badges.art.palette import LINES
    from wagtail_col.badges.certificate.printing import print_pdf

    for shape in SHAPES:
        for colour, (line, _bright) in LINES.items():
            art = BadgeArt(name="Čšž", colour=colour, icon="star", shape=shape)
            content = print_pdf(replace(PLAIN, line=line), drawing.svg(art).encode(), CODE, AT)
            assert pdfua.findings(content) == [], (shape, colour)
