"""An organiser makes a group, invites, sees its members alone, and confirms who came."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.learning.evidence import badge
from tests.pages import editing
from wagtail_col.badges.models import Award
from wagtail_col.learning import groups, journey
from wagtail_col.learning.group_inviting import invite
from wagtail_col.learning.group_mail import MOST_TRIES
from wagtail_col.learning.models import (
    Completion,
    Evidence,
    GroupMember,
    LearnerGroup,
    OpportunityBadge,
    Playlist,
)
from wagtail_col.pages.admin.groups import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return factories.provider_page(factories.territory_page(), "Library")


@pytest.fixture
def playlist(provider):
    workshop = factories.opportunity_page(provider, "Workshop")
    steps = [{"listing": workshop}, {"link": "https://example.org/1", "title": "Read"}]
    page = factories.playlist_page(provider.get_parent(), steps, title="Sound")
    return Playlist.objects.get(key=page.translation_key)


@pytest.fixture
def host(provider):
    return editing.member_of(provider, "host")


@pytest.fixture
def group(playlist, host):
    return groups.make(playlist, "Class 7b", host)


@pytest.fixture
def me(client, host):
    client.force_login(host)
    return client


def joined(group, name):
    learner = factories.UserFactory(username=name)
    return groups.join(learner, groups.find(groups.link_code(group)))


def test_making_one(me, host, playlist):
    assert url("index") in me.get(reverse("wagtailadmin_home")).content.decode()
    assert "You have no group yet." in me.get(url("index")).content.decode()
    made = me.post(url("index"), {"playlist": playlist.key, "name": "Class 7b", "team": ""})
    group = LearnerGroup.objects.get()
    assert made.url == url("group", group.key)
    assert (group.made_by, group.team) == (host, None)
    assert "Nobody is in this group yet." in me.get(made.url).content.decode()
    assert "Class 7b" in me.get(url("index")).content.decode()


def test_for_a_team(me, host, playlist, provider):
    team = host.groups.get()
    me.post(url("index"), {"playlist": playlist.key, "name": "7b", "team": team.pk})
    colleague = editing.member_of(provider, "colleague")
    assert groups.groups_of(colleague).count() == 1
    other = factories.provider_page(provider.get_parent(), "Museum")
    theirs = editing.member_of(other, "guide").groups.get()
    values = {"playlist": playlist.key, "name": "8a", "team": theirs.pk}
    assert me.post(url("index"), values).status_code == 200
    assert LearnerGroup.objects.count() == 1


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "win.example now"}, {"playlist": "x"}])
def test_nonsense_makes_none(me, playlist, values):
    response = me.post(url("index"), {"playlist": playlist.key, "name": "7b", **values})
    assert "No group was made." in response.content.decode()
    assert not LearnerGroup.objects.exists()


def test_inviting_by_a_list(me, group):
    response = me.post(url("invite", group.key), {"people": "Ana\nbor@example.org"}, follow=True)
    said = response.content.decode()
    assert "1 e-mail goes out. 1 card can be printed." in said
    assert "Print 1 card" in said
    assert (
        "Nobody was invited." in me.post(url("invite", group.key), {"people": "@"}).content.decode()
    )


def test_the_link_on_the_wall(me, group):
    page = me.get(url("show", group.key)).content.decode()
    assert groups.link_code(group) in page
    assert "<svg" in page
    me.post(url("link", group.key), {"stop": "1"})
    group.refresh_from_db()
    assert not groups.is_open(group)
    assert groups.link_code(group) not in me.get(url("show", group.key)).content.decode()
    old = groups.link_code(group)
    me.post(url("link", group.key), {"new": "1"})
    group.refresh_from_db()
    assert groups.is_open(group)
    assert groups.link_code(group) != old


def test_cards_to_print(me, group):
    invite(group, "\n".join(f"Child <b>{n}</b>" for n in range(11)) + "\na@example.org")
    page = me.get(url("cards", group.key)).content.decode()
    assert page.count('class="col-cutout"') == 11
    assert page.count('class="col-sheet"') == 2
    assert "Child &lt;b&gt;3&lt;/b&gt;" in page
    assert "style=" not in re.sub(r"<style.*?</style>", "", page)


def test_a_card_names_nobody_where_children_may_be(me, group, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": "ES"}
    invite(group, "Aisha B.\nDiego")
    page = me.get(url("cards", group.key)).content.decode()
    head, *sheets = page.split('<ul class="col-sheet">')
    for member in group.members.all():
        assert f"<li>Card {member.pk}: {member.label}</li>" in head
        assert f"Card {member.pk}" in sheets[0]
        assert member.label not in sheets[0]
        assert groups.card_code(member)[:10] in sheets[0]


def test_both_read_who_is_not_in_the_group_without_an_account(me, group):
    joined(group, "ana")
    said = me.get(url("group", group.key)).content.decode()
    assert "Who started the playlist without an account is not in this list." in said
    step = group.playlist.steps.first()
    said = me.get(url("attendance", group.key), {"step": step.key}).content.decode()
    assert "Who started without an account is not in the list until they sign in" in said


def test_somebody_else_s_group_is_not_there(client, group, provider):
    joined(group, "ana-kovac")
    invite(group, "Bor Novak")
    member = group.members.first()
    other = factories.provider_page(provider.get_parent(), "Museum")
    colleague = editing.member_of(provider, "colleague")
    for user in (editing.member_of(other, "guide"), colleague, editing.superuser()):
        client.force_login(user)
        for name in ("group", "show", "cards", "attendance", "end"):
            response = client.get(url(name, group.key), follow=True)
            assert response.status_code == 404
            assert "ana-kovac" not in response.content.decode()
        for name, *more in (["invite"], ["link"], ["end"], ["attendance"], ["remove", member.key]):
            assert client.post(url(name, group.key, *more), {"people": "x"}).status_code in (
                302,
                404,
            )
        assert url("group", group.key) not in client.get(url("index")).content.decode()
    group.refresh_from_db()
    assert group.members.count() == 2
    assert groups.is_open(group)


def test_learners_have_no_business_there(client, group):
    member = joined(group, "ana")
    client.force_login(member.learner)
    for name in ("group", "attendance", "cards"):
        assert client.get(url(name, group.key)).status_code in (302, 403)
    client.logout()
    assert client.get(url("group", group.key)).status_code == 302


def attendance(group, step=None, **values):
    query = f"?step={step.key}" if step else ""
    return url("attendance", group.key) + query


def steps_of(playlist):
    return list(playlist.steps.published())


def test_thirty_people_on_one_screen(me, group, playlist):
    for n in range(28):
        joined(group, f"n{n:02}")
    invite(group, "With a card")
    workshop = steps_of(playlist)[0]
    page = me.get(attendance(group, workshop)).content.decode()
    assert page.count('name="who"') == 29
    assert " checked" not in page
    assert me.get(attendance(group, workshop) + "&all=1").content.decode().count(" checked") == 29
    keys = [str(key) for key in group.members.values_list("key", flat=True)[1:]]
    values = {"step": workshop.key, "who": [*keys, "nonsense"]}
    for said in ("Saved: 28 people.", "Saved: 0 people."):
        response = me.post(url("attendance", group.key), values, follow=True)
        assert said in response.content.decode()
    assert Completion.objects.count() == 27
    assert set(Completion.objects.values_list("how", flat=True)) == {Evidence.ORGANISER}
    assert response.content.decode().count('name="who"') == 1


def test_only_steps_that_one_may_confirm(me, group, playlist):
    member = joined(group, "ana")
    workshop, link = steps_of(playlist)
    offered = me.get(attendance(group)).content.decode()
    assert str(workshop.key) in offered
    assert str(link.key) not in offered, "the playlist is the city's"
    response = me.post(
        url("attendance", group.key), {"step": link.key, "who": [member.key]}, follow=True
    )
    assert "Nothing was saved" in response.content.decode()
    assert not Completion.objects.exists()


def test_a_group_on_somebody_else_s_playlist_gives_no_badge(client, provider, playlist):
    other = factories.provider_page(provider.get_parent(), "Museum")
    guide = editing.member_of(other, "guide")
    group = groups.make(playlist, "Friends", guide)
    member = joined(group, "friend")
    client.force_login(guide)
    assert "You may confirm no step" in client.get(attendance(group)).content.decode()
    for step in steps_of(playlist):
        client.post(url("attendance", group.key), {"step": step.key, "who": [member.key]})
    assert not Completion.objects.exists()
    assert not Award.objects.exists()


def test_who_edits_the_playlist_does_not_give_the_badge_of_an_opportunity(client, playlist):
    moderator = editing.moderator()
    group = groups.make(playlist, "7b", moderator)
    client.force_login(moderator)
    workshop = steps_of(playlist)[0]
    assert str(workshop.key) in client.get(attendance(group)).content.decode()
    # With the moderators' right to the opportunity's page gone, its badge is none of theirs.
    from wagtail_col.pages.admin import group_attendance

    own = {playlist.key}
    OpportunityBadge.objects.create(listing=workshop.listing, achievement=badge())
    original = group_attendance.editable
    group_attendance.editable = lambda user, keys: own
    try:
        offered = client.get(attendance(group)).content.decode()
    finally:
        group_attendance.editable = original
    assert str(workshop.key) not in offered


def test_taking_somebody_out(me, group):
    member = joined(group, "ana")
    me.post(url("remove", group.key, member.key))
    assert not group.members.exists()
    assert journey.Enrolment.objects.count() == 1


def test_nobody_of_another_group_is_taken_out(me, group, playlist):
    other = groups.make(playlist, "Other", factories.UserFactory())
    member = joined(other, "ana")
    assert me.post(url("remove", group.key, member.key), follow=True).status_code == 404
    assert other.members.count() == 1


def test_ending_it(me, group):
    joined(group, "ana")
    assert "End the group" in me.get(url("end", group.key)).content.decode()
    me.post(url("end", group.key))
    assert not LearnerGroup.objects.exists()
    assert journey.Enrolment.objects.count() == 1


@pytest.mark.parametrize("count", [1, 8])
def test_the_number_of_queries_is_constant(me, group, playlist, count):
    for n in range(count):
        joined(group, f"n{n}")
    invite(group, "\n".join(f"Card {n}" for n in range(count)))
    found = []
    for address in (
        url("index"),
        url("group", group.key),
        attendance(group, steps_of(playlist)[0]),
    ):
        me.get(address)
        with CaptureQueriesContext(connection) as caught:
            me.get(address)
        found.append(len(caught))
    assert found == [42, 47, 45]


def test_an_e_mail_that_could_not_be_delivered_is_sent_again(
    me, group, django_capture_on_commit_callbacks
):
    invite(group, "ana@example.org\nDiego")
    member = group.members.get(email="ana@example.org")
    again = url("again", group.key, member.key)
    said = me.get(url("group", group.key)).content.decode()
    assert "e-mail not sent yet" in said
    assert "It is tried again by itself" in said
    assert again not in said
    GroupMember.objects.filter(pk=member.pk).update(email_tries=MOST_TRIES)
    said = me.get(url("group", group.key)).content.decode()
    assert "e-mail could not be delivered" in said
    assert "Look at the address" in said
    assert said.count(again) == 1
    assert me.get(again).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        said = me.post(again, follow=True).content.decode()
    assert "The e-mail is sent again." in said
    assert again not in me.get(url("group", group.key)).content.decode()
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    me.post(again)
    assert len(mail.outbox) == 1


def test_nobody_else_has_it_sent_again(client, group, provider):
    invite(group, "ana@example.org")
    GroupMember.objects.update(email_tries=MOST_TRIES)
    client.force_login(editing.member_of(provider, "other"))
    again = url("again", group.key, group.members.get().key)
    assert client.post(again, follow=True).status_code == 404
    assert GroupMember.objects.get().email_tries == MOST_TRIES
