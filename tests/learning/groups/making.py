"""Members of a group: by its link, or with a card."""

from django.urls import reverse

from tests import factories
from wagtail_col.learning import groups
from wagtail_col.learning.group_inviting import invite


def address(code):
    return reverse("col_learning:group", args=[code])


def card(group, label="Ana K."):
    invite(group, label)
    return group.members.get(label=label)


def joined(group, name):
    learner = factories.UserFactory(username=name)
    return groups.join(learner, groups.find(groups.link_code(group)))
