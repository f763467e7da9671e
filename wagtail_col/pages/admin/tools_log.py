"""The launch log, in words: what was said between course providers and this site."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_col import fetching
from wagtail_col.lti import log, reaching
from wagtail_col.lti.models import LogEntry, Message, Outcome, Tool
from wagtail_col.lti.platform import keyset
from wagtail_col.pages.admin.tools_views import Coordinators


class LogFilters(WagtailFilterSet):
    tool = django_filters.ModelChoiceFilter(
        queryset=Tool.objects.all(), label=_("Course provider"), empty_label=_("All")
    )
    outcome = django_filters.ChoiceFilter(
        choices=Outcome.choices,
        label=_("Outcome"),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    message = django_filters.MultipleChoiceFilter(
        choices=Message.choices, label=_("What"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = LogEntry
        fields = ["tool", "outcome", "message"]


class WhyColumn(Column):
    """For a refusal: what was wrong, where, and how to mend it."""

    cell_template_name = "wagtail_col/pages/tools_why_cell.html"

    def get_cell_context_data(self, instance: LogEntry, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["entry"] = in_words(instance)
        return context


class WhatColumn(WhyColumn):
    cell_template_name = "wagtail_col/pages/tools_what_cell.html"


class OutcomeColumn(WhyColumn):
    cell_template_name = "wagtail_col/pages/tools_outcome_cell.html"


class ProviderColumn(Column):
    cell_template_name = "wagtail_col/pages/tools_provider_cell.html"


class EntriesPaginator(WagtailPaginator):
    verbose_name = _("entry")
    verbose_name_plural = _("entries")


COLUMNS = [
    Column("at", label=_("When"), accessor=lambda entry: when(entry)),
    ProviderColumn(
        "tool", label=_("Course provider"), accessor=lambda entry: entry.tool or _("unknown")
    ),
    WhatColumn("message", label=_("What")),
    OutcomeColumn("outcome", label=_("Outcome")),
    WhyColumn("why", label=_("What was wrong, and how to mend it")),
]


class LogView(Coordinators, BaseListingView):
    """All of the log, or what the filters leave of it. Kept 30 days, without anybody's name."""

    model = LogEntry
    template_name = "wagtail_col/pages/tools_log.html"
    results_template_name = "wagtail_col/pages/tools_log_results.html"
    page_title = _("Launch log")
    header_icon = "history"
    paginate_by = 50
    paginator_class = EntriesPaginator
    filterset_class = LogFilters
    index_url_name = "col_course_providers:log"
    index_results_url_name = "col_course_providers:log_results"
    verbose_name_plural = _("entries")
    columns = COLUMNS

    def get_base_queryset(self) -> QuerySet[LogEntry]:
        return log.entries()


def in_words(entry: LogEntry) -> dict[str, Any]:
    """An entry as it is shown."""
    refused = entry.outcome == Outcome.REFUSED
    return {
        "at": entry.at,
        "what": entry.get_message_display(),
        "course": entry.course.title if entry.course else "",
        "outcome": entry.get_outcome_display(),
        "refused": refused,
        "says": log.says(entry) if refused else "",
        "mend": log.mend(entry) if refused else "",
        "field": entry.field if refused else "",
        "detail": detail(entry) if refused else "",
    }


def detail(entry: LogEntry) -> str:
    """What was found instead. Where nothing could be fetched it is a code of the fetcher's."""
    if entry.requirement in (keyset.KEYS_FETCHED.code, reaching.TOOL_AWAY.code):
        return fetching.says_short(entry.detail)
    return entry.detail


def when(entry: LogEntry) -> str:
    return formats.date_format(timezone.localtime(entry.at), "SHORT_DATETIME_FORMAT")
