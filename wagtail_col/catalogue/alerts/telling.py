"""The e-mail that tells a learner what is new in their searches: one for all of them.

A learner is told of a listing once, whichever of their searches finds it, and is written to at
most once a week. Nothing new, no e-mail: then the next run looks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.catalogue.alerts.links import stop_all_link, stop_link
from wagtail_col.catalogue.alerts.saving import email_of, next_due
from wagtail_col.catalogue.alerts.seen import packed, unpacked
from wagtail_col.catalogue.models import Alert, Listing
from wagtail_col.catalogue.naming import named, read
from wagtail_col.catalogue.presenting import Card, cards
from wagtail_col.catalogue.search import Query
from wagtail_col.conf import base_url, settings
from wagtail_col.language import lang_attribute
from wagtail_col.people.may import Purpose, may

#: Listings of one search in an e-mail at most; the rest is behind the link to the search.
MOST_TOLD = 10
#: How often an e-mail is written anew when what it says is withdrawn at that very moment.
TRIES = 3


@dataclass(frozen=True)
class News:
    """What is new in one search. ``found``: all it finds; ``more``: how many are not shown."""

    alert: Alert
    query: Query | None
    seen: frozenset[int]
    found: frozenset[int]
    new: int
    shown: list[Listing]

    @property
    def more(self) -> int:
        return self.new - len(self.shown)


def due(now: datetime | None = None) -> list[Any]:
    """The learners who may be written to, by their accounts' primary keys."""
    rows = Alert.objects.filter(due_at__lte=now or timezone.now(), learner__is_active=True)
    return list(rows.order_by("learner").values_list("learner", flat=True).distinct())


def tell(learner_id: Any, now: datetime | None = None) -> bool:
    """Write to a learner whose alerts are due, if there is something new. Whether an e-mail went
    out; raises what the mailer raises, and then nothing counts as told."""
    learner = get_user_model().objects.filter(pk=learner_id, is_active=True).first()
    if learner is None or not email_of(learner) or not may(learner, Purpose.EMAILS):
        return False
    now = now or timezone.now()
    for _attempt in range(TRIES):
        alerts = list(Alert.objects.filter(learner=learner).order_by("pk"))
        if not any(alert.due_at <= now for alert in alerts):
            return False
        with translation.override(alerts[-1].language):
            news = _news(alerts)
            if not any(one.new for one in news):
                return False
            message = _message(learner, alerts[-1].language, [one for one in news if one.new])
        if _take(news, now):
            try:
                message.send()
            except BaseException:
                _give_back(news)
                raise
            return True
    return False


def _news(alerts: list[Alert]) -> list[News]:
    """What each search finds that the learner has not seen: of two that find it, the first."""
    told: set[int] = set()
    news = []
    for alert in alerts:
        seen = unpacked(alert.seen)
        query = read(alert.search)
        found: set[int] = set()
        if query is not None:
            found = set(query.listings().values_list("pk", flat=True))
        new = found - seen - told
        shown = list(query.in_order().filter(pk__in=new)[:MOST_TOLD]) if new else []
        told |= new
        news.append(News(alert, query, frozenset(seen), frozenset(found), len(new), shown))
    return news


def _take(news: list[News], now: datetime) -> bool:
    """Count it as told, before it is sent, so that two runs do not both send it. False, and
    nothing has changed, if another run or the learner was there first, or a listing is gone."""
    shown = {listing.pk for one in news for listing in one.shown}
    with transaction.atomic():
        for one in news:
            told = {"told_at": now} if one.new else {}
            mine = Alert.objects.filter(pk=one.alert.pk, due_at=one.alert.due_at).update(
                due_at=next_due(now), seen=packed(one.seen | one.found), **told
            )
            if not mine:
                transaction.set_rollback(True)
                return False
        if Listing.objects.published().filter(pk__in=shown).count() != len(shown):
            transaction.set_rollback(True)
            return False
    return True


def _give_back(news: list[News]) -> None:
    with transaction.atomic():
        for one in news:
            alert = one.alert
            Alert.objects.filter(pk=alert.pk).update(
                due_at=alert.due_at, seen=alert.seen, told_at=alert.told_at
            )


def _message(learner: AbstractBaseUser, language: str, news: list[News]) -> EmailMultiAlternatives:
    """The e-mail, in the active language. A mail program's own button stops it (RFC 8058)."""
    count = sum(one.new for one in news)
    subject = ngettext("%(count)s new thing to learn", "%(count)s new things to learn", count) % {
        "count": count
    }
    stop = stop_all_link(learner.pk)
    context = {
        "heading": subject,
        "language": language,
        "sections": [_section(one) for one in news],
        "stop": f"{stop}?lang={language}",
        "alerts": f"{base_url()}{reverse('col_catalogue:alerts')}?lang={language}",
    }
    folder = "wagtail_col/catalogue/email"
    made = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{folder}/alert.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[email_of(learner)],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    made.attach_alternative(render_to_string(f"{folder}/alert.html", context), "text/html")
    return made


def _section(news: News) -> dict[str, Any]:
    search = named(news.query)
    return {
        "title": search.title,
        "url": search.url,
        "more": _("%s more") % news.more if news.more else "",
        "items": [_item(card) for card in cards(news.shown)],
        "stop": f"{stop_link(news.alert)}?lang={translation.get_language()}",
    }


def _item(card: Card) -> dict[str, str]:
    url = card.url if card.url.startswith("http") else f"{base_url()}{card.url}"
    facts = [card.when, card.where or (_("Online") if card.is_online else ""), card.price]
    return {
        "title": " ".join(card.title.split()),
        "lang": lang_attribute(card.language),
        "url": url,
        "facts": " · ".join(filter(None, facts)),
    }
