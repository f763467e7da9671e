"""A list of people: what would become of each, and how far the giving is."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_col.badges import award_lists
from wagtail_col.badges.models import AwardList, Outcome
from wagtail_col.pages.admin.awards_pages import BadgeView

#: Lines on one page.
PAGE = 100
#: Seconds that a request works at a list before it answers.
AT_START, A_POLL, WITHOUT_SCRIPT = 1.0, 2.0, 10.0


class _ListView(BadgeView):
    @cached_property
    def list(self) -> AwardList:
        return get_object_or_404(self.badge.award_lists, key=self.kwargs["key"])

    @property
    def list_url(self) -> str:
        return self.to("list", self.list.key)


class ListView(_ListView):
    """Before it is started: what will happen. After that: what has happened so far."""

    def get_template_names(self) -> list[str]:
        name = "progress" if self.list.started_at else "preview"
        return [f"wagtail_col/pages/awards_{name}.html"]

    def get_page_title(self) -> str:
        return _("Give to a list") if self.list.started_at else _("Look before you give")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.list.rows.all(), PAGE).get_page(self.request.GET.get("p"))
        if self.list.started_at:
            kwargs["progress"] = award_lists.progress(self.list)
            kwargs["again"] = bool(award_lists.not_given(self.list))
        else:
            kwargs["numbers"] = award_lists.forecast_numbers(self.list)
            kwargs["lines"] = award_lists.forecast(self.list, page)
        return super().get_context_data(list=self.list, items=page, outcomes=Outcome, **kwargs)


class _ActionView(_ListView):
    """Only by POST: looking at its address does nothing."""

    http_method_names = ["post"]


class StartView(_ActionView):
    """Give the badge to those in the list."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.badge.live:
            messages.error(request, _("This badge is not published, so it is not given yet."))
            return redirect(self.list_url)
        award_lists.start(self.list)
        # A short list is done before the page is there.
        award_lists.give_for(self.list.pk, AT_START)
        return redirect(self.list_url)


class GoOnView(_ActionView):
    """Work at the list for a moment and say how far it is: as JSON to the page's script."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
        award_lists.give_for(self.list.pk, A_POLL if is_script else WITHOUT_SCRIPT)
        if not is_script:
            return redirect(self.list_url)
        now = award_lists.progress(self.list)
        return JsonResponse({"done": now.done, "total": now.total, "is_done": now.is_done})


class TryAgainView(_ActionView):
    """Once more for those whose badge could not be given."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if award_lists.try_again(self.list):
            award_lists.give_for(self.list.pk, AT_START)
        else:
            messages.warning(request, _("There is no line that could be tried again."))
        return redirect(self.list_url)


class DeleteView(_ActionView):
    """Throw away a list that was only looked at."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.list.started_at:
            messages.error(request, _("This list was started, so it is kept."))
            return redirect(self.list_url)
        self.list.delete()
        messages.success(request, _("The list is thrown away. Nothing was given."))
        return redirect(self.to("give"))
