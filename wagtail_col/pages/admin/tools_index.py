"""The list of course providers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from wagtail_col.lti.models import Tool
from wagtail_col.pages.admin.tools_numbers import with_figures
from wagtail_col.pages.admin.tools_views import Coordinators, url


class NumberColumn(Column):
    """With its label beside it where there is no room for columns."""

    cell_template_name = "wagtail_col/pages/tools_number_cell.html"


class IndexView(Coordinators, BaseListingView):
    """Every provider, its state and its numbers."""

    model = Tool
    template_name = "wagtail_col/pages/tools_index.html"
    page_title = gettext_lazy("Course providers")
    paginate_by = 50
    default_ordering = "name"
    index_url_name = "col_course_providers:index"
    columns = [
        TitleColumn(
            "name",
            label=gettext_lazy("Course provider"),
            get_url=lambda tool: url("tool", tool.key),
            sort_key="name",
        ),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda tool: tool.get_state_display(),
            primary=lambda tool: tool.is_active,
            sort_key="state",
        ),
        NumberColumn("picked", label=gettext_lazy("Courses")),
        NumberColumn("launches", label=gettext_lazy("Opened")),
        NumberColumn("completions", label=gettext_lazy("Completed")),
        NumberColumn("errors", label=gettext_lazy("Errors")),
    ]

    def get_base_queryset(self) -> QuerySet[Tool]:
        return with_figures(super().get_base_queryset())

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        may_add = self.user_has_permission("add")
        return super().get_context_data(*args, may_add=may_add, **kwargs)

    def trail(self) -> list[dict]:
        return []

    @property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = []
        if self.user_has_permission("add"):
            buttons.append(
                HeaderButton(
                    _("Add a course provider"), url=url("add"), icon_name="plus", priority=10
                )
            )
        buttons.append(
            HeaderButton(_("Launch log"), url=url("log"), icon_name="history", priority=20)
        )
        return buttons
