"""Who is on a playlist: for those who may edit its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.learning.models import Playlist
from wagtail_col.learning.overview import Overview, Stand, newest
from wagtail_col.pages.admin.about_page import AboutPageView
from wagtail_col.pages.admin.tables import day, streamed
from wagtail_col.pages.types.playlist import PlaylistPageMixin

#: Learners on one page.
PAGE = 50


class _PlaylistView(AboutPageView):
    """A view about one page's playlist, for those who may edit that page."""

    header_icon = "col-line"

    def is_about(self, page) -> bool:
        return isinstance(page, PlaylistPageMixin)

    @cached_property
    def playlist(self) -> Playlist | None:
        """None: it was never published."""
        return Playlist.objects.filter(key=self.page.record_key).first()


class LearnersView(_PlaylistView):
    """How many joined, where they stop, and a row for each. A constant number of queries."""

    template_name = "wagtail_col/pages/learners.html"
    page_title = gettext_lazy("Learners")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.playlist is None:
            return super().get_context_data(page=self.page, **kwargs)
        overview = Overview(self.playlist)
        stand = self.request.GET.get("stand", "")
        found = overview.standing_at(stand) if stand in Stand.values else overview.enrolments
        items = Paginator(newest(found), PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            page=self.page,
            playlist=self.playlist,
            overview=overview,
            stands=Stand.choices,
            stand=stand,
            items=items,
            rows=overview.rows(items),
            **kwargs,
        )


class ExportView(_PlaylistView):
    """The same as CSV, all of them, with the day of each step."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.playlist is None:
            raise Http404
        return streamed(str(self.playlist), lines(Overview(self.playlist)))


def lines(overview: Overview) -> Iterator[list[str]]:
    """The table of a playlist, its head first."""
    steps = [step.pk for step in overview.steps]
    yield [
        _("learner"),
        _("joined"),
        _("stands"),
        _("stations done"),
        _("stations needed"),
        _("finished"),
        _("last done"),
        *(overview.titles[step] for step in steps),
    ]
    for row in overview.all_rows():
        yield [
            row.called,
            day(row.enrolment.joined_at),
            str(row.stand.label),
            str(row.count),
            str(row.of),
            day(row.enrolment.completed_at),
            day(row.last_at),
            *(day(row.done.get(step)) for step in steps),
        ]
