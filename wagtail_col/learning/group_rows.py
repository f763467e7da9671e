"""The members of a group as its organiser sees them: how far each is on the group's playlist."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.learning.group_mail import Mail, mail_of
from wagtail_col.learning.models import GroupMember, LearnerGroup
from wagtail_col.learning.overview import Overview, Row, Stand
from wagtail_col.people.naming import names_of

INVITED = gettext_lazy("has not joined yet")
NOT_JOINED = {
    Mail.WAITING: gettext_lazy("e-mail not sent yet"),
    Mail.FAILED: gettext_lazy("e-mail could not be delivered"),
}


@dataclass(frozen=True)
class MemberRow:
    """``row``: None for who has not joined. ``called``: the organiser's own word for them, else
    their name as far as their age allows."""

    member: GroupMember
    called: str
    row: Row | None

    @property
    def stand(self) -> str:
        return str(self.row.stand.label if self.row else NOT_JOINED.get(self.mail, INVITED))

    @property
    def mail(self) -> Mail:
        return mail_of(self.member)


@dataclass(frozen=True)
class GroupNumbers:
    """``invited`` have not joined; the others are parts of who has."""

    invited: int
    joined: int
    waiting: int
    under_way: int
    done: int


def member_rows(group: LearnerGroup) -> list[MemberRow]:
    """All members, by name. The same number of queries for any number of them."""
    members = list(group.members.select_related("learner"))
    learners = group.members.exclude(learner=None).values("learner")
    overview = Overview(group.playlist, learners)
    rows = overview.rows(overview.enrolments.select_related("learner"))
    of = {row.enrolment.learner_id: row for row in rows}
    names = names_of(member.learner for member in members if member.learner)
    found = [
        MemberRow(member, called(member, names), of.get(member.learner_id)) for member in members
    ]
    return sorted(found, key=lambda one: (one.called.casefold(), one.member.pk))


def called(member: GroupMember, names: dict[int, str]) -> str:
    name = member.label or names.get(member.learner_id, "") or member.email
    return name or _("Learner %(number)s") % {"number": member.pk}


def numbers(rows: list[MemberRow]) -> GroupNumbers:
    count = Counter(one.row.stand for one in rows if one.row)
    joined = sum(count.values())
    return GroupNumbers(
        invited=len(rows) - joined,
        joined=joined,
        waiting=count[Stand.JOINED],
        # Who has paused is on the way too.
        under_way=count[Stand.UNDER_WAY] + count[Stand.PAUSED],
        done=count[Stand.DONE],
    )
