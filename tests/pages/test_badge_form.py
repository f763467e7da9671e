"""Making a badge: templates, skills, requirements, a picture of one's own; whose badge it is."""

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.test.utils.form_data import inline_formset

from tests import factories
from tests.badges.test_uploads import SCRIPTED
from tests.pages import editing
from tests.pages.test_badges_admin import badge_form, badges, text
from wagtail_col.badges.models import Achievement, Issuer, Picture, Requirement, Skill, SkillName
from wagtail_col.pages.admin.badge_templates import TEMPLATES

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


def make_skill(name="repair bicycles", **values):
    skill = Skill.objects.create(**values)
    SkillName.objects.create(skill=skill, language="en", name=name)
    return skill


def rows(*required, **more):
    return inline_formset(
        [{"required": one.pk, "elsewhere": "", "name": ""} for one in required], **more
    )


def publish(client, data, badge=None):
    address = badges("edit", badge.pk) if badge else badges("add")
    return client.post(address, data | {"action-publish": "1"})


def named(name, **values):
    return factories.AchievementFactory(text__name=name, **values)


class TestTemplates:
    def test_are_offered_for_a_new_badge_only(self, boss):
        html = boss.get(badges("add")).text
        for template in TEMPLATES:
            assert f"?template={template.slug}" in html
        assert "?template=" not in boss.get(badges("edit", named("Old").pk)).text

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.slug)
    def test_fills_in_shape_icon_and_words(self, boss, template):
        response = boss.get(badges("add"), {"template": template.slug})
        form = response.context["form"]
        assert form["shape"].value() == template.shape
        assert form["icon"].value() == template.icon
        rows = form.formsets["texts"].forms
        assert [row["name"].value() for row in rows] == [str(template.name)]
        assert [row["language"].value() for row in rows] == ["en"]

    def test_what_is_sent_from_it_is_saved(self, boss):
        data = badge_form(texts=inline_formset([text(id="")], initial=1))
        response = boss.post(badges("add") + "?template=volunteer", data | {"action-publish": "1"})
        assert response.status_code == 302
        assert Achievement.objects.get().text.name == "Podcast maker"

    def test_its_gaps_may_stand_in_a_draft_only(self, boss):
        template = TEMPLATES[0]
        data = badge_form(text(description=str(template.description)))
        refused = publish(boss, data)
        assert "Write what it is about" in editing.errors(refused)
        assert not Achievement.objects.exists()
        assert boss.post(badges("add"), data).status_code == 302
        assert not Achievement.objects.get().live

    def test_one_that_is_none_is_an_empty_form(self, boss):
        form = boss.get(badges("add"), {"template": "x"}).context["form"]
        assert not form["place"].value()
        assert not form.formsets["texts"].forms[0]["name"].value()


class TestDrawing:
    def test_is_drawn_from_what_stands_in_the_form(self, boss):
        answers = {
            shape: boss.get(reverse("col_admin_draw_badge"), {"name": "Bee", "shape": shape})
            for shape in ("round", "hexagon", "<b>")
        }
        assert len({answer.content for answer in answers.values()}) == 2
        for answer in answers.values():
            assert answer["Content-Type"] == "image/svg+xml"
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("badge", ["", "x", "999999"])
    def test_anything_may_stand_there(self, boss, badge):
        values = {"name": "</svg><script>", "colour": "none", "icon": "\x00", "badge": badge}
        answer = boss.get(reverse("col_admin_draw_badge"), values)
        assert answer.status_code == 200
        assert b"<script" not in answer.content

    def test_is_for_editors(self, client):
        assert client.get(reverse("col_admin_draw_badge")).status_code == 302


class TestSkills:
    def test_are_tagged(self, boss):
        skill = make_skill()
        data = badge_form(text(), skills=inline_formset([{"skill": skill.pk}]), level="advanced")
        assert publish(boss, data).status_code == 302
        badge = Achievement.objects.get()
        assert [one.skill for one in badge.skills.all()] == [skill]
        assert badge.level == "advanced"

    def test_are_found_by_word_code_and_framework(self, boss):
        make_skill("repair bicycles")
        make_skill("work in teams", framework="esco", uri="https://esco.example/1")
        make_skill("flexibility", framework="lifecomp", uri="https://life.example/p2", code="P2")
        results = reverse("col_skill_chooser:choose_results")

        def found(**query):
            html = boss.get(results, query).text
            return {n for n in ("repair bicycles", "work in teams", "flexibility") if n in html}

        assert len(found()) == 3
        assert found(q="TEAM work") == {"work in teams"}
        assert found(q="P2") == {"flexibility"}
        assert found(framework="own") == {"repair bicycles"}
        assert found(q="nothing") == set()

    def test_own_ones_are_written_and_those_of_a_framework_need_its_address(self, boss):
        add = reverse(Skill.snippet_viewset.get_url_name("add"))
        names = {
            "names-TOTAL_FORMS": 1,
            "names-INITIAL_FORMS": 0,
            "names-MIN_NUM_FORMS": 1,
            "names-MAX_NUM_FORMS": 1000,
            "names-0-language": "en",
            "names-0-name": "mend clothes",
        }
        refused = boss.post(add, {**names, "framework": "esco", "code": "", "uri": ""})
        assert "Write the address that the framework gave" in editing.errors(refused)
        assert boss.post(add, {**names, "framework": "own", "uri": ""}).status_code == 302
        assert str(Skill.objects.get()) == "mend clothes"
        index = boss.get(reverse(Skill.snippet_viewset.get_url_name("list"))).text
        assert "mend clothes" in index


