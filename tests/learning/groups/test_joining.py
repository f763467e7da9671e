"""Getting into a group: by the link, a card or an e-mail, and how guessing is limited."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.learning import build
from tests.learning.groups.making import address, card, joined
from wagtail_col.learning import groups
from wagtail_col.learning.group_inviting import invite
from wagtail_col.learning.group_rows import member_rows
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import (
    Enrolment,
    GroupMember,
    LearnerGroup,
)

pytestmark = pytest.mark.django_db


def test_the_database_holds_no_code(group):
    code = groups.link_code(group)
    place = card(group)
    for secret in (code, groups.card_code(place)):
        assert len(secret) == 19
        plain = secret.replace("-", "")
        for row in (LearnerGroup.objects.values().get(), GroupMember.objects.values().get()):
            assert plain not in str(row)


def test_a_name_with_an_address_is_refused(line, teacher):
    for name in ("", "  ", "win at evil.example", "x" * 0):
        with pytest.raises(ValidationError):
            groups.make(line, name, teacher)


def test_joining_by_the_link(as_learner, learner, group, line):
    where = address(groups.link_code(group))
    page = as_learner.get(where).content.decode()
    assert "Eva Rus sees that you are in the group “Class 7b”" in page
    assert "and nothing else of you." in page
    assert f"You are called “{learner.username}” there." in page
    assert not GroupMember.objects.exists()
    assert not Enrolment.objects.exists()
    assert as_learner.post(where).status_code == 302
    assert GroupMember.objects.get().learner == learner
    assert Enrolment.objects.get().playlist == line
    as_learner.post(where)
    assert GroupMember.objects.count() == 1
    assert "You are in this group." in as_learner.get(where).content.decode()


def test_a_stranger_reads_first_and_signs_in(client, group):
    where = address(groups.link_code(group))
    page = client.get(where).content.decode()
    assert f"?next={where}" in page
    assert "Start without an account" in page
    assert "Eva Rus sees that" in page
    assert client.post(where).status_code == 302
    assert not GroupMember.objects.exists()


def test_what_was_done_on_a_device_comes_along(client, group, line):
    client.post(reverse("col_learning:start", args=[line.key]))
    client.post(reverse("col_learning:done", args=[build.steps_of(line)[0].key]))
    learner = factories.UserFactory()
    client.post(reverse("login"), {"username": learner.username, "password": "secret"})
    client.post(address(groups.link_code(group)))
    assert member_rows(group)[0].row.count == 1


def test_a_stopped_link_is_refused(as_learner, group):
    where = address(groups.link_code(group))
    groups.stop_link(group)
    response = as_learner.get(where)
    assert response.status_code == 410
    assert "does not work any more" in response.content.decode()
    assert "Class 7b" not in response.content.decode()
    assert as_learner.post(where).status_code == 410
    assert not GroupMember.objects.exists()


def test_a_link_is_over_after_its_time(as_learner, group):
    code = groups.link_code(group)
    LearnerGroup.objects.update(link_until=timezone.now() - timedelta(seconds=1))
    assert as_learner.post(address(code)).status_code == 410


def test_a_new_link_ends_the_old_one(as_learner, group):
    old = groups.link_code(group)
    groups.renew_link(group)
    assert as_learner.post(address(old)).status_code == 422
    assert as_learner.post(address(groups.link_code(group))).status_code == 302


def test_guessing_is_limited_for_an_account(as_learner, group, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CLAIM_TRIES_PER_MINUTE": 3}
    right = address(groups.link_code(group))
    for _n in range(5):
        assert as_learner.get(right).status_code == 200
    wrong = address("AAAA-AAAA-AAAA-AAAA")
    assert [as_learner.get(wrong).status_code for _n in range(4)] == [422, 422, 422, 429]
    assert as_learner.post(right).status_code == 429
    assert not GroupMember.objects.exists()


def test_guessing_is_limited_for_strangers(client, group, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CLAIM_TRIES_PER_MINUTE_AND_ADDRESS": 3}
    right = address(groups.link_code(group))
    for _n in range(5):
        assert client.get(right).status_code == 200
    wrong = address("AAAA-AAAA-AAAA-AAAA")
    assert [client.get(wrong).status_code for _n in range(4)] == [422, 422, 422, 429]
    response = client.get(right)
    assert response.status_code == 429
    assert response["Retry-After"]


def test_a_code_is_typed_as_it_is_read(client, group):
    typed = groups.link_code(group).lower().replace("-", " ").replace("0", "o")
    enter = reverse("col_learning:enter_group")
    assert client.get(enter).status_code == 200
    assert client.get(enter, {"code": typed}).url == address(groups.link_code(group))
    assert client.get(enter, {"code": "short"}).status_code == 422
    assert client.get(enter, {"code": ""}).status_code == 422


def test_a_card_works_once(client, group):
    place = card(group)
    where = address(groups.card_code(place))
    first, second = factories.UserFactory(), factories.UserFactory()
    assert "Ana K." not in client.get(where).content.decode(), "whoever found the card"
    client.force_login(first)
    assert "You are called “Ana K.” there." in client.get(where).content.decode()
    client.post(where)
    client.post(where)
    assert group.members.get().learner == first
    client.force_login(second)
    response = client.get(where)
    assert response.status_code == 410
    assert "Ana K." not in response.content.decode()
    client.post(where)
    assert group.members.get().learner == first
    assert not Enrolment.objects.filter(learner=second).exists()


def test_a_card_of_who_came_by_the_link_says_who_they_are(group):
    place = card(group)
    member = joined(group, "anonymous")
    groups.join(member.learner, groups.find(groups.card_code(place)))
    assert [one.called for one in member_rows(group)] == ["Ana K."]


def test_a_list_of_names_and_addresses(group, django_capture_on_commit_callbacks):
    people = "Ana Kovač\nBor <bor@example.org>\nCILKA@example.org; Ana Kovač\n\n"
    with django_capture_on_commit_callbacks(execute=True):
        done = invite(group, people)
    assert (done.emails, done.cards, done.again) == (2, 1, 0)
    assert {one.to[0] for one in mail.outbox} == {"bor@example.org", "cilka@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        assert invite(group, "Ana Kovač\nbor@example.org").again == 2
    assert len(mail.outbox) == 2


def test_the_invitation_leads_to_the_group(group, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite(group, "bor@example.org")
    sent = mail.outbox[0]
    assert "Eva Rus invites you to the group “Class 7b”." in sent.body
    place = group.members.get()
    assert f"/col/group/{groups.card_code(place)}/" in sent.body
    learner = factories.UserFactory(email="other@example.org")
    groups.join(learner, groups.find(groups.card_code(place)))
    place.refresh_from_db()
    assert (place.learner, place.email) == (learner, "")


@pytest.mark.parametrize("text", ["", " \n ", "a@", "x@y", "a@b.example, nobody@"])
def test_a_bad_list_invites_nobody(group, text):
    with pytest.raises(Refused):
        invite(group, text)
    assert not GroupMember.objects.exists()
    assert mail.outbox == []


def test_a_list_that_is_too_long(group, monkeypatch):
    monkeypatch.setattr("wagtail_col.learning.group_inviting.MOST_MEMBERS", 2)
    with pytest.raises(Refused) as refusal:
        invite(group, "a\nb\nc")
    assert refusal.value.code == "too-many"
    monkeypatch.setattr("wagtail_col.learning.group_inviting.MOST_EMAILS_A_DAY", 1)
    invite(group, "a@example.org")
    with pytest.raises(Refused):
        invite(group, "b@example.org")
    with pytest.raises(Refused):
        invite(group, "x" * 30_000)
