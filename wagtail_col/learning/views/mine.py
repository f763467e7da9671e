"""My learning: the lines one is on and the badges one has."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wagtail_col.badges.models import Award
from wagtail_col.catalogue.saying import full_day_in_words
from wagtail_col.learning.models import Enrolment, Playlist
from wagtail_col.learning.presenting import line_cards
from wagtail_col.learning.views.own import learners_own
from wagtail_col.shell import render_page


@learners_own
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The learner's own lines, the latest first, and badges. A constant number of queries."""
    joined = Enrolment.objects.filter(learner=request.user)
    playlists = Playlist.objects.published().filter(enrolments__in=joined)
    cards = line_cards(playlists.order_by("-enrolments__joined_at"), learner=request.user)
    context = {
        "under_way": [card for card in cards if not card.is_complete],
        "finished": [card for card in cards if card.is_complete],
        "withdrawn": joined.count() - len(cards),
        "badges": _badges(request),
    }
    return render_page(request, "wagtail_col/learning/mine.html", context)


@dataclass(frozen=True)
class BadgeOnShelf:
    """A badge one has. ``language``: of its name; ``day``: when it was given, in words."""

    name: str
    language: str
    url: str
    picture: str
    day: str
    is_revoked: bool


def _badges(request: HttpRequest) -> list[BadgeOnShelf]:
    awards = (
        Award.objects.filter(learner=request.user)
        .select_related("achievement")
        .prefetch_related("achievement__texts")
        .defer("credential", "because")
    )
    return [_on_shelf(award) for award in awards]


def _on_shelf(award: Award) -> BadgeOnShelf:
    text = award.achievement.text
    return BadgeOnShelf(
        name=text.name if text else "",
        language=text.language if text else "",
        url=award.get_absolute_url(),
        picture=reverse("col_badges:achievement_svg", args=[award.achievement.key]),
        day=full_day_in_words(timezone.localdate(award.awarded_at)),
        is_revoked=award.revoked_at is not None,
    )