class TestRequirements:
    def test_two_of_three(self, boss):
        parts = [named(name) for name in "ABC"]
        data = badge_form(text(), requirements=rows(*parts), needed="2")
        assert publish(boss, data).status_code == 302
        badge = Achievement.objects.get(texts__name="Podcast maker")
        assert badge.needed == 2
        assert [one.required for one in badge.requirements.order_by("pk")] == parts

    def test_one_from_elsewhere(self, boss):
        row = {"required": "", "elsewhere": "https://far.example/b/1", "name": "Far"}
        assert (
            publish(boss, badge_form(text(), requirements=inline_formset([row]))).status_code == 302
        )
        assert str(Requirement.objects.get()) == "Far"

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ({"required": "", "elsewhere": "", "name": "X"}, "Choose a badge, or write"),
            ({"required": "", "elsewhere": "https://x.example/", "name": ""}, "what this badge is"),
            ({"required": "", "elsewhere": "javascript:1", "name": "X"}, "valid URL"),
        ],
        ids=["nothing", "no-name", "no-address"],
    )
    def test_a_row_that_says_nothing(self, boss, row, said):
        response = publish(boss, badge_form(text(), requirements=inline_formset([row])))
        assert said in editing.errors(response)
        assert not Achievement.objects.exists()

    def test_a_row_that_says_two_things(self, boss):
        row = {"required": named("A").pk, "elsewhere": "https://x.example/", "name": "X"}
        response = publish(boss, badge_form(text(), requirements=inline_formset([row])))
        assert "not both" in editing.errors(response)

    def test_more_than_there_are(self, boss):
        response = publish(boss, badge_form(text(), requirements=rows(named("A")), needed="2"))
        assert "2 badges are needed, but only 1 are listed" in editing.errors(response)

    def test_the_same_twice(self, boss):
        one = named("A")
        response = publish(boss, badge_form(text(), requirements=rows(one, one)))
        assert "“A” is listed twice" in editing.errors(response)

    def test_a_loop_is_refused_by_name(self, boss):
        a, b, c = (named(name) for name in "ABC")
        Requirement.objects.create(achievement=b, required=c)
        Requirement.objects.create(achievement=c, required=a)
        data = badge_form(
            texts=inline_formset([text(id=a.texts.get().pk, name="A")], initial=1),
            requirements=rows(b),
        )
        response = publish(boss, data, a)
        assert "“A” needs “B”, “B” needs “C”, “C” needs “A”" in editing.errors(response)
        assert not a.requirements.exists()

    def test_a_badge_that_needs_itself(self, boss):
        a = named("A")
        data = badge_form(
            texts=inline_formset([text(id=a.texts.get().pk)], initial=1), requirements=rows(a)
        )
        assert "“A” needs “A”" in editing.errors(publish(boss, data, a))

    def test_a_loop_through_a_draft_is_refused_too(self, boss):
        a, b = named("A"), named("B")
        data = badge_form(
            texts=inline_formset([text(id=b.texts.get().pk, name="B")], initial=1),
            requirements=rows(a),
        )
        # Saved as a draft: B asks for A, which only the draft says.
        assert boss.post(badges("edit", b.pk), data).status_code == 302
        assert not Requirement.objects.exists()
        data = badge_form(
            texts=inline_formset([text(id=a.texts.get().pk, name="A")], initial=1),
            requirements=rows(b),
        )
        assert "“A” needs “B”, “B” needs “A”" in editing.errors(publish(boss, data, a))


