"""The passport: all of a learner's badges, what is under way, the skills gained; on paper too."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wagtail_col.badges import passport as passports
from wagtail_col.badges.models import Share
from wagtail_col.badges.shelving import ShelfItem, own_awards, own_imported, shelf
from wagtail_col.language import lang_attribute
from wagtail_col.learning.models import Enrolment, OwnLearning, Playlist, ReviewState, Submission
from wagtail_col.learning.presenting import LineCard, line_cards
from wagtail_col.learning.views.own import learners_own
from wagtail_col.shell import render_page


@learners_own
@require_safe
def passport(request: HttpRequest) -> HttpResponse:
    """Badges, what is under way, skills. A constant number of queries."""
    badges = _badges(request.user)
    context = {
        "badges": badges,
        "lines": _lines(request.user),
        "collecting": passports.collecting(request.user, badges),
        "sent_in": _sent_in(request.user),
        "skills": passports.skill_lines(badges),
        "own_learning": OwnLearning.objects.filter(learner=request.user),
        "links": Share.objects.filter(learner=request.user, stopped_at=None).count(),
    }
    return render_page(request, "wagtail_col/learning/passport.html", context)


@learners_own
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The same to be printed: every badge with what it says."""
    badges = _badges(request.user)
    context = {
        "badges": badges,
        "skills": passports.skill_lines(badges),
        "own_learning": OwnLearning.objects.filter(learner=request.user),
        "made": timezone.now(),
    }
    return render_page(request, "wagtail_col/learning/passport_record.html", context)


@learners_own
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All badges in one file, to carry away."""
    response = HttpResponse(
        passports.everything(request.user, timezone.now()), content_type="application/json"
    )
    response["Content-Disposition"] = 'attachment; filename="badges.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@dataclass(frozen=True)
class SentIn:
    """What was sent in for a badge and is not accepted yet. ``reason``: why it was sent back."""

    name: str
    lang: str
    url: str
    is_waiting: bool
    reason: str


def _badges(learner: AbstractBaseUser) -> list[ShelfItem]:
    awards = own_awards(learner).prefetch_related(passports.SKILLS)
    return shelf(awards, own_imported(learner))


def _lines(learner: AbstractBaseUser) -> list[LineCard]:
    joined = Enrolment.objects.filter(learner=learner)
    playlists = Playlist.objects.published().filter(enrolments__in=joined)
    cards = line_cards(playlists.order_by("-enrolments__joined_at"), learner=learner)
    return [card for card in cards if not card.is_complete]


def _sent_in(learner: AbstractBaseUser) -> list[SentIn]:
    """The newest of each badge that waits or came back."""
    found = (
        Submission.objects.filter(learner=learner, followed_by=None)
        .exclude(state=ReviewState.ACCEPTED)
        .select_related("achievement")
        .prefetch_related("achievement__texts")
    )
    return [_as_sent_in(one) for one in found]


def _as_sent_in(submission: Submission) -> SentIn:
    text = submission.achievement.text
    return SentIn(
        name=text.name if text else "",
        lang=lang_attribute(text.language) if text else "",
        url=reverse("col_learning:send_evidence", args=[submission.achievement.key]),
        is_waiting=submission.state == ReviewState.WAITING,
        reason=submission.reason,
    )
