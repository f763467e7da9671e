"""What is confirmed for members, how they leave, who sees what, and what is forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group as Team
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.learning import build
from tests.learning.groups.making import address, card, joined
from wagtail_col.badges.models import Award
from wagtail_col.learning import groups, journey
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
