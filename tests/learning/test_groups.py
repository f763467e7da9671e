"""Groups: joining by the link or a card, what is confirmed, leaving, and what is forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group as Team
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.learning import build
from wagtail_col.badges.models import Award
from wagtail_col.learning import groups, journey
from wagtail_col.learning.group_inviting import invite
from wagtail_col.learning.group_rows import member_rows, numbers
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import (
    Completion,
    Enrolment,
    Evidence,
    GroupMember,
    LearnerGroup,
)
from wagtail_col.people import bands, erasing
from wagtail_col.people.copying import zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    badge = factories.AchievementFactory()
    return build.line(build.link("One"), build.link("Two"), title="Sound", achievement=badge)


@pytest.fixture
def teacher():
    return factories.UserFactory(username="teacher", first_name="Eva", last_name="Rus")


@pytest.fixture
def group(line, teacher):
    return groups.make(line, "Class 7b", teacher)


def address(code):
    return reverse("col_learning:group", args=[code])


def card(group, label="Ana K."):
    invite(group, label)
    return group.members.get(label=label)


def joined(group, name):
    learner = factories.UserFactory(username=name)
    return groups.join(learner, groups.find(groups.link_code(group)))


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


def test_confirming_again_changes_nothing(group, line):
    one, two = joined(group, "one"), joined(group, "two")
    place = card(group)
    step = build.steps_of(line)[0]
    everybody = {one.key, two.key, place.key}
    assert groups.confirm(group, step, everybody) == groups.Confirmed(new=2, before=0, cards=1)
    assert groups.confirm(group, step, everybody) == groups.Confirmed(new=0, before=2, cards=0)
    assert Completion.objects.count() == 2
    assert set(Completion.objects.values_list("how", flat=True)) == {Evidence.ORGANISER}
    place.refresh_from_db()
    assert place.confirmed == [step.pk]


def test_the_badge_follows(group, line):
    member = joined(group, "ana")
    for step in build.steps_of(line):
        groups.confirm(group, step, {member.key})
    assert Award.objects.get().learner == member.learner


def test_what_was_confirmed_waits_on_the_card(group, line):
    place = card(group)
    for step in build.steps_of(line):
        groups.confirm(group, step, {place.key})
    assert not Completion.objects.exists()
    learner = factories.UserFactory()
    groups.join(learner, groups.find(groups.card_code(place)))
    assert Completion.objects.filter(learner=learner).count() == 2
    assert Award.objects.get().learner == learner


def test_no_step_of_another_line_and_nobody_of_another_group(group, line, teacher):
    other = build.line(build.link("Else"), title="Other")
    stranger = joined(groups.make(other, "Other", teacher), "stranger")
    with pytest.raises(Refused):
        groups.confirm(group, build.steps_of(other)[0], {stranger.key})
    assert groups.confirm(group, build.steps_of(line)[0], {stranger.key}) == groups.Confirmed()
    assert not Completion.objects.exists()


def test_leaving_takes_one_tap_and_keeps_what_was_done(client, group, line):
    member = joined(group, "ana")
    groups.confirm(group, build.steps_of(line)[0], {member.key})
    client.force_login(member.learner)
    data = client.get(reverse("col_people:my_data")).content.decode()
    leave = reverse("col_learning:leave_group", args=[group.key])
    assert leave in data
    assert "Eva Rus sees that you are in the group “Class 7b”" in data
    assert client.post(leave, {"back": "data"}).url == reverse("col_people:my_data")
    assert not GroupMember.objects.exists()
    assert Completion.objects.count() == 1
    assert Enrolment.objects.count() == 1
    assert client.post(leave, follow=True).status_code == 404


def test_nobody_leaves_for_somebody_else(as_learner, group):
    joined(group, "ana")
    leave = reverse("col_learning:leave_group", args=[group.key])
    assert as_learner.post(leave, follow=True).status_code == 404
    assert as_learner.get(leave).status_code == 405
    assert GroupMember.objects.count() == 1


def test_who_leaves_the_line_leaves_its_groups(group, line):
    member = joined(group, "ana")
    journey.leave(member.learner, line)
    assert not GroupMember.objects.exists()


def test_members_see_nothing_of_each_other(client, group):
    one, two = joined(group, "member-one"), joined(group, "member-two")
    card(group, "Third Person")
    client.force_login(one.learner)
    pages = [
        reverse("col_learning:mine"),
        reverse("col_people:my_data"),
        address(groups.link_code(group)),
    ]
    said = " ".join(client.get(page).content.decode() for page in pages)
    copy = zipped(one.learner)
    for other in ("member-two", "Third Person", str(two.key)):
        assert other not in said
        assert other.encode() not in copy


def test_numbers_and_nothing_of_other_lines(group, line):
    steps = build.steps_of(line)
    ana, bor, _cene = joined(group, "ana"), joined(group, "bor"), joined(group, "cene")
    card(group, "Dan")
    other = build.line(build.link("Else"), title="Other")
    journey.join(bor.learner, other)
    journey.complete(bor.learner, build.steps_of(other)[0], Evidence.SELF)
    groups.confirm(group, steps[0], {ana.key, bor.key})
    groups.confirm(group, steps[1], {ana.key})
    rows = member_rows(group)
    assert [(one.called, one.row and one.row.count) for one in rows] == [
        ("ana", 2),
        ("bor", 1),
        ("cene", 0),
        ("Dan", None),
    ]
    found = numbers(rows)
    assert (found.joined, found.done, found.under_way) == (3, 1, 1)
    assert (found.waiting, found.invited) == (1, 1)
    assert {step for one in rows if one.row for step in one.row.done} == {s.pk for s in steps}


def test_below_the_age_of_consent_the_organiser_sees_a_pseudonym(client, group, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 14}
    child, silent = factories.UserFactory(username="child"), factories.UserFactory(username="quiet")
    bands.say(child, is_under=True)
    for learner in (child, silent):
        groups.join(learner, groups.find(groups.link_code(group)))
    names = {one.called for one in member_rows(group)}
    assert child.col_age_band.pseudonym in names
    assert not names & {"child", "quiet"}
    client.force_login(child)
    page = client.get(address(groups.link_code(groups.make(group.playlist, "B", child))))
    assert child.col_age_band.pseudonym in page.content.decode()


def test_who_has_not_said_their_age_is_asked(as_learner, group, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 14}
    answer = as_learner.post(address(groups.link_code(group)))
    assert answer.url.startswith(reverse("col_people:my_age"))


def test_an_archived_line_takes_nobody_new(as_learner, group, line):
    line.archived_at = timezone.now()
    line.save()
    response = as_learner.post(address(groups.link_code(group)))
    assert response.status_code == 422
    assert not GroupMember.objects.exists()


def test_a_full_group(as_learner, group, monkeypatch):
    monkeypatch.setattr(groups, "MOST_MEMBERS", 1)
    joined(group, "first")
    assert as_learner.post(address(groups.link_code(group))).status_code == 422


def test_whose_groups(group, teacher):
    team = Team.objects.create(name="Team")
    colleague = factories.UserFactory()
    colleague.groups.add(team)
    assert list(groups.groups_of(teacher)) == [group]
    assert list(groups.groups_of(colleague)) == []
    shared = groups.make(group.playlist, "Shared", teacher, team)
    assert list(groups.groups_of(colleague)) == [shared]


def test_what_is_over_is_forgotten(group, teacher):
    card(group)
    member = joined(group, "ana")
    assert groups.clean() == 0
    GroupMember.objects.update(made_at=timezone.now() - groups.INVITED_FOR - timedelta(days=1))
    assert groups.clean() == 1
    assert list(group.members.all()) == [member]
    LearnerGroup.objects.update(made_at=timezone.now() - groups.KEPT_FOR - timedelta(days=1))
    groups.clean()
    assert not LearnerGroup.objects.exists()
    assert Enrolment.objects.count() == 1


def test_a_group_of_nobody_is_forgotten(group, teacher):
    joined(group, "ana")
    erasing.erase(teacher)
    assert LearnerGroup.objects.count() == 1
    groups.clean()
    assert not LearnerGroup.objects.exists()


def test_erasing_a_member_takes_the_place(group):
    member = joined(group, "ana")
    erasing.erase(member.learner)
    assert not GroupMember.objects.exists()
