"""Giving a badge in the admin: to a list, to one person."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.badges.build import badge as give
from tests.pages.awarding import badge_of, member, team, to
from wagtail_col.badges import award_lists
from wagtail_col.badges.models import Achievement, Award, AwardList, Invitation, Outcome
from wagtail_col.pages.admin import awards_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    factories.root()
    return team("Library")


@pytest.fixture
def badge(library):
    return badge_of(library)


@pytest.fixture
def mira(library):
    return member(library)


@pytest.fixture
def me(client, mira):
    client.force_login(mira)
    return client


def form(**values):
    return {"event": "Camp 2026", "addresses": "", "language": "en", **values}


def posted(me, badge, **values):
    """The list that comes of a posted form."""
    response = me.post(to("give", badge), form(**values))
    assert response.status_code == 302, response.context["form"].errors
    made = AwardList.objects.latest("pk")
    assert response["Location"] == to("list", badge, made.key)
    return made


def upload(text, encoding="utf-8"):
    return SimpleUploadedFile("list.csv", text.encode(encoding), content_type="text/csv")


class TestLook:
    def test_shows_what_would_happen_and_gives_nothing(self, me, badge):
        factories.UserFactory(email="ana@x.org")
        give(factories.UserFactory(email="has@x.org"), badge)
        made = posted(me, badge, addresses="ana@x.org\nhas@x.org, new@x.org; nobody")
        response = me.get(to("list", badge, made.key))
        page = response.content.decode()
        for text in (
            "Has an account",
            "Has this badge already",
            "Has no account yet",
            "This is not an e-mail address.",
        ):
            assert text in page
        assert response.context["numbers"] == {
            "account": 1,
            "already": 1,
            "invited": 1,
            "unreadable": 1,
        }
        assert Award.objects.count() == 1 and not Invitation.objects.exists()
        assert not mail.outbox

    def test_says_what_was_merged(self, me, badge):
        response = me.post(to("give", badge), form(addresses="ana@x.org\nANA@x.org"), follow=True)
        assert "1 line had an address that was there before" in response.content.decode()

    def test_reads_a_file_as_older_programs_save_it(self, me, badge):
        response = me.post(
            to("give", badge),
            form(file=upload("EMAIL;Narrative\nana@x.org;Río\n", "latin-1")),
            follow=True,
        )
        page = response.content.decode()
        assert "Río" in page and "not saved as UTF-8" in page

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"addresses": "  \n"},
            {"addresses": "a@x.org", "file": "email\na@x.org"},
            {"file": "\x89PNG\r\n\x00"},
            {"file": "name,narrative\nAna,x"},
            {"addresses": "a@x.org", "event": ""},
            {"addresses": "a@x.org", "event": "a\x00b"},
            {"addresses": "a@x.org", "language": "xx"},
        ],
        ids=["none", "blank", "both", "binary", "no-email", "no-event", "control", "language"],
    )
    def test_refused_with_what_was_typed_kept(self, me, badge, values):
        typed = form(**values)
        if "file" in values:
            typed["file"] = upload(values["file"])
        response = me.post(to("give", badge), typed)
        assert response.status_code == 200
        assert response.context["form"].errors
        assert not AwardList.objects.exists()

    def test_what_was_typed_is_text(self, me, badge):
        made = posted(me, badge, addresses="<img src=x onerror=alert(1)>", event="<b>x</b>")
        page = me.get(to("list", badge, made.key)).content.decode()
        assert "<img src=x" not in page and "<b>x</b>" not in page

    def test_is_thrown_away_with_its_addresses(self, me, badge):
        made = posted(me, badge, addresses="ana@x.org")
        me.post(to("delete_list", badge, made.key))
        assert not AwardList.objects.exists()

    def test_queries_do_not_grow_with_the_lines(self, me, badge):
        asked = []
        for count in (2, 50):
            for number in range(count):
                factories.UserFactory(email=f"u{number}@x{count}.org")
            made = posted(
                me, badge, addresses="\n".join(f"u{n}@x{count}.org" for n in range(count))
            )
            me.get(to("list", badge, made.key))
            with CaptureQueriesContext(connection) as queries:
                me.get(to("list", badge, made.key))
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_a_draft_is_not_given(self, me, badge):
        Achievement.objects.update(live=False)
        assert "not published" in me.get(to("give", badge)).content.decode()
        me.post(to("give", badge), form(addresses="a@x.org"))
        assert not AwardList.objects.exists()


class TestGive:
    def test_to_everybody_in_the_list(self, me, mira, badge, django_capture_on_commit_callbacks):
        ana = factories.UserFactory(email="ana@x.org")
        made = posted(me, badge, addresses="email,narrative\nana@x.org,Led\nnew@x.org,")
        with django_capture_on_commit_callbacks(execute=True):
            me.post(to("start_list", badge, made.key))
        given = Award.objects.get()
        assert (given.learner, given.awarded_by, given.narrative) == (ana, mira, "Led")
        assert given.because["title"] == "Camp 2026"
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.awarded_by) == ("new@x.org", mira)
        assert {message.to[0] for message in mail.outbox} == {"ana@x.org", "new@x.org"}
        page = me.get(to("list", badge, made.key)).content.decode()
        assert "2 of 2 done" in page and "The list is done" in page

    def test_started_twice_is_given_once(self, me, badge):
        factories.UserFactory(email="ana@x.org")
        made = posted(me, badge, addresses="ana@x.org")
        for _time in range(2):
            me.post(to("start_list", badge, made.key))
        assert Award.objects.count() == 1

    @pytest.mark.parametrize("view", ["start_list", "go_on", "try_again", "delete_list"])
    def test_looking_at_an_address_does_nothing(self, me, badge, view):
        factories.UserFactory(email="ana@x.org")
        made = posted(me, badge, addresses="ana@x.org")
        assert me.get(to(view, badge, made.key)).status_code == 405
        made.refresh_from_db()
        assert made.started_at is None and not Award.objects.exists()

    def test_goes_on_when_its_page_asks_for_it(self, me, badge, monkeypatch):
        monkeypatch.setattr(award_lists, "STEP", 2)
        monkeypatch.setattr(award_lists.give_some, "__defaults__", (2,))
        for name in ("AT_START", "A_POLL"):
            monkeypatch.setattr(awards_list, name, 0)
        made = posted(me, badge, addresses="\n".join(f"n{n}@x.org" for n in range(7)))
        me.post(to("start_list", badge, made.key))
        page = me.get(to("list", badge, made.key)).content.decode()
        assert "2 of 7 done" in page and "Go on" in page and 'value="2"' in page
        said = [
            me.post(
                to("go_on", badge, made.key), headers={"X-Requested-With": "XMLHttpRequest"}
            ).json()
            for _time in range(3)
        ]
        assert [one["done"] for one in said] == [4, 6, 7]
        assert [one["is_done"] for one in said] == [False, False, True]

    def test_without_a_script_a_button_goes_on(self, me, badge, monkeypatch):
        monkeypatch.setattr(award_lists.give_some, "__defaults__", (2,))
        monkeypatch.setattr(awards_list, "AT_START", 0)
        made = posted(me, badge, addresses="\n".join(f"n{n}@x.org" for n in range(7)))
        me.post(to("start_list", badge, made.key))
        response = me.post(to("go_on", badge, made.key))
        assert response["Location"] == to("list", badge, made.key)
        made.refresh_from_db()
        assert made.finished_at

    def test_looking_at_the_progress_gives_nothing(self, me, badge, monkeypatch):
        monkeypatch.setattr(awards_list.award_lists, "give_for", lambda *args: 0)
        factories.UserFactory(email="ana@x.org")
        made = posted(me, badge, addresses="ana@x.org")
        me.post(to("start_list", badge, made.key))
        me.get(to("list", badge, made.key))
        assert not Award.objects.exists()

    def test_a_draft_is_not_given(self, me, badge):
        made = posted(me, badge, addresses="ana@x.org")
        Achievement.objects.update(live=False)
        said = me.post(to("start_list", badge, made.key), follow=True).content.decode()
        assert "not published" in said
        made.refresh_from_db()
        assert made.started_at is None

    def test_what_failed_is_tried_again(self, me, badge):
        factories.UserFactory(email="ana@x.org")
        made = posted(me, badge, addresses="ana@x.org\nnobody")
        made.rows.update(outcome=Outcome.FAILED, message="x")
        award_lists.start(made)
        award_lists.give_all(made.pk)
        assert "Try again" in me.get(to("list", badge, made.key)).content.decode()
        me.post(to("try_again", badge, made.key))
        assert Award.objects.count() == 1
        said = me.post(to("try_again", badge, made.key), follow=True).content.decode()
        assert "no line that could be tried again" in said

    def test_what_was_started_is_not_thrown_away(self, me, badge):
        made = posted(me, badge, addresses="ana@x.org")
        me.post(to("start_list", badge, made.key))
        me.post(to("delete_list", badge, made.key))
        assert AwardList.objects.exists()


class TestOne:
    def form(self, who, **values):
        return {"who": who, "event": "Fair", "narrative": "Won.", "language": "en", **values}

    @pytest.mark.parametrize("who", ["ana", "ANA", "ana@x.org", " Ana@X.org "])
    def test_by_name_or_address(self, me, mira, badge, who):
        ana = factories.UserFactory(username="ana", email="ana@x.org")
        response = me.post(to("give_one", badge), self.form(who))
        given = Award.objects.get()
        assert response["Location"] == to("award", badge, given.key)
        assert (given.learner, given.awarded_by, given.narrative) == (ana, mira, "Won.")
        assert (given.because["by"], given.because["title"]) == ("hand", "Fair")
        assert given.because["assessed"] == "organiser"

    def test_who_has_no_account_is_invited(self, me, badge):
        for said in ("an e-mail with a link goes there", "was invited before"):
            response = me.post(to("give_one", badge), self.form("New@x.org"), follow=True)
            assert said in response.content.decode()
        assert Invitation.objects.get().narrative == "Won."

    def test_who_has_it_already_is_said(self, me, badge):
        ana = factories.UserFactory(username="ana")
        give(ana, badge)
        response = me.post(to("give_one", badge), self.form("ana"), follow=True)
        assert "had the badge already" in response.content.decode()

    def test_several_accounts_with_one_address(self, me, badge):
        for name in ("ana", "anica"):
            factories.UserFactory(username=name, email="ana@x.org")
        response = me.post(to("give_one", badge), self.form("ana@x.org"))
        assert "Write the user name" in str(response.context["form"].errors)
        assert not Award.objects.exists()

    @pytest.mark.parametrize(
        "values",
        [{"who": "nobody"}, {"who": ""}, {"event": ""}, {"narrative": "a\x1bb"}],
        ids=["nobody", "empty", "no-event", "control"],
    )
    def test_refused(self, me, badge, values):
        factories.UserFactory(username="ana")
        response = me.post(to("give_one", badge), self.form("ana") | values)
        assert response.context["form"].errors
        assert not Award.objects.exists() and not Invitation.objects.exists()

    def test_a_draft_is_not_given(self, me, badge):
        factories.UserFactory(username="ana")
        Achievement.objects.update(live=False)
        response = me.post(to("give_one", badge), self.form("ana"))
        assert response.status_code == 200 and not Award.objects.exists()

    def test_nor_are_others_invited_to_it(self, me, badge):
        Achievement.objects.update(live=False)
        me.post(to("give_one", badge), self.form("new@x.org"))
        assert not Invitation.objects.exists()
