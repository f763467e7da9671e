"""Who has a badge, taking it back, and who may do that."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.badges.build import badge as give
from tests.pages import editing
from tests.pages.awarding import badge_of, member, team, to
from wagtail_col.badges import award_lists, inviting
from wagtail_col.badges.address_lists import read_text
from wagtail_col.badges.awarding import revoke, suspend
from wagtail_col.badges.models import Award, AwardList, Invitation, PastEdition

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    factories.root()
    return team("Library")


@pytest.fixture
def badge(library):
    return badge_of(library)


@pytest.fixture
def me(client, library):
    client.force_login(member(library))
    return client


def learner(name, **values):
    return factories.UserFactory(
        username=name.lower(), first_name=name, last_name="Novak", **values
    )


class TestWho:
    def test_shows_who_has_it_when_why_and_by_whom(self, me, badge):
        given = give(learner("Ana"), badge, by=learner("Vida"))
        page = me.get(to("who", badge)).content.decode()
        for text in ("Ana Novak", "ana@example.org", "Podcast from zero", "Vida Novak", "Valid"):
            assert text in page
        assert to("award", badge, given.key) in page
        assert "1 person has this badge" in page

    def test_says_what_became_of_each(self, me, badge):
        revoke(give(learner("Ana"), badge), "x")
        suspend(give(learner("Bor"), badge), "x")
        over = give(learner("Cene"), badge)
        Award.objects.filter(pk=over.pk).update(valid_until=timezone.now() - timedelta(days=1))
        page = me.get(to("who", badge)).content.decode()
        for text in ("Taken back", "Suspended", "Expired"):
            assert text in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("ana", {"Ana"}),
            ("NOVAK bor", {"Bor"}),
            ("bor@example", {"Bor"}),
            ("novak", {"Ana", "Bor"}),
            ("xyz", set()),
            ("%", set()),
        ],
    )
    def test_is_searched(self, me, badge, query, found):
        for name in ("Ana", "Bor"):
            give(learner(name), badge)
        rows = me.get(to("who", badge), {"q": query}).context["rows"]
        assert {row["award"].learner.first_name for row in rows} == found

    def test_queries_do_not_grow_with_the_awards(self, me, badge):
        me.get(to("who", badge))
        asked = []
        for count in (2, 20):
            for number in range(count):
                give(factories.UserFactory(), badge, by=learner(f"By{count}x{number}"))
            with CaptureQueriesContext(connection) as queries:
                assert me.get(to("who", badge)).status_code == 200
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_in_pages(self, me, badge, monkeypatch):
        monkeypatch.setattr("wagtail_col.pages.admin.awards_who.PAGE", 2)
        for number in range(3):
            give(learner(f"L{number}"), badge)
        assert len(me.get(to("who", badge)).context["rows"]) == 2
        assert len(me.get(to("who", badge), {"p": 2}).context["rows"]) == 1

    def test_names_are_text(self, me, badge):
        give(learner("<b>Ana</b>"), badge)
        page = me.get(to("who", badge)).content.decode()
        assert "<b>Ana</b>" not in page and "&lt;b&gt;Ana" in page


class TestExport:
    def rows(self, me, badge, **query):
        response = me.get(to("export", badge), query)
        assert response["Content-Type"].startswith("text/csv")
        assert "attachment" in response["Content-Disposition"]
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_everybody_with_all_that_is_known(self, me, badge):
        revoke(give(learner("Ana"), badge, narrative="Led, “well”;\nalone"), "By mistake")
        [row] = self.rows(me, badge)
        assert row["name"] == "Ana Novak" and row["email"] == "ana@example.org"
        assert row["state"] == "revoked" and row["reason"] == "By mistake"
        assert row["narrative"] == "Led, “well”;\nalone"
        assert row["given"] == timezone.localdate().isoformat()

    def test_what_was_searched_for(self, me, badge):
        for name in ("Ana", "Bor"):
            give(learner(name), badge)
        assert [row["name"] for row in self.rows(me, badge, q="bor")] == ["Bor Novak"]

    def test_nothing_in_it_is_a_formula(self, me, badge):
        give(learner("=HYPERLINK(1)"), badge, narrative="@SUM(A1)")
        [row] = self.rows(me, badge)
        assert row["name"].startswith("'=") and row["narrative"].startswith("'@")

    def test_queries_do_not_grow(self, me, badge):
        asked = []
        for count in (1, 15):
            for _n in range(count):
                give(factories.UserFactory(), badge)
            with CaptureQueriesContext(connection) as queries:
                self.rows(me, badge)
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestTakingBack:
    def test_asks_first_and_needs_a_reason(self, me, badge):
        given = give(learner("Ana"), badge)
        address = to("revoke", badge, given.key)
        assert "cannot be undone" in me.get(address).content.decode()
        me.post(address, {"reason": "  "})
        given.refresh_from_db()
        assert not given.is_revoked

    def test_with_a_reason_that_can_be_signed(self, me, badge):
        given = give(learner("Ana"), badge)
        me.post(to("revoke", badge, given.key), {"reason": "a\x00b"})
        given.refresh_from_db()
        assert not given.is_revoked
        me.post(to("revoke", badge, given.key), {"reason": "Given by mistake"})
        given.refresh_from_db()
        assert given.is_revoked and given.revocation_reason == "Given by mistake"
        page = me.get(to("award", badge, given.key)).content.decode()
        assert "Given by mistake" in page and "Take back" not in page

    def test_suspends_and_ends_that(self, me, badge):
        given = give(learner("Ana"), badge)
        me.post(to("suspend", badge, given.key), {"reason": "Being looked at"})
        given.refresh_from_db()
        assert given.is_suspended
        assert "Being looked at" in me.get(to("award", badge, given.key)).content.decode()
        me.post(to("resume", badge, given.key))
        given.refresh_from_db()
        assert not given.is_suspended

    def test_renews(self, me, library):
        badge = badge_of(library, lasts_months=12)
        given = give(learner("Ana"), badge)
        soon = timezone.now() + timedelta(days=10)
        Award.objects.update(valid_until=soon)
        me.post(to("renew", badge, given.key))
        given.refresh_from_db()
        assert given.valid_until > soon and PastEdition.objects.count() == 1
        said = me.post(to("renew", badge, given.key), follow=True).content.decode()
        assert "would not last longer" in said

    def test_one_without_an_end_is_not_renewed(self, me, badge):
        given = give(learner("Ana"), badge)
        assert "Renew" not in me.get(to("award", badge, given.key)).content.decode()
        said = me.post(to("renew", badge, given.key), follow=True).content.decode()
        assert "valid for ever" in said

    @pytest.mark.parametrize("view", ["resume", "renew"])
    def test_looking_at_an_address_does_nothing(self, me, badge, view):
        given = give(learner("Ana"), badge)
        suspend(given, "x")
        before = Award.objects.values().get()
        assert me.get(to(view, badge, given.key)).status_code == 405
        assert Award.objects.values().get() == before

    @pytest.mark.parametrize("view", ["revoke", "suspend"])
    def test_looking_at_a_question_does_nothing(self, me, badge, view):
        given = give(learner("Ana"), badge)
        before = Award.objects.values().get()
        assert me.get(to(view, badge, given.key)).status_code == 200
        assert Award.objects.values().get() == before


class TestInvited:
    @pytest.fixture
    def invitation(self, badge):
        inviting.invite_many(badge, [("new@x.org", "")], because={}, language="en", by=None)
        return Invitation.objects.get()

    def test_are_shown_and_withdrawn(self, me, badge, invitation):
        assert "new@x.org" in me.get(to("invited", badge)).content.decode()
        address = to("withdraw_invitation", badge, invitation.key)
        assert me.get(address).status_code == 405
        me.post(address)
        invitation.refresh_from_db()
        assert invitation.withdrawn_at
        me.get(to("invited", badge))  # What was just done is said once.
        assert "new@x.org" not in me.get(to("invited", badge)).content.decode()

    def test_are_written_to_again(
        self, me, badge, invitation, mailoutbox, django_capture_on_commit_callbacks
    ):
        Invitation.objects.update(emailed_at=timezone.now())
        with django_capture_on_commit_callbacks(execute=True):
            me.post(to("invite_again", badge, invitation.key))
        assert [message.to for message in mailoutbox] == [["new@x.org"]]

    def test_of_another_badge_is_not_here(self, me, library, invitation):
        other = badge_of(library)
        assert_not_found(me.post, to("withdraw_invitation", other, invitation.key))
        invitation.refresh_from_db()
        assert not invitation.withdrawn_at


def assert_not_found(call, address, data=None):
    # The site tries it with a language in front first.
    assert call(address, data, follow=True).status_code == 404


def every_address(badge):
    """Each address about a badge, with the method that acts."""
    given = badge.awards.first()
    made = AwardList.objects.get(achievement=badge)
    invitation = Invitation.objects.get(achievement=badge)
    yield from (("get", to(view, badge)) for view in ("who", "export", "invited"))
    yield from (("get", to(view, badge)) for view in ("give", "give_one"))
    yield from (("post", to(view, badge)) for view in ("give", "give_one"))
    yield ("get", to("award", badge, given.key))
    for view in ("revoke", "suspend", "resume", "renew"):
        yield ("post", to(view, badge, given.key))
    yield ("get", to("list", badge, made.key))
    for view in ("start_list", "go_on", "try_again", "delete_list"):
        yield ("post", to(view, badge, made.key))
    for view in ("withdraw_invitation", "invite_again"):
        yield ("post", to(view, badge, invitation.key))


class TestOthers:
    @pytest.fixture
    def theirs(self, library):
        badge = badge_of(team("Museum"))
        give(learner("Zofka"), badge)
        made = award_lists.make(badge, read_text("zala@x.org"), event="", language="en", by=None)
        inviting.invite_many(badge, [("zala@x.org", "")], because={}, language="en", by=None)
        return badge, made

    def state(self):
        models = (Award, AwardList, Invitation)
        return [list(model.objects.order_by("pk").values()) for model in models]

    def refused(self, client, method, address):
        response = getattr(client, method)(address, {"reason": "x", "who": "zofka", "event": "x"})
        # Wagtail leads who may not back to its start page, and scripts get a plain 403.
        assert response.status_code in (302, 403), address
        assert "Zofka" not in response.content.decode()
        if response.status_code == 302:
            assert response["Location"] in (
                reverse("wagtailadmin_home"),
                f"/admin/login/?next={address}",
            )
        scripted = getattr(client, method)(
            address, {"reason": "x"}, headers={"X-Requested-With": "XMLHttpRequest"}
        )
        assert scripted.status_code == 403, address

    def test_another_organisations_badges_are_closed(self, me, theirs):
        badge, _made = theirs
        before = self.state()
        for method, address in every_address(badge):
            self.refused(me, method, address)
        assert self.state() == before

    def test_so_are_the_sites_own_for_a_team(self, me):
        badge = badge_of(None)
        self.refused(me, "get", to("who", badge))

    def test_an_award_of_another_badge_is_not_found_under_ones_own(self, me, badge, theirs):
        other, made = theirs
        given = other.awards.get()
        for view in ("award", "revoke", "suspend"):
            assert_not_found(me.get, to(view, badge, given.key))
        for view in ("revoke", "suspend", "resume", "renew"):
            assert_not_found(me.post, to(view, badge, given.key), {"reason": "x"})
        assert_not_found(me.get, to("list", badge, made.key))
        assert_not_found(me.post, to("start_list", badge, made.key))
        assert not Award.objects.exclude(revoked_at=None).exists()

    def test_an_editor_without_badges_sees_none(self, client, theirs):
        provider = factories.provider_page(factories.territory_page())
        client.force_login(editing.member_of(provider, "pavla"))
        for method, address in every_address(theirs[0]):
            self.refused(client, method, address)
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("col_awards:index") not in menu

    def test_nobody_without_an_account(self, client, theirs):
        for method, address in every_address(theirs[0]):
            response = getattr(client, method)(address)
            assert response.status_code == 302 and "/login/" in response["Location"]

    def test_a_team_sees_its_own_badges_in_the_menu(self, me, badge, theirs):
        page = me.get(reverse("col_awards:index")).content.decode()
        assert to("who", badge) in page and to("who", theirs[0]) not in page
        home = me.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("col_awards:index") in home

    def test_an_editor_of_the_site_sees_all(self, client, badge, theirs):
        client.force_login(editing.superuser())
        page = client.get(reverse("col_awards:index")).content.decode()
        assert to("who", badge) in page and to("who", theirs[0]) in page
        assert client.get(to("who", theirs[0])).status_code == 200

    def test_the_list_of_badges_has_constant_queries(self, client, library):
        client.force_login(editing.superuser())
        client.get(reverse("col_awards:index"))
        asked = []
        for count in (2, 12):
            for _n in range(count):
                give(factories.UserFactory(), badge_of(library))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("col_awards:index"))
            asked.append(len(queries))
        assert asked[0] == asked[1]


def test_a_badge_in_wagtails_list_leads_to_who_has_it(client, badge):
    client.force_login(editing.superuser())
    listing = client.get(reverse("wagtailsnippets_col_badges_achievement:list"))
    assert to("who", badge) in listing.content.decode()
