"""Views of ours about one page of the site, for those who may edit that page."""

from __future__ import annotations

from typing import Any

import swapper
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class AboutPageView(WagtailAdminTemplateMixin, TemplateView):
    """``page_id`` of the address names the page. 404 for one this view is not about, 403 for who
    may not edit it."""

    def is_about(self, page) -> bool:
        """Whether there is such a view of ``page`` (the specific one)."""
        raise NotImplementedError

    def is_allowed(self, user) -> bool:
        """What is asked of ``user`` beside the right to edit the page."""
        return True

    @cached_property
    def page(self):
        model = swapper.load_model("wagtailcore", "Page")
        page = get_object_or_404(model, pk=self.kwargs["page_id"]).specific
        if not self.is_about(page):
            raise Http404
        return page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not (self.is_allowed(user) and self.page.permissions_for_user(user).can_edit()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
                "label": self.page.get_admin_display_title(),
            },
            {"url": "", "label": self.get_page_title()},
        ]
