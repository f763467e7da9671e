"""A youth group on its way: two learners, one of them a child, and two cards that wait."""

from django.contrib.auth.models import User
from django.utils import translation

from example_site.demo.loading.keys import key
from wagtail_col.learning import groups
from wagtail_col.learning.group_inviting import invite
from wagtail_col.learning.models import LearnerGroup, Playlist
from wagtail_col.pages.models import ProviderTeam

#: Its workshops are Nave Sur's own: their editor may say who was there.
LINE = "make-it-and-mend-it"
CARDS = "Aisha\nDiego"


def load_group(people: dict[str, User]) -> LearnerGroup:
    """Of the team of Nave Sur. Marko and Leo came by its link; Leo is under age."""
    with translation.override("en"):
        group = groups.make(
            Playlist.objects.get(key=key("playlist", LINE)),
            "Youth group Nave Sur",
            people["nave"],
            ProviderTeam.objects.get(key=key("provider", "nave-sur")).group,
        )
        for name in ("marko", "leo"):
            groups.join(people[name], groups.find(groups.link_code(group)))
        invite(group, CARDS)
    return group
