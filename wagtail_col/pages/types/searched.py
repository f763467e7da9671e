from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wagtail_col.catalogue.search import BadQuery
from wagtail_col.catalogue.shortening import to_shorter
from wagtail_col.catalogue.views import refused


class SearchedPageMixin:
    """Mixin, in front of RecordPageMixin: a page that shows a search from its address."""

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = super().serve(request, *args, **kwargs)
        except BadQuery as refusal:
            url = self.get_url(request) or "/"
            return refused(request, refusal, url, again=url)
        # Nothing of the page is read or drawn yet.
        context = getattr(response, "context_data", None) or {}
        if context.get("mistakes"):
            # The page as it is without them, with what was typed and what is wrong with it.
            response.status_code = 400
            return response
        query = context.get("query")
        return (to_shorter(request, query) if query else None) or response