def photo(colour="teal", form="PNG", size=(300, 200)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    return file.getvalue()


class TestPicture:
    def uploaded(self, client, content, badge=None, **values):
        file = SimpleUploadedFile("x.html", content, content_type="text/html")
        data = badge_form(text(), **values)
        if badge:
            rows = inline_formset([text(id=badge.texts.get().pk)], initial=1)
            data = badge_form(texts=rows, **values)
        return publish(client, data | ({"upload": file} if content else {}), badge)

    def test_takes_the_drawings_place(self, boss, client):
        assert self.uploaded(boss, photo()).status_code == 302
        badge = Achievement.objects.get()
        assert badge.picture.media_type == "image/png"
        client.logout()
        png = client.get(reverse("col_badges:achievement_png", args=[badge.key]))
        assert png.content == bytes(badge.picture.content)
        svg = client.get(reverse("col_badges:achievement_svg", args=[badge.key]))
        assert svg["Content-Type"] == "image/svg+xml"
        assert b"data:image/png;base64," in svg.content
        assert "default-src 'none'; sandbox" in svg["Content-Security-Policy"]

    def test_an_svg_is_shown_and_its_png_is_drawn(self, boss, client):
        assert self.uploaded(boss, SCRIPTED).status_code == 302
        badge = Achievement.objects.get()
        svg = client.get(reverse("col_badges:achievement_svg", args=[badge.key]))
        assert svg.content == bytes(badge.picture.content)
        assert b"script" not in svg.content
        png = client.get(reverse("col_badges:achievement_png", args=[badge.key])).content
        assert Image.open(io.BytesIO(png)).size == (512, 512)

    def test_is_served_so_that_nothing_in_it_runs(self, boss, client):
        self.uploaded(boss, SCRIPTED)
        response = client.get(reverse("col_badges:picture", args=[Picture.objects.get().key]))
        assert response["Content-Type"] == "image/svg+xml"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"] == 'inline; filename="badge.svg"'

    def test_stays_until_it_is_taken_off(self, boss):
        self.uploaded(boss, photo())
        badge = Achievement.objects.get()
        assert self.uploaded(boss, b"", badge).status_code == 302
        badge.refresh_from_db()
        assert badge.picture_id
        # The same file again is the same picture.
        assert self.uploaded(boss, photo(), badge).status_code == 302
        assert Picture.objects.count() == 1
        html = boss.get(badges("edit", badge.pk)).text
        assert reverse("col_badges:picture", args=[badge.picture.key]) in html
        assert self.uploaded(boss, b"", badge, remove_picture="on").status_code == 302
        badge.refresh_from_db()
        assert badge.picture is None

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"<html><script>alert(1)</script></html>", "Nothing is left"),
            (b"GIF89a", "not a PNG, JPEG or SVG"),
            (b"\x89PNG\r\n\x1a\n", "damaged"),
            (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ],
        ids=["html", "gif", "broken", "large"],
    )
    def test_what_is_no_picture_is_refused_with_the_reason(self, boss, content, said):
        response = self.uploaded(boss, content)
        assert response.status_code == 200
        assert said in editing.errors(response)
        assert not Picture.objects.exists() and not Achievement.objects.exists()


class TestWhoseBadge:
    @pytest.fixture
    def library(self):
        group = Group.objects.create(name="Library")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        return Issuer.objects.create(name="Library", slug="library", team=group)

    @pytest.fixture
    def librarian(self, client, library):
        user = factories.UserFactory()
        user.groups.add(library.team)
        client.force_login(user)
        return client

    def test_a_team_makes_badges_of_its_organisation_and_of_no_other(self, librarian, library):
        museum = Issuer.objects.create(name="Museum", slug="museum")
        form = librarian.get(badges("add")).context["form"]
        assert list(form.fields["issuer"].queryset) == [library]
        assert publish(librarian, badge_form(text(), issuer=museum.pk)).status_code == 200
        assert publish(librarian, badge_form(text(), issuer="")).status_code == 200
        assert not Achievement.objects.exists()
        assert publish(librarian, badge_form(text(), issuer=library.pk)).status_code == 302
        badge = Achievement.objects.get()
        assert badge.live and badge.issuer == library

    def test_a_team_sees_and_changes_no_other_badge(self, librarian, library):
        own = named("Own", issuer=library)
        other = named("Not theirs", issuer=None)
        html = librarian.get(badges("list")).text
        assert "Own" in html and "Not theirs" not in html
        assert librarian.get(badges("edit", own.pk)).status_code == 200
        for name in ("edit", "delete", "history", "usage", "unpublish", "copy"):
            response = librarian.get(badges(name, other.pk))
            assert response.status_code in (302, 403), name
            assert "Not theirs" not in response.text
        data = badge_form(texts=inline_formset([text(id=other.texts.get().pk)], initial=1))
        assert publish(librarian, data, other).status_code in (302, 403)
        other.refresh_from_db()
        assert str(other) == "Not theirs"

    def test_a_team_does_not_delete(self, librarian, library):
        own = named("Own", issuer=library)
        assert librarian.post(badges("delete", own.pk)).status_code in (302, 403)
        assert Achievement.objects.filter(pk=own.pk).exists()
