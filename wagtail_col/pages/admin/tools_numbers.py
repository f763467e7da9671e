"""Course providers in numbers: what the last days brought."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from wagtail_col.lti.models import Course, LogEntry, Message, Outcome, Score, Tool

#: As long as the launch log is kept.
DAYS = 30


def with_figures(tools: QuerySet[Tool]) -> QuerySet[Tool]:
    """Each with ``launches``, ``errors`` and ``completions`` of the last days and its ``picked``
    courses. One query for all of them."""
    since = timezone.now() - timedelta(days=DAYS)
    log = LogEntry.objects.filter(at__gt=since)
    completing = Score.objects.filter(received_at__gt=since, meaning__contains="completed")
    return tools.annotate(
        launches=_count(log.filter(message=Message.LAUNCH, outcome=Outcome.DONE)),
        errors=_count(log.filter(outcome=Outcome.REFUSED)),
        completions=_count(completing, "line_item__tool"),
        picked=_count(Course.objects.all()),
    )


def _count(rows: QuerySet, tool: str = "tool") -> Coalesce:
    mine = rows.filter(**{tool: OuterRef("pk")}).order_by().values(tool)
    number = mine.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
