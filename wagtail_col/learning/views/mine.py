"""My learning: the lines one is on and the badges one has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_col.badges.shelving import own_awards, own_imported, shelf
from wagtail_col.learning import device as devices
from wagtail_col.learning.models import Enrolment, Playlist, Submission
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
    paused_at = dict(joined.values_list("playlist__key", "paused_at"))
    open_cards = [card for card in cards if not card.is_complete]
    context = {
        "under_way": [card for card in open_cards if not paused_at.get(card.key)],
        "paused": [card for card in open_cards if paused_at.get(card.key)],
        "finished": [card for card in cards if card.is_complete],
        "withdrawn": len(paused_at) - len(cards),
        "has_sent_in": Submission.objects.filter(learner=request.user).exists(),
        "badges": shelf(own_awards(request.user), own_imported(request.user)),
    }
    response = render_page(request, "wagtail_col/learning/mine.html", context)
    if devices.COOKIE in request.COOKIES:
        # It is in the account since the log-in.
        devices.forget(response)
    return response
