import io
import json
from math import cos, sin, tau

import pytest
from PIL import Image
from wagtail.models import Revision

from tests.factories import AchievementFactory
from wagtail_col.badges import pictures, uploads
from wagtail_col.badges.art import drawing
from wagtail_col.badges.models import Achievement
from wagtail_col.badges.openbadges.baking import unbake_png
from wagtail_col.badges.outlines import set_outline
from wagtail_col.geo import check_boundary

from .build import badge, slovene

pytestmark = pytest.mark.django_db

ROUND = 2000


def island(corners=ROUND):
    """A boundary of many corners, most of which cannot be seen on a badge, and a lake."""

    def ring(radius):
        turns = [tau * i / corners for i in range(corners)]
        return [[-3.7 + radius * cos(t), 40.4 + radius * sin(t)] for t in turns]

    return check_boundary({"type": "Polygon", "coordinates": [ring(0.2), ring(0.05)]})


class TestOutline:
    def test_is_kept_small_and_drawn(self):
        achievement = AchievementFactory()
        plain = pictures.svg(pictures.art_of(achievement))
        set_outline(achievement, island())
        achievement.refresh_from_db()
        assert len(achievement.outline) == 2
        assert sum(map(len, achievement.outline)) < ROUND / 10
        assert len(json.dumps(achievement.outline)) < 4000
        drawn = pictures.svg(pictures.art_of(achievement))
        assert drawn != plain

    def test_is_not_taken_away_by_an_older_draft(self):
        achievement = AchievementFactory()
        draft = achievement.save_revision()
        set_outline(achievement, island())
        Revision.objects.get(pk=draft.pk).publish()
        assert Achievement.objects.get().outline

    def test_can_be_taken_away(self):
        achievement = AchievementFactory()
        set_outline(achievement, island())
        set_outline(achievement, None)
        achievement.refresh_from_db()
        assert achievement.outline is None


class TestPictures:
    def test_are_drawn_once(self, monkeypatch):
        one, drawn = badge(), []

        def draw(art, draw=drawing.png):
            drawn.append(art)
            return draw(art)

        monkeypatch.setattr(drawing, "png", draw)
        assert pictures.baked_png(one) == pictures.baked_png(one)
        assert len(drawn) == 1

    def test_of_another_shape_are_others(self):
        achievement = AchievementFactory()
        round_one = pictures.art_of(achievement)
        achievement.shape = "shield"
        shield = pictures.art_of(achievement)
        assert pictures.fingerprint(round_one) != pictures.fingerprint(shield)
        assert pictures.svg_of(achievement) == pictures.svg(shield) != pictures.svg(round_one)
        achievement.shape = "no shape"
        assert pictures.art_of(achievement) == round_one

    def test_an_uploaded_one_carries_the_badge_too(self):
        file = io.BytesIO()
        Image.new("RGB", (600, 600), "teal").save(file, "PNG")
        picture = pictures.keep(uploads.clean(file.getvalue()))
        one = badge(achievement=AchievementFactory(picture=picture))
        baked = pictures.baked_png(one)
        assert unbake_png(baked) == one.credential
        assert Image.open(io.BytesIO(baked)).convert("RGB").getpixel((5, 5)) == (0, 128, 128)

    def test_an_uploaded_svg_is_no_png(self):
        picture = pictures.keep(
            uploads.clean(
                b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9"/></svg>'
            )
        )
        achievement = AchievementFactory(picture=picture)
        assert not pictures.has_own_png(achievement)
        assert pictures.png_of(achievement) == pictures.png(pictures.art_of(achievement))
        assert unbake_png(pictures.baked_png(badge(achievement=achievement)))

    def test_of_another_name_are_others(self):
        achievement = AchievementFactory()
        slovene(achievement)
        arts = [pictures.art_of(achievement, language) for language in ("en", "sl")]
        assert pictures.fingerprint(arts[0]) != pictures.fingerprint(arts[1])


class TestPreview:
    def test_of_a_draft_that_was_never_saved(self, rf):
        achievement = AchievementFactory(live=False)
        slovene(achievement)
        request = achievement.make_preview_request(rf.get("/"), "")
        text = request.text
        assert "Knows the way around." in text and "Pozna okolico." in text
        assert "<svg" in text and "Did all the required steps." in text

    def test_without_a_text(self, rf):
        achievement = Achievement(colour="red")
        text = achievement.make_preview_request(rf.get("/"), "").text
        assert "This badge has no text yet" in text
