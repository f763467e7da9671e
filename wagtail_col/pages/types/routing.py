from __future__ import annotations

from itertools import accumulate

from django.http import HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult


class DeepRouteMixin:
    """Mixin: finds a page several levels below in two queries instead of two a level.

    Wagtail asks each level for the next. Below a territory there are providers and districts,
    and none of our types routes in a way of its own, so all of them are asked for at once.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if len(path_components) > 1:
            page = self._far_below(path_components)
            if page is not None:
                return page.specific.route(request, [])
        return super().route(request, path_components)

    def _far_below(self, slugs: list[str]) -> Page | None:
        """The page at the end of the slugs, or None where somebody on the way has a say."""
        paths = list(accumulate((f"{slug}/" for slug in slugs), initial=self.url_path))[1:]
        way = list(self.get_descendants().filter(url_path__in=paths).order_by("depth"))
        if [page.url_path for page in way] != paths:
            return None
        if any(_routes_itself(page) for page in way[:-1]):
            return None
        return way[-1]


def _routes_itself(page: Page) -> bool:
    model = page.specific_class
    return model is None or model.route is not DeepRouteMixin.route
